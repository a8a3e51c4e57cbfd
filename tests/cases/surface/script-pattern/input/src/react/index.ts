/** A hook. */
export const useStore = () => 1
