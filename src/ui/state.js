// What the project page shows, as a pure function of what was heard: no DOM, no clock, no network of its own.
// The row in the database is the truth; this only decides what may be believed of several late answers.
// SPDX-License-Identifier: Apache-2.0

/** How each status of the API is shown. A status that is not here keeps the view. */
export const VIEWS = Object.freeze({
    generating: "generating",
    completed: "complete",
    failed: "failed",
    idle: "not_started",
});

export const HEADINGS = Object.freeze({
    not_started: "No documentation yet",
    generating: "Generating documentation",
    complete: "Documentation is up to date",
    failed: "Generation failed",
});

export const BUTTONS = Object.freeze({
    not_started: "Generate documentation",
    generating: "Generating…",
    complete: "Regenerate",
    failed: "Try again",
});

export const STALE_AFTER = 120_000;
const HIDDEN_INTERVAL = 30_000;
const BACKOFF_MAX = 60_000;
const UNSURE_POLLS = 6;

/** The state of a page that was just loaded. `status` is a status object, `now` this computer's clock in ms. */
export function initial(status, now) {
    return adopt(
        {
            status: null, // the newest status object that was believed
            view: "not_started", // of `status`
            isRegenerating: false, // the lock: a press was taken and its answer is not in
            pressedAfter: null, // generation that was known when the button was pressed
            error: null, // why the last press did not work, for people
            failures: 0, // polls that failed in a row
            unsure: 0, // polls still to make because an answer to a press was lost
            offset: -Infinity, // the server's clock minus ours
            gone: false, // the server no longer knows the project
        },
        status,
        now,
    );
}

/** Is the button locked: by a press on its way, or because the server is generating? */
export function isLocked(state) {
    return state.isRegenerating || state.view === "generating";
}

/** The view to show. A press on its way already looks like generating. */
export function shownView(state) {
    return state.isRegenerating ? "generating" : state.view;
}

export function buttonLabel(state) {
    return state.isRegenerating && state.view !== "generating" ? "Starting…" : BUTTONS[shownView(state)];
}

/** Progress in percent: 0 while the answer to a press is awaited. */
export function shownProgress(state) {
    if (state.view !== "generating") return state.isRegenerating ? 0 : (state.status?.progress ?? 0);
    return state.status.progress;
}

export function shownStep(state) {
    if (state.view !== "generating") return "Waiting for a worker";
    return state.status.step || "Waiting for a worker";
}

// Is `next` older news than `current`? Generations rise with every accepted request, revisions with every change.
function isOlder(next, current) {
    if (!current) return false;
    if (next.generation !== current.generation) return next.generation < current.generation;
    return next.revision < current.revision;
}

function adopt(state, status, now) {
    if (!status || typeof status !== "object" || !Object.hasOwn(VIEWS, status.status)) return state;
    if (isOlder(status, state.status)) return state;
    const sameRun = state.status && state.status.generation === status.generation && state.view === "generating";
    const progress = Math.min(100, Math.max(0, Math.trunc(Number(status.progress)) || 0));
    const server = Date.parse(status.serverTime);
    return {
        ...state,
        status: {
            ...status,
            // within one run the bar never moves back
            progress:
                sameRun && status.status === "generating" ? Math.max(progress, state.status.progress) : progress,
        },
        view: VIEWS[status.status],
        // A cached answer carries an old serverTime, which can only make the difference smaller: keep the largest.
        offset: Number.isFinite(server) ? Math.max(state.offset, server - now) : state.offset,
    };
}

/**
 * The next state.
 * Events: {type:"press"} · {type:"accepted"|"conflict"|"status", status, now} · {type:"refused", message} ·
 * {type:"lost", message, status?, now} (no answer to a press; `status` when one could be asked) ·
 * {type:"pollFailed"} · {type:"gone"}
 */
export function reduce(state, event) {
    switch (event.type) {
        case "press":
            if (isLocked(state)) return state;
            return {
                ...state,
                isRegenerating: true,
                pressedAfter: state.status ? state.status.generation : 0,
                error: null,
            };
        case "accepted":
        case "conflict": // somebody else's job is as good as ours: not an error
            return { ...adopt(state, event.status, event.now), isRegenerating: false, error: null, failures: 0, unsure: 0 };
        case "refused":
            return { ...state, isRegenerating: false, error: event.message };
        case "lost": {
            const after = state.pressedAfter ?? 0;
            const next = adopt(state, event.status, event.now);
            if (event.status && next.view === "generating") return { ...next, isRegenerating: false, error: null };
            if (event.status && next.status && next.status.generation > after)
                return { ...next, isRegenerating: false, error: null }; // it ran and has ended already
            // The request may still arrive: look a few times more.
            return { ...next, isRegenerating: false, error: event.message, unsure: UNSURE_POLLS };
        }
        case "status": {
            const next = adopt(state, event.status, event.now);
            const started = next.view === "generating" && state.view !== "generating";
            return {
                ...next,
                failures: 0,
                unsure: Math.max(0, next.unsure - 1),
                error: started ? null : next.error,
            };
        }
        case "pollFailed":
            return { ...state, failures: state.failures + 1, unsure: Math.max(0, state.unsure - 1) };
        case "gone":
            return { ...state, gone: true, isRegenerating: false };
        default:
            return state;
    }
}

/**
 * Milliseconds until the next poll, or null when there is nothing to wait for.
 * `random` is a number from 0 to 1; failures back off to a minute, ±20 %, so that many pages do not return together.
 */
export function pollDelay(state, { interval = 5000, hidden = false, random = 0.5 } = {}) {
    if (state.gone || (state.view !== "generating" && !state.unsure)) return null;
    const base = hidden ? Math.max(interval, HIDDEN_INTERVAL) : interval;
    if (!state.failures) return base;
    const backoff = Math.min(BACKOFF_MAX, base * 2 ** state.failures);
    return Math.round(backoff * (0.8 + 0.4 * random));
}

/** How long the run has been going, in ms, by the server's clock; null when it does not run. */
export function elapsed(state, now) {
    const started = Date.parse(state.status?.generationStartedAt ?? "");
    if (state.view !== "generating" || !Number.isFinite(started) || !Number.isFinite(state.offset)) return null;
    return Math.max(0, now + state.offset - started);
}

/** Has a run that is not queued shown no sign for too long? */
export function isStale(state, now) {
    const updated = Date.parse(state.status?.updatedAt ?? "");
    if (state.view !== "generating" || state.status.queuePosition || !Number.isFinite(updated)) return false;
    return Number.isFinite(state.offset) && now + state.offset - updated > STALE_AFTER;
}

/** "42 s", "3 min 20 s", "2 h 5 min" */
export function formatDuration(ms) {
    const s = Math.floor(ms / 1000);
    if (s < 60) return `${s} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
    return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** The sentence for an answer to POST that is neither accepted nor a conflict. */
export function refusal(status, { retryAfter, detail } = {}) {
    const seconds = Number(retryAfter);
    if (status === 503 || status === 429) {
        if (Number.isFinite(seconds) && seconds > 0)
            return `The server is busy. Try again in ${seconds} second${seconds === 1 ? "" : "s"}.`;
        return "The server is busy. Try again in a moment.";
    }
    if (status === 401 || status === 0) return "Your session has ended. Reload to sign in again.";
    if (status === 403) return "You are not allowed to regenerate this project.";
    if (status === 404) return "The server no longer knows this project. Reload the page.";
    return detail || `The server answered with an error (${status}). Try again, or tell the administrator.`;
}
