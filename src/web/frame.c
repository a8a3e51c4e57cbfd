/* The frame of every page: see frame.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/frame.h"

#include <apr_strings.h>
#include "core/time.h"
#include "web/reply.h"
#include "web/ui_assets.h"

const char *docgen_ui_href(const docgen_context *context, const char *name)
{
    for (const docgen_ui_asset *asset = docgen_ui_assets; asset->name; asset++)
        if (!strcmp(asset->name, name))
            return apr_pstrcat(context->r->pool, context->root, "assets/", asset->file, NULL);
    ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, context->r, "DG0021: the module holds no asset %s",
                  name);
    return "#";
}

const char *docgen_ui_version(void)
{
    return docgen_ui_digest;
}

void docgen_frame_icon(const docgen_context *context, docgen_buffer *page, const char *name)
{
    docgen_buffer_printf(page,
                         "<svg class=\"icon\" aria-hidden=\"true\">"
                         "<use href=\"%s#%s\"></use></svg>",
                         docgen_ui_href(context, "icons.svg"), name);
}

void docgen_frame_ago(const docgen_context *context, docgen_buffer *page, apr_time_t when,
                      apr_time_t now)
{
    const char *stamp = docgen_time_format(context->r->pool, when);

    if (!stamp) {
        docgen_buffer_puts(page, "never");
        return;
    }
    docgen_buffer_printf(page, "<time datetime=\"%s\" title=\"%.10s %.8s UTC\">%s</time>", stamp,
                         stamp, stamp + 11,
                         docgen_time_ago(context->r->pool, now > when ? now - when : 0));
}

static void append_head(docgen_context *context, docgen_buffer *page, const docgen_frame *frame)
{
    docgen_buffer_puts(page,
                       "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, "
                       "initial-scale=1\">\n<title>");
    docgen_buffer_html(page, frame->title);
    if (frame->repository_title && strcmp(frame->repository_title, frame->title)) {
        docgen_buffer_puts(page, " · ");
        docgen_buffer_html(page, frame->repository_title);
    }
    docgen_buffer_puts(page, "</title>\n<meta name=\"color-scheme\" content=\"light dark\">\n");
    if (frame->refresh)
        docgen_buffer_printf(page, "<meta http-equiv=\"refresh\" content=\"%s\">\n",
                             frame->refresh);
    docgen_buffer_printf(page,
                         "<link rel=\"icon\" type=\"image/svg+xml\" href=\"%s\">\n"
                         "<link rel=\"stylesheet\" href=\"%s\">\n<script src=\"%s\"></script>\n",
                         docgen_ui_href(context, "mark.svg"), docgen_ui_href(context, "docgen.css"),
                         docgen_ui_href(context, "theme.js"));
    if (frame->script)
        docgen_buffer_printf(page, "<script type=\"module\" src=\"%s\"></script>\n",
                             docgen_ui_href(context, frame->script));
    if (frame->alternate) {
        docgen_buffer_puts(page, "<link rel=\"alternate\" type=\"text/markdown\" href=\"");
        docgen_buffer_html(page, frame->alternate);
        docgen_buffer_puts(page, "\">\n");
    }
    docgen_buffer_puts(page, "</head>\n");
}

static void append_search(docgen_context *context, docgen_buffer *page, const docgen_frame *frame)
{
    docgen_buffer_printf(page,
                         "<form class=\"seek\" role=\"search\" method=\"get\" "
                         "action=\"%ssearch\">",
                         context->root);
    docgen_frame_icon(context, page, "search");
    docgen_buffer_puts(page, "<input type=\"search\" name=\"q\" maxlength=\"200\" "
                             "aria-label=\"Search the documentation\" placeholder=\"Search\" "
                             "autocomplete=\"off\" spellcheck=\"false\" value=\"");
    docgen_buffer_html(page, frame->query);
    docgen_buffer_puts(page, "\">");
    if (frame->repository) {
        docgen_buffer_puts(page, "<input type=\"hidden\" name=\"repositoryId\" value=\"");
        docgen_buffer_html(page, frame->repository);
        docgen_buffer_puts(page, "\">");
    }
    docgen_buffer_puts(page, "<kbd aria-hidden=\"true\" class=\"js-only\">Ctrl K</kbd></form>");
}

/* The choices work only with scripts, so nothing of them shows without. */
static void append_settings(docgen_context *context, docgen_buffer *page)
{
    docgen_buffer_puts(page, "<details class=\"settings js-only\"><summary aria-label=\"Settings\" "
                             "title=\"Settings\">");
    docgen_frame_icon(context, page, "settings");
    docgen_buffer_puts(
        page,
        "</summary><div class=\"menu\"><fieldset><legend>Theme</legend>"
        "<label><input type=\"radio\" name=\"dg-theme\" value=\"auto\" checked> Auto</label>"
        "<label><input type=\"radio\" name=\"dg-theme\" value=\"light\"> Light</label>"
        "<label><input type=\"radio\" name=\"dg-theme\" value=\"dark\"> Dark</label></fieldset>"
        "<label><input type=\"checkbox\" name=\"dg-slash\" checked> Press <kbd>/</kbd> to "
        "search</label></div></details>");
}

