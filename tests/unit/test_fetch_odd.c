/* Repositories that are odd as a whole, and a machine that is: malformed old commits, other object formats, full disks.
 * SPDX-License-Identifier: Apache-2.0 */
#include "unit/httpd_git.h"
#include "unit/order.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

TestSuite(fetch_odd, .init = made_setup, .fini = made_teardown, .timeout = 120);

/** Writes an object as it is, whatever git thinks of it, and returns its id. */
static const char *object_write(const char *dir, const char *type, const char *data,
                                apr_size_t length)
{
    const char *args[] = {"hash-object", "-t", type, "-w", "--stdin", "--literally", NULL};
    const char *id = made_git(dir, data, length, args);

    return apr_pstrmemdup(made_here.pool, id, strcspn(id, "\n"));
}

static void main_set(const char *dir, const char *commit)
{
    const char *args[] = {"update-ref", "refs/heads/main", commit, NULL};

    made_git(dir, NULL, 0, args);
}

static const char *tree_of_main(const char *dir)
{
    const char *args[] = {"rev-parse", "main^{tree}", NULL};
    const char *id = made_git(dir, NULL, 0, args);

    return apr_pstrmemdup(made_here.pool, id, strcspn(id, "\n"));
}

/** Commits onto main with these header lines, and returns the commit. */
static const char *commit_write(const char *dir, const char *headers, const char *message,
                                apr_size_t length)
{
    const char *begin = apr_psprintf(made_here.pool, "tree %s\nparent %s\n%s\n", tree_of_main(dir),
                                     made_commit(dir), headers);
    docgen_buffer *text = docgen_buffer_create(made_here.pool);
    const char *id;

    docgen_buffer_puts(text, begin);
    docgen_buffer_append(text, message, length);
    id = object_write(dir, "commit", text->data, text->length);
    docgen_buffer_free(text);
    main_set(dir, id);
    return id;
}

#define PERSON "A <a@example.org> 1100000000 +0000"

/* What git's checks call errors and hosting sites accept: time zones, addresses, dates. */
static const struct {
    const char *name;
    const char *headers;
} malformed[] = {
    {"badTimezone", "author A <a@b> 1100000000 +51800\ncommitter A <a@b> 1100000000 +51800\n"},
    {"missingEmail", "author A 1100000000 +0000\ncommitter " PERSON "\n"},
    {"missingSpaceBeforeEmail", "author A<a@b> 1100000000 +0000\ncommitter " PERSON "\n"},
    {"missingNameBeforeEmail", "author <a@b> 1100000000 +0000\ncommitter " PERSON "\n"},
    {"badEmail", "author A <a@b 1100000000 +0000\ncommitter " PERSON "\n"},
    {"badName", "author A > <a@b> 1100000000 +0000\ncommitter " PERSON "\n"},
    {"missingSpaceBeforeDate", "author A <a@b>1100000000 +0000\ncommitter " PERSON "\n"},
    {"badDate", "author A <a@b> x +0000\ncommitter A <a@b> x +0000\n"},
    {"badDateOverflow", "author A <a@b> 99999999999999999999 +0000\ncommitter " PERSON "\n"},
    {"zeroPaddedDate", "author A <a@b> 01100000000 +0000\ncommitter " PERSON "\n"},
    {"multipleAuthors", "author " PERSON "\nauthor " PERSON "\ncommitter " PERSON "\n"},
};

enum {
    MALFORMED = sizeof(malformed) / sizeof(malformed[0])
};

/** A repository with each of them in its history, and one commit of today above them. */
static const char *malformed_make(const char *name)
{
    static const char nul[] = "a NUL\0 within\n";
    const char *dir = made_plain(name);

    for (int i = 0; i < MALFORMED; i++) {
        commit_write(dir, malformed[i].headers, malformed[i].name, strlen(malformed[i].name));
    }
    commit_write(dir, "author " PERSON "\ncommitter " PERSON "\n", nul, sizeof(nul) - 1);
    commit_write(dir, "author " PERSON "\ncommitter " PERSON "\n", "the newest", 10);
    return dir;
}

static void history_is_whole(const run_seen *seen)
{
    cr_assert_eq(seen->exit_code, 0, "%s", seen->log);
    cr_assert_null(strstr(seen->log, "history is not available"), "%s", seen->log);
    cr_assert_null(strstr(seen->quality, "history"), "%s", seen->quality);
    for (int i = 0; i < MALFORMED; i++) {
        cr_assert_not_null(strstr(seen->output, malformed[i].name), "%s is missing",
                           malformed[i].name);
    }
    cr_assert_not_null(
        strstr(seen->index, apr_psprintf(made_here.pool, "%d commits", MALFORMED + 4)), "%s",
        seen->index);
    cr_assert_null(strstr(seen->output, "1970-01-01"), "a date that is none");
}

