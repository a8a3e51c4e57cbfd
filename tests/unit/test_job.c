/* Orders are read strictly, and results are written as the protocol says.
 * SPDX-License-Identifier: Apache-2.0 */
#include "unit/made.h"

#include "core/time.h"
#include "generator/job.h"
#include "generator/outline.h"
#include "generator/output.h"
#include "generator/output_kind.h"

TestSuite(job, .init = made_setup, .fini = made_teardown);

static apr_status_t parse(const char *members, docgen_job **job, const char **error)
{
    const char *text = apr_psprintf(
        made_here.pool, "{\"protocol\":1,\"repositoryId\":\"r\",\"workDir\":\"/w\"%s}", members);

    *error = NULL;
    return docgen_job_parse(made_here.pool, text, strlen(text), job, error);
}

Test(job, a_whole_order)
{
    docgen_job *job;
    const char *error;

    cr_assert_eq(
        parse(",\"url\":\"https://example.org/a/b.git\",\"branch\":\"main\",\"token\":\"t0ken!\","
              "\"githubApi\":\"https://example.org/api/v3\",\"unknown\":[1],\"title\":null,"
              "\"previousCommit\":\"0123456789012345678901234567890123456789\","
              "\"acceptUnchanged\":true,\"allowUrl\":[\"https://\"],"
              "\"limits\":{\"timeoutMs\":1000,\"maxFiles\":10,\"maxFileBytes\":20}",
              &job, &error),
        APR_SUCCESS, "%s", error);
    cr_assert_str_eq(job->url, "https://example.org/a/b.git");
    cr_assert_str_eq(job->branch, "main");
    cr_assert_str_eq(job->token, "t0ken!");
    cr_assert_null(job->title);
    cr_assert_not_null(job->previous_commit);
    cr_assert(job->accept_unchanged);
    cr_assert_eq(job->limits.timeout, apr_time_from_sec(1));
    cr_assert_eq(job->limits.max_files, 10);
    cr_assert_eq(job->limits.max_file, 20);
    cr_assert_gt(job->limits.max_memory, 0);
}

Test(job, wrong_orders_get_a_sentence)
{
    static const struct {
        const char *members;
        const char *says;
    } wrong[] = {
        {"", "\"url\" is missing"},
        {",\"url\":3", "\"url\" must be a string"},
        {",\"url\":\"ext::sh -c id\"", "not a repository that can be fetched"},
        {",\"url\":\"ext::sh\"", "not a repository that can be fetched"},
        {",\"url\":\"--upload-pack=id\"", "not a repository that can be fetched"},
        {",\"url\":\"git://example.org/x\"", "not a repository that can be fetched"},
        {",\"url\":\"user@-oProxyCommand=id:x\"", "not a repository that can be fetched"},
        {",\"url\":\"https://example.org/a b\"", "blanks"},
        {",\"url\":\"https://u:p@example.org/a\"", "carries a password"},
        {",\"url\":\"https://example.org/a\",\"allowUrl\":[\"https://other/\"]", "DocGenAllowURL"},
        {",\"url\":\"https://example.org.evil.net/a\",\"allowUrl\":[\"https://example.org\"]",
         "DocGenAllowURL"},
        {",\"url\":\"/etc\",\"allowUrl\":[]", "DocGenAllowURL"},
        {",\"url\":\"https://example.org/a\",\"allowUrl\":\"https://\"", "list of strings"},
        {",\"url\":\"https://example.org/a\",\"branch\":\"-x\"", "not a branch name"},
        {",\"url\":\"https://example.org/a\",\"branch\":\"a..b\"", "not a branch name"},
        {",\"url\":\"https://example.org/a\",\"branch\":\"a:b\"", "not a branch name"},
        {",\"url\":\"https://example.org/a\",\"branch\":\"a@{1}\"", "not a branch name"},
        {",\"url\":\"http://example.org/a\",\"token\":\"secret\"", "never sent over plain http"},
        {",\"url\":\"http://127.example.org/a\",\"token\":\"secret\"",
         "never sent over plain http"},
        {",\"url\":\"http://localhost.example.org/a\",\"token\":\"secret\"",
         "never sent over plain http"},
        {",\"url\":\"https://example.org/a\",\"token\":\"se cret\"", "holds blanks"},
        {",\"url\":\"https://example.org/a\",\"token\":\"se\\ncret\"", "holds blanks"},
        {",\"url\":\"https://example.org/a\",\"allowUrl\":[\"https://\",1]", "list of strings"},
        {",\"url\":\"https://example.org/a\",\"limits\":[]", "must be an object"},
        {",\"url\":\"https://example.org/a\",\"limits\":{\"timeoutMs\":-1}", "\"timeoutMs\""},
        {",\"url\":\"https://example.org/a\",\"limits\":{\"maxFiles\":\"9\"}", "\"maxFiles\""},
        {",\"url\":\"https://example.org/a\",\"limits\":{\"maxFiles\":0}", "\"maxFiles\""},
        {",\"url\":\"https://example.org/a\",\"limits\":{\"maxFiles\":10000001}", "\"maxFiles\""},
    };
    docgen_job *job;
    const char *error;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        cr_assert_eq(parse(wrong[i].members, &job, &error), APR_EINVAL, "%s", wrong[i].members);
        cr_assert_not_null(strstr(error, wrong[i].says), "%s says: %s", wrong[i].members, error);
    }
    cr_assert_eq(docgen_job_parse(made_here.pool, "[]", 2, &job, &error), APR_EINVAL);
    cr_assert_eq(docgen_job_parse(made_here.pool, "{\"protocol\":3}", 14, &job, &error),
                 APR_EINVAL);
    cr_assert_not_null(strstr(error, "same release"));
}

