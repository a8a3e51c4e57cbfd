/* git with a configuration of ours alone: nothing from the system, the user or the repository is
 * believed.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/fetch/git.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/statvfs.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include "core/id.h"
#include "core/log.h"
#include "generator/fetch/fetch.h"
#include "generator/spawn.h"

#define INIT_TIMEOUT apr_time_from_sec(20)
#define DISK_LEFT    ((fsblkcnt_t)64 * 1024)
#define INODES_LEFT  ((fsfilcnt_t)20)

static const char configuration[] =
    "[core]\n\thooksPath = /dev/null\n\tfsmonitor = false\n\taskPass =\n\tbigFileThreshold = 32m\n"
    "[gc]\n\tauto = 0\n\tautoDetach = false\n"
    "[maintenance]\n\tauto = false\n"
    "[credential]\n\thelper =\n"
    "[protocol]\n\tversion = 2\n"
    "[http]\n\tlowSpeedLimit = 1000\n\tlowSpeedTime = 30\n\tfollowRedirects = false\n"
    "[transfer]\n\tfsckObjects = true\n\tunpackLimit = 1\n"
    "[fetch]\n\trecurseSubmodules = false\n\twriteCommitGraph = false\n"
    "[submodule]\n\trecurse = false\n"
    "[log]\n\tmailmap = false\n\tshowSignature = false\n"
    /* Old histories hold these everywhere, and hosting sites accept them; nothing is checked out, so they do no harm. What
     * is not named here is refused: paths like ".." in trees, and objects that cannot be parsed. */
    "[fetch \"fsck\"]\n"
    "\tbadTimezone = ignore\n\tbadDate = ignore\n\tbadDateOverflow = ignore\n\tbadEmail = ignore\n"
    "\tbadName = ignore\n\tmissingEmail = ignore\n\tmissingNameBeforeEmail = ignore\n"
    "\tmissingSpaceBeforeEmail = ignore\n\tmissingSpaceBeforeDate = ignore\n"
    "\tzeroPaddedFilemode = ignore\n\tzeroPaddedDate = ignore\n\tmultipleAuthors = ignore\n"
    "\tmissingTaggerEntry = ignore\n\tbadTagName = ignore\n\thasDotgit = ignore\n"
    "\tgitmodulesUrl = ignore\n\tgitmodulesName = ignore\n\tgitmodulesPath = ignore\n"
    "\tgitmodulesUpdate = ignore\n\tgitmodulesParse = ignore\n\tgitmodulesSymlink = ignore\n"
    "\tgitmodulesBlob = ignore\n\tgitmodulesLarge = ignore\n\tgitmodulesMissing = ignore\n"
    "\tnullSha1 = ignore\n\ttreeNotSorted = warn\n\textraHeaderEntry = ignore\n"
    "\tnulInCommit = ignore\n\tgitattributesLarge = ignore\n"
    "\tgitattributesLineLength = ignore\n\tgitattributesBlob = ignore\n";

/* A local path's upload-pack runs with this file too: it may belong to somebody else, and may
 * filter. */
static const char local_configuration[] = "[safe]\n\tdirectory = *\n"
                                          "[uploadpack]\n\tallowFilter = true\n"
                                          "\tallowAnySHA1InWant = true\n";

/** Writes a new private file. */
static apr_status_t file_write(const char *path, const char *first, const char *second)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    apr_status_t rv = APR_SUCCESS;
    const char *const parts[2] = {first, second};

    if (fd < 0) {
        return APR_FROM_OS_ERROR(errno);
    }
    for (int i = 0; i < 2 && rv == APR_SUCCESS; i++) {
        const char *text = parts[i] ? parts[i] : "";

        errno = ENOSPC; /* what a short write means */
        if (write(fd, text, strlen(text)) != (ssize_t)strlen(text)) {
            rv = APR_FROM_OS_ERROR(errno);
        }
    }
    close(fd);
    return rv;
}

/** Keys that came in the job become files; ssh wants a newline at their end. */
static apr_status_t key_settle(docgen_git *git, const char *name, const char *data,
                               const char **path)
{
    apr_size_t length = data ? strlen(data) : 0;

    if (!data) {
        return APR_SUCCESS;
    }
    *path = apr_pstrcat(git->pool, git->directory, "/", name, NULL);
    return file_write(*path, data, length && data[length - 1] == '\n' ? NULL : "\n");
}

