// The testing checklist of the original system, item by item: the shipped intervals, the real generator, a real
// repository, a real browser. Only generation_started_at is aged, by SQL, and the remote made to wait.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { commit, makeLargeRepository, serveRepositories } from "./repository.mjs";
import { launch, startServer, until, withPageOf } from "./server.mjs";

const ids = ["completes", "fails", "crash", "within", "later", "disabled", "enabled", "bar", "states"];
const paths = {};
let remote; // where the repositories are fetched from
let server;
let browser;

before(async () => {
    for (const id of ids) paths[id] = makeLargeRepository(process.env.HARNESS_DIR, id);
    remote = await serveRepositories(process.env.HARNESS_DIR);
    server = await startServer({ real: true, repositories: Object.fromEntries(ids.map((id) => [id, remote.url(paths[id])])) });
    browser = await launch();
});
after(async () => {
    await browser?.close();
    await server?.stop();
    await remote?.close();
});

const withPage = (body) => withPageOf(browser, {}, body);
const url = (id) => `${server.base}projects/${id}`;
const button = (page) => page.getByRole("button", { name: /^(Generate documentation|Regenerate|Starting…|Generating…)$/ });
const view = (page) => page.getAttribute("#dg-project", "data-view");
const viewIs = (page, name, timeout = 60_000) => page.waitForSelector(`#dg-project[data-view="${name}"]`, { timeout });
const row = (id) => server.sql(`select status, progress, error_message is null, generation_started_at is null from generated_docs where repository_id = '${id}'`);
const ended = (id) =>
    until(async () => {
        const status = await server.status(id);
        return status.status !== "generating" && status;
    }, `${id} to end`, 60_000);

const hold = (id) => remote.hold(paths[id]);

/** Waits until the generator fetches the repository, which `hold` keeps from it: a run at 10 % that goes no further. */
async function fetching(id) {
    await until(async () => (await server.status(id)).progress === 10, `${id} at 10 %`, 60_000);
    assert.equal((await server.status(id)).status, "generating");
}

/** What a browser without this page's help would send. */
async function post(id) {
    const reply = await server.request(id);
    return { status: reply.status, headers: reply.headers, body: await reply.json() };
}

test('Generation completes successfully → Status = "completed"', async () => {
    assert.equal((await post("completes")).status, 202);
    const status = await ended("completes");
    assert.equal(status.status, "completed");
    assert.equal(status.errorMessage, null);
    assert.equal(await row("completes"), "completed|100|t|f");
    assert.equal((await fetch(new URL(status.docs.url, server.origin))).status, 200);
});

test('Generation fails → Status = "failed", error message stored', async () => {
    commit(paths.fails, {}, { break: true });
    assert.equal((await post("fails")).status, 202);
    const status = await ended("fails");
    assert.equal(status.status, "failed");
    assert.match(status.errorMessage, /repository/, "why, in a sentence of the generator");
    assert.equal(await row("fails"), "failed|0|f|f");
    assert.equal(await server.sql("select error_message from generated_docs where repository_id = 'fails'"), status.errorMessage);
});

test('Backend crash → Status = "failed" (guaranteed cleanup)', async () => {
    await withPage(async (page) => {
        await page.goto(url("crash"));
        const go = hold("crash");
        await button(page).click();
        await fetching("crash");
        await viewIs(page, "generating");
        await server.control("kill"); // every process of httpd, with SIGKILL
        await page.waitForSelector("#dg-note:not([hidden])", { timeout: 30_000 });
        assert.match(await page.textContent("#dg-note"), /^Last heard .* The server did not answer, trying again\.$/);
        await server.control("start");
        assert.equal((await ended("crash")).status, "failed");
        assert.match(await row("crash"), /^failed\|0\|f\|/);
        await viewIs(page, "failed", 120_000);
        go();
        await button(page).click();
        await viewIs(page, "complete");
    });
});

test("Duplicate request within 5 min → 409 Conflict", async () => {
    const go = hold("within");
    const first = await post("within");
    assert.equal(first.status, 202);
    await fetching("within");
    await server.sql("update generated_docs set generation_started_at = generation_started_at - interval '4 minutes' where repository_id = 'within'");
    const second = await post("within");
    assert.equal(second.status, 409);
    assert.equal(second.body.job.jobId, first.body.jobId);
    const seconds = Number(second.headers.get("Retry-After"));
    assert.ok(seconds > 0 && seconds <= 60, `Retry-After: ${seconds}`);
    go();
    assert.equal((await ended("within")).jobId, first.body.jobId);
});

