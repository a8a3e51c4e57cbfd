// The documentation pages in a real browser, made by the module's own generator from a small repository.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makeRepository } from "./repository.mjs";
import { followLink, hasSidewaysScroll, launch, startServer, until, withPageOf } from "./server.mjs";

let server;
let browser;

before(async () => {
    const path = makeRepository(process.env.HARNESS_DIR);
    server = await startServer({ real: true, repositories: { parrot: `${path} title=Parrot`, other: "https://example.org/x" } });
    browser = await launch();
    assert.equal((await server.request("parrot")).status, 202);
    const state = await until(async () => {
        const now = await server.status("parrot");
        return now.status !== "generating" && now;
    }, "the generation", 60_000);
    assert.equal(state.status, "completed", state.errorMessage);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const docs = (path = "") => `${server.base}docs/parrot/${path}`;

const withPage = (options, body) => withPageOf(browser, options, body);

test("a page says where it comes from, and what else there is", async () => {
    for (const script of [true, false])
        await withPage({ script }, async (page) => {
            await page.goto(docs());
            assert.match(await page.textContent("article > .source"), /^Generated from [0-9a-f]{7} on main, (just now|\d+ minutes? ago)$/);
            assert.equal(await page.getAttribute("nav.side [aria-current=page]", "href"), "./");
            assert.ok((await page.$$("nav.side a")).length >= 3);
            assert.ok((await page.$$("nav.toc a")).length >= 2);
            assert.equal(await page.isVisible("a[rel=next]"), true);
            await followLink(page, "a[rel=next]");
            await followLink(page, "a[rel=prev]");
            assert.equal(page.url(), docs());
            assert.equal(await page.isVisible("#dg-renewal"), false);
        });
});

test("what the repository holds is harmless on its pages", async () => {
    await withPage({}, async (page) => {
        await page.goto(docs());
        await page.waitForTimeout(300);
        assert.doesNotMatch(await page.title(), /owned/);
        const bad = await page.$$eval("article *", (all) =>
            all.filter((element) =>
                [...element.attributes].some((a) => /^on|^style$/i.test(a.name) || /^\s*javascript:/i.test(a.value)),
            ).length + document.querySelectorAll("article script, article iframe, article form").length,
        );
        assert.equal(bad, 0);
    });
});

test("every heading can be linked to, and the link works", async () => {
    await withPage({}, async (page) => {
        await page.goto(docs());
        const anchors = await page.$$eval("article .anchor", (all) => all.map((a) => [a.getAttribute("href"), a.getAttribute("aria-label")]));
        assert.ok(anchors.length >= 3);
        for (const [href, label] of anchors) {
            assert.equal(await page.$$eval(`[id="${decodeURIComponent(href.slice(1))}"]`, (all) => all.length), 1, href);
            assert.match(label, /^Link to section .+/);
        }
        await page.setViewportSize({ width: 1280, height: 400 });
        await page.goto(docs(anchors[1][0]));
        const top = await page.$eval(`[id="${anchors[1][0].slice(1)}"]`, (h) => h.getBoundingClientRect().top);
        assert.ok(top >= 50, `the bar covers the heading (${top})`);
    });
});

test("the contents follow the scroll", async () => {
    await withPage({ height: 500 }, async (page) => {
        await page.goto(docs());
        await page.evaluate(() => document.querySelector("article h2:last-of-type").scrollIntoView());
        await page.waitForSelector("nav.toc a[aria-current]");
        const first = await page.textContent("nav.toc a[aria-current]");
        await page.evaluate(() => scrollTo(0, 0));
        await page.waitForFunction((text) => document.querySelector("nav.toc a[aria-current]")?.textContent !== text, first);
    });
});

test("code is coloured and can be copied", async () => {
    await withPage({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
        await page.goto(docs("guides/readme"));
        await page.waitForSelector("article pre .hljs-keyword, article pre .hljs-comment, article pre .hljs-built_in");
        await page.hover(".codebox");
        await page.click(".codebox .copy");
        await page.waitForFunction(() => document.querySelector(".codebox .copy").textContent === "Copied");
        const copied = await page.evaluate(() => navigator.clipboard.readText());
        assert.equal(copied, (await page.textContent(".codebox pre")).replace(/\n$/, ""));
        assert.equal(await page.$$eval("[role=status]", (all) => all.some((e) => e.textContent === "Copied")), true);
    });
});

test("the search dialog finds, announces, and is left with Escape", async () => {
    await withPage({}, async (page) => {
        await page.goto(docs());
        await page.keyboard.press("Control+k");
        await page.waitForSelector("dialog.finder[open]");
        await page.keyboard.type("quetzalcoatl");
        await page.waitForSelector("dialog.finder li a");
        assert.match(await page.textContent("dialog.finder .count"), /^\d+ results?$/);
        assert.ok((await page.$$eval("dialog.finder mark", (marks) => marks.map((m) => m.textContent))).includes("quetzalcoatl"));
        await page.keyboard.press("Escape");
        await page.waitForSelector("dialog.finder", { state: "hidden" });
        await page.keyboard.press("/");
        await page.waitForSelector("dialog.finder[open]");
        await page.keyboard.press("ArrowDown");
        assert.equal(await page.evaluate(() => document.activeElement.tagName), "A");
        await page.keyboard.press("Enter");
        await page.waitForURL(/guide/);
        // "/" alone must be possible to turn off (WCAG 2.1.4)
        await page.click(".settings summary");
        await page.click("input[name=dg-slash]");
        await page.keyboard.press("Escape");
        await page.reload();
        await page.keyboard.press("/");
        await page.waitForTimeout(200);
        assert.equal(await page.isVisible("dialog.finder"), false);
    });
});

test("search works without scripts, is safe, and says when nothing is found", async () => {
    await withPage({ script: false }, async (page) => {
        await page.goto(docs());
        await page.fill(".seek input[type=search]", "quetzalcoatl");
        await page.keyboard.press("Enter");
        await page.waitForURL(/\/search\?q=quetzalcoatl&repositoryId=parrot/);
        assert.ok((await page.$$(".hits li")).length >= 1);
        assert.equal(await page.textContent(".hits mark"), "quetzalcoatl");
        await page.click(".hits a");
        assert.match(page.url(), /guide/);
        await page.goto(`${server.base}search?q=${encodeURIComponent('"><script>x</script>')}`);
        assert.equal(await page.inputValue(".seek input[type=search]"), '"><script>x</script>');
        await page.goto(`${server.base}search?q=zzzzqqqqxxxx`);
        assert.match(await page.textContent(".count"), /Nothing was found/);
    });
});

test("the theme is chosen, kept, and followed by other tabs", async () => {
    await withPage({}, async (page, context) => {
        const background = (p) => p.evaluate(() => getComputedStyle(document.body).backgroundColor);
        await page.goto(docs());
        const light = await background(page);
        const other = await context.newPage();
        await other.goto(docs());
        await page.bringToFront();
        await page.click(".settings summary");
        await page.click("input[name=dg-theme][value=dark]");
        const dark = await background(page);
        assert.notEqual(dark, light);
        await other.waitForFunction((color) => getComputedStyle(document.body).backgroundColor === color, dark);
        await page.reload();
        assert.equal(await background(page), dark);
        assert.equal(await page.isChecked("input[name=dg-theme][value=dark]"), true);
        await page.emulateMedia({ colorScheme: "light" });
        assert.equal(await background(page), dark, "the choice is stronger than the system");
    });
});

test("on paper there is no navigation and the addresses are written out", async () => {
    await withPage({ theme: "dark" }, async (page) => {
        await page.goto(docs());
        await page.emulateMedia({ media: "print" });
        for (const selector of [".top", ".side", ".toc", ".turn"]) assert.equal(await page.isVisible(selector), false, selector);
        assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
        assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), "rgb(0, 0, 0)");
    });
});

