// The project page's reducer (src/ui/state.js), without a browser: node --test tests/browser/state.test.mjs
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileSync } from "node:fs";

// Node 18 (Debian 12) takes a .js file without a package.json for CommonJS; its text is a module all the same.
const source = readFileSync(new URL("../../src/ui/state.js", import.meta.url));
const {
    VIEWS,
    buttonLabel,
    elapsed,
    formatDuration,
    heading,
    initial,
    isLocked,
    isQuiet,
    isStale,
    note,
    pollDelay,
    reduce,
    refusal,
    shownProgress,
    shownStep,
    stepState,
    trouble,
} = await import(`data:text/javascript;base64,${source.toString("base64")}`);

const T0 = Date.parse("2026-01-02T03:04:05.000Z");

function status(changes = {}) {
    return {
        repositoryId: "x",
        status: "completed",
        progress: 100,
        step: "Completed",
        queuePosition: null,
        jobId: "j1",
        generation: 1,
        revision: 5,
        requestedAt: "2026-01-02T03:03:55.000Z",
        generationStartedAt: "2026-01-02T03:04:00.000Z",
        updatedAt: "2026-01-02T03:04:05.000Z",
        serverTime: "2026-01-02T03:04:05.000Z",
        errorMessage: null,
        docs: null,
        ...changes,
    };
}
const running = (changes = {}) =>
    status({ status: "generating", progress: 40, step: "Fetching GitHub authentication", ...changes });

const after = (state, ...events) => events.reduce(reduce, state);

test("UI shows correct state: each status has its view", () => {
    assert.deepEqual(VIEWS, {
        generating: "generating",
        completed: "complete",
        failed: "failed",
        idle: "not_started",
    });
    for (const [word, view] of Object.entries(VIEWS)) assert.equal(initial(status({ status: word }), T0).view, view);
});

test("an unknown status keeps the view", () => {
    const state = initial(running(), T0);
    for (const word of ["paused", "", undefined, null, "toString", "__proto__"]) {
        const next = reduce(state, { type: "status", status: status({ status: word, revision: 9 }), now: T0 });
        assert.equal(next.view, "generating");
        assert.equal(next.status.revision, 5);
    }
    assert.equal(reduce(state, { type: "status", status: null, now: T0 }).view, "generating");
});

test("button disabled during generation: by the lock and by the status", () => {
    const idle = initial(status({ status: "idle", progress: 0 }), T0);
    assert.equal(isLocked(idle), false);
    const pressed = reduce(idle, { type: "press", now: T0 });
    assert.equal(isLocked(pressed), true);
    assert.equal(pressed.view, "not_started", "nobody has said that it runs");
    assert.equal(buttonLabel(pressed), "Starting…");
    assert.equal(isLocked(initial(running(), T0)), true);
    assert.equal(buttonLabel(initial(running(), T0)), "Generating…");
});

test("a second press while locked changes nothing", () => {
    const pressed = reduce(initial(status(), T0), { type: "press" });
    assert.equal(reduce(pressed, { type: "press" }), pressed);
    const generating = initial(running(), T0);
    assert.equal(reduce(generating, { type: "press" }), generating);
});

test("button re-enabled on completion and on failure", () => {
    const state = initial(running(), T0);
    const done = reduce(state, { type: "status", status: status({ revision: 6 }), now: T0 });
    assert.equal(isLocked(done), false);
    assert.equal(buttonLabel(done), "Generate documentation");
    const failed = reduce(state, { type: "status", status: status({ status: "failed", progress: 0, revision: 6 }), now: T0 });
    assert.equal(isLocked(failed), false);
    assert.equal(buttonLabel(failed), "Generate documentation");
    for (const word of ["completed", "failed"])
        assert.equal(buttonLabel(initial(status({ status: word, docs: { url: "/docs/x/" } }), T0)), "Regenerate");
});

test("never failed when generating: the old run's late answers are ignored", () => {
    const failed = initial(status({ status: "failed", progress: 0, generation: 3, revision: 9 }), T0);
    const retried = after(
        failed,
        { type: "press" },
        { type: "accepted", status: running({ generation: 4, revision: 10, progress: 0 }), now: T0 },
    );
    assert.equal(retried.view, "generating");
    const late = reduce(retried, { type: "status", status: status({ status: "failed", generation: 3, revision: 9 }), now: T0 });
    assert.equal(late.view, "generating");
    assert.equal(late.status.generation, 4);
    const lateSame = reduce(retried, { type: "status", status: running({ generation: 4, revision: 8 }), now: T0 });
    assert.equal(lateSame.status.revision, 10);
});