test("Duplicate request after 5 min → Allowed (stale job recovery)", async () => {
    const go = hold("later");
    const first = await post("later");
    await fetching("later");
    await server.sql("update generated_docs set generation_started_at = generation_started_at - interval '6 minutes' where repository_id = 'later'");
    const second = await post("later");
    assert.equal(second.status, 202);
    assert.notEqual(second.body.jobId, first.body.jobId);
    go(); // the old job goes on, and nobody listens
    const status = await ended("later");
    assert.equal(status.jobId, second.body.jobId);
    assert.equal(status.status, "completed");
    assert.equal(await server.sql("select outcome from docgen_runs('later', 9) order by generation"), "superseded\ncompleted");
});

test("Button disabled during generation", async () => {
    await withPage(async (page) => {
        await page.goto(url("disabled"));
        assert.equal(await button(page).isEnabled(), true);
        const go = hold("disabled");
        await button(page).click();
        assert.equal(await button(page).isDisabled(), true, "at once");
        await fetching("disabled");
        await viewIs(page, "generating");
        assert.equal(await button(page).textContent(), "Generating…");
        assert.equal(await button(page).isDisabled(), true);
        await page.reload();
        assert.equal(await button(page).isDisabled(), true, "by the server's word");
        go();
        await viewIs(page, "complete");
    });
});

test("Button re-enabled on completion/failure", async () => {
    await withPage(async (page) => {
        await page.goto(url("enabled"));
        for (const [name, breaks] of [["complete", false], ["failed", true]]) {
            commit(paths.enabled, { "more.h": `/** Made for ${name}. */\nint made_for_${name}(void);\n` }, { break: breaks });
            await button(page).click();
            await viewIs(page, name);
            assert.equal(await button(page).isEnabled(), true, name);
            assert.equal(await button(page).textContent(), "Regenerate");
        }
    });
});

test("Progress bar updates during generation", async () => {
    await withPage(async (page) => {
        await page.goto(url("bar"));
        const before = await page.$eval("#dg-bar", (bar) => bar.value);
        const go = hold("bar");
        await button(page).click();
        await fetching("bar");
        await page.waitForFunction(() => document.querySelector("#dg-bar").value === 10, null, { timeout: 15_000 });
        const shown = await page.evaluate(() => ["bar", "percent", "step"].map((name) => document.getElementById(`dg-${name}`)).map((e) => e.value ?? e.textContent));
        assert.equal(before, 0);
        assert.equal(shown[1], `${shown[0]}\u00a0%`);
        assert.equal(shown[2], "Fetching repository");
        go();
        await viewIs(page, "complete");
    });
});

test('UI shows correct state (never "failed" when "generating")', async () => {
    const id = "states";
    await withPage(async (page) => {
        await page.addInitScript(() => {
            // each thing that was ever shown, with what the database's row was known to be
            window.shown = [];
            const look = () => {
                const section = document.getElementById("dg-project");
                if (section) window.shown.push([section.dataset.view, !document.getElementById("dg-failure").hidden].join());
            };
            new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
        });
        await page.goto(url(id));
        assert.equal(await view(page), "not_started");
        commit(paths[id], {}, { break: true });
        await button(page).click();
        await viewIs(page, "failed");
        assert.equal(await page.textContent("#dg-message"), (await server.status(id)).errorMessage);
        commit(paths[id], { "more.h": "/** One more. */\nint one_more(void);\n" });
        const go = hold(id);
        await button(page).click();
        await fetching(id);
        await viewIs(page, "generating");
        assert.equal(await page.isVisible("#dg-failure"), false);
        await page.reload();
        assert.equal(await view(page), "generating");
        assert.equal(await page.isVisible("#dg-failure"), false);
        go();
        await viewIs(page, "complete");
        const shown = await page.evaluate(() => window.shown);
        assert.ok(!shown.includes("generating,true") && !shown.includes("complete,true"), [...new Set(shown)].join(" "));
    });
});
