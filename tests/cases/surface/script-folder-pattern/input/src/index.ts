/** Starts. */
export function start(): void {}