test("a poll that was under way when the button was pressed does not unlock it", () => {
    const pressed = reduce(initial(status({ status: "failed", generation: 3 }), T0), { type: "press" });
    const polled = reduce(pressed, { type: "status", status: status({ status: "failed", generation: 3 }), now: T0 });
    assert.equal(isLocked(polled), true);
    assert.equal(buttonLabel(polled), "Starting…");
});

test("409 is adopted without an error", () => {
    const state = after(
        initial(status(), T0),
        { type: "press" },
        { type: "conflict", status: running({ generation: 2, revision: 7 }), now: T0 },
    );
    assert.equal(state.error, null);
    assert.equal(state.view, "generating");
    assert.equal(state.isRegenerating, false);
});

test("a refused request unlocks, keeps the view and is no failure of the generation", () => {
    const state = after(initial(status(), T0), { type: "press" }, { type: "refused", message: "Busy." });
    assert.equal(isLocked(state), false);
    assert.equal(state.view, "complete");
    assert.equal(state.error, "Busy.");
});

test("a lost answer: a run that started is adopted", () => {
    const pressed = reduce(initial(status(), T0), { type: "press" });
    const found = reduce(pressed, {
        type: "lost",
        message: "No answer.",
        status: running({ generation: 2, revision: 7 }),
        now: T0,
    });
    assert.equal(found.view, "generating");
    assert.equal(found.error, null);
    const ended = reduce(pressed, { type: "lost", message: "No answer.", status: status({ generation: 2 }), now: T0 });
    assert.equal(ended.error, null);
    assert.equal(ended.view, "complete");
});

test("a lost answer: nothing started, so the button is free, the error shows, and a few looks follow", () => {
    const pressed = reduce(initial(status(), T0), { type: "press" });
    let state = reduce(pressed, { type: "lost", message: "No answer.", status: status(), now: T0 });
    assert.equal(isLocked(state), false);
    assert.equal(state.error, "No answer.");
    assert.equal(pollDelay(state, { interval: 5000 }), 5000);
    const late = reduce(state, { type: "status", status: running({ generation: 2, revision: 7 }), now: T0 });
    assert.equal(late.view, "generating");
    assert.equal(late.error, null, "the late start takes the error away");
    for (let i = 0; i < 6; i++) state = reduce(state, { type: "status", status: status(), now: T0 });
    assert.equal(pollDelay(state), 30_000);
});

test("progress never moves back within a run, and starts again with the next", () => {
    let state = initial(running({ progress: 60 }), T0);
    state = reduce(state, { type: "status", status: running({ progress: 50, revision: 6 }), now: T0 });
    assert.equal(shownProgress(state), 60);
    state = reduce(state, { type: "status", status: running({ progress: 10, generation: 2, revision: 7 }), now: T0 });
    assert.equal(shownProgress(state), 10);
    state = reduce(state, { type: "status", status: running({ progress: 1e9, generation: 2, revision: 8 }), now: T0 });
    assert.equal(shownProgress(state), 100);
    state = reduce(state, { type: "status", status: running({ progress: "x", generation: 3, revision: 9 }), now: T0 });
    assert.equal(shownProgress(state), 0);
});

test("the step is shown; without one the job waits", () => {
    assert.equal(shownStep(initial(running(), T0)), "Fetching GitHub authentication");
    assert.equal(shownStep(initial(running({ step: null }), T0)), "Waiting for a worker");
});

test("polls come every 5 s, every 30 s when hidden; a settled page asks every 30 s, and not while hidden", () => {
    const state = initial(running(), T0);
    assert.equal(pollDelay(state), 5000);
    assert.equal(pollDelay(state, { hidden: true }), 30_000);
    for (const word of ["completed", "failed", "idle"]) {
        assert.equal(pollDelay(initial(status({ status: word }), T0)), 30_000);
        assert.equal(pollDelay(initial(status({ status: word }), T0), { hidden: true }), null);
    }
});

