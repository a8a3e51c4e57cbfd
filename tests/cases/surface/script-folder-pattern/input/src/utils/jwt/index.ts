/** Signs. */
export function sign(): string { return "" }