static const char *complaint(const char *order)
{
    docgen_job *job;
    const char *error = "";

    cr_assert_eq(docgen_job_parse(made_here.pool, order, strlen(order), &job, &error), APR_EINVAL,
                 "%s", order);
    return error;
}

Test(job, ids_and_work_directories_are_looked_at)
{
    const char *token =
        apr_psprintf(made_here.pool, ",\"url\":\"https://h/a\",\"token\":\"%02001d\"", 0);
    docgen_job *job;
    const char *error;

    cr_assert_not_null(
        strstr(complaint("{\"protocol\":1,\"repositoryId\":\"../x\",\"workDir\":\"/w\","
                         "\"url\":\"https://h/a\"}"),
               "must be a repository id"));
    cr_assert_not_null(
        strstr(complaint("{\"protocol\":1,\"workDir\":\"/w\",\"url\":\"https://h/a\"}"),
               "must be a repository id"));
    cr_assert_not_null(strstr(complaint("{\"protocol\":1,\"repositoryId\":\"r\",\"workDir\":\"w\","
                                        "\"url\":\"https://h/a\"}"),
                              "absolute path"));
    cr_assert_not_null(
        strstr(complaint("{\"protocol\":1,\"repositoryId\":\"r\",\"url\":\"https://h/a\"}"),
               "\"workDir\" is missing"));
    cr_assert_eq(parse(token, &job, &error), APR_EINVAL);
    cr_assert_not_null(strstr(error, "longer than 2000 bytes"), "%s", error);
}

Test(job, whatever_is_secret_is_known_as_such)
{
    docgen_job *job;
    const char *error;
    apr_array_header_t *secrets;

    cr_assert_eq(parse(",\"url\":\"http://127.0.0.1:8080/a\",\"token\":\"ada:s3cret\","
                       "\"sshKeyData\":\"-----BEGIN KEY\"",
                       &job, &error),
                 APR_SUCCESS, "%s", error);
    secrets = docgen_job_secrets(made_here.pool, job);
    cr_assert_eq(secrets->nelts, 3);
    cr_assert_str_eq(APR_ARRAY_IDX(secrets, 0, const char *), "ada:s3cret");
    cr_assert_str_eq(APR_ARRAY_IDX(secrets, 1, const char *), "s3cret");
    cr_assert_str_eq(APR_ARRAY_IDX(secrets, 2, const char *), "-----BEGIN KEY");
}

Test(job, a_bad_previous_commit_is_only_forgotten)
{
    docgen_job *job;
    const char *error;

    cr_assert_eq(
        parse(",\"url\":\"https://example.org/a\",\"previousCommit\":\"HEAD\"", &job, &error),
        APR_SUCCESS);
    cr_assert_null(job->previous_commit);
}

Test(job, schemes)
{
    cr_assert_eq(docgen_scheme_of("https://h/x"), DOCGEN_SCHEME_HTTPS);
    cr_assert_eq(docgen_scheme_of("git@github.com:o/r.git"), DOCGEN_SCHEME_SSH);
    cr_assert_eq(docgen_scheme_of("ssh://git@h:22/x"), DOCGEN_SCHEME_SSH);
    cr_assert_eq(docgen_scheme_of("/srv/x.git"), DOCGEN_SCHEME_FILE);
    cr_assert_eq(docgen_scheme_of("file:///srv/x.git"), DOCGEN_SCHEME_FILE);
    cr_assert_eq(docgen_scheme_of("ext::sh -c x@y:z"), DOCGEN_SCHEME_NONE);
    cr_assert_eq(docgen_scheme_of("a@b::c"), DOCGEN_SCHEME_NONE);
    cr_assert_str_eq(docgen_url_public(made_here.pool, "https://user:pass@h/x@y"), "https://h/x@y");
    cr_assert_str_eq(docgen_url_public(made_here.pool, "git@h:o/r"), "git@h:o/r");
}