// The delays before the next polls, each answered as `answer` says.
function delays(state, answer, count) {
    const all = [];
    for (let i = 0; i < count; i++) {
        all.push(pollDelay(state));
        state = reduce(state, { type: "status", status: answer(i), now: T0 });
    }
    return all;
}

test("after a request the polls come at 0.3, 0.7, 1, 1 and 2 s, then every 5 s", () => {
    const young = { generation: 2, requestedAt: "2026-01-02T03:04:04.500Z", progress: 0 };
    const answer = (i) => running({ ...young, revision: 10 + i });
    const first = [300, 700, 1000, 1000, 2000, 5000, 5000];
    const accepted = after(initial(status(), T0), { type: "press", now: T0 }, { type: "accepted", status: running({ ...young, revision: 9 }), now: T0 });
    assert.deepEqual(delays(accepted, answer, 7), first);
    assert.deepEqual(delays(initial(running({ ...young, revision: 9 }), T0), answer, 7), first, "a page that is loaded just after it");
    const heard = reduce(initial(status(), T0), { type: "status", status: running({ ...young, revision: 9 }), now: T0 });
    assert.deepEqual(delays(heard, answer, 7), first, "a page that hears of another's run");
    const old = reduce(initial(status(), T0), { type: "status", status: running({ generation: 2, revision: 9 }), now: T0 });
    assert.equal(pollDelay(old), 5000, "a run that is older than that");
    assert.equal(pollDelay(accepted, { hidden: true }), 30_000);
    assert.equal(pollDelay(reduce(accepted, { type: "pollFailed" })), 8000, "no hurry where nobody answers");
});

test("a tick stands only on a step that ran", () => {
    const steps = (milestones) => [10, 30, 40, 50, 60, 95].map((percent) => stepState(initial(running({ milestones }), T0), percent));
    assert.deepEqual(steps([]), ["later", "later", "later", "later", "later", "later"]);
    assert.deepEqual(steps([10, 30]), ["done", "now", "later", "later", "later", "later"]);
    assert.deepEqual(steps([10, 95]), ["done", "skipped", "skipped", "skipped", "skipped", "now"], "an unchanged run");
    assert.deepEqual(steps(undefined), steps([]));
});

test("after a failed poll a page that is seen asks again within 10 s, and keeps the view", () => {
    for (const settled of [false, true]) {
        let state = initial(settled ? status() : running(), T0);
        const view = state.view;
        for (let i = 0; i < 8; i++) {
            state = reduce(state, { type: "pollFailed" });
            assert.equal(pollDelay(state, { random: 0 }), 6400);
            assert.equal(pollDelay(state, { random: 0.5 }), 8000);
            assert.equal(pollDelay(state, { random: 1 }), 9600);
            assert.equal(state.view, view);
        }
    }
    const state = reduce(initial(running(), T0), { type: "pollFailed" });
    assert.equal(pollDelay(state, { hidden: true, random: 0.5 }), 60_000, "nobody looks");
    assert.equal(pollDelay(reduce(initial(status(), T0), { type: "pollFailed" }), { hidden: true }), null);
    assert.equal(pollDelay(reduce(state, { type: "pollFailed", retryAfter: 90_000 })), 90_000, "the server knows better");
    assert.equal(reduce(state, { type: "status", status: running(), now: T0 }).failures, 0);
});

test("a project that is gone is not asked for again", () => {
    const state = reduce(initial(running(), T0), { type: "gone" });
    assert.equal(pollDelay(state), null);
});

test("elapsed time follows the server's clock, also when this computer's is wrong", () => {
    const wrong = T0 + 3_600_000;
    const state = initial(running(), wrong);
    assert.equal(elapsed(state), 5000);
    const later = running({ serverTime: "2026-01-02T03:04:15.000Z", revision: 6 });
    assert.equal(elapsed(reduce(state, { type: "status", status: later, now: wrong + 10_000 })), 15_000);
    assert.equal(elapsed(initial(status(), T0)), null);
});

test("a cached answer with an old serverTime does not turn the clock back", () => {
    let state = initial(running(), T0);
    state = reduce(state, { type: "status", status: running(), now: T0 + 60_000 }); // 304: the same body, a minute later
    assert.equal(elapsed(state), 65_000);
});

