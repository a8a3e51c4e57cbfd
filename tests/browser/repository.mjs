// A small Git repository for the documentation pages: prose, code, headings, and everything hostile that we know.
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

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
