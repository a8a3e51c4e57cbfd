/* The whole program against real repositories: local ones, and over HTTP with credentials, redirects and refusals.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "unit/httpd_git.h"
#include "unit/order.h"

#include <errno.h>
#include <sys/stat.h>
#include "core/text.h"

TestSuite(fetch, .init = made_setup, .fini = made_teardown, .timeout = 60);

Test(fetch, a_local_repository_from_end_to_end)
{
    const char *dir = made_plain("plain.git");
    run_seen seen = order(dir, "");

    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
    cr_assert_null(seen.error, "%s", seen.error);
    cr_assert_str_eq(seen.commit, made_commit(dir));
    cr_assert_str_eq(seen.branch, "main");
    cr_assert_gt(seen.pages, 1);
    cr_assert_eq(seen.top, 95);
    cr_assert_not_null(strstr(seen.log, "sandbox: "));
    cr_assert_not_null(
        strstr(seen.output, "\"percent\":30,\"step\":\"Fetching repository metadata\""));
    cr_assert_not_null(
        strstr(seen.output, "\"percent\":40,\"step\":\"Fetching GitHub authentication\""));
    cr_assert_not_null(
        strstr(seen.output, "\"percent\":50,\"step\":\"Analyzing codebase structure\""));
}

Test(fetch, two_runs_are_byte_identical_and_leave_only_the_cache)
{
    const char *dir = made_plain("plain.git");
    const char *list[] = {"find", made_path("work"), "-mindepth", "1", "-maxdepth", "2", NULL};
    docgen_run find = {.argv = list};
    docgen_run_result result;
    run_seen one = order(dir, "");
    run_seen two = order(dir, "");
    const char *from_one = strstr(one.output, "{\"type\":\"progress\",\"percent\":50");
    const char *from_two = strstr(two.output, "{\"type\":\"progress\",\"percent\":50");

    cr_assert_not_null(from_one);
    cr_assert_str_eq(from_one, from_two);
    cr_assert_eq(docgen_run_program(made_here.pool, &find, &result), APR_SUCCESS);
    cr_assert_null(strstr(result.output, "/run-"), "%s", result.output);
    cr_assert_not_null(strstr(result.output, "/cache/r.git"));
}

/* Which tags git brings by itself depends on what earlier runs left in the cache. */
Test(fetch, a_release_of_another_branch_has_its_date_in_every_run)
{
    const char *dir = made_plain("plain.git");
    const char *first[] = {"update-ref", "refs/tags/v1.0", "main", NULL};
    run_seen one, two;

    made_git(dir, NULL, 0, first);
    made_begin("Mended");
    docgen_buffer_puts(made_here.stream, "from refs/heads/main^0\n");
    made_file("src/more.c", "int more = 1;\n");
    docgen_buffer_printf(made_here.stream,
                         "reset refs/tags/v1.1\nfrom :%d\n"
                         "reset refs/heads/main\nfrom refs/tags/v1.0^0\n",
                         made_here.marks);
    made_end("plain.git");
    one = order(dir, "");
    two = order(dir, "");
    cr_assert_eq(one.exit_code, 0, "%s", one.log);
    cr_assert_not_null(strstr(one.output, "| `v1.1` | 2023-11-17 |"), "%s", one.output);
    cr_assert_str_eq(strstr(one.output, "{\"type\":\"progress\",\"percent\":50"),
                     strstr(two.output, "{\"type\":\"progress\",\"percent\":50"));
}

Test(fetch, nothing_changed_is_told_only_to_those_who_understand)
{
    const char *dir = made_plain("plain.git");
    const char *before =
        apr_psprintf(made_here.pool, ",\"previousCommit\":\"%s\"", made_commit(dir));
    const char *asked = apr_pstrcat(made_here.pool, before, ",\"acceptUnchanged\":true", NULL);
    const char *tag[] = {"update-ref", "refs/tags/v1.0", "main", NULL};
    run_seen seen = order(dir, asked);

    cr_assert_null(seen.unchanged, "the published pages may be another build's");
    cr_assert_gt(seen.pages, 0);
    seen = order(dir, asked);
    cr_assert_eq(seen.exit_code, 0);
    cr_assert_str_eq(seen.unchanged, made_commit(dir));
    cr_assert_eq(seen.pages, 0);
    cr_assert_not_null(strstr(seen.output, "Documentation is up to date"));
    seen = order(dir, before);
    cr_assert_null(seen.unchanged);
    cr_assert_gt(seen.pages, 0);
    seen = order(dir, apr_pstrcat(made_here.pool, asked, ",\"title\":\"Another\"", NULL));
    cr_assert_null(seen.unchanged, "the title is on every page");
    seen = order(dir, asked);
    cr_assert_null(seen.unchanged);
    made_git(dir, NULL, 0, tag);
    seen = order(dir, asked);
    cr_assert_null(seen.unchanged, "a new tag is on the Changelog page");
    seen = order(dir, asked);
    cr_assert_not_null(seen.unchanged);
}

