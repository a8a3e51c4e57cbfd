/* The program's modes: a guard for a supervisor, a command for people, and the parts it starts
 * itself.
 * SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <sys/prctl.h>
#include <apr_general.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include "core/id.h"
#include "core/log.h"
#include "core/text.h"
#include "generator/analyse.h"
#include "generator/fetch/git.h"
#include "generator/guard.h"
#include "generator/job.h"
#include "generator/output_kind.h"
#include "generator/worker.h"

#define VERSION  "0.1.0"
#define EXIT_BAD 2
#define PROGRAM  "docgen-generate"

static const char help[] =
    "Generates documentation from a Git repository.\n"
    "\n"
    "  " PROGRAM " --repository URL --output DIR [--branch NAME] [--title TEXT] [--id ID]\n"
    "      writes a static site into DIR; URL is https://, ssh://, user@host:path or a local path\n"
    "  " PROGRAM " --repository URL --json\n"
    "      writes the results as JSON lines to standard output\n"
    "  " PROGRAM " [--parent PID]\n"
    "      reads one job as JSON from standard input, for the Apache module\n"
    "\n"
    "  --work-dir DIR   keeps fetched repositories there (default: a folder in $XDG_CACHE_HOME or "
    "~/.cache)\n"
    "  --token-file FILE  a token for the repository's host\n"
    "  --ssh-key FILE, --known-hosts FILE  a key and the host keys for an ssh URL\n"
    "  --github-api URL  the API of a GitHub of your own\n"
    "  --version, --help\n";

/** What the command line says. */
typedef struct options {
    docgen_job *job;
    docgen_guard guard;
    const char *token_file;
    int json;
    int is_command; /* --repository: for people, not for a supervisor */
    const char *mode;
} options;

/** The worker's baton. */
typedef struct work {
    apr_pool_t *pool;
    options *options;
    char *line;
    apr_size_t length;
} work;

static void log_line(void *baton, docgen_log_level level, apr_status_t rv, const char *line)
{
    static const char *const names[] = {"error: ", "warning: ", "", ""};
    const apr_array_header_t *secrets = baton;
    char why[200] = "";
    apr_pool_t *scratch;

    if (level == DOCGEN_LOG_DEBUG) {
        return;
    }
    apr_pool_create(&scratch, NULL);
    fprintf(stderr, "%s%s%s%s\n", names[level], docgen_text_redact(scratch, line, secrets),
            rv ? ": " : "", rv ? apr_strerror(rv, why, sizeof(why)) : "");
    apr_pool_destroy(scratch);
}

static int usage(const char *sentence, const char *word)
{
    fprintf(stderr, PROGRAM ": ");
    fprintf(stderr, sentence, word);
    fprintf(stderr, " Try '" PROGRAM " --help'.\n");
    return EXIT_BAD;
}

/** Where a value belongs, or NULL for an unknown option. */
static const char **option_place(options *options, const char *name)
{
    const struct {
        const char *name;
        const char **place;
    } known[] = {{"--repository", &options->job->url},
                 {"--output", &options->job->output_dir},
                 {"--branch", &options->job->branch},
                 {"--title", &options->job->title},
                 {"--id", &options->job->repository_id},
                 {"--work-dir", &options->job->work_dir},
                 {"--token-file", &options->token_file},
                 {"--ssh-key", &options->job->ssh_key},
                 {"--known-hosts", &options->job->ssh_known_hosts},
                 {"--github-api", &options->job->github_api}};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (!strcmp(name, known[i].name)) {
            return known[i].place;
        }
    }
    return NULL;
}

/** @return 0, or the exit status for bad usage */
static int options_read(int argc, const char *const *argv, options *options)
{
    for (int i = 1; i < argc; i++) {
        const char **place = option_place(options, argv[i]);

        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "--version") ||
            !strcmp(argv[i], "--analyse")) {
            options->mode = argv[i];
        } else if (!strcmp(argv[i], "--json")) {
            options->json = 1;
        } else if (!strcmp(argv[i], "--parent") || place) {
            if (i + 1 == argc || !*argv[i + 1]) {
                return usage("%s needs a value.", argv[i]);
            }
            if (place) {
                *place = argv[i + 1];
            } else {
                options->guard.parent = (pid_t)atoi(argv[i + 1]);
            }
            i++;
        } else {
            return usage("\"%s\" is not an option.", argv[i]);
        }
    }
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): main() has made the job */
    options->is_command = options->job->url != NULL;
    if (!options->is_command && (options->job->output_dir || options->json)) {
        return usage("%s needs --repository.", options->json ? "--json" : "--output");
    }
    if (options->is_command && !options->job->output_dir == !options->json) {
        return usage("--repository needs either --output DIR or --json.%s", "");
    }
    return 0;
}

static apr_status_t token_read(apr_pool_t *pool, options *options)
{
    char token[2048];
    FILE *file = options->token_file ? fopen(options->token_file, "re") : NULL;
    size_t n;

    if (!options->token_file) {
        return APR_SUCCESS;
    }
    if (!file) {
        return APR_FROM_OS_ERROR(errno);
    }
    n = fread(token, 1, sizeof(token) - 1, file);
    fclose(file);
    token[n] = '\0';
    token[strcspn(token, "\r\n")] = '\0';
    options->job->token = apr_pstrdup(pool, token);
    return APR_SUCCESS;
}

/** An id from the URL's last part, only its own characters, and a sum of the whole: two repositories may have the same
 * last part, and one must not find what was fetched of the other. */
