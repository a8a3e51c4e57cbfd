// Documentation pages: where one is in the contents, copying, pages as a drawer on small screens, colours in code.
// SPDX-License-Identifier: Apache-2.0
import { make } from "./site.js";

const article = document.querySelector("article");

// ---- contents ----

const wide = matchMedia("(min-width: 1200px)");
const contents = document.querySelector(".toc details");

function fitContents() {
    if (contents) contents.open = wide.matches;
}

function followScroll() {
    const links = new Map();
    for (const link of document.querySelectorAll(".toc a")) links.set(decodeURIComponent(link.hash.slice(1)), link);
    const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
    if (!headings.length) return;
    let current = null;
    const mark = () => {
        // the last heading above a third of the window is where one reads
        const line = innerHeight / 3;
        const at = headings.filter((heading) => heading.getBoundingClientRect().top < line).pop();
        const link = at ? links.get(at.id) : null;
        if (link === current) return;
        current?.removeAttribute("aria-current");
        link?.setAttribute("aria-current", "true");
        current = link;
    };
    const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px", threshold: [0, 1] });
    headings.forEach((heading) => observer.observe(heading));
    mark();
}

// ---- code ----

function addCopy(pre, live) {
    const button = make("button", { type: "button", className: "copy" }, "Copy");
    const box = make("div", { className: "codebox" });
    button.setAttribute("aria-label", "Copy this code");
    pre.replaceWith(box);
    box.append(pre, button);
    button.addEventListener("click", async () => {
        try {
            await navigator.clipboard.writeText(pre.textContent.replace(/\n$/, ""));
            button.textContent = live.textContent = "Copied";
        } catch {
            getSelection().selectAllChildren(pre);
            button.textContent = live.textContent = "Selected; press Ctrl C";
        }
        setTimeout(() => {
            button.textContent = "Copy";
            live.textContent = "";
        }, 2000);
    });
}

function reachScrollers() {
    for (const element of article.querySelectorAll("pre, table")) {
        if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
        else element.removeAttribute("tabindex");
    }
}

// Colouring replaces a block's content: the links of a signature are put back where their words stand.
function linksOf(block) {
    return [...block.querySelectorAll("a")].map((a) => {
        const before = document.createRange();
        before.setStart(block, 0);
        before.setEndBefore(a);
        return { start: before.toString().length, length: a.textContent.length, href: a.getAttribute("href") };
    });
}

function relink(block, links) {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    let at = 0;
    for (let node = walker.nextNode(); node && links.length; node = walker.nextNode()) {
        const [{ start, length, href }] = links;
        const from = start - at;
        if (from + length > node.data.length) {
            at += node.data.length;
            if (from < node.data.length) links.shift(); // its word is in two pieces now
            continue;
        }
        if (from > 0) {
            at += from;
            node.splitText(from); // the walker goes on with the second part
            continue;
        }
        links.shift();
        if (node.data.length > length) node.splitText(length);
        const link = make("a", { href });
        node.replaceWith(link);
        link.append(node);
        walker.currentNode = node;
        at += length;
    }
}

async function colour() {
    const blocks = [...article.querySelectorAll('pre > code[class*="language-"]')];
    if (!blocks.length) return;
    const { default: hljs } = await import("./vendor/highlight.js");
    for (const block of blocks) {
        const name = /language-([\w+#-]+)/.exec(block.className)?.[1];
        if (!name || !hljs.getLanguage(name) || block.textContent.length > 50_000) continue;
        if (block.children.length && !block.parentElement.matches(".signature")) continue;
        const links = linksOf(block);
        block.innerHTML = hljs.highlight(block.textContent, { language: name, ignoreIllegals: true }).value;
        relink(block, links);
    }
}

// A large diagram is small in a column of text: it opens at its own size.
function openDiagrams() {
    for (const image of article.querySelectorAll('img[src$=".svg"]')) {
        if (image.closest("a")) continue;
        const link = make("a", { href: image.src, className: "zoom" });
        link.setAttribute("aria-label", `${image.alt || "Diagram"}: open at full size`);
        image.replaceWith(link);
        link.append(image);
    }
}

// ---- pages on small screens ----

function addDrawer() {
    const side = document.querySelector("nav.side");
    const link = document.querySelector(".pages-link");
    const home = side?.parentElement;
    if (!side || !link) return;
    document.documentElement.classList.add("docs-js");
    const close = make("button", { type: "button" }, "Close");
    const dialog = make("dialog", { className: "pages" }, close);
    dialog.setAttribute("aria-label", "Pages");
    document.body.append(dialog);
    link.addEventListener("click", (event) => {
        event.preventDefault();
        dialog.append(side);
        dialog.showModal();
        side.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
    });
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => {
        if (event.target === dialog || event.target.closest("a")) dialog.close();
    });
    dialog.addEventListener("close", () => home.prepend(side));
    matchMedia("(min-width: 768px)").addEventListener("change", (event) => event.matches && dialog.close());
}

const live = make("p", { className: "hidden" });
live.setAttribute("role", "status");
document.body.append(live);

fitContents();
wide.addEventListener("change", fitContents);
followScroll();
addDrawer();
for (const pre of article.querySelectorAll("pre")) addCopy(pre, live);
openDiagrams();
reachScrollers();
addEventListener("resize", reachScrollers);
// Far down a long navigation the current page would be out of sight.
const current = document.querySelector(".side [aria-current]");
const side = document.querySelector(".side");
if (current && side && side.scrollHeight > side.clientHeight)
    side.scrollTop = current.offsetTop - side.clientHeight / 2;
"requestIdleCallback" in window ? requestIdleCallback(colour, { timeout: 1000 }) : setTimeout(colour, 200);
