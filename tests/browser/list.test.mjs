// The list of a thousand projects, and pages that come back out of the browser's back-forward cache.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { after, before, test } from "node:test";
import { axe, followLink, hasSidewaysScroll, launch, startServer, until, withPageOf } from "./server.mjs";

let server;
let browser;

before(async () => {
    const ids = ["one", "two", "three", "four"];
    server = await startServer({ repositories: Object.fromEntries(ids.map((id) => [id, "test:ok"])) });
    await server.sql(`select docgen_register('lib-' || lpad(n::text, 4, '0'), 'https://example.org/' || n, null, 'Library number ' || n)
                        from generate_series(1, 996) n`);
    // Playwright turns the back-forward cache off.
    browser = await launch({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const withPage = (options, body) => withPageOf(browser, options, body);

const ended = (id) => until(async () => (await server.status(id)).status !== "generating", `${id} to end`);
const generating = async (id) => {
    server.script(id, `progress=10,gate=${id}.a,progress=60:Writing pages,gate=${id}.b,pages=3`);
    assert.equal((await server.request(id)).status, 202);
    await until(async () => (await server.status(id)).progress >= 10, `${id} at 10 %`);
};
const release = (id) => ["a", "b"].forEach((gate) => server.open(`${id}.${gate}`));
const visible = (page) => page.$$eval("#dg-projects li:not([hidden]) .name", (all) => all.map((name) => name.textContent));
const badge = (id) => `#dg-projects li:has(a.name[href="projects/${id}"]) .badge`;

test("a thousand projects: all there, light to load, filtered as one types", async () => {
    const html = await (await fetch(server.base)).text();
    assert.ok(gzipSync(html).length <= 40 * 1024, `${gzipSync(html).length} bytes compressed`);
    await withPage({}, async (page) => {
        await page.addInitScript(() => {
            window.shift = 0;
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) window.shift += entry.value;
            }).observe({ type: "layout-shift", buffered: true });
        });
        await page.goto(server.base, { waitUntil: "networkidle" });
        assert.equal(await page.textContent("#dg-count"), "1000 projects");
        assert.equal((await visible(page)).length, 1000);
        assert.ok((await page.evaluate(() => window.shift)) <= 0.02);
        // what is out of sight is not laid out
        assert.equal(await page.$eval("#dg-projects li:last-child .badge", (far) => far.checkVisibility({ contentVisibilityAuto: true })), false);
        await page.fill("#dg-filter", "NUMBER 99");
        assert.equal(await page.textContent("#dg-count"), "8 of 1000 projects");
        assert.deepEqual(await visible(page), ["Library number 99", ...Array.from({ length: 7 }, (_, i) => `Library number ${990 + i}`)]);
        await page.keyboard.press("Enter");
        assert.equal((await visible(page)).length, 8, "Enter does not reload");
        await page.fill("#dg-filter", "no such project");
        assert.equal(await page.textContent("#dg-count"), "0 of 1000 projects");
        assert.deepEqual(await axe(page), []);
    });
    await withPage({ script: false }, async (page) => {
        await page.goto(server.base);
        await page.fill("#dg-filter", "lib-0042");
        await followLink(page, ".filter button");
        assert.deepEqual(await visible(page), ["Library number 42"]);
        assert.equal(await page.textContent("#dg-count"), "1 of 1000 projects");
    });
});

test("the list can be narrowed to a state, with and without scripts, and that goes with the filter", async () => {
    server.script("one", "progress=10,error=The disk is full.");
    assert.equal((await server.request("one")).status, 202);
    await ended("one");
    for (const script of [true, false])
        await withPage({ script, width: 320 }, async (page) => {
            await page.goto(server.base);
            assert.deepEqual(await page.$$eval("#dg-states a", (all) => all.map((a) => a.textContent)), ["All 1000", "Not started 999", "Failed 1"]);
            assert.equal(await hasSidewaysScroll(page), false);
            await followLink(page, "#dg-states a:last-child");
            assert.equal(await page.getAttribute("#dg-states a[aria-current]", "href"), "?state=failed");
            assert.deepEqual(await visible(page), ["one"]);
            assert.equal(await page.textContent("#dg-count"), script ? "1 project" : "1 of 1000 projects");
            if (script) return;
            await page.fill("#dg-filter", "lib");
            await followLink(page, ".filter button");
            assert.deepEqual(await visible(page), []);
            await followLink(page, "text=Show all of them");
            assert.equal((await visible(page)).length, 1000);
        });
    await withPage({}, async (page) => {
        await page.goto(`${server.base}?state="><script>x`);
        assert.equal((await visible(page)).length, 1000, "an unknown state is none");
    });
});

test("a run that ends renews its line in place: filter, focus and the other lines stay", async () => {
    await generating("two");
    await withPage({}, async (page) => {
        await page.goto(server.base);
        await page.fill("#dg-filter", "two");
        await page.focus('a.name[href="projects/two"]');
        await page.evaluate(() => (window.same = true));
        release("two");
        await page.waitForFunction((at) => document.querySelector(at).textContent === "Up to date", badge("two"), { timeout: 15_000 });
        assert.equal(await page.evaluate(() => window.same), true, "no reload");
        assert.deepEqual(await visible(page), ["two"]);
        assert.equal(await page.inputValue("#dg-filter"), "two");
        assert.match(await page.textContent("#dg-states"), /Up to date 1/);
        await followLink(page, 'a.read[href="docs/two/"]');
        assert.equal(new URL(page.url()).pathname, "/docgen/docs/two/");
    });
});

test("a project page out of the back-forward cache asks at once: view, button and bar are true again", async () => {
    await generating("three");
    await withPage({ interval: 60_000 }, async (page) => {
        await page.goto(server.base);
        await page.click('a.name[href="projects/three"]');
        await page.waitForSelector('#dg-project[data-view="generating"]');
        assert.equal(await page.isDisabled("#dg-button"), true);
        await page.evaluate(() => (window.same = true));
        await page.click("a.brand");
        await page.waitForURL(server.base);
        release("three");
        await ended("three");
        await page.goBack({ waitUntil: "commit" });
        await page.waitForSelector('#dg-project[data-view="complete"]', { timeout: 5000 });
        assert.equal(await page.evaluate(() => window.same), true, "it came out of the cache");
        assert.equal(await page.isDisabled("#dg-button"), false);
        assert.equal(await page.isVisible("#dg-docs"), true);

        // the other way round: idle when it was left, running when it comes back
        await page.click("a.brand");
        await page.waitForURL(server.base);
        server.script("three", "progress=10,gate=three.c,pages=1");
        assert.equal((await server.request("three")).status, 202);
        await page.goBack({ waitUntil: "commit" });
        await page.waitForSelector('#dg-project[data-view="generating"]', { timeout: 5000 });
        assert.equal(await page.evaluate(() => window.same), true);
        assert.equal(await page.isDisabled("#dg-button"), true, "locked");
        server.open("three.c");
        await ended("three");
    });
});

test("a question that was open when the page was left does not hold up the one when it comes back", async () => {
    await generating("four");
    await withPage({ interval: 200 }, async (page) => {
        await page.goto(server.base);
        await page.click('a.name[href="projects/four"]');
        await page.waitForSelector('#dg-project[data-view="generating"]');
        await page.evaluate(() => {
            window.asked = 0;
            const real = window.fetch;
            window.fetch = (address, options) =>
                window.asked++ ? real(address, options) : new Promise((_, fail) => options.signal.addEventListener("abort", () => fail(options.signal.reason)));
        });
        await page.waitForFunction(() => window.asked === 1);
        release("four");
        await ended("four");
        await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
        await page.waitForSelector('#dg-project[data-view="complete"]', { timeout: 5000 });
    });
});

test("the list out of the back-forward cache says what happened meanwhile", async () => {
    await withPage({}, async (page) => {
        await page.goto(server.base);
        await page.fill("#dg-filter", "four");
        const was = await page.textContent(badge("four"));
        await page.evaluate(() => (window.same = true));
        await page.click('a.name[href="projects/four"]');
        await page.waitForSelector("#dg-button");
        server.script("four", "progress=10,error=No more.");
        assert.equal((await server.request("four")).status, 202);
        await ended("four");
        await page.goBack({ waitUntil: "commit" });
        await page.waitForFunction(({ at, before }) => document.querySelector(at).textContent !== before, { at: badge("four"), before: was });
        assert.equal(await page.textContent(badge("four")), "Failed");
        assert.equal(await page.evaluate(() => window.same), true, "it came out of the cache");
        assert.deepEqual(await visible(page), ["four"], "and the filter is on");
    });
});

test("the list learns of runs that others start: by itself, from a project's tab, and when it is seen again", async () => {
    const start = async (id, gate) => {
        server.script(id, `progress=10,gate=${gate},pages=1`);
        assert.equal((await server.request(id)).status, 202);
        await until(async () => (await server.status(id)).progress === 10, `${id} at 10 %`);
    };
    const shows = (page, id, text, timeout) =>
        page.waitForFunction(({ at, wanted }) => document.querySelector(at).textContent === wanted, { at: badge(id), wanted: text }, { timeout });
    await withPage({}, async (page, context) => {
        await page.goto(server.base);
        await start("one", "one.l");
        await shows(page, "one", "Generating 10\u00a0%", 35_000);
        server.open("one.l");
        await shows(page, "one", "Up to date", 10_000);
        for (const [gate, event] of [
            ["two.on", () => dispatchEvent(new Event("online"))],
            ["two.seen", () => document.dispatchEvent(new Event("visibilitychange"))],
            ["two.back", () => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))],
        ]) {
            await start("two", gate);
            await page.evaluate(event);
            await shows(page, "two", "Generating 10\u00a0%", 15_000);
            server.open(gate);
            await shows(page, "two", "Up to date", 10_000);
        }
        const other = await context.newPage();
        await other.goto(`${server.base}projects/three`);
        server.script("three", "progress=10,gate=three.l,pages=1");
        await other.click("#dg-button");
        await page.waitForFunction((at) => /^(Waiting for a worker|Generating)/.test(document.querySelector(at).textContent), badge("three"), { timeout: 15_000 });
        server.open("three.l");
        await ended("three");
    });
});

