/* What was read of a repository's files is kept between runs, and only changed files are read again.
 * SPDX-License-Identifier: Apache-2.0 */
#include <sys/stat.h>
#include "unit/order.h"

TestSuite(notes, .init = made_setup, .fini = made_teardown, .timeout = 60);

/** A file in each language that is read, with what makes its symbols more than a list. */
static const char *made_languages(const char *name)
{
    made_begin("First words");
    made_file("README.md", "# Many\n\nIt does things.\n");
    made_file("c/thing.h",
              "/** Does it.\n * @param a what */\nint thing(int a);\n#define TEN 10\n");
    made_file("c/thing.c", "#include \"thing.h\"\nint thing(int a)\n{\n    return a;\n}\n");
    made_file("cpp/box.cpp", "/** A box. */\nclass Box {\npublic:\n    void put(int a);\n"
                             "    void put(char a);\n};\n");
    made_file("python/box.py",
              "\"\"\"Boxes.\"\"\"\nclass Box:\n    \"\"\"A box.\n\n    :param x: what\n"
              "    \"\"\"\n    def put(self, a=1): pass\n");
    made_file("go/box.go",
              "// Package box has boxes.\npackage box\n\n// Box is one.\ntype Box struct{ A int }\n"
              "\n// Put puts.\nfunc (b *Box) Put(a int) error { return nil }\n");
    made_file("rust/Cargo.toml", "[package]\nname = \"box\"\nversion = \"1.0.0\"\n");
    made_file("rust/src/lib.rs", "//! Boxes.\n/// One.\npub struct Box { pub a: i32 }\n"
                                 "impl Box { /// Puts.\n pub fn put(&self) {} }\n");
    made_file("js/package.json", "{\"name\": \"box\", \"main\": \"index.js\"}\n");
    made_file("js/index.js", "/** Puts. */\nexports.put = function (a) {};\n");
    made_file("ts/box.ts", "/** Puts. */\nexport function put(a: string): void;\n"
                           "export function put(a: number): void;\nexport class Box<T> { a: T }\n");
    return made_end(name);
}

static const char *pages_of(const run_seen *seen)
{
    const char *pages = strstr(seen->output, "{\"type\":\"progress\",\"percent\":50");

    cr_assert_eq(seen->exit_code, 0, "%s", seen->log);
    cr_assert_not_null(pages);
    return pages;
}

#define ASSERT_READ(seen, words)                                                                   \
    cr_assert_not_null(strstr((seen).log, "symbols: " words " files read"), "%s", (seen).log)

Test(notes, only_changed_files_are_read_again)
{
    const char *dir = made_languages("many.git"), *first, *second;
    run_seen seen = order(dir, "");

    ASSERT_READ(seen, "8 of 8");
    first = pages_of(&seen);
    seen = order(dir, "");
    ASSERT_READ(seen, "0 of 8");
    cr_assert_str_eq(pages_of(&seen), first);

    made_begin("Second");
    docgen_buffer_puts(made_here.stream, "from refs/heads/main^0\n");
    made_file("python/box.py", "\"\"\"Other boxes.\"\"\"\ndef put(): pass\n");
    made_file("ts/copy.js", "/** Puts. */\nexports.put = function (a) {};\n"); /* known content */
    made_end("many.git");
    seen = order(dir, "");
    ASSERT_READ(seen, "1 of 9");
    second = pages_of(&seen);
    cr_assert_not_null(strstr(second, "Other boxes."));
    cr_assert_eq(unlink(made_path("work/cache/r.notes")), 0);
    seen = order(dir, "");
    ASSERT_READ(seen, "9 of 9");
    cr_assert_str_eq(pages_of(&seen), second);
}

Test(notes, notes_in_the_fallback_sandbox)
{
    const char *dir = made_languages("many.git");
    const char *argv[] = {made_generator(), "--repository",    dir, "--json",
                          "--work-dir",     made_path("work"), NULL};
    const char *env[] = {"PATH=/usr/bin:/bin", "DOCGEN_SANDBOX=seccomp", "HOME=/nonexistent", NULL};
    docgen_run run = {.argv = argv, .env = env};
    docgen_run_result result;

    for (int i = 0; i < 2; i++) {
        cr_assert_eq(docgen_run_program(made_here.pool, &run, &result), APR_SUCCESS, "%s",
                     result.errors);
    }
    cr_assert_not_null(strstr(result.errors, "sandbox: seccomp"), "%s", result.errors);
    cr_assert_not_null(strstr(result.errors, "symbols: 0 of 8 files read"), "%s", result.errors);
}

Test(notes, notes_that_are_not_ours_are_not_used)
{
    static const char *const harm[] = {
        ": > r.notes",
        "head -c 300 r.notes > x && mv x r.notes",
        "printf X | dd of=r.notes bs=1 seek=500 conv=notrunc",
        "head -c 100000 /dev/urandom > r.notes",
        "truncate -s 1G r.notes",
        "rm r.notes && ln -s /etc/passwd r.notes",
        "rm r.notes && mkfifo r.notes",
        "echo half > r.notes.new && rm r.notes", /* a run that was killed while it wrote them */
    };
    const char *dir = made_languages("many.git"), *first;
    run_seen seen = order(dir, "");
    struct stat about;

    first = pages_of(&seen);
    for (size_t i = 0; i < sizeof(harm) / sizeof(harm[0]); i++) {
        const char *argv[] = {"sh", "-c", harm[i], NULL};
        docgen_run run = {.argv = argv, .directory = made_path("work/cache")};
        docgen_run_result result;

        cr_assert_eq(docgen_run_program(made_here.pool, &run, &result), APR_SUCCESS, "%s: %s",
                     harm[i], result.errors);
        seen = order(dir, "");
        ASSERT_READ(seen, "8 of 8");
        cr_assert_str_eq(pages_of(&seen), first, "%s", harm[i]);
        cr_assert_eq(lstat(made_path("work/cache/r.notes"), &about), 0);
        cr_assert(S_ISREG(about.st_mode), "%s", harm[i]);
        cr_assert_eq(about.st_mode & 0777, 0600, "%s", harm[i]);
        cr_assert_neq(access(made_path("work/cache/r.notes.new"), F_OK), 0);
    }
    seen = order(dir, "");
    ASSERT_READ(seen, "0 of 8");
}
