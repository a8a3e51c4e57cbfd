// What a browser test stands on: a real httpd with the module, a database of its own, a generator that the test
// holds and lets go, and Debian's Chromium. Everything lives below HARNESS_DIR (tests/tools/with-servers).
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const top = resolve(fileURLToPath(import.meta.url), "../../..");
const build = resolve(top, process.env.BUILD ?? "build");
const require = createRequire(join(build, "npm/node_modules/"));
const run = promisify(execFile);
const { chromium } = require("playwright-core");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** Waits until `probe` answers something true, and returns it. */
export async function until(probe, what, timeout = 10_000) {
    const end = Date.now() + timeout;
    for (;;) {
        const answer = await probe();
        if (answer) return answer;
        if (Date.now() > end) assert.fail(`waited ${timeout} ms in vain for: ${what}`);
        await new Promise((done) => setTimeout(done, 30));
    }
}

/**
 * A server with `repositories` ({id: url}). With `real` the module's own generator works, else the test's.
 * `conf` is more httpd configuration.
 */
export async function startServer({ repositories, real = false, conf = "" }) {
    const base = process.env.HARNESS_DIR;
    assert.ok(base, "run me through tests/tools/with-servers");
    const dir = mkdtempSync(join(base, "t"));
    const fake = join(dir, "fake");
    const name = `browser_${dir.slice(base.length + 2).toLowerCase().replace(/[^a-z0-9]/g, "_")}_${process.pid}`;
    const owner = process.env.HARNESS_CONNINFO.replace("dbname=postgres", `dbname=${name}`);
    const sqlOn = async (database, text) =>
        (await run("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", text])).stdout.trim();

    mkdirSync(fake);
    chmodSync(dir, 0o755);
    chmodSync(fake, 0o777);
    await sqlOn(process.env.HARNESS_CONNINFO, `create database ${name} template docgen_template`);
    const conninfo = owner
        .replace(/user=\S+/, "")
        .replace(/password=\S+/, "")
        .concat(" ", process.env.HARNESS_LOGIN);
    const extra = join(dir, "extra.conf");
    writeFileSync(extra, `DocGenThreads 8\nDocGenMaxRunning 32\n${conf}\n`);
    const environment = {
        ...process.env,
        BUILD: build,
        HTTPD_DATABASE: conninfo,
        HTTPD_ALLOW: "https:// file:// / test: http://127.0.0.1",
        HTTPD_REPOSITORIES: Object.entries(repositories)
            .map(([id, url]) => `${id} ${url}`)
            .join("\n"),
        ...(real ? {} : { HTTPD_GENERATOR: `${build}/fake-generator --dir ${fake}` }),
    };
    const tool = join(top, "tests/tools/httpd");
    const home = join(dir, "httpd");
    const control = async (verb, ...rest) =>
        (await run(tool, [verb, home, ...rest], { env: environment })).stdout.trim();
    const port = await control("start", "0", "event", extra);

    return {
        origin: `http://127.0.0.1:${port}`,
        base: `http://127.0.0.1:${port}/docgen/`,
        control,
        sql: (text) => sqlOn(owner, text),
        /** The same in the database postgres of the cluster. */
        admin: (text) => sqlOn(process.env.HARNESS_CONNINFO, text),
        /** What the generator does in the next run of a repository; see tests/tools/fake-generator.c. */
        script: (id, words) => writeFileSync(join(fake, `${id}.script`), words),
        open: (gate) => writeFileSync(join(fake, gate), ""),
        /** How often the generator really started for a repository. */
        starts: (id) =>
            existsSync(join(fake, "starts"))
                ? readFileSync(join(fake, "starts"), "utf8").split("\n").filter((line) => line.startsWith(`${id} `)).length
                : 0,
        status: async (id) => (await fetch(`http://127.0.0.1:${port}/docgen/api/status/${id}`)).json(),
        request: (id) =>
            fetch(`http://127.0.0.1:${port}/docgen/api/generate-docs`, {
                method: "POST",
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify({ repositoryId: id }),
            }),
        log: () => readFileSync(join(home, "error.log"), "utf8"),
        async stop() {
            await control("stop");
            assert.equal(await sqlOn(owner, "select rule, what from docgen_check()"), "", "the database's invariants");
        },
    };
}

/** A second httpd whose path `path` is `server`'s mount, through mod_proxy. */
export async function startProxy(server, path) {
    const home = mkdtempSync(join(process.env.HARNESS_DIR, "t"));
    const tool = join(top, "tests/tools/httpd");
    const extra = join(home, "proxy.conf");
    const modules = ["proxy", "proxy_http"].map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`);
    chmodSync(home, 0o755);
    // the module's redirects name a path only, so it is mapped back beside the address
    const maps = [`ProxyPass ${path} ${server.base}`, `ProxyPassReverse ${path} ${server.base}`, `ProxyPassReverse ${path} /docgen/`];
    writeFileSync(extra, [...modules, ...maps, ""].join("\n"));
    const port = (await run(tool, ["start", join(home, "httpd"), "0", "event", extra], { env: { ...process.env, HTTPD_PLAIN: "1" } })).stdout.trim();
    return { base: `http://127.0.0.1:${port}${path}`, stop: () => run(tool, ["stop", join(home, "httpd")]) };
}

/** `more` are Playwright's launch options. */
export function launch(more = {}) {
    return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"], ...more });
}

/**
 * A page that fails the test on any CSP violation or script error. `interval` replaces the five seconds between
 * polls before the page's scripts run.
 */
export async function openPage(browser, { width = 1280, height = 800, theme = "light", interval, script = true, ...more } = {}) {
    const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: theme,
        javaScriptEnabled: script,
        ...more,
    });
    const page = await context.newPage();
    const faults = [];
    page.on("console", (message) => {
        if (message.type() === "error" && /Content Security Policy|violates/i.test(message.text())) faults.push(message.text());
    });
    page.on("pageerror", (error) => faults.push(String(error)));
    if (interval)
        await page.addInitScript((milliseconds) => {
            // "interactive" comes before module scripts run
            document.addEventListener("readystatechange", () => {
                const section = document.getElementById("dg-project");
                if (section) section.dataset.interval = String(milliseconds);
            });
        }, interval);
    page.setDefaultTimeout(10_000);
    return {
        context,
        page,
        faults,
        async close() {
            await context.close();
            assert.deepEqual(faults, [], "CSP violations and script errors");
        },
    };
}

/** Runs axe on a page and returns its violations, readable. */
export async function axe(page) {
    await page.evaluate(axeSource);
    const result = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations", "passes"] }));
    assert.ok(result.passes.length > 15, `axe looked at too little: ${result.passes.length} rules passed`);
    return result.violations.map(
        (violation) => `${violation.id}: ${violation.nodes.map((node) => `${node.target} ${node.failureSummary}`).join(" | ")}`,
    );
}

export async function hasSidewaysScroll(page) {
    return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

/** Clicks on what leads to another document, and waits until that one is there as a whole. */
export function followLink(page, selector) {
    return Promise.all([page.waitForEvent("load"), page.click(selector)]);
}

/** The body's page, opened and closed. @param options as for openPage */
export async function withPageOf(browser, options, body) {
    const opened = await openPage(browser, options);
    try {
        await body(opened.page, opened.context);
    } finally {
        await opened.close();
    }
}