Test(fetch, a_moved_branch_is_fetched_into_the_same_cache)
{
    const char *dir = made_plain("plain.git");
    const char *first = order(dir, "").commit;
    run_seen seen;

    made_begin("Third");
    docgen_buffer_puts(made_here.stream, "from refs/heads/main^0\n");
    made_file("new.c", "int new_one;\n");
    made_end("plain.git");
    seen = order(dir, "");
    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
    cr_assert_str_neq(seen.commit, first);
    cr_assert_str_eq(seen.commit, made_commit(dir));
}

Test(fetch, a_broken_cache_is_made_anew)
{
    const char *dir = made_plain("plain.git");
    const char *broken[] = {
        "sh", "-c",
        "cd $0/cache && for p in r.git/objects/pack/*.pack; do chmod u+w $p; "
        "dd if=/dev/zero of=$p bs=20 seek=1 count=1000 conv=notrunc 2>/dev/null; done",
        made_path("work"), NULL};
    const char *gone[] = {
        "sh", "-c",
        "cd $0/cache && rm -r r.git/objects r.history.git/refs && : > r.git/shallow.lock",
        made_path("work"), NULL};
    docgen_run run = {.argv = broken};
    docgen_run_result result;
    run_seen seen;

    cr_assert_eq(order(dir, "").exit_code, 0);
    cr_assert_eq(docgen_run_program(made_here.pool, &run, &result), APR_SUCCESS, "%s",
                 result.errors);
    seen = order(dir, "");
    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
    cr_assert_gt(seen.pages, 0);
    run.argv = gone;
    cr_assert_eq(docgen_run_program(made_here.pool, &run, &result), APR_SUCCESS, "%s",
                 result.errors);
    seen = order(dir, "");
    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
}

Test(fetch, failures_get_a_sentence)
{
    const char *plain = made_plain("plain.git");
    const char *empty = made_end("empty.git");
    run_seen seen;

    seen = order(empty, "");
    cr_assert_eq(seen.exit_code, 1);
    cr_assert_not_null(strstr(seen.error, "is empty"), "%s", seen.error);
    seen = order(plain, ",\"branch\":\"nothing\"");
    cr_assert_not_null(strstr(seen.error, "The branch \"nothing\" does not exist"), "%s",
                       seen.error);
    seen = order(made_here.dir, "");
    cr_assert_not_null(strstr(seen.error, "is not a git repository"), "%s", seen.error);
    seen = order("/no/such/place.git", "");
    cr_assert_not_null(seen.error);
    seen = order("http://docgen.invalid/x.git", "");
    cr_assert_not_null(strstr(seen.error, "docgen.invalid was not found"), "%s", seen.error);
    seen = order("http://127.0.0.1:9/x.git", "");
    cr_assert_not_null(strstr(seen.error, "The connection to 127.0.0.1 failed"), "%s", seen.error);
    seen = order(plain, ",\"limits\":{\"maxFiles\":1}");
    cr_assert_not_null(strstr(seen.error, "more than the 1 files"), "%s", seen.error);
    seen = order(plain, ",\"limits\":{\"timeoutMs\":1}");
    cr_assert_not_null(strstr(seen.error, "took longer"), "%s", seen.error);
    seen = order("ext::sh", "");
    cr_assert_not_null(strstr(seen.error, "not a repository that can be fetched"), "%s",
                       seen.error);
}

Test(fetch, a_repository_over_the_limit_is_stopped)
{
    apr_size_t size = 3 * 1024 * 1024;
    char *noise = apr_palloc(made_here.pool, size);
    run_seen seen;

    apr_generate_random_bytes((unsigned char *)noise, size);
    made_begin("big");
    made_bytes("100644", "noise.bin", noise, size);
    seen = order(made_end("big.git"), ",\"limits\":{\"maxRepositoryBytes\":1048576}");
    cr_assert_eq(seen.exit_code, 1);
    cr_assert_not_null(strstr(seen.error, "larger than the limit of 1 MiB"), "%s\n%s", seen.error,
                       seen.log);
}