test("a run without a sign for two minutes is told, a queued one is not", () => {
    const at = (ms, changes) => reduce(initial(running(changes), T0), { type: "status", status: running(changes), now: T0 + ms });
    assert.equal(isQuiet(at(119_000)), false);
    assert.equal(isQuiet(at(121_000)), true);
    assert.equal(isQuiet(at(500_000, { queuePosition: 2 })), false);
    assert.equal(isQuiet(initial(status(), T0)), false);
});

test("what is old is said to be: how old, what was known, and why", () => {
    const state = initial(running(), T0);
    assert.equal(isStale(state, T0 + 7900, 5000), false);
    assert.equal(isStale(state, T0 + 8100, 5000), true, "an answer that does not come");
    assert.equal(isStale(state, T0 + 600_000, null), false, "nobody asked");
    assert.equal(note(state, T0 + 1000, false), "");
    const lost = reduce(state, { type: "pollFailed", trouble: trouble(null) });
    assert.equal(isStale(lost, T0 + 100, 5000), true);
    assert.equal(
        note(lost, T0 + 18_000, true),
        "Last heard 18 s ago: 40\u00a0%, Fetching GitHub authentication. The server did not answer, trying again.",
    );
    assert.equal(heading(lost, true), "Documentation was being generated");
    assert.equal(heading(lost, false), "Generating documentation");
    const queued = reduce(initial(running({ progress: 0, step: "Waiting for a worker", queuePosition: 2 }), T0), { type: "pollFailed" });
    assert.match(note(queued, T0 + 1000, true), /: 0\u00a0%, Waiting for a worker, number 2 in the queue\. /);
    const settled = reduce(initial(status(), T0), { type: "pollFailed", trouble: trouble(null) });
    assert.equal(note(settled, T0 + 90_000, true), "Last heard 1 min 30 s ago. The server did not answer, trying again.");
    assert.equal(heading(settled, true), "Documentation is up to date", "as of the time beside it");
    const back = reduce(lost, { type: "status", status: running(), now: T0 + 20_000 });
    assert.equal(isStale(back, T0 + 20_100, 5000), false);
    assert.equal(back.heardAt, T0 + 20_000);
    const late = reduce(lost, { type: "status", status: running({ revision: 1 }), now: T0 + 20_000 });
    assert.equal(late.heardAt, T0, "an older answer is no news");
});

test("why there is no state: a database that is down is no lost connection", () => {
    assert.equal(trouble(503, { code: "DG0012", detail: "PostgreSQL cannot be reached." }), "The server answers but its database does not. PostgreSQL cannot be reached.");
    assert.equal(trouble(503, { code: "DG0017", detail: "It is stopping." }), "The server answers, but not with the state: It is stopping.");
    assert.match(trouble(502), /answers with an error \(502\)/);
    assert.match(trouble(401), /session has ended/);
    assert.match(trouble(0), /session has ended/);
    assert.equal(trouble(null, { offline: true }), "You are offline.");
});

test("a request that hangs is told, and is no waiting for a worker", () => {
    const pressed = reduce(initial(status(), T0), { type: "press", now: T0 });
    assert.equal(note(pressed, T0 + 1000, false), "");
    assert.equal(note(pressed, T0 + 4000, false), "The server has not answered the request yet.");
    assert.equal(heading(pressed, false), "Documentation is up to date");
});

test("durations are for people", () => {
    assert.equal(formatDuration(42_900), "42 s");
    assert.equal(formatDuration(200_000), "3 min 20 s");
    assert.equal(formatDuration(7_500_000), "2 h 5 min");
});

test("every refusal says what to do", () => {
    assert.equal(refusal(503, { retryAfter: "30" }), "The server is busy. Try again in 30 seconds.");
    assert.equal(refusal(503, { retryAfter: null }), "The server is busy. Try again in a moment.");
    assert.equal(refusal(401), "Your session has ended. Reload to sign in again.");
    assert.equal(refusal(0), "Your session has ended. Reload to sign in again.");
    assert.equal(refusal(403), "You are not allowed to regenerate this project.");
    assert.match(refusal(500), /error \(500\)/);
    assert.equal(refusal(422, { detail: "Its URL is not allowed." }), "Its URL is not allowed.");
    assert.equal(refusal(503, { retryAfter: "5", detail: "PostgreSQL cannot be reached." }), "PostgreSQL cannot be reached.");
});

test("events that nobody knows change nothing", () => {
    const state = initial(status(), T0);
    assert.equal(reduce(state, { type: "dance" }), state);
});
