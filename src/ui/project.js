// The project page: presses the button once, asks for the status, shows what state.js says.
// SPDX-License-Identifier: Apache-2.0
import { formatAgo, renewAges, setSkew } from "./site.js";
import {
    INTERVAL,
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
} from "./state.js";

const REQUEST_TIMEOUT = 10_000;
const CHECK_TIMEOUT = 800; // after a lost answer: the button must be free again within a second

const $ = (id) => document.getElementById(`dg-${id}`);
const section = $("project");
const form = $("form");
const button = $("button");
const seed = JSON.parse($("state").textContent);
const id = seed.repositoryId;
const base = document.body.dataset.root;
const interval = Number(section.dataset.interval) || INTERVAL;
const statusUrl = new URL(`${base}api/status/${encodeURIComponent(id)}`, location.href);
const title = document.title;
const channel = "BroadcastChannel" in window ? new BroadcastChannel("docgen") : null;

let state = initial(seed, Date.now());
let timer = 0;
let delay = null; // until the next poll, as it was planned
let asking = null; // the poll under way

// ---- what is shown ----

function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
}

function say(text) {
    setText($("live"), text);
}

function showSteps() {
    for (const step of $("steps").children) {
        const how = stepState(state, Number(step.dataset.percent));
        step.classList.toggle("done", how === "done");
        setText(step.lastElementChild, how === "done" ? " (done)" : how === "skipped" ? " (skipped)" : "");
        if (how === "now") step.setAttribute("aria-current", "step");
        else step.removeAttribute("aria-current");
    }
}

// What was known when the last answer came: no number moves between two answers.
function showProgress(stale) {
    const percent = shownProgress(state);
    const step = shownStep(state);
    const position = state.status.queuePosition;
    const running = stale ? null : elapsed(state);
    const quiet = !stale && isQuiet(state);
    $("bar").value = percent;
    $("bar").setAttribute("aria-valuetext", `${percent}%, ${step}`);
    setText($("step"), step);
    setText($("percent"), `${percent}\u00a0%`);
    setText($("queue"), position ? `Number ${position} in the queue` : "");
    setText($("elapsed"), running === null ? "" : `${position ? "Waiting" : "Running"} for ${formatDuration(running)}`);
    $("stale").hidden = !quiet;
    if (quiet) setText($("stale"), "No progress for 2 minutes. A run that hangs is stopped by its time limit.");
    showSteps();
}

// The server writes the result; until that is here, the status says how current the documentation is.
function showResult() {
    const result = $("result");
    result.hidden = state.view !== "complete";
    if (result.hidden || result.dataset.job === state.status.jobId) return;
    setText(result, `Checked ${formatAgo(Date.now() + state.offset - Date.parse(state.status.docs?.checkedAt))}`);
}

// What depends on how old the last answer is.
function showAge() {
    const now = Date.now();
    const stale = isStale(state, now, delay);
    const text = note(state, now, stale);
    setText($("heading"), heading(state, stale));
    section.classList.toggle("old", stale);
    if (state.view === "generating") showProgress(stale);
    $("note").hidden = !text;
    setText($("note"), text);
    document.title = state.view === "generating" && !stale ? `(${shownProgress(state)}%) ${title}` : title;
}

function show() {
    const { view } = state;
    const hadFocus = document.activeElement === button;

    section.dataset.view = view;
    section.setAttribute("aria-busy", String(isLocked(state)));
    $("explain").hidden = view !== "not_started";
    $("progress").hidden = view !== "generating";
    $("failure").hidden = view !== "failed";
    if (view === "failed") setText($("message"), state.status.errorMessage || "The reason is not known.");
    showResult();
    showAge();
    button.disabled = isLocked(state);
    setText(button, buttonLabel(state));
    if (hadFocus && button.disabled) $("heading").focus();
    button.classList.toggle("primary", !state.status?.docs);
    $("docs").hidden = !state.status?.docs;
    $("error").hidden = !state.error;
    setText($("error"), state.error ?? "");
}

// The end of a run changes its result, the source line, the log and the list of runs: the server writes them once more.
async function renewParts() {
    try {
        const reply = await fetch(location.pathname, { headers: { Accept: "text/html" }, cache: "no-cache" });
        if (!reply.ok) return;
        const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
        const freshState = JSON.parse(fresh.getElementById("dg-state").textContent);
        if (freshState.jobId !== state.status.jobId) return;
        for (const name of ["result", "runs", "source", "log"]) {
            const from = fresh.getElementById(`dg-${name}`);
            const to = $(name);
            if (!from || !to) continue;
            to.replaceChildren(...[...from.childNodes].map((node) => document.adoptNode(node)));
            to.hidden = from.hidden;
        }
        $("result").dataset.job = freshState.jobId;
        renewAges();
        if (state.view === "complete") say(`${heading(state, false)}. ${$("result").textContent}`);
    } catch {
        // The view itself is right already; the parts come with the next answer.
    }
}

