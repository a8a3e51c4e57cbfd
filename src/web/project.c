/* GET projects/ID: one project, complete without scripts; src/ui/project.js keeps it current.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include "core/time.h"
#include "web/access.h"
#include "web/facts.h"
#include "web/frame.h"
#include "web/inbound.h"
#include "web/project_view.h"
#include "web/reply.h"
#include "web/state_json.h"
#include "web/context.h"

#define RUNS_SHOWN   10
#define CHANGES_PAGE "changelog" /* as src/generator/sections names it */

static const char *hidden_unless(int shown)
{
    return shown ? "" : " hidden";
}

/* JSON inside a script element: "<" would end it. */
static void append_seed(docgen_context *context, docgen_buffer *page, const docgen_state *state)
{
    const char *json = docgen_json_dump(
        context->r->pool, docgen_json_own(context->r->pool, docgen_state_json(context, state)));

    docgen_buffer_puts(page, "<script type=\"application/json\" id=\"dg-state\">");
    for (const char *c = json ? json : "null"; *c; c++) {
        if (*c == '<')
            docgen_buffer_puts(page, "\\u003c");
        else
            docgen_buffer_append(page, c, 1);
    }
    docgen_buffer_puts(page, "</script>\n");
}

/* A tick means that the step ran: a run that finds nothing new leaves most of them out. */
static void append_steps(docgen_context *context, docgen_buffer *page, const docgen_state *state)
{
    docgen_buffer_puts(page, "<ol class=\"steps\" id=\"dg-steps\">");
    for (const docgen_milestone *step = docgen_milestones; step->name; step++) {
        unsigned bit = 1u << (step - docgen_milestones);
        int now = state->milestones & bit && state->milestones < bit << 1;
        int done = state->milestones & bit && !now;

        if (step->percent >= 100)
            break;
        docgen_buffer_printf(page, "<li data-percent=\"%d\"%s%s>", step->percent,
                             done ? " class=\"done\"" : "", now ? " aria-current=\"step\"" : "");
        docgen_frame_icon(context, page, "check");
        docgen_buffer_puts(page, "<span>");
        docgen_buffer_html(page, step->name);
        docgen_buffer_printf(page, "</span><span class=\"hidden\">%s</span></li>",
                             done                              ? " (done)"
                             : !now && state->milestones > bit ? " (skipped)"
                                                               : "");
    }
    docgen_buffer_puts(page, "</ol>");
}

static void append_progress(docgen_context *context, docgen_buffer *page, const docgen_state *state)
{
    int on = state->status == DOCGEN_STATUS_GENERATING;
    const char *step = on ? state->step : "";
    apr_interval_time_t elapsed = state->server_time - state->generation_started_at;

    docgen_buffer_printf(page, "<div id=\"dg-progress\"%s>", hidden_unless(on));
    docgen_buffer_puts(page, "<div class=\"meter\"><label for=\"dg-bar\"><span id=\"dg-step\">");
    docgen_buffer_html(page, step);
    docgen_buffer_printf(page,
                         "</span> <span id=\"dg-percent\">%d\u00a0%%</span></label>"
                         "<progress id=\"dg-bar\" max=\"100\" value=\"%d\" "
                         "aria-valuetext=\"%d%%, ",
                         state->progress, state->progress, state->progress);
    docgen_buffer_html(page, step);
    docgen_buffer_puts(page, "\"></progress></div><p class=\"facts\"><span id=\"dg-queue\">");
    if (on && state->queue_position > 0)
        docgen_buffer_printf(page, "Number %d in the queue", state->queue_position);
    docgen_buffer_puts(page, "</span> <span id=\"dg-elapsed\">");
    if (on && state->generation_started_at && elapsed >= 0)
        docgen_buffer_printf(page, "%s for %s", state->queue_position > 0 ? "Waiting" : "Running",
                             docgen_duration_format(context->r->pool, elapsed));
    docgen_buffer_puts(page, "</span></p><p class=\"stale\" id=\"dg-stale\" hidden></p>");
    append_steps(context, page, state);
    docgen_buffer_puts(page, "</div>\n");
}

/* The record of the running or last job, or NULL. */
static const docgen_run_record *last_run(const docgen_state *state, const apr_array_header_t *runs)
{
    for (int i = 0; state->job_id && i < runs->nelts; i++) {
        const docgen_run_record *run = &APR_ARRAY_IDX(runs, i, docgen_run_record);
        if (run->job_id && !strcmp(run->job_id, state->job_id))
            return run;
    }
    return NULL;
}