static const char *shell_quote(apr_pool_t *pool, const char *text)
{
    char *out = apr_palloc(pool, strlen(text) * 4 + 3);
    char *to = out;

    *to++ = '\'';
    for (; *text; text++) {
        if (*text == '\'') {
            memcpy(to, "'\\''", 4);
            to += 4;
        } else {
            *to++ = *text;
        }
    }
    *to++ = '\'';
    *to = '\0';
    return out;
}

static apr_status_t ssh_command(docgen_git *git, const char **command)
{
    const char *key = git->job->ssh_key, *hosts = git->job->ssh_known_hosts;
    apr_status_t rv = key_settle(git, "key", git->job->ssh_key_data, &key);

    if (rv == APR_SUCCESS) {
        rv = key_settle(git, "known_hosts", git->job->ssh_known_hosts_data, &hosts);
    }
    *command =
        apr_pstrcat(git->pool, "ssh -F /dev/null -o BatchMode=yes -o ConnectTimeout=15",
                    " -o StrictHostKeyChecking=yes -o ClearAllForwardings=yes",
                    " -o IdentitiesOnly=yes -o IdentityAgent=none",
                    " -o GlobalKnownHostsFile=/etc/ssh/ssh_known_hosts",
                    " -o UserKnownHostsFile=", hosts ? shell_quote(git->pool, hosts) : "/dev/null",
                    key ? " -i " : "", key ? shell_quote(git->pool, key) : "", NULL);
    return rv;
}

/** What a site's own settings for reaching the network may pass through. git knows the authorities
 * to trust by names of its own. */
static void environment_pass(apr_array_header_t *env, apr_pool_t *pool)
{
    static const struct {
        const char *from;
        const char *to;
    } names[] = {{"http_proxy", "http_proxy"},      {"https_proxy", "https_proxy"},
                 {"HTTPS_PROXY", "HTTPS_PROXY"},    {"all_proxy", "all_proxy"},
                 {"ALL_PROXY", "ALL_PROXY"},        {"no_proxy", "no_proxy"},
                 {"NO_PROXY", "NO_PROXY"},          {"SSL_CERT_FILE", "GIT_SSL_CAINFO"},
                 {"SSL_CERT_DIR", "GIT_SSL_CAPATH"}};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i].from);

        if (value && *value) {
            APR_ARRAY_PUSH(env, const char *) = apr_pstrcat(pool, names[i].to, "=", value, NULL);
        }
    }
}

static apr_status_t environment_build(docgen_git *git, docgen_scheme scheme, const char *config)
{
    static const char *const protocols[] = {"https", "http", "ssh", "file", "none"};
    apr_array_header_t *env = apr_array_make(git->pool, 24, sizeof(const char *));
    apr_pool_t *pool = git->pool;
    const char *path = getenv("PATH");
    apr_status_t rv = APR_SUCCESS;

#define ADD(...) APR_ARRAY_PUSH(env, const char *) = apr_pstrcat(pool, __VA_ARGS__, NULL)
    ADD("PATH=", path && *path ? path : "/usr/local/bin:/usr/bin:/bin");
    ADD("LC_ALL=C.UTF-8");
    ADD("TZ=UTC");
    ADD("HOME=", git->directory);
    ADD("TMPDIR=", git->directory);
    ADD("GIT_CONFIG_NOSYSTEM=1");
    ADD("GIT_CONFIG_GLOBAL=", config);
    ADD("GIT_TERMINAL_PROMPT=0");
    ADD("GIT_NO_REPLACE_OBJECTS=1");
    ADD("GIT_ATTR_NOSYSTEM=1");
    ADD("GIT_ALLOW_PROTOCOL=", protocols[scheme]);
    if (scheme == DOCGEN_SCHEME_SSH) {
        const char *command;

        rv = ssh_command(git, &command);
        ADD("GIT_SSH_COMMAND=", command);
        ADD("GIT_SSH_VARIANT=ssh");
    }
#undef ADD
    environment_pass(env, pool);
    APR_ARRAY_PUSH(env, const char *) = NULL;
    git->env = (const char *const *)env->elts;
    return rv;
}

apr_status_t docgen_git_create(docgen_git **result, apr_pool_t *pool, const docgen_job *job,
                               const char *directory, const char *program, apr_time_t deadline)
{
    docgen_git *git = apr_pcalloc(pool, sizeof(*git));
    docgen_scheme scheme = docgen_scheme_of(job->url);
    const char *config = apr_pstrcat(pool, directory, "/gitconfig", NULL);
    apr_status_t rv;

    git->pool = pool;
    git->job = job;
    git->directory = directory;
    git->program = program;
    git->url = job->url;
    git->deadline = deadline;
    rv = file_write(config, configuration,
                    scheme == DOCGEN_SCHEME_FILE ? local_configuration : NULL);
    if (rv == APR_SUCCESS) {
        rv = environment_build(git, scheme, config);
    }
    *result = git;
    return rv;
}

