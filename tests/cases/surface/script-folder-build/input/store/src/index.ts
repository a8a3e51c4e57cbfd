/** Makes a store. */
export function createStore(): void {}
