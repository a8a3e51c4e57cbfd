// A small Git repository for the documentation pages: prose, code, headings, and everything hostile that we know.
// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:http";
import { existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const README = `# Parrot

Parrot repeats what it hears. It is a **small** library with \`parrot_say\` at its heart.

## Installation

\`\`\`bash
make install PREFIX=/usr/local
\`\`\`

## Example

\`\`\`c
#include "parrot.h"

int main(void)
{
    struct parrot *parrot = parrot_new("Polly"); /* a comment that is long enough to need a scroll bar on a narrow screen */
    return parrot_say(parrot, "hello");
}
\`\`\`

### Details of the example

| Function | What it does | What it returns when something unexpected happens on the way |
| -------- | ------------ | ------------------------------------------------------------ |
| \`parrot_new\` | makes a parrot | NULL |
| \`parrot_say\` | repeats a sentence | a negative number |

> [!NOTE]
> Parrots live long.

<script>document.title = "owned"</script>
<img src=x onerror="document.title='owned'">
[bad](javascript:document.title='owned') <a href="jAvAsCrIpT:alert(1)" style="color:red" onclick="alert(1)">worse</a>

See the [guide](docs/guide.md#feeding).
`;

const GUIDE = `# Guide

## Feeding

Feed it seeds. The word quetzalcoatl occurs only here.

## Cleaning

Every day.
`;

const HEADER = `#ifndef PARROT_H
#define PARROT_H

struct parrot;

/** Makes a parrot. The caller frees it. */
struct parrot *parrot_new(const char *name);

/** Repeats a sentence aloud. */
int parrot_say(struct parrot *parrot, const char *sentence);

#endif
`;

// Names that are wider than a small screen.
const LONG_HEADER = `/** Teaches a parrot each word of a sentence, and waits until it has repeated every one of them in the right order. */
int parrot_teach_every_word_of_a_sentence_and_wait_until_it_was_repeated(const char *sentence, unsigned seconds_between_words);
`;

const SOURCE = `#include "parrot.h"

#include <stdio.h>
#include <stdlib.h>

struct parrot {
    const char *name;
};

struct parrot *parrot_new(const char *name)
{
    struct parrot *parrot = malloc(sizeof(*parrot));
    if (parrot)
        parrot->name = name;
    return parrot;
}

int parrot_say(struct parrot *parrot, const char *sentence)
{
    return printf("%s: %s\\n", parrot->name, sentence);
}
`;

function git(path, ...rest) {
    execFileSync("git", ["-C", path, "-c", "user.name=Test", "-c", "user.email=test@example.org", ...rest], {
        env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
    });
}

function write(path, files) {
    for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), text);
    }
}

function makeOf(base, name, files) {
    const path = mkdtempSync(join(base, `${name}-`));
    write(path, files);
    git(path, "init", "-q", "-b", "main");
    git(path, "add", "-A");
    git(path, "commit", "-q", "-m", "First");
    execFileSync("chmod", ["-R", "go+rX", path]);
    return path;
}

/** Commits these files. With `break` the repository is no longer one, until the next commit. */
export function commit(path, files, { break: breaks = false } = {}) {
    if (existsSync(join(path, ".broken"))) renameSync(join(path, ".broken"), join(path, ".git"));
    write(path, files);
    git(path, "add", "-A");
    git(path, "commit", "-q", "--allow-empty", "-m", "Change");
    execFileSync("chmod", ["-R", "go+rX", path]);
    if (breaks) renameSync(join(path, ".git"), join(path, ".broken"));
}

/** A repository that takes a generator a second or more, and returns its path. */
export function makeLargeRepository(base, name) {
    const files = { "README.md": `# ${name}\n\nMany functions.\n` };
    for (let i = 0; i < 200; i++) {
        const functions = Array.from({ length: 40 }, (_, n) => `/** Does number ${n} of ${name}'s part ${i}. */\nint ${name}_${i}_${n}(int value)\n{\n    return value + ${n};\n}\n`);
        files[`src/part${i}.c`] = functions.join("\n");
        files[`include/part${i}.h`] = functions.map((text) => text.replace(/\n{[^}]*}\n/, ";\n")).join("\n");
    }
    return makeOf(base, name, files);
}

/** Makes the repository below `base` and returns its path. */
export function makeRepository(base) {
    return makeOf(base, "parrot", {
        "README.md": README,
        "docs/guide.md": GUIDE,
        "include/parrot.h": HEADER,
        "src/parrot.c": SOURCE,
        "include/a_directory_with_a_long_name/the_interface_of_parrots_that_speak.h": LONG_HEADER,
        "CHANGELOG.md": "# Changelog\n\n## 1.0\n\n- It speaks.\n",
        LICENSE: "MIT License\n\nCopyright (c) 2026 The parrot\n",
    });
}

// One request of Git's, answered by Git's own program.
function answer(base, request, response) {
    if (request.socket.destroyed) return; // killed by a test while it waited
    const url = new URL(request.url, "http://127.0.0.1");
    const git = spawn("git", ["http-backend"], {
        env: {
            ...process.env,
            GIT_CONFIG_GLOBAL: "/dev/null",
            GIT_CONFIG_NOSYSTEM: "1",
            GIT_PROJECT_ROOT: base,
            GIT_HTTP_EXPORT_ALL: "1",
            PATH_INFO: url.pathname,
            QUERY_STRING: url.search.slice(1),
            REQUEST_METHOD: request.method,
            CONTENT_TYPE: request.headers["content-type"] ?? "",
            HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
            GIT_PROTOCOL: request.headers["git-protocol"] ?? "",
            REMOTE_ADDR: "127.0.0.1",
        },
        stdio: ["pipe", "pipe", "inherit"],
    });
    const parts = [];
    request.pipe(git.stdin);
    response.on("close", () => git.stdin.end()); // whoever asked may be gone, and the question never end
    git.stdin.on("error", () => {}); // it may answer before it has read everything
    git.stdout.on("data", (part) => parts.push(part));
    git.on("close", () => {
        const all = Buffer.concat(parts);
        const end = all.indexOf("\r\n\r\n");
        const headers = Object.fromEntries(all.subarray(0, end).toString().split("\r\n").map((line) => line.split(": ", 2)));
        const status = Number.parseInt(headers.Status ?? "200", 10);
        delete headers.Status;
        response.writeHead(status, headers).end(all.subarray(end + 4));
    });
}

/**
 * Serves the repositories below `base` over HTTP. `hold(path)` keeps Git's questions about one of them without an answer
 * until what it returned is called: whoever fetches it waits meanwhile, however fast the machine.
 */
export async function serveRepositories(base) {
    const held = new Map(); // name → the requests that wait
    const server = createServer((request, response) => {
        const name = request.url.split("/")[1];
        if (request.method === "POST" && held.has(name)) held.get(name).push(() => answer(base, request, response));
        else answer(base, request, response);
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    return {
        url: (path) => `http://127.0.0.1:${server.address().port}/${basename(path)}`,
        hold(path) {
            const name = basename(path);
            held.set(name, []);
            return () => {
                const waiting = held.get(name) ?? [];
                held.delete(name);
                for (const go of waiting) go();
            };
        },
        close() {
            server.closeAllConnections();
            return new Promise((done) => server.close(done));
        },
    };
}
