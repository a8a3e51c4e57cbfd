/* A project's state for people: see project_view.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/project_view.h"

#include "web/frame.h"

/* One row for each status. */
static const struct {
    const char *view;
    const char *heading;
    const char *badge;
    const char *icon;
} views[] = {
    [DOCGEN_STATUS_IDLE] = {"not_started", "No documentation yet", "Not started", "circle"},
    [DOCGEN_STATUS_GENERATING] = {"generating", "Generating documentation", "Generating",
                                  "progress"},
    [DOCGEN_STATUS_COMPLETED] = {"complete", "Documentation is up to date", "Up to date", "check"},
    [DOCGEN_STATUS_FAILED] = {"failed", "Generation failed", "Failed", "alert"},
};

const char *docgen_project_view(docgen_status status)
{
    return views[status].view;
}

const char *docgen_project_heading(docgen_status status)
{
    return views[status].heading;
}

const char *docgen_project_button(const docgen_state *state)
{
    if (state->status == DOCGEN_STATUS_GENERATING)
        return "Generating…";
    return state->published_job_id ? "Regenerate" : "Generate documentation";
}

const char *docgen_project_label(docgen_status status)
{
    return views[status].badge;
}

void docgen_project_badge(const docgen_context *context, docgen_buffer *page,
                          const docgen_state *state)
{
    docgen_buffer_printf(page, "<span class=\"badge %s\">", views[state->status].view);
    docgen_frame_icon(context, page, views[state->status].icon);
    docgen_buffer_puts(page, "<span>");
    docgen_buffer_html(page, state->queue_position > 0 ? state->step : views[state->status].badge);
    if (state->status == DOCGEN_STATUS_GENERATING && state->queue_position <= 0)
        docgen_buffer_printf(page, " %d\u00a0%%", state->progress);
    docgen_buffer_puts(page, "</span></span>");
}

void docgen_project_source(const docgen_context *context, docgen_buffer *page, const char *commit,
                           const char *branch, apr_time_t published_at, apr_time_t now)
{
    docgen_buffer_puts(page, "Generated");
    if (commit && *commit) {
        docgen_buffer_puts(page, " from <code title=\"");
        docgen_buffer_html(page, commit);
        docgen_buffer_puts(page, "\">");
        docgen_buffer_html_n(page, commit, strnlen(commit, 7));
        docgen_buffer_puts(page, "</code>");
    }
    if (branch && *branch) {
        docgen_buffer_puts(page, " on ");
        docgen_buffer_html(page, branch);
    }
    docgen_buffer_puts(page, ", ");
    docgen_frame_ago(context, page, published_at, now);
}