Test(fetch, a_head_without_a_branch)
{
    const char *dir = made_plain("plain.git");
    const char *commit = made_commit(dir);
    FILE *head = fopen(apr_pstrcat(made_here.pool, dir, "/HEAD", NULL), "w");
    run_seen seen;

    fprintf(head, "%s\n", commit);
    fclose(head);
    seen = order(dir, "");
    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
    cr_assert_null(seen.branch);
    head = fopen(apr_pstrcat(made_here.pool, dir, "/HEAD", NULL), "w");
    fprintf(head, "ref: refs/heads/gone\n");
    fclose(head);
    seen = order(dir, "");
    cr_assert_not_null(strstr(seen.error, "name a"), "%s", seen.error);
    seen = order(dir, ",\"branch\":\"main\"");
    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
}

static const char *log_of(const httpd_git *server)
{
    static char text[65536];
    int fd = open(server->log, O_RDONLY);
    ssize_t n = read(fd, text, sizeof(text) - 1);

    text[n > 0 ? n : 0] = '\0';
    close(fd);
    return text;
}

/* "x-access-token:right-token" */
#define RIGHT "Basic eC1hY2Nlc3MtdG9rZW46cmlnaHQtdG9rZW4="

Test(fetch, over_http_with_a_token)
{
    httpd_git server = {
        .root = made_here.dir, .authorization = RIGHT, .log = made_path("requests")};
    const char *url;
    run_seen seen;

    mkdir(made_path("o"), 0700);
    made_plain("o/r.git");
    httpd_start(&server);
    url = apr_psprintf(made_here.pool, "http://127.0.0.1:%d/o/r.git", server.port);
    seen = order(url, ",\"token\":\"right-token\"");
    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
    cr_assert_gt(seen.pages, 1);
    cr_assert_not_null(strstr(log_of(&server), RIGHT));
    seen = order(url, ",\"token\":\"wrong-token\"");
    cr_assert_eq(seen.exit_code, 1);
    cr_assert_not_null(strstr(seen.error, "refused the configured token"), "%s\n%s", seen.error,
                       seen.log);
    cr_assert_null(strstr(seen.log, "wrong-token"));
    cr_assert_null(strstr(seen.output, "wrong-token"));
    seen = order(url, "");
    cr_assert_not_null(strstr(seen.error, "asks for credentials"), "%s", seen.error);
    seen = order(url, ",\"token\":\"x-access-token:right-token\"");
    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
    httpd_stop(&server);
}

Test(fetch, over_http_without_a_token_and_with_refusals)
{
    httpd_git server = {.root = made_here.dir, .log = made_path("requests")};
    const char *base;
    run_seen seen;

    mkdir(made_path("o"), 0700);
    made_plain("o/r.git");
    httpd_start(&server);
    base = apr_psprintf(made_here.pool, "http://127.0.0.1:%d", server.port);
    seen = order(apr_pstrcat(made_here.pool, base, "/o/r.git", NULL), "");
    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
    seen = order(apr_pstrcat(made_here.pool, base, "/o/none.git", NULL), "");
    cr_assert_not_null(strstr(seen.error, "was not found"), "%s", seen.error);
    seen = order(apr_pstrcat(made_here.pool, base, "/forbidden", NULL), "");
    cr_assert_not_null(strstr(seen.error, "refused access"), "%s", seen.error);
    seen = order(apr_pstrcat(made_here.pool, base, "/broken", NULL), "");
    cr_assert_not_null(strstr(seen.error, "cannot answer at the moment"), "%s", seen.error);
    seen = order(apr_pstrcat(made_here.pool, base, "/page", NULL), "");
    cr_assert_not_null(strstr(seen.error, "is not a git repository"), "%s", seen.error);
    httpd_stop(&server);
}

Test(fetch, a_server_without_filters_gives_a_part_of_the_history)
{
    httpd_git server = {.root = made_here.dir, .is_old = 1, .log = made_path("requests")};
    run_seen seen;

    made_plain("r.git");
    httpd_start(&server);
    seen = order(apr_psprintf(made_here.pool, "http://127.0.0.1:%d/r.git", server.port), "");
    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
    cr_assert_gt(seen.pages, 1);
    cr_assert_null(strstr(seen.log, "history is not available"), "%s", seen.log);
    httpd_stop(&server);
}

