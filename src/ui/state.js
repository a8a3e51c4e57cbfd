// What the project page shows, as a pure function of what was heard: no DOM, no clock, no network of its own.
// The row in the database is the truth; this only decides what may be believed of several late answers, and says how
// old it is when no new answer comes.
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

/** The seed's interval in ms, and by how much longer a page waits that has nothing to follow. */
export const INTERVAL = 5000;
export const SETTLED = 6;
/** Most runs are short: the first polls of a run come sooner. */
const EARLY = [300, 700, 1000, 1000, 2000];
const QUIET_AFTER = 120_000;
const SLOW_ANSWER = 3000;
const HIDDEN_INTERVAL = 30_000;
/** After a poll that failed: a page that is seen learns within 10 s that the server is back. */
export const RETRY = 8000;
const UNSURE_POLLS = 6;

/** The state of a page that was just loaded. `status` is a status object, `now` this computer's clock in ms. */
export function initial(status, now) {
    return adopt(
        {
            status: null, // the newest status object that was believed
            view: "not_started", // of `status`
            heardAt: now, // when the last answer came that was believed
            early: EARLY.length, // how many of the first polls of this run were made
            isRegenerating: false, // the lock: a press was taken and its answer is not in
            pressedAt: 0,
            pressedAfter: null, // generation that was known when the button was pressed
            error: null, // why the last press did not work, for people
            failures: 0, // polls that failed in a row
            trouble: null, // what the last of them met, for people
            retryAfter: 0, // ms that the server asked for with it
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

export function buttonLabel(state) {
    if (state.view === "generating") return "Generating…";
    if (state.isRegenerating) return "Starting…";
    return state.status?.docs ? "Regenerate" : "Generate documentation";
}

/** Progress in percent and the step's own words, of a run that is shown. */
export function shownProgress(state) {
    return state.status?.progress ?? 0;
}

export function shownStep(state) {
    return state.status?.step || "Waiting for a worker";
}

/**
 * "done", "now", "skipped" or "later" for a milestone: a tick needs a report of that step, and a run that finds nothing
 * new leaves most of them out.
 */
export function stepState(state, percent) {
    const reached = state.status?.milestones ?? [];
    const last = Math.max(-1, ...reached);
    if (percent === last) return "now";
    if (percent > last) return "later";
    return reached.includes(percent) ? "done" : "skipped";
}

// Is `next` older news than `current`? Generations rise with every accepted request, revisions with every change.
function isOlder(next, current) {
    if (!current) return false;
    if (next.generation !== current.generation) return next.generation < current.generation;
    return next.revision < current.revision;
}

// The first polls come soon after the request, also when this page only hears of it.
function earlyOf(state, status) {
    if (status.status !== "generating" || state.status?.generation === status.generation) return state.early;
    return Date.parse(status.serverTime) - Date.parse(status.requestedAt) < INTERVAL ? 0 : EARLY.length;
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
        heardAt: now,
        early: earlyOf(state, status),
        failures: 0,
        trouble: null,
        retryAfter: 0,
        // A cached answer carries an old serverTime, which can only make the difference smaller: keep the largest.
        offset: Number.isFinite(server) ? Math.max(state.offset, server - now) : state.offset,
    };
}

/**
 * The next state.
 * Events: {type:"press", now} · {type:"accepted"|"conflict"|"status", status, now} · {type:"refused", message} ·
 * {type:"lost", message, status?, now} (no answer to a press; `status` when one could be asked) ·
 * {type:"pollFailed", trouble, retryAfter?} · {type:"gone"}
 */
export function reduce(state, event) {
    switch (event.type) {
        case "press":
            if (isLocked(state)) return state;
            return {
                ...state,
                isRegenerating: true,
                pressedAt: event.now,
                pressedAfter: state.status ? state.status.generation : 0,
                error: null,
            };
        case "accepted":
        case "conflict": // somebody else's job is as good as ours: not an error
            return { ...adopt(state, event.status, event.now), isRegenerating: false, error: null, unsure: 0 };
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
                early: next.status?.generation === state.status?.generation ? next.early + 1 : next.early,
                unsure: Math.max(0, next.unsure - 1),
                error: started ? null : next.error,
            };
        }
        case "pollFailed":
            return {
                ...state,
                failures: state.failures + 1,
                trouble: event.trouble ?? null,
                retryAfter: event.retryAfter ?? 0,
                unsure: Math.max(0, state.unsure - 1),
            };
        case "gone":
            return { ...state, gone: true, isRegenerating: false };
        default:
            return state;
    }
}