/* What the last run found, and when the remote was asked: "up to date" is true of that moment. The scripts take this
 * over at the end of a run; `data-job` is the run whose end this page tells. */
static void append_result(docgen_context *context, docgen_buffer *page, const docgen_state *state,
                          const docgen_run_record *run, const char *changes)
{
    int shown = state->status == DOCGEN_STATUS_COMPLETED;
    int ended = shown || state->status == DOCGEN_STATUS_FAILED;

    docgen_buffer_printf(page, "<p class=\"result\" id=\"dg-result\" data-job=\"%s\"%s>",
                         ended && state->job_id ? state->job_id : "", hidden_unless(shown));
    if (shown) {
        if (run && run->message) {
            docgen_buffer_html(page, run->message);
            docgen_buffer_puts(page, ", checked ");
        } else {
            docgen_buffer_puts(page, "Checked ");
        }
        docgen_frame_ago(context, page, state->checked_at, state->server_time);
        if (changes)
            docgen_buffer_printf(page, ". <a href=\"%sdocs/%s/%s\">See the %s</a>", context->root,
                                 state->repository_id, changes,
                                 *changes ? "changes" : "documentation");
    }
    docgen_buffer_puts(page, "</p>\n");
}

static void append_failure(docgen_context *context, docgen_buffer *page, const docgen_state *state,
                           const docgen_run_record *run)
{
    const char *log = run ? run->log_tail : NULL;

    docgen_buffer_printf(page, "<div id=\"dg-failure\" class=\"failure\"%s>",
                         hidden_unless(state->status == DOCGEN_STATUS_FAILED));
    docgen_frame_icon(context, page, "alert");
    docgen_buffer_puts(page, "<div><p id=\"dg-message\">");
    docgen_buffer_html(page, state->error_message);
    docgen_buffer_printf(page,
                         "</p><details id=\"dg-log\"%s><summary>Log</summary>"
                         "<pre tabindex=\"0\" aria-label=\"End of the log\">",
                         hidden_unless(log && *log));
    docgen_buffer_html(page, log);
    docgen_buffer_puts(page, "</pre></details></div></div>\n");
}

static void append_form(docgen_context *context, docgen_buffer *page, const docgen_state *state)
{
    int on = state->status == DOCGEN_STATUS_GENERATING;

    docgen_buffer_printf(page,
                         "<div class=\"actions\"><form id=\"dg-form\" method=\"post\" "
                         "action=\"%sapi/generate-docs\"><input type=\"hidden\" "
                         "name=\"repositoryId\" value=\"%s\"><button id=\"dg-button\" "
                         "class=\"%s\"%s>%s</button></form>",
                         context->root, state->repository_id,
                         state->published_job_id ? "button" : "button primary",
                         on ? " disabled" : "", docgen_project_button(state));
    docgen_buffer_printf(page,
                         "<a id=\"dg-docs\" class=\"button primary\" href=\"%sdocs/%s/\"%s>"
                         "Read the documentation</a>",
                         context->root, state->repository_id,
                         hidden_unless(state->published_job_id != NULL));
    docgen_buffer_puts(page, "</div>\n<p class=\"request-error\" id=\"dg-error\" role=\"alert\" "
                             "hidden></p>\n");
}

static void append_published(docgen_context *context, docgen_buffer *page,
                             const docgen_state *state)
{
    docgen_buffer_printf(page, "<p class=\"source\" id=\"dg-source\"%s>",
                         hidden_unless(state->published_job_id != NULL));
    if (state->status == DOCGEN_STATUS_FAILED)
        docgen_buffer_puts(page, "The last good version is still available. ");
    else if (state->status == DOCGEN_STATUS_GENERATING)
        docgen_buffer_puts(page, "The current version stays available until the new one is "
                                 "complete. ");
    if (state->published_job_id) {
        docgen_project_source(context, page, state->published_commit, state->published_branch,
                              state->published_at, state->server_time);
        if (state->published_pages > 0)
            docgen_buffer_printf(page, " · %d page%s", state->published_pages,
                                 state->published_pages == 1 ? "" : "s");
    }
    docgen_buffer_puts(page, "</p>\n");
}