test("a list that gets no answers says how old it is and why", async () => {
    await generating("four");
    await withPage({}, async (page) => {
        await page.goto(server.base);
        const answers = [
            [(route) => route.abort(), /^Last heard \d+ s ago\. The server did not answer, trying again\.$/],
            [
                (route) => route.fulfill({ status: 503, json: { code: "DG0012", detail: "PostgreSQL cannot be reached." } }),
                /^Last heard \d+ s ago\. The server answers but its database does not\. PostgreSQL cannot be reached\.$/,
            ],
        ];
        for (const [answer, sentence] of answers) {
            await page.route("**", answer);
            await page.evaluate(() => dispatchEvent(new Event("online")));
            await page.waitForFunction((source) => new RegExp(source).test(document.querySelector("#dg-note").textContent), sentence.source);
            await page.unroute("**");
        }
        await page.evaluate(() => dispatchEvent(new Event("online")));
        await page.waitForSelector("#dg-note", { state: "hidden" });
    });
    release("four");
    await ended("four");
});

test("where the database is down the list says so, and pages opened meanwhile; all come back by themselves", async () => {
    const back = 12_000; // 10 s and the answer
    await withPage({}, async (page, context) => {
        await page.goto(server.base);
        const meanwhile = await context.newPage();
        const database = await server.sql("select current_database()");
        await server.admin(`alter database ${database} allow_connections false`);
        await server.admin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`);
        try {
            await page.evaluate(() => dispatchEvent(new Event("online")));
            await page.waitForFunction(() => /The server answers but its database does not\. .*PostgreSQL/.test(document.querySelector("#dg-note").textContent));
            assert.equal((await meanwhile.goto(`${server.base}projects/one`)).status(), 503);
            assert.match(await meanwhile.textContent(".notice-page"), /This page tries again by itself every \d+ seconds?\./);
        } finally {
            await server.admin(`alter database ${database} allow_connections true`);
        }
        await until(async () => (await fetch(`${server.base}api/repositories`)).ok, "the database");
        await meanwhile.waitForSelector("#dg-project", { timeout: back });
        await page.waitForSelector("#dg-note", { state: "hidden", timeout: back });
        assert.equal((await meanwhile.goto(`${server.base}projects/nobody`)).status(), 404);
        assert.equal(await meanwhile.$("meta[http-equiv=refresh]"), null, "what is not there is not asked for again");
    });
});