Test(fetch_odd, a_malformed_old_commit_costs_no_history)
{
    httpd_git server = {.root = made_here.dir, .log = made_path("requests")};
    const char *dir = malformed_make("r.git");
    run_seen seen = order(dir, "");

    history_is_whole(&seen);
    docgen_folder_remove(made_path("work"));
    httpd_start(&server);
    seen = order(apr_psprintf(made_here.pool, "http://127.0.0.1:%d/r.git", server.port), "");
    history_is_whole(&seen);
    server.is_old =
        1; /* without filters the newest fifty commits come with their files, and are checked as those are */
    httpd_stop(&server);
    docgen_folder_remove(made_path("work"));
    httpd_start(&server);
    seen = order(apr_psprintf(made_here.pool, "http://127.0.0.1:%d/r.git", server.port), "");
    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
    cr_assert_null(strstr(seen.log, "history is not available"), "%s", seen.log);
    httpd_stop(&server);
}

Test(fetch_odd, a_malformed_newest_commit_is_documented)
{
    for (int i = 0; i < MALFORMED; i++) {
        const char *dir = made_plain(apr_psprintf(made_here.pool, "%d.git", i));
        run_seen seen;

        commit_write(dir, malformed[i].headers, malformed[i].name, strlen(malformed[i].name));
        docgen_folder_remove(made_path("work"));
        seen = order(dir, "");
        cr_assert_eq(seen.exit_code, 0, "%s: %s", malformed[i].name, seen.log);
        cr_assert_str_eq(seen.commit, made_commit(dir));
        cr_assert_null(strstr(seen.log, "history is not available"), "%s", seen.log);
    }
}

/* The disk lost a part of it: said once, and the next run has it again. */
Test(fetch_odd, a_history_that_cannot_be_read_is_fetched_anew)
{
    const char *const harm[] = {
        "sh", "-c",
        "cd $0/cache/r.history.git/objects/pack && for p in *.pack; do chmod u+w $p; "
        "size=$(stat -c %s $p); "
        "dd if=/dev/zero of=$p bs=1 seek=$((size - 200)) count=180 "
        "conv=notrunc 2>/dev/null; done",
        made_path("work"), NULL};
    docgen_run run = {.argv = harm};
    docgen_run_result result;
    const char *dir;
    run_seen seen;

    for (int i = 0; i < 20; i++) {
        made_begin(apr_psprintf(made_here.pool, "Change %d", i));
        made_file("a.c", apr_psprintf(made_here.pool, "int a%d;\n", i));
    }
    dir = made_end("r.git");
    seen = order(dir, "");
    cr_assert_not_null(strstr(seen.index, "20 commits"), "%s", seen.index);
    cr_assert_eq(docgen_run_program(made_here.pool, &run, &result), APR_SUCCESS, "%s",
                 result.errors);
    seen = order(dir, "");
    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
    cr_assert_not_null(strstr(seen.quality, "git could not read what was fetched"), "%s\n%s",
                       seen.quality, seen.log);
    seen = order(dir, "");
    cr_assert_not_null(strstr(seen.index, "20 commits"), "%s", seen.index);
    cr_assert_null(strstr(seen.quality, "history"), "%s", seen.quality);
}

/* What is refused all the same, with git's own reason. */
Test(fetch_odd, a_path_that_leaves_the_tree_is_refused)
{
    const char *dir = made_plain("r.git");
    const char *blob = object_write(dir, "blob", "x", 1);
    docgen_buffer *tree = docgen_buffer_create(made_here.pool);
    const char *id;
    run_seen seen;

    docgen_buffer_append(tree, "100644 ..", 10); /* with its NUL */
    for (int i = 0; i < 40; i += 2) {
        char byte = (char)strtol((char[]){blob[i], blob[i + 1], '\0'}, NULL, 16);

        docgen_buffer_append(tree, &byte, 1);
    }
    id = object_write(dir, "tree", tree->data, tree->length);
    docgen_buffer_free(tree);
    id =
        apr_psprintf(made_here.pool, "tree %s\nauthor " PERSON "\ncommitter " PERSON "\n\nx\n", id);
    main_set(dir, object_write(dir, "commit", id, strlen(id)));
    seen = order(dir, "");
    cr_assert_eq(seen.exit_code, 1);
    cr_assert_not_null(strstr(seen.error, "damaged or hostile"), "%s", seen.error);
    cr_assert_not_null(strstr(seen.error, "hasDotdot"), "%s", seen.error);
}