/* git alone would ask for the missing parents for ever. */
Test(fetch, a_shallow_clone_gives_the_history_that_it_has)
{
    static const char *const root[] = {"rev-parse", "main~2", NULL};
    const char *dir;
    FILE *file;
    run_seen seen;

    for (int i = 0; i < 6; i++) {
        made_begin(apr_psprintf(made_here.pool, "Change %d", i));
        made_file("a.c", apr_psprintf(made_here.pool, "int a%d;\n", i));
    }
    dir = made_end("r.git");
    file = fopen(made_path("r.git/shallow"), "w");
    fputs(made_git(dir, NULL, 0, root), file);
    fclose(file);
    seen = order(dir, "");
    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
    cr_assert_null(strstr(seen.log, "history is not available"), "%s", seen.log);
    cr_assert_not_null(strstr(seen.log, "only a part of the history"), "%s", seen.log);
    cr_assert_not_null(strstr(seen.output, "Change 4"));
}

/* The same host, another port: another server, which is not asked, and never gets the token. */
Test(fetch, another_port_is_another_place)
{
    httpd_git other = {.root = made_here.dir, .authorization = RIGHT, .log = made_path("other")};
    httpd_git away = {.root = made_here.dir, .redirect_from = "/"};
    static const char *const tokens[] = {",\"token\":\"right-token\"", ""};
    const char *url;
    run_seen seen;

    mkdir(made_path("new"), 0700);
    made_plain("new/r.git");
    httpd_start(&other);
    away.redirect_to = apr_psprintf(made_here.pool, "http://127.0.0.1:%d/", other.port);
    httpd_start(&away);
    url = apr_psprintf(made_here.pool, "http://127.0.0.1:%d/new/r.git", away.port);
    for (int i = 0; i < 2; i++) {
        seen = order(url, tokens[i]);
        cr_assert_eq(seen.exit_code, 1);
        cr_assert_not_null(strstr(seen.error, "redirects to another place"), "%s", seen.error);
        /* a prefix without a port means the scheme's own */
        seen = order(url, apr_pstrcat(made_here.pool, tokens[i],
                                      ",\"allowUrl\":[\"http://127.0.0.1\"]", NULL));
        cr_assert_not_null(strstr(seen.error, "redirects to another place"), "%s", seen.error);
        cr_assert_eq(access(other.log, F_OK), -1, "the other port was asked: %s", log_of(&other));
    }
    seen = order(url,
                 apr_psprintf(made_here.pool,
                              "%s,\"allowUrl\":[\"http://127.0.0.1:%d/\",\"http://127.0.0.1:%d/\"]",
                              tokens[0], away.port, other.port));
    cr_assert_not_null(strstr(seen.error, "127.0.0.1 asks for other credentials"), "%s",
                       seen.error);
    cr_assert_null(strstr(log_of(&other), "Basic"), "%s", log_of(&other));
    httpd_stop(&other);
    httpd_stop(&away);
}

Test(fetch, redirects_within_the_host_only)
{
    httpd_git server = {.root = made_here.dir, .redirect_from = "/old/", .redirect_to = "/new/"};
    httpd_git other = {.root = made_here.dir, .authorization = RIGHT, .log = made_path("other")};
    httpd_git away = {.root = made_here.dir, .redirect_from = "/"};
    run_seen seen;

    mkdir(made_path("new"), 0700);
    made_plain("new/r.git");
    httpd_start(&server);
    httpd_start(&other);
    away.redirect_to = apr_psprintf(made_here.pool, "http://localhost:%d/", other.port);
    httpd_start(&away);
    seen = order(apr_psprintf(made_here.pool, "http://127.0.0.1:%d/old/r.git", server.port), "");
    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
    seen = order(apr_psprintf(made_here.pool, "http://127.0.0.1:%d/new/r.git", away.port),
                 ",\"token\":\"right-token\"");
    cr_assert_eq(seen.exit_code, 1);
    cr_assert_not_null(strstr(seen.error, "redirects to another place"), "%s", seen.error);
    cr_assert_eq(access(other.log, F_OK), -1, "the other host was asked: %s", log_of(&other));
    /* where the administrator allows the other host, too, it is asked, but not with this one's token */
    seen = order(apr_psprintf(made_here.pool, "http://127.0.0.1:%d/new/r.git", away.port),
                 apr_psprintf(made_here.pool,
                              ",\"token\":\"right-token\",\"allowUrl\":[\"http://127.0.0.1\","
                              "\"http://localhost:%d/\"]",
                              other.port));
    cr_assert_eq(seen.exit_code, 1);
    cr_assert_not_null(strstr(seen.error, "localhost asks for other credentials"), "%s",
                       seen.error);
    cr_assert_not_null(strstr(log_of(&other), "/new/r.git/info/refs"), "%s", log_of(&other));
    cr_assert_null(strstr(log_of(&other), RIGHT));
    /* a prefix that ends inside a name allows that name only */
    seen = order(apr_psprintf(made_here.pool, "http://127.0.0.1:%d/new/r.git", away.port),
                 ",\"allowUrl\":[\"http://127.0.0.1\",\"http://localhos\"]");
    cr_assert_not_null(strstr(seen.error, "redirects to another place"), "%s", seen.error);
    httpd_stop(&server);
    httpd_stop(&other);
    httpd_stop(&away);
}

