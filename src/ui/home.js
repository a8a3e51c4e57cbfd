// The project list: a filter that answers while one types, and states that stay current without a reload.
// SPDX-License-Identifier: Apache-2.0
import "./site.js";

const INTERVAL = 5000;
const AT_ONCE = 5;
const list = document.querySelector("#dg-projects");
const field = document.querySelector("#dg-filter");
const count = document.querySelector("#dg-count");
let turn = 0; // whose turn it is to be asked about
let renewedAt = Date.now();

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

// What a project's line says, without its age, which site.js keeps.
const meaning = (item) => `${item.querySelector(".badge").textContent} ${item.querySelector("time")?.dateTime ?? ""} ${linkOf(item).textContent}`;

// Takes over what the server says now. Lines that say the same stay, so focus and scroll do.
async function renewList() {
    renewedAt = Date.now();
    const reply = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-cache" });
    if (!reply.ok) return;
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
    const old = new Map(items.map(({ item }) => [linkOf(item).getAttribute("href"), item]));
    const next = [...fresh.querySelectorAll("#dg-projects > li")].map((item) => {
        const known = old.get(linkOf(item).getAttribute("href"));
        return known && meaning(known) === meaning(item) ? known : document.adoptNode(item);
    });
    if (next.length === items.length && next.every((item, i) => linkOf(item).href === linkOf(items[i].item).href))
        next.forEach((item, i) => item === items[i].item || items[i].item.replaceWith(item));
    else list.replaceChildren(...next);
    items = next.map((item) => ({ item, text: textOf(item) }));
    const states = fresh.querySelector("#dg-states");
    if (states) document.querySelector("#dg-states")?.replaceWith(document.adoptNode(states));
    if (field) filter();
}

// True when a run has ended, or its project is gone.
async function hasEnded(item) {
    const id = linkOf(item).pathname.split("/").pop();
    const reply = await fetch(`api/status/${id}`, { headers: { Accept: "application/json" } });
    if (reply.status === 404) return true;
    if (!reply.ok) return false;
    const status = await reply.json();
    if (status.status !== "generating") return true;
    item.querySelector(".badge span").textContent = status.queuePosition ? "Waiting" : `Generating ${status.progress}\u00a0%`;
    return false;
}

async function follow() {
    try {
        const running = items.filter(({ item }) => item.dataset.status === "generating" && !item.hidden);
        if (!document.hidden && running.length) {
            const asked = Array.from({ length: Math.min(AT_ONCE, running.length) }, () => running[turn++ % running.length]);
            const answers = await Promise.allSettled(asked.map(({ item }) => hasEnded(item)));
            if (answers.some(({ value }) => value)) await renewList();
        }
    } catch {
        // The list is as it was; the next turn comes.
    }
    setTimeout(follow, INTERVAL);
}

const renewAgain = () => renewList().catch(() => {});
addEventListener("pageshow", (event) => event.persisted && renewAgain());
document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - renewedAt >= INTERVAL) renewAgain();
});
setTimeout(follow, INTERVAL);