/* Without scripts the page renews itself only when asked to: a reload nobody asked for disturbs readers. */
static void append_refresh(docgen_buffer *page, const docgen_state *state, const char *refresh)
{
    if (state->status != DOCGEN_STATUS_GENERATING)
        return;
    docgen_buffer_puts(page, "<p class=\"refresh no-js\">");
    if (refresh)
        docgen_buffer_printf(page, "This page reloads every %s seconds. <a href=\"%s\">Stop</a>",
                             refresh, state->repository_id);
    else
        docgen_buffer_printf(page,
                             "<a href=\"%s\">Reload</a> to see the progress, or <a "
                             "href=\"?refresh=5\">refresh automatically</a>.",
                             state->repository_id);
    docgen_buffer_puts(page, "</p>\n");
}

static void append_run(docgen_context *context, docgen_buffer *page, const docgen_run_record *run,
                       apr_time_t now)
{
    docgen_buffer_printf(page, "<tr role=\"row\" data-outcome=\"%s\"><td role=\"cell\">",
                         run->outcome);
    docgen_frame_ago(context, page, run->requested_at, now);
    docgen_buffer_printf(
        page, "</td><td role=\"cell\"><span class=\"outcome\">%s</span></td><td role=\"cell\">",
        run->outcome);
    if (run->taken_at && run->finished_at >= run->taken_at)
        docgen_buffer_puts(
            page, docgen_duration_format(context->r->pool, run->finished_at - run->taken_at));
    docgen_buffer_puts(page, "</td><td role=\"cell\">");
    if (run->commit) {
        docgen_buffer_puts(page, "<code>");
        docgen_buffer_html_n(page, run->commit, strnlen(run->commit, 7));
        docgen_buffer_puts(page, "</code>");
    }
    docgen_buffer_puts(page, "</td><td role=\"cell\" class=\"message\">");
    docgen_buffer_html(page, run->message);
    if (run->log_tail && *run->log_tail) {
        docgen_buffer_puts(page, "<details><summary>Log</summary><pre tabindex=\"0\" "
                                 "aria-label=\"End of the log\">");
        docgen_buffer_html(page, run->log_tail);
        docgen_buffer_puts(page, "</pre></details>");
    }
    docgen_buffer_puts(page, "</td></tr>\n");
}

static void append_runs(docgen_context *context, docgen_buffer *page, const docgen_state *state,
                        const apr_array_header_t *runs)
{
    docgen_buffer_printf(
        page,
        "<section class=\"runs\" id=\"dg-runs\" aria-labelledby=\"dg-runs-h\""
        "%s><h2 id=\"dg-runs-h\">Last runs</h2>\n<div class=\"scroll\" "
        "tabindex=\"0\" role=\"group\" aria-label=\"Table of the last runs\">"
        "<table role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\"><th role=\"columnheader\" "
        "scope=\"col\">Requested</th><th role=\"columnheader\" "
        "scope=\"col\">Outcome</th><th role=\"columnheader\" scope=\"col\">Duration</th><th "
        "role=\"columnheader\" "
        "scope=\"col\">Commit</th><th role=\"columnheader\" scope=\"col\">Message</th></tr></thead>"
        "<tbody role=\"rowgroup\">\n",
        hidden_unless(runs->nelts > 0));
    for (int i = 0; i < runs->nelts; i++)
        append_run(context, page, &APR_ARRAY_IDX(runs, i, docgen_run_record), state->server_time);
    docgen_buffer_puts(page, "</tbody></table></div></section>\n");
}

/* The title and where the repository is; an address is a link only when a browser can open it. */
static void append_title(docgen_context *context, docgen_buffer *page, const docgen_state *state)
{
    const docgen_repository *configured =
        docgen_config_repository(context->config, state->repository_id);
    const char *url = configured ? configured->url : NULL;
    int is_link = url && !strncmp(url, "https://", 8);

    docgen_buffer_puts(page, "<h1>");
    docgen_buffer_html(page, state->title);
    docgen_buffer_puts(page, "</h1>\n");
    if (!is_link)
        return;
    docgen_buffer_puts(page, "<p class=\"address\"><a href=\"");
    docgen_buffer_html(page, url);
    docgen_buffer_puts(page, "\">");
    docgen_buffer_html(page, url + 8);
    docgen_buffer_puts(page, "</a></p>\n");
}

