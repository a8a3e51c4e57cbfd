// The project list: a filter that answers while one types, and badges of running generations that stay current.
// SPDX-License-Identifier: Apache-2.0
import "./site.js";

const INTERVAL = 5000;
const AT_ONCE = 5;
const list = document.querySelector("#dg-projects");
const field = document.querySelector("#dg-filter");
const count = document.querySelector("#dg-count");
const items = [...list.children].map((item) => ({
    item,
    text: `${item.querySelector(".name").textContent} ${item.querySelector(".id")?.textContent ?? ""}`.toLowerCase(),
}));

function filter() {
    const wanted = field.value.trim().toLowerCase();
    let shown = 0;
    for (const { item, text } of items) {
        item.hidden = !text.includes(wanted);
        shown += !item.hidden;
    }
    const all = items.length;
    count.textContent = shown === all ? `${all} project${all === 1 ? "" : "s"}` : `${shown} of ${all} projects`;
}

// The server filtered already when the address says so; then what it left is all there is to filter.
if (field && items.length) {
    field.form.addEventListener("submit", (event) => event.preventDefault());
    field.addEventListener("input", filter);
}

async function renew(item) {
    const id = item.querySelector(".name").pathname.split("/").pop();
    const reply = await fetch(`api/status/${id}`, { headers: { Accept: "application/json" } });
    if (!reply.ok) return;
    const status = await reply.json();
    const badge = item.querySelector(".badge span");
    if (status.status === "generating") badge.textContent = status.queuePosition ? "Waiting" : `Generating ${status.progress}\u00a0%`;
    else location.reload();
}

async function renewAll() {
    const running = items.filter(({ item }) => item.dataset.status === "generating" && !item.hidden);
    if (!running.length) return;
    if (!document.hidden) await Promise.allSettled(running.slice(0, AT_ONCE).map(({ item }) => renew(item)));
    setTimeout(renewAll, INTERVAL);
}
setTimeout(renewAll, INTERVAL);
