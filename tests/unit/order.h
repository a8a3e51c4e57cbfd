/* A run of the whole program as the supervisor orders it, and what it said.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_TESTS_UNIT_ORDER_H
#define DOCGEN_TESTS_UNIT_ORDER_H

#include <fcntl.h>
#include <sys/wait.h>
#include "core/buffer.h"
#include "core/json.h"
#include "generator/spawn.h"
#include "unit/made.h"

/** What a run said. */
typedef struct run_seen {
    int exit_code;
    int pages;
    int top; /**< the highest percentage */
    const char *error;
    const char *commit;
    const char *branch;
    const char *unchanged;
    const char *output;
    const char *log;
    const char *index; /**< the Overview's Markdown */
    const char *quality;
} run_seen;

static inline void line_see(run_seen *seen, const char *text)
{
    const char *type, *path;
    json_t *line;

    cr_assert_eq(docgen_json_parse(made_here.pool, text, strlen(text), &line, NULL), APR_SUCCESS,
                 "%.200s", text);
    type = docgen_json_string(line, "type");
    path = docgen_json_string(line, "path");
    cr_assert_not_null(type);
    if (!strcmp(type, "progress")) {
        int percent = (int)docgen_json_integer(line, "percent", -1);

        cr_assert_geq(percent, seen->top, "progress fell");
        seen->top = percent;
    } else if (!strcmp(type, "source")) {
        cr_assert_null(seen->commit, "two sources");
        seen->commit = docgen_json_string(line, "commit");
        seen->branch = docgen_json_string(line, "branch");
    } else if (!strcmp(type, "page")) {
        seen->pages++;
        seen->index = !strcmp(path, "index") ? docgen_json_string(line, "markdown") : seen->index;
        seen->quality =
            !strcmp(path, "quality") ? docgen_json_string(line, "markdown") : seen->quality;
    } else if (!strcmp(type, "error")) {
        cr_assert_null(seen->error, "two errors: %s", text);
        seen->error = docgen_json_string(line, "message");
    } else if (!strcmp(type, "unchanged")) {
        seen->unchanged = docgen_json_string(line, "commit");
    }
}

/** Orders a job as the supervisor does; `members` are further members of the object ('' begins with a comma). */
static inline run_seen order(const char *url, const char *members)
{
    const char *argv[] = {made_generator(), NULL};
    const char *text = apr_psprintf(
        made_here.pool,
        "{\"protocol\":1,\"repositoryId\":\"r\",\"url\":\"%s\",\"workDir\":\"%s\"%s}\n", url,
        made_path("work"), members);
    int in[2], out[2], log;
    docgen_spawn spawn = {.argv = argv};
    docgen_buffer *said = docgen_buffer_create(made_here.pool);
    run_seen seen = {0};
    char piece[65536], *last = NULL;
    int status;
    ssize_t n;
    pid_t pid;

    log = open(made_path("log"), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    cr_assert(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 && log >= 0);
    spawn.input = in[0];
    spawn.output = out[1];
    spawn.errors = log;
    cr_assert_eq(docgen_spawn_program(made_here.pool, &spawn, &pid), APR_SUCCESS);
    close(in[0]);
    close(out[1]);
    cr_assert_eq(write(in[1], text, strlen(text)), (ssize_t)strlen(text));
    while ((n = read(out[0], piece, sizeof(piece))) >
           0) { /* stdin stays open, as the protocol wants */
        docgen_buffer_append(said, piece, (apr_size_t)n);
    }
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    close(in[1]);
    close(out[0]);
    seen.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    seen.output = apr_pstrdup(made_here.pool, said->data);
    lseek(log, 0, SEEK_SET);
    n = read(log, piece, sizeof(piece) - 1);
    piece[n > 0 ? n : 0] = '\0';
    seen.log = apr_pstrdup(made_here.pool, piece);
    close(log);
    for (char *line = apr_strtok(said->data, "\n", &last); line;
         line = apr_strtok(NULL, "\n", &last)) {
        line_see(&seen, line);
    }
    return seen;
}

static inline const char *made_plain(const char *name)
{
    made_begin("First words");
    made_file("README.md", "# The thing\n\nIt does things.\n");
    made_file("src/thing.c", "/** Does it. */\nint thing(int a)\n{\n    return a;\n}\n");
    made_begin("Second words");
    made_file("src/more.c", "int more;\n");
    return made_end(name);
}

#endif
