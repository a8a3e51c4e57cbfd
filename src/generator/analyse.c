/* Both ends of the analysis phase: the order written by the worker, and the process that carries it
 * out.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/analyse.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "core/json.h"
#include "core/log.h"
#include "generator/analysis/model.h"
#include "generator/analysis/parsed.h"
#include "generator/analysis/release.h"
#include "generator/repo/tree.h"
#include "generator/sections/sections.h"
#include "generator/spawn.h"
#include "generator/stamp.h"

#define ORDER_MAX (16 * 1024 * 1024)
#define STEP_MS   200

/** What the order says. */
typedef struct order {
    docgen_sandbox sandbox;
    docgen_facts *facts;
    const char *output_dir;
    apr_uint64_t max_file;
    int max_files;
    int protocol;
    int confine;
} order;

static json_t *order_write(const docgen_job *job, const docgen_facts *facts,
                           const docgen_sandbox *sandbox, docgen_sandbox_level level)
{
    return json_pack("{s:s, s:s*, s:s*, s:s*, s:s*, s:i, s:I, s:i, s:i, s:b, s:o}", "gitDir",
                     sandbox->read_only, "program", sandbox->program, "directory",
                     sandbox->directory, "writable", sandbox->writable, "outputDir",
                     job->output_dir, "notes", sandbox->notes, "maxFileBytes",
                     (json_int_t)job->limits.max_file, "maxFiles", job->limits.max_files,
                     "protocol", job->protocol, "confine", level == DOCGEN_SANDBOX_SECCOMP, "facts",
                     docgen_facts_write(facts));
}

/** A file without a name that holds the order: it becomes the analysis' stdin. */
static apr_status_t order_file(apr_pool_t *pool, const docgen_job *job, const docgen_facts *facts,
                               const docgen_sandbox *sandbox, docgen_sandbox_level level, int *fd)
{
    json_t *order = docgen_json_own(pool, order_write(job, facts, sandbox, level));
    const char *text = order ? docgen_json_dump(pool, order) : NULL;
    apr_size_t length = text ? strlen(text) : 0;

    *fd = text ? memfd_create("order", MFD_CLOEXEC) : -1;
    if (*fd < 0) {
        return text ? APR_FROM_OS_ERROR(errno) : APR_EGENERAL;
    }
    if (write(*fd, text, length) != (ssize_t)length || lseek(*fd, 0, SEEK_SET) != 0) {
        close(*fd);
        *fd = -1;
        return APR_EGENERAL;
    }
    return APR_SUCCESS;
}

/** Waits for the process until the deadline, then kills it. */
static apr_status_t process_wait(pid_t pid, apr_time_t deadline, int *status)
{
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    apr_status_t rv = APR_SUCCESS;
    int raw = 0;

    while (waitpid(pid, &raw, WNOHANG) == 0) {
        struct pollfd ended = {.fd = pidfd, .events = POLLIN};

        if (docgen_monotonic_now() >= deadline) {
            raw = docgen_spawn_kill(pid);
            rv = APR_TIMEUP;
            break;
        }
        poll(&ended, pidfd >= 0, STEP_MS);
    }
    if (pidfd >= 0) {
        close(pidfd);
    }
    *status = WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
    return rv;
}

apr_status_t docgen_analyse_run(apr_pool_t *pool, const docgen_job *job, const docgen_facts *facts,
                                const docgen_sandbox *sandbox, apr_time_t deadline, int *status)
{
    static const char *const args[] = {"--analyse", NULL};
    docgen_sandbox_level level = docgen_sandbox_probe(pool, sandbox);
    docgen_spawn spawn = {0};
    apr_status_t rv;
    pid_t pid;

    docgen_log(DOCGEN_LOG_INFO, APR_SUCCESS, "sandbox: %s", docgen_sandbox_name(level));
    rv = order_file(pool, job, facts, sandbox, level, &spawn.input);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    spawn.argv = docgen_sandbox_argv(pool, level, sandbox, args);
    spawn.env = docgen_sandbox_environment(pool, level, sandbox);
    spawn.directory = sandbox->directory;
    spawn.pass_fd = sandbox->notes;
    spawn.output = STDOUT_FILENO;
    spawn.errors = STDERR_FILENO;
#ifndef __SANITIZE_ADDRESS__ /* its shadow alone is terabytes of address space */
    spawn.max_data = (apr_size_t)job->limits.max_memory;
#endif
    rv = docgen_spawn_program(pool, &spawn, &pid);
    close(spawn.input);
    return rv == APR_SUCCESS ? process_wait(pid, deadline, status) : rv;
}