Test(fetch, the_forge_is_asked_about_the_token)
{
    httpd_git server = {.root = made_here.dir, .log = made_path("requests")};
    const char *url, *api;
    run_seen seen;

    mkdir(made_path("o"), 0700);
    made_plain("o/r.git");
    httpd_start(&server);
    url = apr_psprintf(made_here.pool, "http://127.0.0.1:%d/o/r.git", server.port);
    api = apr_psprintf(made_here.pool, ",\"githubApi\":\"http://127.0.0.1:%d/api/\"", server.port);
    seen = order(url, apr_pstrcat(made_here.pool, api, ",\"token\":\"right-token\"", NULL));
    cr_assert_eq(seen.exit_code, 0, "%s", seen.log);
    cr_assert_not_null(strstr(seen.log, "token verified, it belongs to ada"), "%s", seen.log);
    seen = order(url, apr_pstrcat(made_here.pool, api, ",\"token\":\"wrong-token\"", NULL));
    cr_assert_eq(seen.exit_code, 0, "a token that fetching did not need fails nothing: %s",
                 seen.log);
    cr_assert_not_null(strstr(seen.log, "token refused by the API"), "%s", seen.log);
    seen = order(url, api);
    cr_assert_not_null(strstr(seen.log, "GitHub authentication: not needed"), "%s", seen.log);
    seen = order(url, ",\"githubApi\":\"http://127.0.0.1:9\",\"token\":\"right-token\"");
    cr_assert_eq(seen.exit_code, 0, "offline fails nothing: %s", seen.log);
    httpd_stop(&server);
}

/** Asks the program as git does. */
static const char *askpass(const char *configured, const char *prompt)
{
    const char *argv[] = {made_generator(), prompt, NULL};
    docgen_run run = {.argv = argv};
    docgen_run_result result;
    const char **env = apr_pcalloc(made_here.pool, 3 * sizeof(*env));

    run.pass_fd = docgen_askpass_pipe(made_here.pool, configured, "s3cret");
    env[0] = "PATH=/usr/bin:/bin";
    env[1] = apr_psprintf(made_here.pool, "DOCGEN_ASKPASS_FD=%d", run.pass_fd);
    run.env = env;
    docgen_run_program(made_here.pool, &run, &result);
    close(run.pass_fd);
    return result.output;
}

Test(fetch, askpass_answers_only_the_configured_host)
{
    cr_assert_str_eq(askpass("https://h/x.git", "Username for 'https://h': "), "x-access-token\n");
    cr_assert_str_eq(askpass("https://h/x.git", "Password for 'https://x-access-token@h': "),
                     "s3cret\n");
    cr_assert_str_eq(askpass("https://H:8443/x.git", "Password for 'https://a@h:8443': "),
                     "s3cret\n");
    cr_assert_str_eq(askpass("https://h/x.git", "Password for 'https://h:8443': "), "");
    cr_assert_str_eq(askpass("https://h/x.git", "Password for 'http://h': "), "");
    cr_assert_str_eq(askpass("https://h/x.git", "Password for 'https://h.evil': "), "");
    cr_assert_str_eq(askpass("https://h/x.git", "Password for 'https://evil': "), "");
    cr_assert_str_eq(askpass("https://h/x.git", "Password for 'https://evil/https://h': "), "");
    cr_assert_str_eq(askpass("https://h/x.git", "Enter passphrase for key '/k': "), "");
    cr_assert_str_eq(askpass("https://h/x.git", ""), "");
}
