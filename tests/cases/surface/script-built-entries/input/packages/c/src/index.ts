/** Only by way of its index.js. */
export function c(): void {}