/* Why nothing is generated here, where somebody may want it: not in the documentation itself. */
static void append_refusal(docgen_context *context, docgen_buffer *page, const docgen_frame *frame)
{
    const docgen_repository *repository =
        frame->repository ? docgen_config_repository(context->config, frame->repository) : NULL;
    docgen_error error;
    const char *sentence = docgen_config_refusal(context->config, context->r->pool,
                                                 repository ? repository->url : NULL, &error);

    if (!sentence || !strcmp(frame->kind, "docs") || !strcmp(frame->kind, "error"))
        return;
    docgen_buffer_puts(page, "<p class=\"notice\" role=\"status\">");
    docgen_buffer_html(page, sentence);
    docgen_buffer_printf(page, " (%s)</p>\n", docgen_error_code(error));
}

docgen_buffer *docgen_frame_open(docgen_context *context, const docgen_frame *frame)
{
    docgen_buffer *page = docgen_buffer_create(context->r->pool);

    append_head(context, page, frame);
    docgen_buffer_printf(page,
                         "<body class=\"%s\" data-root=\"%s\">\n<a class=\"skip\" "
                         "href=\"#dg-content\">Skip to content</a>\n<header class=\"top\">"
                         "<a class=\"brand\" href=\"%s\">",
                         frame->kind, context->root, context->root);
    docgen_frame_icon(context, page, "book");
    docgen_buffer_puts(page, "<span>Docs</span></a>");
    if (frame->repository) {
        docgen_buffer_puts(page, "<span class=\"crumb\"><span aria-hidden=\"true\">/</span> "
                                 "<a href=\"");
        docgen_buffer_printf(page, "%sprojects/%s\">", context->root, frame->repository);
        docgen_buffer_html(page, frame->repository_title);
        docgen_buffer_puts(page, "</a></span>");
    }
    append_search(context, page, frame);
    append_settings(context, page);
    docgen_buffer_puts(page, "</header>\n");
    append_refusal(context, page, frame);
    if (strcmp(frame->kind, "docs"))
        docgen_buffer_puts(page, "<main id=\"dg-content\" tabindex=\"-1\">\n");
    return page;
}

int docgen_frame_send(docgen_context *context, docgen_buffer *page, int status, const char *etag,
                      const char *cache)
{
    docgen_reply reply = {
        .status = status, .type = "text/html; charset=utf-8", .etag = etag, .cache = cache};

    if (!strstr(page->data, "</main>"))
        docgen_buffer_puts(page, "\n</main>");
    docgen_buffer_puts(page, "\n</body>\n</html>\n");
    reply.body = page->data;
    reply.length = page->length;
    return docgen_send(context, &reply);
}
