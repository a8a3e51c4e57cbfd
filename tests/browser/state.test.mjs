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
    initial,
    isLocked,
    isStale,
    pollDelay,
    reduce,
    refusal,
    shownProgress,
    shownStep,
    shownView,
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
    const pressed = reduce(idle, { type: "press" });
    assert.equal(isLocked(pressed), true);
    assert.equal(shownView(pressed), "generating");
    assert.equal(buttonLabel(pressed), "Starting…");
    assert.equal(shownProgress(pressed), 0);
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
    assert.equal(buttonLabel(done), "Regenerate");
    const failed = reduce(state, { type: "status", status: status({ status: "failed", progress: 0, revision: 6 }), now: T0 });
    assert.equal(isLocked(failed), false);
    assert.equal(buttonLabel(failed), "Try again");
});

test("never failed when generating: the old run's late answers are ignored", () => {
    const failed = initial(status({ status: "failed", progress: 0, generation: 3, revision: 9 }), T0);
    const retried = after(
        failed,
        { type: "press" },
        { type: "accepted", status: running({ generation: 4, revision: 10, progress: 0 }), now: T0 },
    );
    assert.equal(shownView(retried), "generating");
    const late = reduce(retried, { type: "status", status: status({ status: "failed", generation: 3, revision: 9 }), now: T0 });
    assert.equal(shownView(late), "generating");
    assert.equal(late.status.generation, 4);
    const lateSame = reduce(retried, { type: "status", status: running({ generation: 4, revision: 8 }), now: T0 });
    assert.equal(lateSame.status.revision, 10);
});

test("a poll that was under way when the button was pressed does not unlock it", () => {
    const pressed = reduce(initial(status({ status: "failed", generation: 3 }), T0), { type: "press" });
    const polled = reduce(pressed, { type: "status", status: status({ status: "failed", generation: 3 }), now: T0 });
    assert.equal(isLocked(polled), true);
    assert.equal(shownView(polled), "generating");
});

test("409 is adopted without an error", () => {
    const state = after(
        initial(status(), T0),
        { type: "press" },
        { type: "conflict", status: running({ generation: 2, revision: 7 }), now: T0 },
    );
    assert.equal(state.error, null);
    assert.equal(shownView(state), "generating");
    assert.equal(state.isRegenerating, false);
});

test("a refused request unlocks, keeps the view and is no failure of the generation", () => {
    const state = after(initial(status(), T0), { type: "press" }, { type: "refused", message: "Busy." });
    assert.equal(isLocked(state), false);
    assert.equal(shownView(state), "complete");
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
    assert.equal(shownView(found), "generating");
    assert.equal(found.error, null);
    const ended = reduce(pressed, { type: "lost", message: "No answer.", status: status({ generation: 2 }), now: T0 });
    assert.equal(ended.error, null);
    assert.equal(shownView(ended), "complete");
});

test("a lost answer: nothing started, so the button is free, the error shows, and a few looks follow", () => {
    const pressed = reduce(initial(status(), T0), { type: "press" });
    let state = reduce(pressed, { type: "lost", message: "No answer.", status: status(), now: T0 });
    assert.equal(isLocked(state), false);
    assert.equal(state.error, "No answer.");
    assert.equal(pollDelay(state, { interval: 5000 }), 5000);
    const late = reduce(state, { type: "status", status: running({ generation: 2, revision: 7 }), now: T0 });
    assert.equal(shownView(late), "generating");
    assert.equal(late.error, null, "the late start takes the error away");
    for (let i = 0; i < 6; i++) state = reduce(state, { type: "status", status: status(), now: T0 });
    assert.equal(pollDelay(state), null);
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

test("polls come every 5 s, every 30 s when hidden, and end at a terminal state", () => {
    const state = initial(running(), T0);
    assert.equal(pollDelay(state), 5000);
    assert.equal(pollDelay(state, { hidden: true }), 30_000);
    for (const word of ["completed", "failed", "idle"])
        assert.equal(pollDelay(initial(status({ status: word }), T0)), null);
});

test("failed polls back off to a minute, within 20 percent, and keep the view", () => {
    let state = initial(running(), T0);
    const delays = [];
    for (let i = 0; i < 8; i++) {
        state = reduce(state, { type: "pollFailed" });
        delays.push(pollDelay(state, { random: 0.5 }));
        assert.equal(shownView(state), "generating");
    }
    assert.deepEqual(delays, [10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000, 60_000]);
    assert.equal(pollDelay(state, { random: 0 }), 48_000);
    assert.equal(pollDelay(state, { random: 1 }), 72_000);
    assert.equal(reduce(state, { type: "status", status: running(), now: T0 }).failures, 0);
});

test("a project that is gone is not asked for again", () => {
    const state = reduce(initial(running(), T0), { type: "gone" });
    assert.equal(pollDelay(state), null);
});

test("elapsed time follows the server's clock, also when this computer's is wrong", () => {
    const wrong = T0 + 3_600_000;
    const state = initial(running(), wrong);
    assert.equal(elapsed(state, wrong), 5000);
    assert.equal(elapsed(state, wrong + 10_000), 15_000);
    assert.equal(elapsed(initial(status(), T0), T0), null);
});

test("a cached answer with an old serverTime does not turn the clock back", () => {
    let state = initial(running(), T0);
    state = reduce(state, { type: "status", status: running(), now: T0 + 60_000 }); // 304: the same body, a minute later
    assert.equal(elapsed(state, T0 + 60_000), 65_000);
});

test("a run without a sign for two minutes is told, a queued one is not", () => {
    const state = initial(running(), T0);
    assert.equal(isStale(state, T0 + 119_000), false);
    assert.equal(isStale(state, T0 + 121_000), true);
    assert.equal(isStale(initial(running({ queuePosition: 2 }), T0), T0 + 500_000), false);
    assert.equal(isStale(initial(status(), T0), T0 + 500_000), false);
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
});

test("events that nobody knows change nothing", () => {
    const state = initial(status(), T0);
    assert.equal(reduce(state, { type: "dance" }), state);
});