static const char *made_sha256(const char *name)
{
    const char *init[] = {
        "init", "--bare", "--quiet", "--object-format=sha256", "--initial-branch=main", NULL};

    made_git(made_path(name), NULL, 0, init);
    return made_plain(name);
}

static void sha256_is_documented(const char *dir, const char *url)
{
    const char *commit = made_commit(dir);
    const char *asked =
        apr_psprintf(made_here.pool, ",\"previousCommit\":\"%s\",\"acceptUnchanged\":true", commit);
    run_seen seen = order(url, "");

    cr_assert_eq(strlen(commit), 64);
    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
    cr_assert_str_eq(seen.commit, commit);
    cr_assert_not_null(strstr(seen.index, "2 commits"), "%s", seen.index);
    cr_assert_not_null(strstr(seen.output, "Second words"));
    cr_assert_null(strstr(seen.log, "not available"), "%s", seen.log);
    seen = order(url, asked);
    cr_assert_str_eq(seen.unchanged, commit, "%s", seen.log);
}

Test(fetch_odd, a_repository_of_sha_256)
{
    httpd_git server = {.root = made_here.dir, .log = made_path("requests")};
    const char *dir = made_sha256("s.git");
    const char *tag[] = {"update-ref", "refs/tags/v1.0", "main", NULL};
    run_seen seen;

    sha256_is_documented(dir, dir);
    docgen_folder_remove(made_path("work"));
    httpd_start(&server);
    sha256_is_documented(dir,
                         apr_psprintf(made_here.pool, "http://127.0.0.1:%d/s.git", server.port));
    httpd_stop(&server);
    made_git(dir, NULL, 0, tag);
    made_begin("Third");
    docgen_buffer_puts(made_here.stream, "from refs/heads/main^0\n");
    made_file("new.c", "/** New. */\nint new_one(void)\n{\n    return 1;\n}\n");
    made_end("s.git");
    seen = order(dir, "");
    cr_assert_str_eq(seen.commit, made_commit(dir), "%s", seen.log);
    cr_assert_not_null(strstr(seen.output, "API since v1.0"));
    cr_assert_null(strstr(seen.output, "was not compared"), "the release's files were fetched");
}

Test(fetch_odd, a_remote_that_changes_its_object_format)
{
    const char *dir = made_plain("r.git");
    run_seen seen = order(dir, "");

    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
    docgen_folder_remove(dir);
    sha256_is_documented(made_sha256("r.git"), dir);
    docgen_folder_remove(dir);
    made_plain("r.git");
    seen = order(dir, "");
    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
    cr_assert_str_eq(seen.commit, made_commit(dir));
    cr_assert_null(strstr(seen.log, "history is not available"), "%s", seen.log);
}

/** A work directory of this size alone for this process and its children. @return 0 where that is not allowed */
static int disk_mount(const char *path, const char *options)
{
    static int apart;

    mkdir(path, 0700);
    if (!apart && (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))) {
        return 0;
    }
    apart = 1;
    return mount("docgen-test", path, "tmpfs", 0, options) == 0;
}

/* Wherever the disk fills up, from the first directory to the last pack: what was not done is said with its reason. */
Test(fetch_odd, a_full_disk_is_said_wherever_it_strikes)
{
    const char *dir = made_plain("r.git"), *work = made_path("work");
    const char *tag[] = {"update-ref", "refs/tags/v1.0", "main~1", NULL};
    int failed = 0, partly = 0, whole = 0;

    made_git(dir, NULL, 0, tag);
    for (int i = 0; i < 70; i++) {
        const char *options = i < 60 ? apr_psprintf(made_here.pool, "nr_inodes=%d", i + 2)
                                     : apr_psprintf(made_here.pool, "size=%dk", (i - 59) * 8);
        run_seen seen;

        if (!disk_mount(work, options)) {
            cr_skip_test("only root may mount a disk that is full");
        }
        seen = order(dir, "");
        umount2(work, MNT_DETACH);
        if (seen.exit_code) {
            cr_assert_not_null(strstr(seen.error, "is full: free some space"), "%s: %s\n%s",
                               options, seen.error, seen.log);
            failed++;
        } else if (strstr(seen.log, "not available")) {
            const char *told =
                strstr(seen.log, "history is not available") ? seen.quality : seen.output;

            cr_assert_not_null(strstr(told, "is full"), "%s: %s\n%s", options, told, seen.log);
            partly++;
        } else {
            whole++;
        }
    }
    cr_assert(failed && partly && whole, "%d failed, %d partly, %d whole", failed, partly, whole);
}