static int send_page(docgen_context *context, const docgen_state *state,
                     const apr_array_header_t *runs, const char *changes, apr_hash_t *facts)
{
    const docgen_run_record *run = last_run(state, runs);
    const char *refresh = docgen_inbound_query(context, "refresh");
    docgen_frame frame = {.title = state->title,
                          .kind = "project",
                          .script = "project.js",
                          .repository = state->repository_id,
                          .repository_title = state->title};
    docgen_buffer *page;

    if (!refresh || strcmp(refresh, "5") || state->status != DOCGEN_STATUS_GENERATING)
        refresh = NULL;
    frame.refresh = refresh;
    page = docgen_frame_open(context, &frame);
    append_title(context, page, state);
    docgen_facts_description(context, page, facts, state->repository_id);
    docgen_facts_line(context, page, facts, state->repository_id);
    docgen_buffer_printf(page,
                         "<section class=\"state\" id=\"dg-project\" data-view=\"%s\" "
                         "data-interval=\"5000\" aria-labelledby=\"dg-heading\" aria-busy=\"%s\">"
                         "<h2 id=\"dg-heading\" tabindex=\"-1\">%s</h2>\n"
                         "<p class=\"note\" id=\"dg-note\" hidden></p>\n",
                         docgen_project_view(state->status),
                         state->status == DOCGEN_STATUS_GENERATING ? "true" : "false",
                         docgen_project_heading(state->status));
    docgen_buffer_printf(page,
                         "<p id=\"dg-explain\"%s>Its pages are made from the repository: an "
                         "overview, the architecture, and a reference of everything public.</p>\n",
                         hidden_unless(state->status == DOCGEN_STATUS_IDLE));
    append_result(context, page, state, run, changes);
    append_progress(context, page, state);
    append_failure(context, page, state, run);
    append_published(context, page, state);
    append_form(context, page, state);
    append_refresh(page, state, refresh);
    docgen_buffer_puts(page, "<p class=\"hidden\" role=\"status\" id=\"dg-live\"></p></section>\n");
    append_runs(context, page, state, runs);
    append_seed(context, page, state);
    return docgen_frame_send(context, page, HTTP_OK, NULL, NULL);
}

/* Where the published documentation tells what changed, when the last run published something: its changelog, else
 * its start. `*changes` NULL = it published nothing. */
static apr_status_t find_changes(docgen_context *context, const docgen_state *state,
                                 const char **changes)
{
    apr_array_header_t *pages;
    apr_status_t rv;

    *changes = NULL;
    if (state->status != DOCGEN_STATUS_COMPLETED || state->published_at != state->finished_at)
        return APR_SUCCESS;
    rv = docgen_store_page_list(context->store, context->r->pool, state->repository_id, &pages);
    if (rv != APR_SUCCESS)
        return rv;
    *changes = "";
    for (int i = 0; i < pages->nelts; i++)
        if (!strcmp(APR_ARRAY_IDX(pages, i, docgen_page_entry).path, CHANGES_PAGE))
            *changes = CHANGES_PAGE;
    return APR_SUCCESS;
}

static apr_status_t find_facts(docgen_context *context, docgen_state *state, apr_hash_t **facts)
{
    apr_array_header_t *states = apr_array_make(context->r->pool, 1, sizeof(docgen_state *));

    APR_ARRAY_PUSH(states, docgen_state *) = state;
    return docgen_facts_find(context, states, facts);
}

int docgen_page_project(docgen_context *context)
{
    const char *changes = NULL;
    apr_array_header_t *runs = NULL;
    apr_hash_t *facts = NULL;
    docgen_state *state = NULL;
    apr_status_t rv = docgen_access_state(context, context->id, &state);

    if (rv == APR_SUCCESS && !state)
        return docgen_problem_unknown(context);
    if (rv == APR_SUCCESS)
        rv = docgen_store_runs(context->store, context->r->pool, context->id, RUNS_SHOWN, &runs);
    if (rv == APR_SUCCESS)
        rv = find_changes(context, state, &changes);
    if (rv == APR_SUCCESS)
        rv = find_facts(context, state, &facts);
    if (rv != APR_SUCCESS)
        return docgen_problem_store(context, rv);
    return send_page(context, state, runs, changes, facts);
}
