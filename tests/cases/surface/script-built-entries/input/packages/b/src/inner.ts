/** The inner one. */
export function inner(x: string): void {}
/** Makes one. */
export function make(): void {}
/** Not handed on. */
export function unseen(): void {}
