// The project list: a filter that answers while one types, and states that stay current without a reload.
// SPDX-License-Identifier: Apache-2.0
import { renewAges } from "./site.js";
import { INTERVAL, SETTLED, formatDuration, retryDelay, trouble } from "./state.js";

const AT_ONCE = 5;
const TIMEOUT = 10_000;
const list = document.querySelector("#dg-projects");
const field = document.querySelector("#dg-filter");
const count = document.querySelector("#dg-count");
const note = document.querySelector("#dg-note");
let next = 0; // whose turn it is to be asked about
let timer = 0;
let turn = 0; // of follow(): the last one goes on
let renewedAt = Date.now();
let heardAt = Date.now();
let problem = null; // why there was no answer to the last question

const linkOf = (item) => item.querySelector(".name");
const textOf = (item) => `${linkOf(item).textContent} ${item.querySelector(".id")?.textContent ?? ""}`.toLowerCase();
let items = [...list.children].map((item) => ({ item, text: textOf(item) }));

// ---- the filter ----

function filter() {
    const wanted = field.value.trim().toLowerCase();
    let shown = 0;
    for (const { item, text } of items) {
        item.hidden = !text.includes(wanted);
        shown += !item.hidden;
    }
    const all = items.length;
    const said = shown === all ? `${all} project${all === 1 ? "" : "s"}` : `${shown} of ${all} projects`;
    if (count.textContent !== said) count.textContent = said;
}

// Where the address names a filter the server left projects out, so Enter asks the server again.
if (field) {
    const filtered = new URLSearchParams(location.search).get("filter");
    if (!filtered) field.form.addEventListener("submit", (event) => event.preventDefault());
    field.addEventListener("input", filter);
    if (!filtered) filter(); // a page that came back may still hold what was typed
}

// ---- states ----

// What a project's line says, without its ages in words, which site.js keeps.
const meaning = (item) =>
    [item.querySelector(".badge").textContent, ...[...item.querySelectorAll("time")].map((time) => time.dateTime), linkOf(item).textContent].join(" ");

// How old the lines are, once the server stopped telling.
function showAge() {
    const now = Date.now();
    const text = problem === null ? "" : `Last heard ${formatDuration(now - heardAt)} ago. ${problem}`;
    note.hidden = !text;
    if (note.textContent !== text) note.textContent = text;
}

// What the server answers: its status and its text. null when that is no news of the projects; the reason is then kept.
async function ask(address, type, isNews = (status) => status === 200) {
    const options = { headers: { Accept: type }, cache: "no-cache", redirect: "manual", signal: AbortSignal.timeout(TIMEOUT) };
    let status = null;
    let text = "";
    try {
        const reply = await fetch(address, options);
        text = await reply.text();
        status = reply.status;
        if (isNews(status)) {
            heardAt = Date.now();
            problem = null;
            return { status, text };
        }
        problem = trouble(status, JSON.parse(text));
    } catch {
        problem = trouble(status, { offline: !navigator.onLine });
    }
    return null;
}

// Takes over what the server says now. Lines that say the same stay, so focus and scroll do.
async function renewList() {
    const reply = await ask(location.href, "text/html;q=0.9, application/problem+json");
    if (!reply) return;
    const fresh = new DOMParser().parseFromString(reply.text, "text/html");
    const old = new Map(items.map(({ item }) => [linkOf(item).getAttribute("href"), item]));
    const lines = [...fresh.querySelectorAll("#dg-projects > li")].map((item) => {
        const known = old.get(linkOf(item).getAttribute("href"));
        return known && meaning(known) === meaning(item) ? known : document.adoptNode(item);
    });
    if (lines.length === items.length && lines.every((item, i) => linkOf(item).href === linkOf(items[i].item).href))
        lines.forEach((item, i) => item === items[i].item || items[i].item.replaceWith(item));
    else list.replaceChildren(...lines);
    items = lines.map((item) => ({ item, text: textOf(item) }));
    const states = fresh.querySelector("#dg-states");
    if (states) document.querySelector("#dg-states")?.replaceWith(document.adoptNode(states));
    if (field) filter();
    renewAges();
}

// True when a run has ended, or its project is gone.
async function hasEnded(item) {
    const id = linkOf(item).pathname.split("/").pop();
    const reply = await ask(`api/status/${id}`, "application/json", (code) => code === 200 || code === 404);
    if (!reply) return false;
    if (reply.status === 404) return true;
    const status = JSON.parse(reply.text);
    if (status.status !== "generating") return true;
    item.querySelector(".badge span").textContent = status.queuePosition ? status.step : `Generating ${status.progress}\u00a0%`;
    return false;
}

// Asks about the runs that are shown, and now and then about everything: others start runs too.
async function follow(everything = false) {
    clearTimeout(timer);
    const mine = ++turn;
    const running = items.filter(({ item }) => item.dataset.status === "generating" && !item.hidden);
    const isDue = everything || problem !== null || Date.now() - renewedAt >= SETTLED * INTERVAL;
    if (!document.hidden && isDue) {
        renewedAt = Date.now();
        await renewList();
    } else if (!document.hidden && running.length) {
        const asked = Array.from({ length: Math.min(AT_ONCE, running.length) }, () => running[next++ % running.length]);
        const answers = await Promise.all(asked.map(({ item }) => hasEnded(item)));
        if (answers.some(Boolean)) await renewList();
    }
    showAge();
    if (mine === turn) timer = setTimeout(follow, problem === null ? INTERVAL : retryDelay(Math.random()));
}

const again = () => follow(true);
addEventListener("pageshow", (event) => {
    if (event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward") again();
});
addEventListener("online", again);
document.addEventListener("visibilitychange", () => document.hidden || again());
if ("BroadcastChannel" in window) new BroadcastChannel("docgen").addEventListener("message", again);
timer = setTimeout(follow, INTERVAL);
setInterval(showAge, 1000);
