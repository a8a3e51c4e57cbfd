// What every page has: ages that stay true, the search dialog and its keys.
// SPDX-License-Identifier: Apache-2.0

const root = document.body.dataset.root;

/** Makes an element with properties and children; strings become text, never markup. */
export function make(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(properties)) {
        if (key in element) element[key] = value;
        else element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
}

/** "3 minutes ago", in the words of the server. */
export function formatAgo(ms) {
    const s = Math.max(0, Math.floor(ms / 1000));
    const say = (n, unit) => `${n} ${unit}${n === 1 ? "" : "s"} ago`;
    if (s < 60) return "just now";
    if (s < 3600) return say(Math.floor(s / 60), "minute");
    if (s < 86400) return say(Math.floor(s / 3600), "hour");
    if (s < 86400 * 30) return say(Math.floor(s / 86400), "day");
    if (s < 86400 * 365) return say(Math.floor(s / (86400 * 30)), "month");
    return say(Math.floor(s / (86400 * 365)), "year");
}

let skew = 0; // the server's clock minus ours, where it is known

export function setSkew(milliseconds) {
    skew = milliseconds;
}

export function renewAges() {
    for (const time of document.querySelectorAll("time[datetime]")) {
        const text = formatAgo(Date.now() + skew - Date.parse(time.dateTime));
        if (time.textContent !== text) time.textContent = text;
    }
}

// ---- the search dialog ----

let finder = null;

// Relative, unlike the answer's own "url": a proxy may show this site below another path.
function hrefOf(hit) {
    const page = `${root}docs/${hit.repositoryId}/${hit.path === "index" ? "" : hit.path}`;
    return hit.anchor ? `${page}#${encodeURIComponent(hit.anchor)}` : page;
}

function excerpt(parts) {
    return parts.map((part, index) => (index % 2 ? make("mark", {}, part) : part));
}

function showHits(hits, list, count) {
    const groups = new Map();
    for (const hit of hits) {
        const key = `${hit.repositoryId}/${hit.path}`;
        if (!groups.has(key)) groups.set(key, { title: hit.title, repository: hit.repositoryId, hits: [] });
        groups.get(key).hits.push(hit);
    }
    list.replaceChildren();
    for (const group of groups.values()) {
        list.append(
            make("h3", {}, finder.repository ? group.title : `${group.title} · ${group.repository}`),
            make(
                "ul",
                {},
                ...group.hits.map((hit) =>
                    make(
                        "li",
                        {},
                        make(
                            "a",
                            { href: hrefOf(hit) },
                            make("strong", {}, hit.heading || hit.title),
                            make("span", {}, ...excerpt(hit.excerptParts)),
                        ),
                    ),
                ),
            ),
        );
    }
    count.textContent = hits.length
        ? `${hits.length} result${hits.length === 1 ? "" : "s"}`
        : "Nothing was found. Check the spelling or use fewer words.";
}

async function find(query, list, count) {
    finder.abort?.abort();
    if (!query.trim()) {
        list.replaceChildren();
        count.textContent = "";
        return;
    }
    const abort = (finder.abort = new AbortController());
    const url = new URL(`${root}api/search`, location.href);
    url.searchParams.set("q", query);
    if (finder.repository) url.searchParams.set("repositoryId", finder.repository);
    try {
        const reply = await fetch(url, { signal: abort.signal, headers: { Accept: "application/json" } });
        const body = await reply.json();
        if (!reply.ok) throw new Error(body.detail);
        showHits(body.hits, list, count);
    } catch (error) {
        if (error.name === "AbortError") return;
        list.replaceChildren();
        count.textContent = "The search does not answer. Try again in a moment.";
    }
}

function build(form) {
    const field = make("input", { type: "search", name: "q", maxLength: 200, autocomplete: "off" });
    field.setAttribute("aria-label", "Search the documentation");
    field.placeholder = "Search for names, headings and words";
    const close = make("button", { type: "button" }, "Close");
    const inner = make("form", { method: "get", action: form.action }, field, close);
    const hidden = form.querySelector("input[type=hidden]");
    if (hidden) inner.append(hidden.cloneNode());
    const count = make("p", { className: "count" });
    count.setAttribute("role", "status");
    const list = make("div", { className: "results" });
    const dialog = make("dialog", { className: "finder" }, inner, count, list);
    dialog.setAttribute("aria-label", "Search");
    let timer = 0;

    finder = { dialog, field, repository: hidden ? hidden.value : null, abort: null };
    close.addEventListener("click", () => dialog.close());
    field.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(() => find(field.value, list, count), 150);
    });
    dialog.addEventListener("click", (event) => {
        if (event.target === dialog || event.target.closest("a")) dialog.close();
    });
    dialog.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
            event.preventDefault(); // a search field would only be emptied
            dialog.close();
        }
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        const links = [field, ...list.querySelectorAll("a")];
        const at = links.indexOf(document.activeElement);
        const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
        if (at < 0 || !next) return;
        event.preventDefault();
        next.focus();
    });
    document.body.append(dialog);
}

/** Opens the search dialog with what the page's own field holds. */
export function openSearch() {
    const form = document.querySelector("form.seek");
    if (!form) return;
    if (!finder) build(form);
    if (finder.dialog.open) return;
    finder.dialog.showModal();
    finder.field.focus();
    finder.field.select();
}

function isTyping(target) {
    return target instanceof Element && target.closest("input, textarea, select, [contenteditable]");
}

function slashIsOn() {
    return document.querySelector('input[name="dg-slash"]')?.checked ?? false;
}

document.addEventListener("keydown", (event) => {
    const control = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if ((control && event.key.toLowerCase() === "k") || (plain && event.key === "/" && !isTyping(event.target) && slashIsOn())) {
        event.preventDefault();
        openSearch();
    }
});

// On pages that are not about searching the field opens the dialog; without scripts it is a form of its own.
if (!document.body.classList.contains("search"))
    document.querySelector("form.seek input[type=search]")?.addEventListener("click", openSearch);

const key = document.querySelector("form.seek kbd");
if (key && /Mac|iP(hone|ad)/.test(navigator.platform)) key.textContent = "⌘ K";

renewAges();
setInterval(renewAges, 60_000);