static apr_status_t order_read(apr_pool_t *pool, order *order)
{
    docgen_buffer *text = docgen_buffer_create(pool);
    json_t *object;
    char piece[65536];
    ssize_t n;

    while ((n = read(STDIN_FILENO, piece, sizeof(piece))) > 0 && text->length < ORDER_MAX) {
        docgen_buffer_append(text, piece, (apr_size_t)n);
    }
    if (docgen_json_parse(pool, text->data, text->length, &object, NULL) != APR_SUCCESS ||
        !docgen_json_string(object, "gitDir")) {
        return APR_EINVAL;
    }
    order->sandbox.read_only = docgen_json_string(object, "gitDir");
    order->sandbox.program = docgen_json_string(object, "program");
    order->sandbox.directory = docgen_json_string(object, "directory");
    order->sandbox.writable = docgen_json_string(object, "writable");
    order->output_dir = docgen_json_string(object, "outputDir");
    order->sandbox.notes = (int)docgen_json_integer(object, "notes", 0);
    order->max_file = (apr_uint64_t)docgen_json_integer(object, "maxFileBytes", 0);
    order->max_files = (int)docgen_json_integer(object, "maxFiles", 0);
    order->protocol = (int)docgen_json_integer(object, "protocol", DOCGEN_PROTOCOL);
    order->confine = json_is_true(json_object_get(object, "confine"));
    order->facts = docgen_facts_read(pool, json_object_get(object, "facts"));
    order->facts->sandbox =
        docgen_sandbox_name(order->confine ? DOCGEN_SANDBOX_SECCOMP : DOCGEN_SANDBOX_BUBBLEWRAP);
    return order->facts->commit ? APR_SUCCESS : APR_EINVAL;
}

static void analysis_progress(void *baton, int percent)
{
    docgen_output_progress(baton, 50 + percent / 10, "Analyzing codebase structure");
}

/** Opens the tree; says what is wrong with it. */
static apr_status_t tree_open(apr_pool_t *pool, const order *order, docgen_output *output,
                              docgen_tree **tree)
{
    apr_status_t rv = docgen_tree_open(tree, pool, order->sandbox.read_only, order->facts->commit,
                                       order->max_file);

    if (rv == APR_ENOSPC ||
        (rv == APR_SUCCESS && order->max_files && (*tree)->files->nelts > order->max_files)) {
        docgen_output_error(
            output,
            apr_psprintf(pool, "The repository has more than the %d files that are allowed.",
                         order->max_files));
        return APR_ENOSPC;
    }
    return rv;
}

/** From the tree to the last page. @return exit status */
static int analysis_do(apr_pool_t *pool, const order *order, docgen_output *output)
{
    docgen_site site = {.pool = pool, .output = output};
    docgen_parsed *parsed;
    docgen_tree *tree;
    apr_status_t rv;

    docgen_output_progress(output, 50, "Analyzing codebase structure");
    rv = tree_open(pool, order, output, &tree);
    if (rv != APR_SUCCESS) {
        return rv == APR_ENOSPC ? 1 : DOCGEN_EXIT_UNREADABLE;
    }
    rv = docgen_tree_count(tree);
    if (rv == APR_SUCCESS) {
        parsed = docgen_parsed_open(pool, order->sandbox.notes > 2 ? order->sandbox.notes : -1,
                                    docgen_stamp(pool));
        rv = docgen_model_build(&site.model, pool, order->facts, tree, parsed, analysis_progress,
                                output);
    }
    if (rv == APR_SUCCESS) {
        docgen_release_compare(site.model, pool, parsed, order->max_file);
        docgen_parsed_save(parsed);
        site.guides = apr_array_make(pool, 16, sizeof(docgen_guide));
        site.pages = apr_hash_make(pool);
        site.assets = apr_hash_make(pool);
        docgen_output_progress(output, 60, "Generating documentation sections");
        rv = docgen_sections_write(&site);
    }
    if (rv == APR_SUCCESS) {
        docgen_output_progress(output, 95, "Finalizing output");
        rv = docgen_output_finish(output);
    }
    if (rv != APR_SUCCESS) {
        char why[120];

        docgen_output_error(output,
                            apr_psprintf(pool,
                                         "The documentation could not be written (%s): see the "
                                         "log of this run.",
                                         apr_strerror(rv, why, sizeof(why))));
        return 1;
    }
    return 0;
}

int docgen_analyse_main(apr_pool_t *pool)
{
    order order = {0};
    docgen_output *output;
    apr_status_t rv = order_read(pool, &order);

    if (rv == APR_SUCCESS && order.confine) {
        rv = docgen_sandbox_enter(&order.sandbox);
    }
    if (rv != APR_SUCCESS) {
        docgen_log(DOCGEN_LOG_ERROR, rv, "the analysis cannot start");
        return 1;
    }
    output = order.output_dir ? docgen_output_site(pool, order.output_dir)
                              : docgen_output_json(pool, STDOUT_FILENO, order.protocol);
    return output ? analysis_do(pool, &order, output) : 1;
}