/** `delay` in ms, up to 20 % more or less. `random` is a number from 0 to 1. */
export function retryDelay(random, delay = RETRY) {
    return Math.round(delay * (0.8 + 0.4 * random));
}

/**
 * Milliseconds until the next poll, or null when there is nothing to wait for.
 * `random` is a number from 0 to 1: after a failure it moves the next poll by up to 20 %, so that many pages do not
 * return together.
 */
export function pollDelay(state, { interval = INTERVAL, hidden = false, random = 0.5 } = {}) {
    const follows = state.view === "generating" || state.unsure > 0;
    if (state.gone || (hidden && !follows)) return null; // a page that is seen again asks at once
    let base = follows ? interval : SETTLED * interval;
    if (hidden) base = Math.max(interval, HIDDEN_INTERVAL);
    else if (state.view === "generating" && !state.failures) base = Math.min(EARLY[state.early] ?? base, base);
    if (!state.failures) return base;
    return Math.max(state.retryAfter, retryDelay(random, hidden ? 2 * base : Math.min(RETRY, 2 * interval)));
}

/** How long the run had been going when the last answer came, in ms, by the server's clock; null when it does not run. */
export function elapsed(state) {
    const started = Date.parse(state.status?.generationStartedAt ?? "");
    if (state.view !== "generating" || !Number.isFinite(started) || !Number.isFinite(state.offset)) return null;
    return Math.max(0, state.heardAt + state.offset - started);
}

/** Is what is shown older than it should be? `delay` is what pollDelay said after the last answer. */
export function isStale(state, now, delay) {
    return state.failures > 0 || (delay !== null && now - state.heardAt > delay + SLOW_ANSWER);
}

/** Had a run that is not queued shown no sign for too long when the last answer came? */
export function isQuiet(state) {
    const updated = Date.parse(state.status?.updatedAt ?? "");
    if (state.view !== "generating" || state.status.queuePosition || !Number.isFinite(updated)) return false;
    return Number.isFinite(state.offset) && state.heardAt + state.offset - updated > QUIET_AFTER;
}

export function heading(state, stale) {
    return stale && state.view === "generating" ? "Documentation was being generated" : HEADINGS[state.view];
}

const DRAINING = "DG0017"; // the only 503 that is not about the database
const NO_ANSWER = "The server did not answer, trying again.";

// What was last known, in a few words.
function known(state) {
    const { status } = state;
    if (state.view !== "generating") return "";
    const place = status.queuePosition ? `, number ${status.queuePosition} in the queue` : "";
    return `: ${shownProgress(state)}\u00a0%, ${shownStep(state)}${place}`;
}

/** What people must know of the answers: how old is what they see, and why. "" when nothing. */
export function note(state, now, stale) {
    if (state.gone) return "The server no longer knows this project. Reload the page.";
    if (state.isRegenerating)
        return now - state.pressedAt > SLOW_ANSWER ? "The server has not answered the request yet." : "";
    if (!stale) return "";
    return `Last heard ${formatDuration(now - state.heardAt)} ago${known(state)}. ${state.trouble ?? NO_ANSWER}`;
}

/** What a poll met that brought no status. `status` is the answer's, 0 for a redirect to a login; null = no answer. */
export function trouble(status, { code, detail, offline } = {}) {
    if (offline) return "You are offline.";
    if (status === null) return NO_ANSWER;
    if (status === 401 || status === 0) return refusal(401);
    if (status === 503 && code && code !== DRAINING) return `The server answers but its database does not. ${detail}`;
    if (detail) return `The server answers, but not with the state: ${detail}`;
    return `The server answers with an error (${status}), trying again.`;
}

/** "42 s", "3 min 20 s", "2 h 5 min" */
export function formatDuration(ms) {
    const s = Math.max(0, Math.floor(ms / 1000));
    if (s < 60) return `${s} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
    return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** The sentence for an answer to POST that is neither accepted nor a conflict. */
export function refusal(status, { retryAfter, detail } = {}) {
    const seconds = Number(retryAfter);
    if (status === 401 || status === 0) return "Your session has ended. Reload to sign in again.";
    if (detail) return detail;
    if (status === 503 || status === 429) {
        if (Number.isFinite(seconds) && seconds > 0)
            return `The server is busy. Try again in ${seconds} second${seconds === 1 ? "" : "s"}.`;
        return "The server is busy. Try again in a moment.";
    }
    if (status === 403) return "You are not allowed to regenerate this project.";
    if (status === 404) return "The server no longer knows this project. Reload the page.";
    return `The server answered with an error (${status}). Try again, or tell the administrator.`;
}
