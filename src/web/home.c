/* GET the mount: every project with its state, for people.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include "web/access.h"
#include "web/frame.h"
#include "web/inbound.h"
#include "web/project_view.h"
#include "web/reply.h"
#include "web/visit.h"

/* Case-insensitive search in the id and the title; ASCII is enough for a filter. */
static int matches(const docgen_state *state, const char *filter)
{
    return !filter || !*filter || strcasestr(state->repository_id, filter) ||
           strcasestr(state->title, filter);
}

static void append_item(docgen_visit *visit, docgen_buffer *page, const docgen_state *state)
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
    docgen_buffer_puts(page, "</div>");
    docgen_project_badge(visit, page, state);
    docgen_buffer_puts(page, "<span class=\"age\">");
    if (state->published_job_id) {
        docgen_buffer_puts(page, "Updated ");
        docgen_frame_ago(visit, page, state->published_at, state->server_time);
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

static void append_tools(docgen_buffer *page, const char *filter, int shown, int all)
{
    docgen_buffer_puts(page,
                       "<form class=\"filter\" method=\"get\"><label for=\"dg-filter\">"
                       "Filter</label><input id=\"dg-filter\" type=\"search\" name=\"filter\" "
                       "placeholder=\"Filter by name\" autocomplete=\"off\" value=\"");
    docgen_buffer_html(page, filter);
    docgen_buffer_puts(page, "\"><button>Filter</button></form>"
                             "<p class=\"count\" role=\"status\" id=\"dg-count\">");
    if (shown == all)
        docgen_buffer_printf(page, "%d project%s", all, all == 1 ? "" : "s");
    else
        docgen_buffer_printf(page, "%d of %d projects", shown, all);
    docgen_buffer_puts(page, "</p>\n");
}

int docgen_page_home(docgen_visit *visit)
{
    docgen_frame frame = {.title = "Projects", .kind = "home", .script = "home.js"};
    const char *filter = docgen_inbound_query(visit, "filter");
    apr_array_header_t *states;
    docgen_buffer *page;
    int shown = 0;
    apr_status_t rv = docgen_access_list(visit, &states);

    if (rv != APR_SUCCESS)
        return docgen_problem_store(visit, rv);
    for (int i = 0; i < states->nelts; i++)
        shown += matches(APR_ARRAY_IDX(states, i, docgen_state *), filter);
    page = docgen_frame_open(visit, &frame);
    docgen_buffer_puts(page, "<h1>Projects</h1>\n");
    if (states->nelts)
        append_tools(page, filter, shown, states->nelts);
    else
        docgen_buffer_puts(page, "<p class=\"empty\">There is no project here that you may see. An "
                                 "administrator adds one with <code>DocGenRepository</code>.</p>");
    docgen_buffer_puts(page, "<ul class=\"projects\" id=\"dg-projects\">\n");
    for (int i = 0; i < states->nelts; i++) {
        const docgen_state *state = APR_ARRAY_IDX(states, i, docgen_state *);
        if (matches(state, filter))
            append_item(visit, page, state);
    }
    docgen_buffer_puts(page, "</ul>\n");
    if (states->nelts && !shown)
        docgen_buffer_puts(page, "<p class=\"empty\">No project has this in its name.</p>\n");
    return docgen_frame_send(visit, page, HTTP_OK, NULL, NULL);
}