apr_status_t docgen_git_init(docgen_git *git, apr_pool_t *pool, const char *git_dir,
                             const char *commit, docgen_run_result *result)
{
    const char *args[] = {"init",
                          "--bare",
                          "--quiet",
                          "--template=",
                          "--initial-branch=main",
                          strlen(commit) == 64 ? "--object-format=sha256" : "--object-format=sha1",
                          "--",
                          git_dir,
                          NULL};
    apr_status_t rv;

    docgen_folder_remove(git_dir);
    rv = docgen_git_run(git, pool, NULL, args, 0, INIT_TIMEOUT, result);
    if (rv != APR_SUCCESS) {
        docgen_folder_remove(git_dir); /* half of one would be taken for a broken cache */
    }
    return rv;
}

/** The environment with the askpass channel added. */
static const char *const *environment_with_askpass(const docgen_git *git, apr_pool_t *pool, int fd)
{
    apr_array_header_t *env = apr_array_make(pool, 32, sizeof(const char *));

    for (const char *const *entry = git->env; *entry; entry++) {
        APR_ARRAY_PUSH(env, const char *) = *entry;
    }
    APR_ARRAY_PUSH(env, const char *) = apr_pstrcat(pool, "GIT_ASKPASS=", git->program, NULL);
    APR_ARRAY_PUSH(env, const char *) = apr_psprintf(pool, "DOCGEN_ASKPASS_FD=%d", fd);
    APR_ARRAY_PUSH(env, const char *) = NULL;
    return (const char *const *)env->elts;
}

/** The token is the configured URL's scheme, host and port: where that one redirects elsewhere, it stays behind. */
static int is_tokens_origin(apr_pool_t *pool, const docgen_git *git)
{
    const char *configured = docgen_url_origin(pool, git->job->url);
    const char *asked = docgen_url_origin(pool, git->url);

    return configured && asked && !strcmp(configured, asked);
}

/** Is there no room left for a small repository? What git had begun is removed already, hence more than nothing. */
static int disk_is_full(const char *directory)
{
    struct statvfs about;

    return statvfs(directory, &about) == 0 && (about.f_bavail * about.f_frsize < DISK_LEFT ||
                                               (about.f_files && about.f_favail < INODES_LEFT));
}

apr_status_t docgen_git_run(docgen_git *git, apr_pool_t *pool, const char *git_dir,
                            const char *const *args, int network, apr_interval_time_t timeout,
                            docgen_run_result *result)
{
    apr_array_header_t *argv = apr_array_make(pool, 16, sizeof(const char *));
    apr_interval_time_t left = git->deadline - docgen_monotonic_now();
    docgen_run run = {0};
    apr_status_t rv;
    int fd = -1;

    memset(result, 0, sizeof(*result));
    result->output = result->errors = "";
    if (left <= 0) {
        result->timed_out = 1;
        return APR_TIMEUP;
    }
    APR_ARRAY_PUSH(argv, const char *) = "git";
    if (git_dir) {
        APR_ARRAY_PUSH(argv, const char *) = apr_pstrcat(pool, "--git-dir=", git_dir, NULL);
    }
    for (; *args; args++) {
        APR_ARRAY_PUSH(argv, const char *) = *args;
    }
    APR_ARRAY_PUSH(argv, const char *) = NULL;
    run.argv = (const char *const *)argv->elts;
    run.env = git->env;
    run.directory = git->directory;
    run.timeout = timeout && timeout < left ? timeout : left;
    run.max_file = git->job->limits.max_repository;
    run.on_stderr = network ? git->on_progress : NULL;
    run.baton = git->baton;
    run.stop = &git->stop;
    git->stop = 0;
    if (network && git->job->token && is_tokens_origin(pool, git)) {
        fd = docgen_askpass_pipe(pool, git->url, git->job->token);
        if (fd >= 0) {
            run.pass_fd = fd;
            run.env = environment_with_askpass(git, pool, fd);
        }
    }
    rv = docgen_run_program(pool, &run, result);
    if (fd >= 0) {
        close(fd);
    }
    if (rv != APR_SUCCESS && disk_is_full(git->job->work_dir)) {
        /* git often says what it could not write, and not why */
        result->errors = apr_pstrcat(pool, result->errors, "\nNo space left on device\n", NULL);
    }
    return rv;
}
