/** Reads a body. */
export function body(): string { return "" }
