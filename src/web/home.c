/* GET the mount: every project with its state, for people.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include "web/access.h"
#include "web/facts.h"
#include "web/frame.h"
#include "web/inbound.h"
#include "web/project_view.h"
#include "web/reply.h"
#include "web/context.h"

/** Which projects are listed, and how many there are. */
typedef struct docgen_selection {
    const char *filter; /**< a part of the id or the title, or NULL */
    const char *state;  /**< the name of a status, or NULL */
    int shown;
    int all;
    int of[DOCGEN_STATUS_FAILED + 1]; /**< how many of each status, whatever is shown */
} docgen_selection;

/* Case-insensitive search in the id and the title; ASCII is enough for a filter. */
static int matches(const docgen_state *state, const docgen_selection *selection)
{
    const char *filter = selection->filter;

    if (selection->state && strcmp(selection->state, docgen_status_name(state->status)))
        return 0;
    return !filter || !*filter || strcasestr(state->repository_id, filter) ||
           strcasestr(state->title, filter);
}

static docgen_selection select_projects(docgen_context *context, const apr_array_header_t *states)
{
    docgen_selection selection = {.filter = docgen_inbound_query(context, "filter"),
                                  .state = docgen_inbound_query(context, "state"),
                                  .all = states->nelts};
    docgen_status known;

    if (selection.state && docgen_status_parse(selection.state, &known) != APR_SUCCESS)
        selection.state = NULL;
    for (int i = 0; i < states->nelts; i++) {
        const docgen_state *state = APR_ARRAY_IDX(states, i, docgen_state *);
        selection.of[state->status]++;
        selection.shown += matches(state, &selection);
    }
    return selection;
}

static void append_item(docgen_context *context, docgen_buffer *page, const docgen_state *state,
                        apr_hash_t *facts)
{
    docgen_buffer_printf(page,
                         "<li data-status=\"%s\"><div><a class=\"name\" href=\"projects/%s\">",
                         docgen_status_name(state->status), state->repository_id);
    docgen_buffer_html(page, state->title);
    docgen_buffer_puts(page, "</a>");
    if (strcmp(state->title, state->repository_id)) {
        docgen_buffer_puts(page, " <span class=\"id\">");
        docgen_buffer_html(page, state->repository_id);
        docgen_buffer_puts(page, "</span>");
    }
    docgen_facts_description(context, page, facts, state->repository_id);
    docgen_buffer_puts(page, "</div>");
    docgen_project_badge(context, page, state);
    docgen_buffer_puts(page, "<span class=\"age\">");
    if (state->published_job_id) {
        docgen_buffer_puts(page, "Updated ");
        docgen_frame_ago(context, page, state->published_at, state->server_time);
        docgen_buffer_puts(page, "<br>Checked ");
        docgen_frame_ago(context, page, state->checked_at, state->server_time);
    } else {
        docgen_buffer_puts(page, "No documentation yet");
    }
    docgen_buffer_puts(page, "</span>");
    if (state->published_job_id) {
        docgen_buffer_printf(page,
                             "<a class=\"read\" href=\"docs/%s/\">Read<span "
                             "class=\"hidden\"> the documentation of ",
                             state->repository_id);
        docgen_buffer_html(page, state->title);
        docgen_buffer_puts(page, "</span></a>");
    }
    docgen_buffer_puts(page, "</li>\n");
}

/* One state as a link that lists its projects only; `state` NULL = all of them. */
static void append_state(docgen_buffer *page, const docgen_selection *selection, const char *state,
                         const char *label, int count)
{
    int current = state ? selection->state && !strcmp(state, selection->state) : !selection->state;

    if (!count && !current)
        return;
    docgen_buffer_printf(page, "<a href=\"%s%s\"%s>%s <span>%d</span></a> ",
                         state ? "?state=" : "./", state ? state : "",
                         current ? " aria-current=\"true\"" : "", label, count);
}

static void append_states(docgen_buffer *page, const docgen_selection *selection)
{
    docgen_buffer_puts(page, "<nav class=\"states\" id=\"dg-states\" aria-label=\"By state\">");
    append_state(page, selection, NULL, "All", selection->all);
    for (docgen_status status = DOCGEN_STATUS_IDLE; status <= DOCGEN_STATUS_FAILED; status++)
        append_state(page, selection, docgen_status_name(status), docgen_project_label(status),
                     selection->of[status]);
    docgen_buffer_puts(page, "</nav>\n");
}

static void append_tools(docgen_buffer *page, const docgen_selection *selection)
{
    append_states(page, selection);
    docgen_buffer_puts(page, "<form class=\"filter\" method=\"get\">");
    if (selection->state)
        docgen_buffer_printf(page, "<input type=\"hidden\" name=\"state\" value=\"%s\">",
                             selection->state);
    docgen_buffer_puts(page,
                       "<label for=\"dg-filter\">"
                       "Filter</label><input id=\"dg-filter\" type=\"search\" name=\"filter\" "
                       "placeholder=\"Filter by name\" autocomplete=\"off\" value=\"");
    docgen_buffer_html(page, selection->filter);
    docgen_buffer_puts(page, "\"><button>Filter</button></form>"
                             "<p class=\"count\" role=\"status\" id=\"dg-count\">");
    if (selection->shown == selection->all)
        docgen_buffer_printf(page, "%d project%s", selection->all, selection->all == 1 ? "" : "s");
    else
        docgen_buffer_printf(page, "%d of %d projects", selection->shown, selection->all);
    docgen_buffer_puts(page, "</p>\n");
}

int docgen_page_home(docgen_context *context)
{
    docgen_frame frame = {.title = "Projects", .kind = "home", .script = "home.js"};
    docgen_selection selection;
    apr_array_header_t *states;
    apr_hash_t *facts;
    docgen_buffer *page;
    apr_status_t rv = docgen_access_list(context, &states);

    if (rv == APR_SUCCESS)
        rv = docgen_facts_find(context, states, &facts);
    if (rv != APR_SUCCESS)
        return docgen_problem_store(context, rv);
    selection = select_projects(context, states);
    page = docgen_frame_open(context, &frame);
    docgen_buffer_puts(page, "<h1>Projects</h1>\n");
    if (states->nelts)
        append_tools(page, &selection);
    else
        docgen_buffer_puts(page, "<p class=\"empty\">There is no project here that you may see. An "
                                 "administrator adds one with <code>DocGenRepository</code>.</p>");
    docgen_buffer_puts(page, "<p class=\"note\" id=\"dg-note\" hidden></p>\n"
                             "<ul class=\"projects\" id=\"dg-projects\">\n");
    for (int i = 0; i < states->nelts; i++) {
        const docgen_state *state = APR_ARRAY_IDX(states, i, docgen_state *);
        if (matches(state, &selection))
            append_item(context, page, state, facts);
    }
    docgen_buffer_puts(page, "</ul>\n");
    if (states->nelts && !selection.shown)
        docgen_buffer_puts(page, "<p class=\"empty\">No project fits. <a href=\"./\">Show all "
                                 "of them</a></p>\n");
    return docgen_frame_send(context, page, HTTP_OK, NULL, NULL);
}
