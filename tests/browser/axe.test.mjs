// Every page, in both themes, wide and narrow: no accessibility violation that axe can see, no sideways scroll.
// SHOTS=DIR keeps a picture of each.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { makeRepository } from "./repository.mjs";
import { axe, hasSidewaysScroll, launch, openPage, startServer, until } from "./server.mjs";

const pages = {
    list: "",
    "not started": "projects/idle",
    generating: "projects/busy",
    complete: "projects/done",
    failed: "projects/failed",
    search: "search?q=page",
    "no hits": "search?q=zzzzqqqqxxxx",
    missing: "docs/done/no-such-page",
    documentation: "docs/done/",
};
let server;
let real;
let browser;

before(async () => {
    server = await startServer({
        repositories: { idle: "test:ok", busy: "test:ok title=A-project-with-a-long-name-that-must-not-break", done: "test:ok", failed: "test:ok" },
    });
    const path = makeRepository(process.env.HARNESS_DIR);
    real = await startServer({ real: true, repositories: { parrot: path } });
    browser = await launch();
    server.script("busy", "progress=10,progress=60:Generating documentation sections (3 of 12: Architecture),gate=busy.a,pages=3");
    server.script("failed", "progress=10,stderr=fatal: could not read from the remote repository,error=The host does not answer: check its address.");
    for (const id of ["busy", "done", "failed"]) assert.equal((await server.request(id)).status, 202);
    assert.equal((await real.request("parrot")).status, 202);
    await until(async () => (await server.status("busy")).progress === 60, "busy");
    await until(async () => (await server.status("done")).status === "completed", "done");
    await until(async () => (await server.status("failed")).status === "failed", "failed");
    await until(async () => (await real.status("parrot")).status === "completed", "the documentation", 60_000);
});
after(async () => {
    server?.open("busy.a");
    await browser?.close();
    await server?.stop();
    await real?.stop();
});

async function look(page, name, url, theme, width) {
    await page.goto(url);
    await page.waitForTimeout(100);
    if (process.env.SHOTS)
        await page.screenshot({ path: join(process.env.SHOTS, `${name.replaceAll(" ", "-")}-${width}-${theme}.png`), fullPage: name !== "parrot" });
    return [...(await axe(page)), ...((await hasSidewaysScroll(page)) ? ["sideways scroll"] : [])].map((fault) => `${name}: ${fault}`);
}

for (const theme of ["light", "dark"])
    for (const width of process.env.SHOTS ? [1280, 768, 320] : [1280, 320])
        test(`axe: every page in the ${theme} theme at ${width} px`, async () => {
            const opened = await openPage(browser, { theme, width, height: width === 320 ? 640 : 800 });
            try {
                const faults = [];
                for (const [name, path] of Object.entries(pages)) faults.push(...(await look(opened.page, name, server.base + path, theme, width)));
                faults.push(...(await look(opened.page, "parrot", `${real.base}docs/parrot/`, theme, width)));
                assert.deepEqual(faults, []);
                await opened.page.keyboard.press("Control+k");
                await opened.page.keyboard.type("parrot");
                await opened.page.waitForSelector("dialog.finder li a");
                assert.deepEqual(await axe(opened.page), [], `search dialog, ${theme}, ${width} px`);
                await opened.page.keyboard.press("Escape");
                if (width < 768) {
                    await opened.page.click(".pages-link a");
                    assert.deepEqual(await axe(opened.page), [], `drawer, ${theme}, ${width} px`);
                    await opened.page.keyboard.press("Escape");
                }
                await opened.page.click(".settings summary");
                assert.deepEqual(await axe(opened.page), [], `settings, ${theme}, ${width} px`);
            } finally {
                await opened.close();
            }
        });
