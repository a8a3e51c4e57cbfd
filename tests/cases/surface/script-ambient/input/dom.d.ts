import { Bound } from './other';

/** An event that older browsers lack. */
interface CommandEvent {
    readonly command: string;
}

/** What it is bound to. */
export interface Target<T> {
    bound: Bound<T>;
}
