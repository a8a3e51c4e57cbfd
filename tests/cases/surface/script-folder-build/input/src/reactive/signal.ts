/** Makes a signal. */
export function createSignal(): void {}

/** Who owns what runs now. */
export var Owner: Owner | null = null;

/** What owns computations. */
export interface Owner {
  owned: unknown[] | null;
}
