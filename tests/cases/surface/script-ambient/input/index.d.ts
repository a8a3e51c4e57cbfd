import * as hooks from './hooks';

declare namespace amber {
    /** How it is made. */
    export interface Options {
        loud?: boolean;
    }
    /** Only this file knows it. */
    type Inner = string;
    /** Makes one. */
    function make(options?: Options): void;
    export { make };
    /** Keeps a value. */
    export import useState = hooks.useState;
}

/** The module itself. */
declare function amber(): void;

export = amber;