/** What an output wrote, read back. */
static const char *written(int fd)
{
    char *text = apr_pcalloc(made_here.pool, 8 * 1024 * 1024);
    apr_size_t have = 0;
    ssize_t n;

    lseek(fd, 0, SEEK_SET);
    while ((n = read(fd, text + have, 8 * 1024 * 1024 - 1 - have)) > 0) {
        have += (apr_size_t)n;
    }
    return text;
}

static docgen_output *output_open(int *fd)
{
    char path[] = "/tmp/docgen-test-output-XXXXXX";

    *fd = mkstemp(path);
    cr_assert_geq(*fd, 0);
    unlink(path);
    return docgen_output_json(made_here.pool, *fd, 2);
}

Test(job, results_are_json_lines)
{
    docgen_page page = {.path = "api/parser",
                        .title = "A \"title\"",
                        .order = 3,
                        .markdown = "# x\n\x1b\xff",
                        .html = "<h1 id=\"x\">x</h1><p>y</p>"};
    docgen_page_symbol symbol = {.name = "parse",
                                 .kind = "function",
                                 .page = "api/parser",
                                 .anchor = "parse",
                                 .visibility = "public",
                                 .summary = "Parses\xff.",
                                 .file = "a.c",
                                 .line = 3};
    docgen_page_facts facts = {.description = "Parses.", .homepage = "https://example.org/"};
    docgen_output *output;
    json_t *line;
    char *text, *end;
    int fd;

    output = output_open(&fd);
    cr_assert_eq(docgen_output_begin(output), APR_SUCCESS);
    cr_assert_eq(docgen_output_source(output, "abc", NULL, "2026-01-01T00:00:00.000Z"),
                 APR_SUCCESS);
    cr_assert_eq(docgen_output_source(output, "abd", NULL, NULL), APR_SUCCESS);
    cr_assert_eq(docgen_output_page(output, &page), APR_SUCCESS);
    cr_assert_eq(docgen_output_asset(output, "img/a.svg", "image/svg+xml", "\0\1\2", 3),
                 APR_SUCCESS);
    cr_assert_eq(docgen_output_symbol(output, &symbol), APR_SUCCESS);
    cr_assert_eq(docgen_output_facts(output, &facts), APR_SUCCESS);
    text = (char *)written(fd);
    cr_assert_str_eq(strtok_r(text, "\n", &end), "{\"type\":\"protocol\",\"version\":2}");
    cr_assert_str_eq(
        strtok_r(NULL, "\n", &end),
        "{\"type\":\"source\",\"commit\":\"abc\",\"committedAt\":\"2026-01-01T00:00:00.000Z\"}");
    text = strtok_r(NULL, "\n", &end);
    cr_assert_eq(docgen_json_parse(made_here.pool, text, strlen(text), &line, NULL), APR_SUCCESS);
    cr_assert_str_eq(docgen_json_string(line, "type"), "page");
    cr_assert_str_eq(docgen_json_string(line, "title"), "A \"title\"");
    cr_assert_str_eq(docgen_json_string(line, "markdown"), "# x\n\xef\xbf\xbd");
    cr_assert_str_eq(docgen_json_dump(made_here.pool, json_object_get(line, "headings")),
                     "[{\"level\":1,\"id\":\"x\",\"text\":\"x\"}]");
    cr_assert_str_eq(docgen_json_dump(made_here.pool, json_object_get(line, "text")),
                     "[\"\",\"y\"]");
    cr_assert_str_eq(strtok_r(NULL, "\n", &end),
                     "{\"type\":\"asset\",\"path\":\"img/a.svg\",\"mediaType\":\"image/svg+xml\","
                     "\"base64\":\"AAEC\"}");
    cr_assert_str_eq(
        strtok_r(NULL, "\n", &end),
        "{\"type\":\"symbol\",\"name\":\"parse\",\"kind\":\"function\",\"page\":\"api/parser\","
        "\"anchor\":\"parse\",\"visibility\":\"public\",\"summary\":\"Parses\xef\xbf\xbd.\","
        "\"file\":\"a.c\",\"line\":3,\"endLine\":3}");
    cr_assert_str_eq(strtok_r(NULL, "\n", &end),
                     "{\"type\":\"facts\",\"description\":\"Parses.\",\"homepage\":"
                     "\"https://example.org/\",\"languages\":[],\"owners\":[]}");
    cr_assert_null(strtok_r(NULL, "\n", &end));
    close(fd);
}

