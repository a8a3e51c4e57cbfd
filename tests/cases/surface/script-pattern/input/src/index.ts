export * from './vanilla'
