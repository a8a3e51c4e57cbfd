export * from 'a'
export { inner as outer } from './inner'
export { make as build } from './inner'
export { make } from './inner'
