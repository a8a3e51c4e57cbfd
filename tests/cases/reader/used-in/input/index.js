/** Freezes. */
export function freezeBox(box) { return box }
/** Opens. */
export function openBox(box) { return box }
/** Closes. */
export function closeBox(box) { return box }
/** A box. */
export class WoodenBox {
  /** Writes. */
  write(text) { return text }
}
/** The most. */
export const MOST_BOXES = 3
