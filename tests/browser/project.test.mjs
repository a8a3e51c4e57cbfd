// The project page in a real browser, against the real httpd, PostgreSQL and a generator that waits.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, followLink, hasSidewaysScroll, launch, startServer, until, withPageOf } from "./server.mjs";

const XSS = `<script>document.title="owned"</script><img src=x onerror=document.title="owned">`;
const ids = Array.from({ length: 40 }, (_, i) => `t${i + 1}`);
let server;
let browser;
let next = 0;

before(async () => {
    server = await startServer({ repositories: Object.fromEntries(ids.map((id) => [id, "test:ok"])) });
    browser = await launch();
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

// Every test has a repository of its own.
const fresh = () => ids[next++];
const url = (id) => `${server.base}projects/${id}`;
const held = (id, tail = "pages=3") =>
    server.script(id, `progress=10,source=abc1234def5678900000000000000000000000ff,gate=${id}.a,progress=60:Writing pages,gate=${id}.b,${tail}`);
const viewIs = (page, view) => page.waitForSelector(`#dg-project[data-view="${view}"]`);
const ended = (id) => until(async () => (await server.status(id)).status !== "generating", `${id} to end`);

async function finished(id, script = "ok") {
    server.script(id, script);
    assert.equal((await server.request(id)).status, 202);
    await ended(id);
}

// A run that is past its early polls.
const older = (id) =>
    until(async () => {
        const { serverTime, requestedAt } = await server.status(id);
        return Date.parse(serverTime) - Date.parse(requestedAt) > 5000;
    }, `${id} to run for 5 s`);

async function generating(id, tail) {
    held(id, tail);
    assert.equal((await server.request(id)).status, 202);
    await until(async () => (await server.status(id)).progress >= 10, `${id} at 10 %`);
}

function release(id) {
    server.open(`${id}.a`);
    server.open(`${id}.b`);
}

const withPage = (options, body) => withPageOf(browser, options, body);

const posts = (page) => {
    const seen = [];
    page.on("request", (request) => request.method() === "POST" && seen.push(request.url()));
    return seen;
};

test("UI shows correct state: four statuses, four views, the others hidden", async () => {
    const [idle, busy, done, failed] = [fresh(), fresh(), fresh(), fresh()];
    await generating(busy);
    await finished(done);
    await finished(failed, "progress=10,error=The host does not answer.");
    const expected = [
        [idle, "not_started", "No documentation yet", "Generate documentation", ["#dg-explain"]],
        [busy, "generating", "Generating documentation", "Generating…", ["#dg-progress"]],
        [done, "complete", "Documentation is up to date", "Regenerate", ["#dg-docs", "#dg-source", "#dg-result"]],
        [failed, "failed", "Generation failed", "Generate documentation", ["#dg-failure"]],
    ];
    const panels = ["#dg-result", "#dg-explain", "#dg-progress", "#dg-docs", "#dg-source", "#dg-failure"];
    for (const script of [true, false])
        await withPage({ script }, async (page) => {
            for (const [id, view, heading, label, shown] of expected) {
                await page.goto(url(id));
                await viewIs(page, view);
                assert.equal(await page.textContent("#dg-heading"), heading);
                assert.equal(await page.textContent("#dg-button"), label);
                assert.equal(await page.isDisabled("#dg-button"), view === "generating");
                for (const panel of panels)
                    assert.equal(await page.isVisible(panel), shown.includes(panel), `${view}: ${panel}`);
            }
        });
    release(busy);
    await ended(busy);
});

test("Button disabled during generation: before the answer arrives", async () => {
    const id = fresh();
    held(id);
    await withPage({ interval: 200 }, async (page) => {
        await page.goto(url(id));
        let answer;
        await page.route("**/api/generate-docs", async (route) => {
            await new Promise((done) => (answer = done));
            await route.continue();
        });
        await page.click("#dg-button");
        assert.equal(await page.isDisabled("#dg-button"), true);
        assert.equal(await page.textContent("#dg-button"), "Starting…");
        await until(() => answer, "the request");
        // nobody has said that anything runs
        assert.equal(await page.getAttribute("#dg-project", "data-view"), "not_started");
        assert.equal(await page.isVisible("#dg-progress"), false);
        assert.doesNotMatch(await page.innerText("main"), /Waiting for a worker|\d\s*%/);
        await page.waitForFunction(() => /has not answered the request yet/.test(document.querySelector("#dg-note").textContent));
        assert.equal(await page.textContent("#dg-button"), "Starting…");
        answer();
        await page.waitForFunction(() => document.querySelector("#dg-button").textContent === "Generating…");
        assert.equal(await page.isDisabled("#dg-button"), true);
        release(id);
        await viewIs(page, "complete");
    });
});

test("a double click makes one POST", async () => {
    const id = fresh();
    await withPage({ interval: 200 }, async (page) => {
        const seen = posts(page);
        await page.goto(url(id));
        await page.dblclick("#dg-button");
        await viewIs(page, "complete");
        assert.equal(seen.length, 1);
        assert.equal(server.starts(id), 1);
    });
});

test("two synchronous clicks and two submits make one POST", async () => {
    const id = fresh();
    held(id);
    await withPage({ interval: 200 }, async (page) => {
        const seen = posts(page);
        await page.goto(url(id));
        await page.evaluate(() => {
            const button = document.getElementById("dg-button");
            const form = document.getElementById("dg-form");
            button.click();
            button.click();
            form.requestSubmit();
            form.dispatchEvent(new SubmitEvent("submit", { cancelable: true, bubbles: true }));
        });
        await until(async () => (await server.status(id)).progress >= 10, "the run");
        release(id);
        await viewIs(page, "complete");
        assert.equal(seen.length, 1);
        assert.equal(server.starts(id), 1);
    });
});

test("mashing Enter makes one POST, and the focus goes to the heading", async () => {
    const id = fresh();
    held(id);
    await withPage({ interval: 200 }, async (page) => {
        const seen = posts(page);
        await page.goto(url(id));
        await page.focus("#dg-button");
        for (let i = 0; i < 8; i++) await page.keyboard.press("Enter");
        await viewIs(page, "generating");
        assert.equal(await page.evaluate(() => document.activeElement.id), "dg-heading");
        release(id);
        await viewIs(page, "complete");
        assert.equal(seen.length, 1);
    });
});

test("Progress bar updates during generation", async () => {
    const id = fresh();
    await generating(id);
    await withPage({ interval: 200 }, async (page) => {
        await page.goto(url(id));
        const bar = () => page.$eval("#dg-bar", (bar) => [bar.value, bar.getAttribute("aria-valuetext")]);
        assert.equal((await bar())[0], 10);
        assert.match(await page.title(), /^\(10%\) /);
        server.open(`${id}.a`);
        await page.waitForFunction(() => document.querySelector("#dg-bar").value === 60);
        assert.deepEqual(await bar(), [60, "60%, Writing pages"]);
        assert.equal(await page.textContent("#dg-percent"), "60\u00a0%");
        assert.equal(await page.textContent("#dg-step"), "Writing pages");
        assert.equal(await page.textContent("#dg-live"), "Generating documentation: Writing pages");
        assert.match(await page.textContent("#dg-elapsed"), /^Running for \d+ s$/);
        const steps = await page.$$eval("#dg-steps li", (items) =>
            items.map((item) => (item.classList.contains("done") ? "done" : item.hasAttribute("aria-current") ? "now" : "later")),
        );
        assert.deepEqual(steps, ["done", "later", "later", "later", "now", "later"], "a tick stands only on a step that ran");
        server.open(`${id}.b`);
        await viewIs(page, "complete");
    });
});

test("Button re-enabled on completion", async () => {
    const id = fresh();
    await generating(id);
    await withPage({ interval: 200 }, async (page) => {
        await page.goto(url(id));
        assert.equal(await page.isDisabled("#dg-button"), true);
        release(id);
        await viewIs(page, "complete");
        assert.equal(await page.isDisabled("#dg-button"), false);
        assert.equal(await page.textContent("#dg-button"), "Regenerate");
        assert.equal(await page.isVisible("#dg-docs"), true);
        await page.waitForFunction(() => /abc1234/.test(document.querySelector("#dg-source").textContent));
        await page.waitForFunction(() => /completed/.test(document.querySelector("#dg-runs tbody").textContent));
        await page.waitForFunction(() => /^Documented abc1234: 3 pages, checked just now\. See the documentation$/.test(document.querySelector("#dg-result").textContent));
        assert.match(await page.textContent("#dg-live"), /^Documentation is up to date\. Documented abc1234/);
    });
});

test("Button re-enabled on failure; the last good documentation stays", async () => {
    const id = fresh();
    await finished(id);
    await generating(id, "error=The disk is full.");
    await withPage({ interval: 200 }, async (page) => {
        await page.goto(url(id));
        assert.equal(await page.isVisible("#dg-docs"), true, "the old documentation stays during the run");
        release(id);
        await viewIs(page, "failed");
        assert.equal(await page.isDisabled("#dg-button"), false);
        assert.equal(await page.textContent("#dg-button"), "Regenerate");
        assert.equal(await page.textContent("#dg-message"), "The disk is full.");
        assert.equal(await page.isVisible("#dg-docs"), true);
        await page.waitForFunction(() => /last good version/.test(document.querySelector("#dg-source").textContent));
        await page.click("#dg-docs");
        assert.equal(new URL(page.url()).pathname, `/docgen/docs/${id}/`);
        assert.equal(await page.isVisible("article h1"), true);
    });
});

test("Button re-enabled when the request is refused, with a sentence, and never as a failed generation", async () => {
    const id = fresh();
    await finished(id);
    const cases = [
        [{ status: 401, body: "" }, /session has ended/],
        [{ status: 302, headers: { Location: "/login" }, body: "" }, /session has ended/],
        [{ status: 403, body: "{}" }, /not allowed/],
        [{ status: 500, body: "oops" }, /error \(500\)/],
        [{ status: 503, headers: { "Retry-After": "30" }, body: "{}" }, /busy\. Try again in 30 seconds/],
        [{ status: 503, json: { code: "DG0012", detail: "PostgreSQL cannot be reached." } }, /^PostgreSQL cannot be reached\.$/],
    ];
    await withPage({ interval: 200 }, async (page) => {
        await page.goto(url(id));
        for (const [answer, sentence] of cases) {
            await page.route("**/api/generate-docs", (route) => route.fulfill(answer));
            await page.click("#dg-button");
            await page.waitForFunction((source) => new RegExp(source).test(document.querySelector("#dg-error").textContent), sentence.source);
            assert.equal(await page.isDisabled("#dg-button"), false);
            assert.equal(await page.getAttribute("#dg-project", "data-view"), "complete");
            await page.unroute("**/api/generate-docs");
        }
        assert.equal(server.starts(id), 1);
    });
});

test("a network failure frees the button within a second, and the retry makes one run", async () => {
    const id = fresh();
    held(id);
    await withPage({ interval: 200 }, async (page, context) => {
        await page.goto(url(id));
        await context.setOffline(true);
        await page.click("#dg-button");
        await page.waitForFunction(() => !document.querySelector("#dg-button").disabled, null, { timeout: 1000 });
        assert.match(await page.textContent("#dg-error"), /You are offline/);
        assert.equal(await page.getAttribute("#dg-project", "data-view"), "not_started");
        await context.setOffline(false);
        await page.click("#dg-button");
        await until(() => server.starts(id) === 1, "the run");
        release(id);
        await viewIs(page, "complete");
        assert.equal(await page.isVisible("#dg-error"), false);
        assert.equal(server.starts(id), 1);
    });
});

test("409 is adopted without an error", async () => {
    const id = fresh();
    held(id);
    await withPage({ interval: 200 }, async (page) => {
        await page.goto(url(id));
        assert.equal((await server.request(id)).status, 202); // somebody else was faster
        const answer = page.waitForResponse("**/api/generate-docs");
        await page.click("#dg-button");
        assert.equal((await answer).status(), 409);
        await page.waitForFunction(() => document.querySelector("#dg-button").textContent === "Generating…");
        assert.equal(await page.isVisible("#dg-error"), false);
        release(id);
        await viewIs(page, "complete");
        assert.equal(server.starts(id), 1);
    });
});

test("never failed when generating: after a retry the page does not fall back, whatever old answers say", async () => {
    const id = fresh();
    await finished(id, "progress=10,error=First try.");
    const old = await server.status(id);
    held(id);
    await withPage({ interval: 100 }, async (page) => {
        await page.goto(url(id));
        await viewIs(page, "failed");
        await page.evaluate(() => {
            window.views = [];
            new MutationObserver(() => window.views.push(document.getElementById("dg-project").dataset.view)).observe(
                document.getElementById("dg-project"),
                { attributes: true, attributeFilter: ["data-view"] },
            );
        });
        // every second poll is a late answer of the first run
        let polls = 0;
        await page.route("**/api/status/*", (route) =>
            polls++ % 2 ? route.continue() : route.fulfill({ json: old }),
        );
        await page.click("#dg-button");
        await until(() => polls > 8, "polls");
        assert.equal(await page.isVisible("#dg-failure"), false);
        release(id);
        await viewIs(page, "complete");
        const views = await page.evaluate(() => window.views);
        assert.ok(views.includes("generating"));
        // until the request is answered the last run is still the one that failed
        assert.ok(!views.slice(views.indexOf("generating")).includes("failed"), views.join());
    });
});

test("a reload resumes the view, and two tabs agree", async () => {
    const id = fresh();
    held(id);
    await withPage({ interval: 60_000 }, async (page, context) => {
        await page.goto(url(id));
        const other = await context.newPage();
        await other.goto(url(id));
        await page.bringToFront();
        await page.click("#dg-button");
        await viewIs(page, "generating");
        await viewIs(other, "generating"); // long before its own next poll
        await page.reload();
        await viewIs(page, "generating");
        assert.equal(await page.isDisabled("#dg-button"), true);
        release(id);
        await ended(id);
        await page.reload();
        await viewIs(page, "complete");
    });
});

test("polls come every five seconds, are answered with 304, and every thirty at the end", async () => {
    const id = fresh();
    await generating(id);
    await older(id);
    await withPage({}, async (page) => {
        const times = [];
        page.on("request", (request) => request.url().includes("/api/status/") && times.push(Date.now()));
        await page.goto(url(id));
        const begin = Date.now();
        await until(() => times.length >= 3, "three polls", 20_000);
        const all = [begin, ...times].slice(1).map((time, i) => time - [begin, ...times][i]);
        for (const gap of all) assert.ok(gap > 4000 && gap < 6500, `a gap of ${gap} ms`);
        release(id);
        await viewIs(page, "complete");
        const count = times.length;
        await until(() => times.length > count, "a poll of a settled page", 40_000);
        const gap = times[count] - times[count - 1];
        assert.ok(gap > 28_000 && gap < 33_000, `a gap of ${gap} ms`);
        const tag = (await fetch(`${server.base}api/status/${id}`)).headers.get("etag");
        const again = await fetch(`${server.base}api/status/${id}`, { headers: { "If-None-Match": tag, "Accept-Encoding": "gzip" } });
        assert.equal(again.status, 304);
    });
});

test("after a press the first polls come early", async () => {
    const id = fresh();
    held(id);
    await withPage({}, async (page) => {
        await page.addInitScript(() => {
            window.planned = [];
            const real = window.setTimeout;
            window.setTimeout = (task, delay, ...rest) => {
                if (task.name === "poll") window.planned.push(delay);
                return real(task, delay, ...rest);
            };
        });
        await page.goto(url(id));
        const polls = [];
        page.on("request", (request) => request.url().includes("/api/status/") && polls.push(Date.now()));
        await page.evaluate(() => (window.planned.length = 0));
        const pressed = Date.now();
        await page.click("#dg-button");
        await until(() => polls.length >= 6, "six polls", 40_000);
        assert.deepEqual((await page.evaluate(() => window.planned)).slice(0, 6), [300, 700, 1000, 1000, 2000, 5000]);
        [300, 1000, 2000, 3000, 5000, 10_000].forEach((earliest, i) => assert.ok(polls[i] - pressed >= earliest, `poll ${i + 1} after ${polls[i] - pressed} ms`));
        release(id);
        await viewIs(page, "complete");
    });
});

test("an end says what came of it, and of an unchanged run how old the answer is; a reload says the same", async () => {
    const id = fresh();
    const commits = ["a".repeat(40), "b".repeat(40)];
    await finished(id, `source=${commits[0]},page=index,page=changelog,symbols=2`);
    const published = (await server.status(id)).docs.publishedAt;
    const ends = [
        [`progress=10,unchanged=${commits[0]}`, /^Nothing changed since aaaaaaa, checked just now$/, null],
        [`source=${commits[1]},page=index,page=changelog,page=new,symbols=5`, /^Updated aaaaaaa → bbbbbbb: 1 page, 3 new names, checked just now\. See the changes$/, `../docs/${id}/changelog`],
    ];
    await withPage({ interval: 200 }, async (page) => {
        await page.goto(url(id));
        for (const [script, sentence, link] of ends) {
            server.script(id, script);
            await page.click("#dg-button");
            await page.waitForFunction((source) => new RegExp(source).test(document.querySelector("#dg-result").textContent), sentence.source);
            assert.equal(await page.textContent("#dg-heading"), "Documentation is up to date");
            assert.equal(await page.$eval("#dg-result", (result) => result.querySelector("a")?.getAttribute("href") ?? null), link);
            if (!link) assert.equal((await server.status(id)).docs.publishedAt, published, "the documentation is no younger");
            await page.reload();
            assert.match(await page.textContent("#dg-result"), sentence);
        }
    });
});

test("a tick stands only on a step that ran, also when the server writes the page", async () => {
    const id = fresh();
    await finished(id, `source=${"a".repeat(40)},pages=1`);
    server.script(id, `progress=10,progress=95:Documentation is up to date,gate=${id}.a,unchanged=${"a".repeat(40)}`);
    const steps = (page) =>
        page.$$eval("#dg-steps li", (items) => items.map((item) => (item.classList.contains("done") ? "done" : item.hasAttribute("aria-current") ? "now" : item.lastElementChild.textContent)));
    const expected = ["done", " (skipped)", " (skipped)", " (skipped)", " (skipped)", "now"];
    await withPage({ interval: 200 }, async (page) => {
        await page.goto(url(id));
        await page.click("#dg-button");
        await page.waitForFunction(() => document.querySelector("#dg-bar").value === 95);
        assert.deepEqual(await steps(page), expected);
        await withPage({ script: false }, async (plain) => {
            await plain.goto(url(id));
            assert.deepEqual(await steps(plain), expected);
        });
        release(id);
        await viewIs(page, "complete");
    });
});

test("no counter moves between two answers", async () => {
    const id = fresh();
    await generating(id);
    await older(id);
    await withPage({ interval: 60_000 }, async (page) => {
        await page.goto(url(id));
        const text = await page.textContent("#dg-elapsed");
        assert.match(text, /^Running for \d+ s$/);
        await page.waitForFunction((begin) => Date.now() - begin > 2500, Date.now());
        assert.equal(await page.textContent("#dg-elapsed"), text);
        release(id);
    });
    await ended(id);
});

test("a settled page learns of a run that others start: by itself, from another tab, and when it is seen again", async () => {
    const id = fresh();
    await finished(id);
    const run = async (start, page, other) => {
        server.script(id, `progress=10,gate=${id}.${start}`);
        assert.equal((await server.request(id)).status, 202);
        await until(async () => (await server.status(id)).progress === 10, "the run");
        if (other) await other.evaluate(() => dispatchEvent(new Event("online")));
        if (start === "seen") await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
        if (start === "back") await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
        await viewIs(page, "generating");
        assert.equal(await page.isDisabled("#dg-button"), true);
        server.open(`${id}.${start}`);
        await ended(id);
        await page.evaluate(() => dispatchEvent(new Event("online")));
        await page.waitForSelector('#dg-project:not([data-view="generating"])');
    };
    await withPage({ interval: 300 }, (page) => page.goto(url(id)).then(() => run("itself", page)));
    await withPage({ interval: 600_000 }, async (page, context) => {
        await page.goto(url(id));
        for (const start of ["seen", "back"]) await run(start, page);
        const other = await context.newPage();
        await other.goto(url(id));
        await run("tab", page, other);
        await viewIs(other, "failed"); // it has heard of the end, too
    });
});

test("a hidden page asks rarely, and at once when it is seen again", async () => {
    const id = fresh();
    await generating(id);
    await withPage({ interval: 150 }, async (page) => {
        let polls = 0;
        page.on("request", (request) => (polls += request.url().includes("/api/status/")));
        const show = (hidden) =>
            page.evaluate((value) => {
                Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
                document.dispatchEvent(new Event("visibilitychange"));
            }, hidden);
        await page.goto(url(id));
        await until(() => polls >= 2, "polls of a visible page");
        await show(true);
        await page.waitForTimeout(300); // one may be under way
        const before = polls;
        await page.waitForTimeout(1500);
        assert.equal(polls, before, "no poll while hidden");
        server.open(`${id}.a`);
        await show(false);
        await page.waitForFunction(() => document.querySelector("#dg-bar").value === 60, null, { timeout: 2000 });
        release(id);
        await viewIs(page, "complete");
    });
});

test("a lost network: what was last known, how old that is, no counter, and it recovers", async () => {
    const id = fresh();
    await generating(id);
    await withPage({ interval: 150 }, async (page, context) => {
        await page.goto(url(id));
        await context.setOffline(true);
        await page.waitForSelector("#dg-note:not([hidden])");
        await page.waitForFunction(() => /^Last heard \d+ s ago: 10\u00a0%, .+\. You are offline\.$/.test(document.querySelector("#dg-note").textContent));
        assert.equal(await page.textContent("#dg-elapsed"), "");
        assert.equal(await page.textContent("#dg-heading"), "Documentation was being generated");
        assert.doesNotMatch(await page.title(), /%/);
        assert.equal(await page.getAttribute("#dg-project", "data-view"), "generating");
        assert.equal(await page.isDisabled("#dg-button"), true);
        assert.deepEqual(await axe(page), []);
        server.open(`${id}.a`);
        await context.setOffline(false); // "online" asks at once
        await page.waitForFunction(() => document.querySelector("#dg-bar").value === 60);
        assert.equal(await page.isVisible("#dg-note"), false);
        assert.equal(await page.textContent("#dg-heading"), "Generating documentation");
        release(id);
        await viewIs(page, "complete");
    });
});

test("a server that hangs or answers 503 is told as what it is", async () => {
    const id = fresh();
    await generating(id);
    await withPage({ interval: 150 }, async (page) => {
        await page.goto(url(id));
        const answers = [
            [{ abort: true }, /^Last heard \d+ s ago: 10\u00a0%, .+\. The server did not answer, trying again\.$/],
            [{ status: 503, json: { code: "DG0012", detail: "PostgreSQL cannot be reached." } }, /\. The server answers but its database does not\. PostgreSQL cannot be reached\.$/],
            [{ status: 503, json: { code: "DG0017", detail: "This server process is stopping." } }, /\. The server answers, but not with the state: This server process is stopping\.$/],
            [{ hang: true }, /^Last heard \d+ s ago: 10\u00a0%/],
        ];
        for (const [answer, sentence] of answers) {
            const hanging = [];
            await page.route("**/api/status/*", (route) => (answer.hang ? hanging.push(route) : answer.abort ? route.abort() : route.fulfill(answer)));
            await page.evaluate(() => dispatchEvent(new Event("online")));
            await page.waitForFunction((source) => new RegExp(source).test(document.querySelector("#dg-note").textContent), sentence.source);
            assert.equal(await page.getAttribute("#dg-project", "data-view"), "generating");
            assert.equal(await page.textContent("#dg-elapsed"), "");
            await page.unroute("**/api/status/*");
            await Promise.allSettled(hanging.map((route) => route.abort()));
            await page.evaluate(() => dispatchEvent(new Event("online")));
            await page.waitForSelector("#dg-note", { state: "hidden" });
        }
        release(id);
        await viewIs(page, "complete");
    });
});

test("a lost answer to the POST: the run is adopted, there is one", async () => {
    const id = fresh();
    held(id);
    await withPage({ interval: 200 }, async (page) => {
        await page.goto(url(id));
        await page.route("**/api/generate-docs", async (route) => {
            await route.fetch(); // it arrives and is accepted,
            await route.abort("connectionreset"); // but nobody hears of it
        });
        await page.click("#dg-button");
        await page.waitForFunction(() => document.querySelector("#dg-button").textContent === "Generating…");
        assert.equal(await page.isVisible("#dg-error"), false);
        release(id);
        await viewIs(page, "complete");
        assert.equal(server.starts(id), 1);
    });
});

test("without scripts: the form works, the page reloads only when asked to", async () => {
    const id = fresh();
    held(id);
    await withPage({ script: false }, async (page) => {
        await page.goto(url(id));
        await followLink(page, "#dg-button");
        assert.equal(page.url(), url(id), "303 back to the page");
        assert.equal(await page.textContent("#dg-heading"), "Generating documentation");
        assert.equal(await page.$("meta[http-equiv=refresh]"), null);
        await followLink(page, "text=refresh automatically");
        assert.equal(await page.getAttribute("meta[http-equiv=refresh]", "content"), "5");
        await followLink(page, "text=Stop");
        assert.equal(page.url(), url(id));
        release(id);
        await ended(id);
        await page.reload();
        assert.equal(await page.textContent("#dg-heading"), "Documentation is up to date");
    });
});

test("what a repository says stays text", async () => {
    const id = fresh();
    await finished(id, `progress=10,stderr=${XSS},error=${XSS}`);
    await withPage({}, async (page) => {
        await page.goto(url(id));
        assert.equal(await page.textContent("#dg-message"), XSS);
        assert.match(await page.textContent("#dg-log pre"), /<script>/);
        assert.equal(await page.title(), id);
    });
    server.script(id, `progress=10:${XSS},gate=${id}.c,error=${XSS}`);
    assert.equal((await server.request(id)).status, 202);
    await until(async () => (await server.status(id)).progress >= 10, "the run");
    await withPage({ interval: 100 }, async (page) => {
        await page.goto(url(id));
        await page.waitForFunction((text) => document.querySelector("#dg-step").textContent === text, XSS);
        server.open(`${id}.c`);
        await viewIs(page, "failed");
        assert.equal(await page.textContent("#dg-message"), XSS);
        assert.equal(await page.title(), id);
        assert.equal(await hasSidewaysScroll(page), false);
    });
});

test("at 320 px the last runs show their message without scrolling, and stay a table for screen readers", async () => {
    const id = fresh();
    await finished(id, "progress=10,error=The host does not answer: look at its address and at the name server of this machine.");
    await withPage({ width: 320, height: 640 }, async (page) => {
        await page.goto(url(id));
        const box = await page.$eval("#dg-runs .message", (cell) => cell.getBoundingClientRect().toJSON());
        assert.ok(box.left >= 0 && box.right <= 320 && box.width > 200, JSON.stringify(box));
        const session = await page.context().newCDPSession(page);
        const { nodes } = await session.send("Accessibility.getFullAXTree");
        const roles = nodes.filter((node) => !node.ignored).map((node) => node.role?.value);
        for (const role of ["table", "row", "cell", "columnheader"]) assert.ok(roles.includes(role), role);
    });
});

test("the list shows every project, filters, and follows a running generation", async () => {
    const id = fresh();
    await generating(id);
    await withPage({}, async (page) => {
        await page.goto(server.base);
        assert.equal(await page.textContent("#dg-count"), `${ids.length} projects`);
        await page.fill("#dg-filter", id);
        const shown = await page.$$eval("#dg-projects li:not([hidden]) .name", (names) => names.map((name) => name.textContent));
        assert.deepEqual(shown, ids.filter((other) => other.includes(id)));
        server.open(`${id}.a`);
        await page.waitForFunction(
            (name) => [...document.querySelectorAll("#dg-projects li")].some((item) => item.querySelector(".name").textContent === name && /60/.test(item.querySelector(".badge").textContent)),
            id,
        );
    });
    await withPage({ script: false }, async (page) => {
        await page.goto(`${server.base}?filter=${id}`);
        assert.ok((await page.$$("#dg-projects li")).length < ids.length);
    });
    release(id);
    await ended(id);
});

test("a project page is small: at most 8 requests and 20 KB, and nothing moves while it loads", async () => {
    const id = fresh();
    await finished(id);
    await withPage({}, async (page, context) => {
        const session = await context.newCDPSession(page);
        await session.send("Network.enable");
        let bytes = 0;
        let requests = 0;
        session.on("Network.requestWillBeSent", () => requests++);
        session.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
        await page.addInitScript(() => {
            window.shift = 0;
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) window.shift += entry.value;
            }).observe({ type: "layout-shift", buffered: true });
        });
        await page.goto(url(id), { waitUntil: "networkidle" });
        assert.ok(requests <= 8, `${requests} requests`);
        assert.ok(bytes <= 20 * 1024 + requests * 800, `${bytes} bytes with headers`);
        assert.ok((await page.evaluate(() => window.shift)) <= 0.02);
    });
});