static const char *id_from(apr_pool_t *pool, const char *url)
{
    char *id = apr_pstrdup(pool, url);
    apr_size_t length = strlen(id);
    char *start, *to;

    while (length && (id[length - 1] == '/' || (length > 4 && !strcmp(id + length - 4, ".git")))) {
        length -= id[length - 1] == '/' ? 1 : 4;
        id[length] = '\0';
    }
    start = strrchr(id, '/') ? strrchr(id, '/') + 1 : id;
    to = start;
    for (const char *p = start; *p && to - start < DOCGEN_ID_MAX - 9; p++) {
        if (apr_isalnum(*p) || (to > start && strchr("._-", *p))) {
            *to++ = *p;
        }
    }
    *to = '\0';
    return apr_psprintf(pool, "%s-%08lx", docgen_id_is_valid(start) ? start : "repository",
                        crc32(0, (const unsigned char *)url, (unsigned int)strlen(url)));
}

/** Fills in what a person need not say. */
static const char *command_settle(apr_pool_t *pool, options *options)
{
    docgen_job *job = options->job;
    const char *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    const char *error = NULL;

    if (token_read(pool, options) != APR_SUCCESS) {
        return apr_psprintf(pool, "The token file %s cannot be read.", options->token_file);
    }
    if (!job->repository_id) {
        job->repository_id = id_from(pool, job->url);
    }
    if (!docgen_id_is_valid(job->repository_id)) {
        return "--id takes letters, digits, '.', '_' and '-', at most 100.";
    }
    if (!job->work_dir) {
        if (!cache || *cache != '/') {
            cache = apr_pstrcat(pool, home && *home == '/' ? home : "/tmp", "/.cache", NULL);
        }
        job->work_dir = apr_pstrcat(pool, cache, "/docgen", NULL);
    } else if (*job->work_dir != '/') {
        char *here = getcwd(NULL, 0);

        job->work_dir = apr_pstrcat(pool, here ? here : "", "/", job->work_dir, NULL);
        free(here);
    }
    return docgen_job_check(pool, job, &error) == APR_SUCCESS ? NULL : error;
}

static int work_do(work *work, docgen_guard_note *note)
{
    options *options = work->options;
    docgen_output *output;
    docgen_job *job = options->job;
    const char *error = NULL;

#ifndef __SANITIZE_ADDRESS__   /* the leak check at the end traces the process */
    prctl(PR_SET_DUMPABLE, 0); /* secrets are in this memory */
#endif
    if (options->is_command) {
        error = command_settle(work->pool, options);
    } else if (docgen_job_parse(work->pool, work->line, work->length, &job, &error) ==
               APR_SUCCESS) {
        memset(work->line, 0, work->length);
    }
    output = job && job->output_dir ? docgen_output_console(work->pool)
                                    : docgen_output_json(work->pool, STDOUT_FILENO, job->protocol);
    docgen_output_begin(output);
    if (error) {
        docgen_log(DOCGEN_LOG_ERROR, APR_SUCCESS, "%s", error);
        docgen_output_error(output, error);
        return 1;
    }
    docgen_log_set(log_line, docgen_job_secrets(work->pool, job));
    return docgen_worker_run(work->pool, job, output, note);
}

/** The worker ends here: what its pool holds, JSON and connections, is given back. */
static int worker_main(void *baton, docgen_guard_note *note)
{
    work *work = baton;
    int status = work_do(work, note);

    docgen_log_set(NULL, NULL); /* its secrets are in the pool */
    apr_pool_destroy(work->pool);
    return status;
}

/** The guard's life in front of the worker's. */
static int guard_main(apr_pool_t *pool, options *options)
{
    work work = {.pool = pool, .options = options};
    apr_status_t rv;
    int status;

    options->guard.watch_stdin = options->guard.background = !options->is_command;
    if (docgen_guard_enter(&options->guard) != APR_SUCCESS) {
        return 1;
    }
    if (!options->is_command) {
        if (isatty(STDIN_FILENO)) {
            return usage(
                "Without --repository a job is read from standard input, not from a terminal.%s",
                "");
        }
        rv = docgen_guard_line(pool, DOCGEN_JOB_MAX, &work.line, &work.length);
        if (rv != APR_SUCCESS) {
            docgen_log(DOCGEN_LOG_ERROR, rv, "no job could be read from standard input");
            return 1;
        }
    }
    status = docgen_guard_run(&options->guard, worker_main, &work);
    if (work.line) {
        memset(work.line, 0, work.length);
    }
    return status;
}

int main(int argc, const char *const *argv)
{
    options options = {0};
    const char *parent = getenv("DOCGEN_PARENT");
    apr_pool_t *pool;
    int status;

    if (docgen_askpass_is_wanted()) {
        return docgen_askpass_main(argc > 1 ? argv[1] : NULL);
    }
    apr_initialize();
    apr_pool_create(&pool, NULL);
    docgen_log_set(log_line, NULL);
    options.job = docgen_job_create(pool);
    options.guard.parent = parent ? (pid_t)atoi(parent) : 0;
    status = options_read(argc, argv, &options);
    if (status == 0 && options.mode) {
        if (!strcmp(options.mode, "--analyse")) {
            status = docgen_analyse_main(pool);
        } else {
            fputs(!strcmp(options.mode, "--help") ? help : PROGRAM " " VERSION "\n", stdout);
        }
    } else if (status == 0) {
        status = guard_main(pool, &options);
    }
    apr_pool_destroy(pool);
    apr_terminate();
    return status;
}