test("at 320 px nothing scrolls sideways and the pages are in a drawer", async () => {
    await withPage({ width: 320, height: 640 }, async (page) => {
        const list = await (await fetch(docs("llms.txt"))).text();
        const paths = [...list.matchAll(/\]\(([^)]+)\.md\)/g)].map(([, path]) => path);
        assert.ok(paths.some((path) => /speak/.test(path)), "the page with the long names");
        for (const path of paths) {
            assert.equal((await page.goto(docs(path))).status(), 200, path);
            assert.equal(await hasSidewaysScroll(page), false, path);
        }
        await page.goto(docs());
        await page.click(".pages-link a");
        await page.waitForSelector("dialog.pages[open] nav.side");
        await page.click("dialog.pages nav.side li:nth-child(2) a");
        await page.waitForURL((url) => url.pathname !== "/docgen/docs/parrot/");
    });
    await withPage({ width: 320, height: 640, script: false }, async (page) => {
        await page.goto(docs());
        assert.equal(await hasSidewaysScroll(page), false);
        assert.equal(await page.isVisible("nav.side"), true, "without scripts the pages follow the text");
    });
});

test("long words in a table do not push its last column out of sight", async () => {
    for (const width of [1280, 320])
        await withPage({ width }, async (page) => {
            await page.goto(docs());
            const [whole, table, name] = await page.evaluate((narrow) => {
                const path = "src/commands/client-no-evict-configuration.json:2";
                const cells = ["CLIENT_NO_EVICT", `<code>${path}</code>`, ...(narrow ? [] : ["A sentence about it.", `<code>${path}${path}</code>`])];
                const article = document.querySelector("article");
                article.insertAdjacentHTML("beforeend", `<table id="t"><tbody><tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr></tbody></table>`);
                const t = document.getElementById("t");
                return [t.scrollWidth, t.clientWidth, t.querySelector("td").getClientRects().length];
            }, width === 320);
            assert.ok(whole <= table, `${width} px: ${whole} of ${table} px`);
            assert.equal(name, 1);
        });
});

