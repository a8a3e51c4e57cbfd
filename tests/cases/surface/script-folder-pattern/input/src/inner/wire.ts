/** Is for the kit itself. */
export function wire(): void {}
