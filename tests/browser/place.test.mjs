// The pages in the places where administrators put them: behind a reverse proxy, with everything compressed, with more
// generations than may run.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, startProxy, startServer, until, withPageOf } from "./server.mjs";

let server;
let browser;

before(async () => {
    server = await startServer({
        repositories: { one: "test:ok", two: "test:ok", three: "test:ok" },
        conf: 'DocGenMaxRunning 1\n<Location "/docgen">\n    SetOutputFilter DEFLATE\n</Location>',
    });
    browser = await launch();
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const withPage = (options, body) => withPageOf(browser, options, body);

const ended = (id) => until(async () => (await server.status(id)).status !== "generating", `${id} to end`);

test("where everything is compressed, the status is not: its validator stays and 304 is answered", async () => {
    const address = `${server.base}api/status/one`;
    const gzip = { "Accept-Encoding": "gzip" };
    const reply = await fetch(address, { headers: gzip });
    assert.equal(reply.headers.get("content-encoding"), null);
    assert.doesNotMatch(reply.headers.get("etag"), /gzip/);
    assert.equal((await fetch(address, { headers: { ...gzip, "If-None-Match": reply.headers.get("etag") } })).status, 304);
    const page = await fetch(`${server.base}projects/one`, { headers: gzip });
    assert.equal(page.headers.get("content-encoding"), "gzip", "the filter is there");
});

test("behind a reverse proxy, under another path: pages, button, assets and documentation", async () => {
    const proxy = await startProxy(server, "/team/handbook/");
    try {
        for (const script of [true, false])
            await withPage({ script }, async (page) => {
                const missing = [];
                page.on("response", (reply) => reply.status() >= 400 && missing.push(`${reply.status()} ${reply.url()}`));
                await page.goto(proxy.base);
                await page.click("text=one");
                assert.equal(page.url(), `${proxy.base}projects/one`);
                await page.click("#dg-button");
                if (script) {
                    await page.waitForSelector('#dg-project[data-view="complete"]', { timeout: 15_000 });
                } else {
                    assert.equal(page.url(), `${proxy.base}projects/one`, "303 back through the proxy");
                    await ended("one");
                    await page.reload();
                }
                await page.click("#dg-docs");
                assert.equal(page.url(), `${proxy.base}docs/one/`);
                assert.equal(await page.isVisible("article h1"), true);
                await page.goto(`${proxy.base}docs/one`);
                assert.equal(page.url(), `${proxy.base}docs/one/`, "301 through the proxy");
                if (script) {
                    await page.keyboard.press("Control+k");
                    await page.keyboard.type("page");
                    await page.waitForSelector("dialog.finder li a");
                    await page.click("dialog.finder li a");
                    await page.waitForURL((url) => url.href.startsWith(`${proxy.base}docs/one/`));
                }
                assert.deepEqual(missing, []);
            });
    } finally {
        await proxy.stop();
    }
});

test("who waits sees the place in the queue, and how long it is", async () => {
    server.script("one", "progress=10,gate=one.a,pages=1");
    assert.equal((await server.request("one")).status, 202);
    await until(async () => (await server.status("one")).progress >= 10, "one at work");
    for (const id of ["two", "three"]) assert.equal((await server.request(id)).status, 202);
    for (const script of [true, false])
        await withPage({ script, interval: 200 }, async (page) => {
            await page.goto(`${server.base}projects/three`);
            assert.equal(await page.textContent("#dg-queue"), "Number 2 in the queue");
            assert.match(await page.textContent("#dg-elapsed"), /^Waiting for \d+ s$/);
            assert.equal(await page.textContent("#dg-step"), "Waiting for a worker");
            await page.goto(server.base);
            assert.deepEqual(await page.$$eval("#dg-projects .badge", (all) => all.map((badge) => badge.textContent)), [
                "Generating 10\u00a0%",
                "Waiting for a worker",
                "Waiting for a worker",
            ]);
        });
    await withPage({ interval: 200 }, async (page) => {
        await page.goto(`${server.base}projects/three`);
        server.open("one.a");
        await page.waitForSelector('#dg-project[data-view="complete"]');
        assert.equal(await page.isVisible("#dg-queue"), false);
    });
});
