/** Far down. */
export const deep = 1