test("at 320 px the search is an icon that opens the dialog, and the project's name has the room", async () => {
    await withPage({ width: 320, height: 640 }, async (page) => {
        await page.goto(docs());
        assert.equal(await page.$eval(".crumb a", (name) => name.scrollWidth > name.clientWidth), false);
        await page.click(".seek input[type=search]");
        await page.waitForSelector("dialog.finder[open]");
    });
    await withPage({ width: 320, height: 640, script: false }, async (page) => {
        await page.goto(docs());
        await page.click(".seek input[type=search]");
        assert.ok(await page.$eval(".seek", (form) => form.clientWidth > 80), "it opens where one types");
        await page.keyboard.type("quetzalcoatl");
        await page.keyboard.press("Enter");
        await page.waitForURL(/search\?q=quetzalcoatl/);
    });
});

test("the first key reaches the content", async () => {
    await withPage({}, async (page) => {
        await page.goto(docs());
        await page.keyboard.press("Tab");
        assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to content");
        await page.keyboard.press("Enter");
        assert.equal(await page.evaluate(() => document.activeElement.id), "dg-content");
    });
});

test("a documentation page is small: at most 8 requests and 35 KB, and nothing moves while it loads", async () => {
    await withPage({}, async (page, context) => {
        const session = await context.newCDPSession(page);
        await session.send("Network.enable");
        const sizes = new Map();
        session.on("Network.responseReceived", (event) => sizes.set(event.requestId, [event.response.url, 0]));
        session.on("Network.loadingFinished", (event) => (sizes.get(event.requestId)[1] = event.encodedDataLength));
        await page.addInitScript(() => {
            window.shift = 0;
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) window.shift += entry.value;
            }).observe({ type: "layout-shift", buffered: true });
        });
        await page.goto(docs(), { waitUntil: "networkidle" });
        const first = [...sizes.values()].filter(([url]) => !url.includes("highlight")); // it comes when the page is idle
        const bytes = first.reduce((sum, [, size]) => sum + size, 0);
        assert.ok(first.length <= 8, first.join());
        assert.ok(bytes <= 35 * 1024, `${bytes} bytes`);
        assert.ok((await page.evaluate(() => window.shift)) <= 0.02);
    });
});

test("a page of a project without documentation says what to do", async () => {
    await withPage({}, async (page) => {
        const reply = await page.goto(`${server.base}docs/other/`);
        assert.equal(reply.status(), 404);
        assert.equal(await page.textContent("h1"), "No documentation yet");
        assert.match(await page.textContent("main"), /projects\/other and generate it/);
    });
});

test("Markdown, llms.txt and permanent links are there for programs", async () => {
    const markdown = await fetch(docs(), { headers: { Accept: "text/markdown" } });
    assert.match(markdown.headers.get("content-type"), /^text\/markdown/);
    assert.match(markdown.headers.get("vary"), /Accept/);
    assert.match(await markdown.text(), /Parrot/);
    const list = await (await fetch(docs("llms.txt"))).text();
    for (const [, path] of list.matchAll(/\]\(([^)]+)\)/g)) assert.equal((await fetch(docs(path))).status, 200, path);
});
