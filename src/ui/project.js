// The project page: presses the button once, asks for the status, shows what state.js says.
// SPDX-License-Identifier: Apache-2.0
import "./site.js";
import {
    HEADINGS,
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
const interval = Number(section.dataset.interval) || 5000;
const statusUrl = new URL(`${base}api/status/${encodeURIComponent(id)}`, location.href);
const title = document.title;
const channel = "BroadcastChannel" in window ? new BroadcastChannel("docgen") : null;

let state = initial(seed, Date.now());
let timer = 0;
let asking = null; // the poll under way

// ---- what is shown ----

function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
}

function say(text) {
    setText($("live"), text);
}

function showSteps(percent) {
    const steps = [...$("steps").children];
    steps.forEach((step, index) => {
        const next = index + 1 < steps.length ? Number(steps[index + 1].dataset.percent) : 100;
        const done = percent >= next;
        step.classList.toggle("done", done);
        setText(step.lastElementChild, done ? " (done)" : "");
        if (!done && percent >= Number(step.dataset.percent)) step.setAttribute("aria-current", "step");
        else step.removeAttribute("aria-current");
    });
}

function showProgress() {
    const percent = shownProgress(state);
    const step = shownStep(state);
    const position = state.view === "generating" ? state.status.queuePosition : null;
    $("bar").value = percent;
    $("bar").setAttribute("aria-valuetext", `${percent}%, ${step}`);
    setText($("step"), step);
    setText($("percent"), `${percent}\u00a0%`);
    setText($("queue"), position ? `Number ${position} in the queue` : "");
    showSteps(percent);
    showClock();
}

function showClock() {
    const running = elapsed(state, Date.now());
    const stale = isStale(state, Date.now());
    setText($("elapsed"), running === null ? "" : `${state.status.queuePosition ? "Waiting" : "Running"} for ${formatDuration(running)}`);
    $("stale").hidden = !stale;
    if (stale) setText($("stale"), "No progress for 2 minutes; the server will stop the run if it hangs.");
}

function showNote() {
    const lost = state.failures >= 2;
    $("note").hidden = !lost && !state.gone;
    if (state.gone) setText($("note"), "The server no longer knows this project. Reload the page.");
    else if (lost) setText($("note"), "Connection lost. Generation continues on the server; retrying…");
}

function show() {
    const view = shownView(state);
    const generating = view === "generating";
    const hadFocus = document.activeElement === button;

    section.dataset.view = view;
    section.setAttribute("aria-busy", String(generating));
    setText($("heading"), HEADINGS[view]);
    $("explain").hidden = view !== "not_started";
    $("progress").hidden = !generating;
    $("failure").hidden = view !== "failed";
    if (view === "failed") setText($("message"), state.status.errorMessage || "The reason is not known.");
    if (generating) showProgress();
    button.disabled = isLocked(state);
    setText(button, buttonLabel(state));
    if (hadFocus && button.disabled) $("heading").focus();
    button.classList.toggle("primary", !state.status?.docs);
    $("docs").hidden = !state.status?.docs;
    $("error").hidden = !state.error;
    setText($("error"), state.error ?? "");
    showNote();
    document.title = generating ? `(${shownProgress(state)}%) ${title}` : title;
}

// The end of a run changes the source line, the log and the list of runs: the server writes them once more.
async function renewParts() {
    try {
        const reply = await fetch(location.pathname, { headers: { Accept: "text/html" }, cache: "no-cache" });
        if (!reply.ok) return;
        const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
        const freshState = JSON.parse(fresh.getElementById("dg-state").textContent);
        if (freshState.jobId !== state.status.jobId) return;
        for (const name of ["runs", "source", "log"]) {
            const from = fresh.getElementById(`dg-${name}`);
            const to = $(name);
            if (!from || !to) continue;
            to.replaceChildren(...[...from.childNodes].map((node) => document.adoptNode(node)));
            to.hidden = from.hidden;
        }
    } catch {
        // The view itself is right already; the parts come with the next load.
    }
}

function announce(before) {
    const view = shownView(state);
    const was = shownView(before);
    if (view === "generating" && (was !== view || shownStep(before) !== shownStep(state)))
        say(`Generating documentation: ${shownStep(state)}`);
    else if (was === "generating" && view === "complete") say("Documentation is up to date");
    else if (was === "generating" && view === "failed") say(`Generation failed: ${state.status.errorMessage ?? ""}`);
}

function dispatch(event) {
    const before = state;
    state = reduce(state, event);
    show();
    announce(before);
    const ended = !isLocked(state) && state.status?.jobId && (isLocked(before) || before.status?.jobId !== state.status.jobId);
    if (ended && state.view !== "not_started") renewParts();
    return state !== before;
}

// ---- asking ----

function schedule(now = false) {
    clearTimeout(timer);
    const delay = pollDelay(state, { interval, hidden: document.hidden, random: Math.random() });
    if (delay !== null) timer = setTimeout(poll, now ? 0 : delay);
}

async function askStatus(timeout, abort = new AbortController()) {
    const end = setTimeout(() => abort.abort(), timeout);
    try {
        const reply = await fetch(statusUrl, {
            headers: { Accept: "application/json" },
            cache: "no-cache",
            redirect: "manual",
            signal: abort.signal,
        });
        if (reply.status === 404) return { gone: true };
        if (!reply.ok) throw new Error(`status ${reply.status}`);
        return { status: await reply.json() };
    } finally {
        clearTimeout(end);
    }
}

// One at a time: a new question takes the place of one that is still open.
async function poll() {
    clearTimeout(timer);
    asking?.abort();
    const mine = (asking = new AbortController());
    let event;
    try {
        const { gone, status } = await askStatus(REQUEST_TIMEOUT, mine);
        event = gone ? { type: "gone" } : { type: "status", status, now: Date.now() };
    } catch {
        event = { type: "pollFailed" };
    }
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
    let status;
    try {
        ({ status } = await askStatus(CHECK_TIMEOUT));
    } catch {
        status = undefined;
    }
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
        channel?.postMessage({ repositoryId: id });
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
    dispatch({ type: "press" });
    await send();
    schedule();
});

channel?.addEventListener("message", (event) => {
    if (event.data?.repositoryId === id) poll();
});
document.addEventListener("visibilitychange", () => schedule(!document.hidden));
addEventListener("online", () => schedule(true));
// Out of the back-forward cache: what is shown is as old as the visit, and a question from then is never answered.
addEventListener("pageshow", (event) => {
    if (event.persisted) poll();
});

show();
schedule();
setInterval(showClock, 1000);