Test(job, the_first_version_says_no_more_than_it_did)
{
    docgen_page_facts facts = {.description = "Parses."};
    docgen_output *output;
    int fd;

    output = output_open(&fd);
    output = docgen_output_json(made_here.pool, fd, 1);
    cr_assert_eq(docgen_output_begin(output), APR_SUCCESS);
    cr_assert_eq(docgen_output_facts(output, &facts), APR_SUCCESS);
    cr_assert_str_eq(written(fd), "");
    close(fd);
}

/* Each row: a fragment, and its outline as "level id text|" between the texts in brackets. */
Test(job, a_page_s_outline_is_its_headings_and_the_text_between)
{
    static const char *const rows[][2] = {
        {"", "[]"},
        {"<p>a <em>b</em>c</p><p>d</p>", "[a bc d]"},
        {"<p>x</p><h1 id=\"a\">A <code>&lt;b&gt;</code></h1><p>y &amp; z</p>",
         "[x]1 a A <b>|[y & z]"},
        {"<h2 class=\"k\" id=\"a-1\"><a href=\"#a>b\">One</a></h2><h3 id=\"b\">Two</h3>t",
         "[]2 a-1 One|[]3 b Two|[t]"},
        {"<table><tr><td>a</td><td>b</td></tr></table><pre><code>int\n  x;</code></pre>",
         "[a b int x;]"},
        {"<h2>no id</h2>a&b &nosuch; <br>c", "[no id a&b &nosuch; c]"},
        {"<p>cut <a href=\"x", "[cut]"},
        {"<h1 id=\"a\">open", "[]1 a open|[]"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        docgen_outline *outline = docgen_outline_read(made_here.pool, rows[i][0]);
        const char *told = "";

        cr_assert_eq(outline->texts->nelts, outline->headings->nelts + 1);
        for (int j = 0; j < outline->texts->nelts; j++) {
            const docgen_outline_heading *heading =
                (docgen_outline_heading *)outline->headings->elts + j;

            told = apr_psprintf(made_here.pool, "%s[%s]", told,
                                APR_ARRAY_IDX(outline->texts, j, const char *));
            if (j < outline->headings->nelts)
                told = apr_psprintf(made_here.pool, "%s%d %s %s|", told, heading->level,
                                    heading->id, heading->text);
        }
        cr_expect_str_eq(told, rows[i][1], "%s: %s", rows[i][0], told);
    }
}

Test(job, outputs_refuse_what_the_supervisor_would_refuse)
{
    docgen_page page = {.path = "../x", .title = "t", .markdown = "", .html = ""};
    docgen_page_symbol symbol = {.name = "", .kind = "f", .page = "x", .anchor = "a"};
    char *big = apr_palloc(made_here.pool, 5 * 1024 * 1024);
    docgen_output *output;
    int fd;

    output = output_open(&fd);
    cr_assert_eq(docgen_output_page(output, &page), APR_EINVAL);
    page.path = "x";
    cr_assert_eq(docgen_output_page(output, &page), APR_SUCCESS);
    cr_assert_eq(docgen_output_page(output, &page), APR_EEXIST);
    cr_assert_eq(docgen_output_asset(output, "x/../a.png", "image/png", "", 0), APR_EINVAL);
    cr_assert_eq(docgen_output_asset(output, "a.png", "image/png", big, 3 * 1024 * 1024),
                 APR_ENOSPC);
    memset(big, 'x', 5 * 1024 * 1024);
    big[5 * 1024 * 1024 - 1] = '\0';
    page.path = "y";
    page.html = big;
    cr_assert_eq(docgen_output_page(output, &page), APR_ENOSPC);
    cr_assert_eq(docgen_output_symbol(output, &symbol), APR_EINVAL);
    close(fd);
}

Test(job, progress_never_falls_and_never_reaches_100)
{
    docgen_output *output;
    const char *text;
    int fd;

    output = output_open(&fd);
    docgen_output_progress(output, 50, "a");
    docgen_output_progress(output, 50, "a"); /* says nothing new */
    docgen_output_progress(output, 30, "b");
    docgen_output_progress(output, 150, "c");
    text = written(fd);
    cr_assert_str_eq(text, "{\"type\":\"progress\",\"percent\":50,\"step\":\"a\"}\n"
                           "{\"type\":\"progress\",\"percent\":50,\"step\":\"b\"}\n"
                           "{\"type\":\"progress\",\"percent\":99,\"step\":\"c\"}\n");
    close(fd);
}