function announce(before) {
    if (state.isRegenerating && !before.isRegenerating) say("Starting…");
    else if (state.trouble && !before.trouble) say(state.trouble);
    else if (state.view === "generating" && (before.view !== "generating" || shownStep(before) !== shownStep(state)))
        say(`Generating documentation: ${shownStep(state)}`);
    else if (before.view !== "failed" && state.view === "failed") say(`Generation failed: ${state.status.errorMessage ?? ""}`);
}

// What the other tabs should hear of at once: a run that began or ended.
function tell(before) {
    const { generation, revision } = state.status;
    if (generation !== before.status.generation || state.view !== before.view)
        channel?.postMessage({ repositoryId: id, generation, revision });
}

function dispatch(event) {
    const before = state;
    state = reduce(state, event);
    if (Number.isFinite(state.offset)) setSkew(state.offset);
    show();
    announce(before);
    tell(before);
    const ended = state.view === "complete" || state.view === "failed";
    if (ended && !state.failures && $("result").dataset.job !== state.status.jobId) renewParts();
}

// ---- asking ----

function schedule(now = false) {
    clearTimeout(timer);
    delay = pollDelay(state, { interval, hidden: document.hidden, random: Math.random() });
    if (delay !== null) timer = setTimeout(poll, now ? 0 : delay);
}

// The event that an answer is: "status", "gone" or "pollFailed".
async function askStatus(timeout, abort = new AbortController()) {
    const end = setTimeout(() => abort.abort(), timeout);
    try {
        const reply = await fetch(statusUrl, {
            headers: { Accept: "application/json" },
            cache: "no-cache",
            redirect: "manual",
            signal: abort.signal,
        });
        if (reply.ok) return { type: "status", status: await reply.json(), now: Date.now() };
        if (reply.status === 404) return { type: "gone" };
        const problem = await problemOf(reply);
        const retryAfter = 1000 * Number(reply.headers.get("Retry-After"));
        return { type: "pollFailed", trouble: trouble(reply.status, problem), retryAfter };
    } catch {
        return { type: "pollFailed", trouble: trouble(null, { offline: !navigator.onLine }) };
    } finally {
        clearTimeout(end);
    }
}

// One at a time: a new question takes the place of one that is still open.
async function poll() {
    clearTimeout(timer);
    asking?.abort();
    const mine = (asking = new AbortController());
    const event = await askStatus(REQUEST_TIMEOUT, mine);
    if (asking !== mine) return;
    asking = null;
    dispatch(event);
    schedule();
}

// ---- pressing ----

async function problemOf(reply) {
    try {
        return await reply.json();
    } catch {
        return {};
    }
}

async function afterLostAnswer() {
    const message = navigator.onLine
        ? "The server did not answer. Please try again."
        : "You are offline. Please try again when you are connected.";
    const { status } = await askStatus(CHECK_TIMEOUT);
    dispatch({ type: "lost", message, status, now: Date.now() });
}

async function send() {
    let reply;
    try {
        reply = await fetch(form.action, {
            method: "POST",
            headers: { "Content-Type": "application/json", Accept: "application/json" },
            body: JSON.stringify({ repositoryId: id }),
            redirect: "manual", // a login page would answer with a redirect
            signal: AbortSignal.timeout(REQUEST_TIMEOUT),
        });
    } catch {
        await afterLostAnswer();
        return;
    }
    const body = reply.type === "opaqueredirect" ? {} : await problemOf(reply);
    if (reply.status === 202) {
        dispatch({ type: "accepted", status: body, now: Date.now() });
    } else if (reply.status === 409 && body.job) {
        dispatch({ type: "conflict", status: body.job, now: Date.now() });
    } else {
        const retryAfter = reply.headers.get("Retry-After");
        dispatch({ type: "refused", message: refusal(reply.status, { retryAfter, detail: body.detail }) });
    }
}

form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isLocked(state)) return; // a second submit in the same instant: the button is not yet painted disabled
    dispatch({ type: "press", now: Date.now() });
    await send();
    schedule();
});

channel?.addEventListener("message", ({ data }) => {
    const { generation, revision } = state.status;
    if (data?.repositoryId !== id) return;
    if (data.generation > generation || (data.generation === generation && data.revision > revision)) poll();
});
document.addEventListener("visibilitychange", () => schedule(!document.hidden));
addEventListener("online", () => schedule(true));
// Out of the back-forward cache what is shown is as old as the visit, and a question from then is never answered;
// out of the HTTP cache, where a step back may find the page, it is as old.
addEventListener("pageshow", (event) => {
    if (event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward") poll();
});

setSkew(state.offset);
schedule();
show();
setInterval(showAge, 1000);
