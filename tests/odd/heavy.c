/* Very large repositories through the real docgen-generate: it ends in time, its memory stays bounded, and the Quality
 * report says what is not there.
 * SPDX-License-Identifier: Apache-2.0 */
#include <sys/resource.h>
#include <sys/wait.h>
#include "unit/made_site.h"

#define MEMORY_MAX_KB (600 * 1024) /* the largest process of a run */
#define SECONDS_MAX   240

TestSuite(heavy, .init = made_setup, .fini = made_teardown, .timeout = 1200);

/** What a run cost. */
typedef struct cost {
    int exit_code;
    long memory; /**< KiB of the largest process */
    double seconds;
} cost;

/** The stream of `git fast-import` into a new repository; it goes through a pipe, so that this process stays small. */
static FILE *import_open(const char *dir)
{
    FILE *stream;

    made_end(dir);
    stream = popen(
        apr_psprintf(made_here.pool, "git --git-dir=%s fast-import --quiet", made_path(dir)), "w");
    cr_assert_not_null(stream);
    fputs("commit refs/heads/main\ncommitter A <a@example.org> 1700000000 +0000\ndata 3\none\n",
          stream);
    return stream;
}

static void file_write(FILE *stream, const char *path, const char *text)
{
    fprintf(stream, "M 100644 inline %s\ndata %zu\n%s\n", path, strlen(text), text);
}

/** Runs the generator in a process of its own, whose children alone are counted. */
static cost generate(const char *dir)
{
    cost *shared = (cost *)apr_pcalloc(made_here.pool, sizeof(*shared));
    int result[2];
    pid_t pid;

    cr_assert_eq(pipe(result), 0);
    pid = fork();
    if (pid == 0) {
        apr_time_t start = docgen_monotonic_now();
        made_site site = made_site_run(dir, "site");
        cost spent = {.exit_code = site.exit_code};
        struct rusage used;

        getrusage(RUSAGE_CHILDREN, &used);
        spent.memory = used.ru_maxrss;
        spent.seconds = (double)(docgen_monotonic_now() - start) / 1e6;
        if (site.exit_code != 0) {
            fputs(site.errors, stderr);
        }
        _exit(write(result[1], &spent, sizeof(spent)) != sizeof(spent));
    }
    close(result[1]);
    cr_assert_eq(read(result[0], shared, sizeof(*shared)), (ssize_t)sizeof(*shared));
    close(result[0]);
    waitpid(pid, NULL, 0);
    fprintf(stderr, "%s: %.1f s, %ld MiB\n", strrchr(dir, '/') + 1, shared->seconds,
            shared->memory / 1024);
    return *shared;
}

static void is_bounded(const cost *spent)
{
    cr_assert_eq(spent->exit_code, 0);
    cr_assert_lt(spent->memory, MEMORY_MAX_KB, "%ld KiB", spent->memory);
    cr_assert_lt(spent->seconds, SECONDS_MAX, "%.1f s", spent->seconds);
}

Test(heavy, a_file_of_two_hundred_megabytes)
{
    static const char line[] =
        "int a_line_of_code = 1; /* and a little more of it, to fill it up */\n";
    const size_t lines = (size_t)200 * 1024 * 1024 / (sizeof(line) - 1) + 1;
    made_site site = {.dir = made_path("site")};
    FILE *stream = import_open("big.git");
    cost spent;

    file_write(stream, "README.md", "# Big\n\nOne large file.\n");
    file_write(stream, "src/small.c", "/** Small. */\nint small(void) { return 1; }\n");
    fprintf(stream, "M 100644 inline src/big.c\ndata %zu\n", lines * (sizeof(line) - 1));
    for (size_t i = 0; i < lines; i++) {
        fwrite(line, 1, sizeof(line) - 1, stream);
    }
    fputs("\n", stream);
    cr_assert_eq(pclose(stream), 0);
    spent = generate(made_path("big.git"));
    is_bounded(&spent);
    made_site_has(&site, "quality.md", "| `src/big.c` | larger than 1024 KiB |");
    cr_assert(made_site_says(&site, "small"));
    made_site_crawl(&site);
}

Test(heavy, a_hundred_thousand_files)
{
    made_site site = {.dir = made_path("site")};
    FILE *stream = import_open("many.git");
    cost spent;

    file_write(stream, "README.md", "# Many\n\nMany files.\n");
    for (int i = 0; i < 100000; i++) {
        const char *form[][2] = {
            {"src/d%d/f%d.c", "/** Number %d. */\nint f%d(void) { return 1; }\n"},
            {"lib/d%d/f%d.py", "def f%d():\n    \"\"\"Number %d.\"\"\"\n"},
            {"pkg/d%d/f%d.go", "package e\n\n// F%d is one.\nfunc F%d() {}\n"},
            {"docs/d%d/f%d.md", "# Page %d\n\nText %d.\n"},
            {"data/d%d/f%d.txt", "data %d %d\n"}};
        char path[100], text[200];

        snprintf(path, sizeof(path), form[i % 5][0], i % 97, i);
        snprintf(text, sizeof(text), form[i % 5][1], i, i);
        file_write(stream, path, text);
    }
    cr_assert_eq(pclose(stream), 0);
    spent = generate(made_path("many.git"));
    is_bounded(&spent);
    made_site_has(&site, "quality.md", "with 100,001 files");
    made_site_has(&site, "quality.md", "no page: only");
    made_site_has(&site, "index.html", "Many files.");
    made_site_has(&site, "guides.html", ">Page ");
}
