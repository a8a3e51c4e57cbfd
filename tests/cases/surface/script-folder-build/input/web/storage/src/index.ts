/** Provides an event. */
export function provideEvent(): void {}
