/* What stands in a line of Markdown: text that nothing is read into, emphasis, code, links.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "generator/documents/markdown_writer.h"

#define LETTERS "#0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

enum {
    EDGE = ' ' /* what stands beside the first and last character of a block */
};

void docgen_markdown_put(docgen_markdown_writer *w, const char *text)
{
    while (*text) {
        apr_size_t length = strcspn(text, "\n");
        apr_size_t prefix = w->prefix->length;

        if (w->fresh) { /* a blank line needs no spaces at its end */
            while (length == 0 && prefix > 0 && w->prefix->data[prefix - 1] == ' ')
                prefix--;
            if (prefix)
                docgen_buffer_append(w->out, w->prefix->data, prefix);
        }
        if (length)
            docgen_buffer_append(w->out, text, length);
        w->fresh = text[length] == '\n';
        w->at_start = w->fresh;
        if (w->fresh)
            docgen_buffer_append(w->out, "\n", 1);
        text += length + (text[length] == '\n');
    }
}

static void byte_put(docgen_markdown_writer *w, char byte)
{
    docgen_markdown_put(w, (const char[]){byte, '\0'});
}

static int last_byte(const docgen_markdown_writer *w)
{
    return w->fresh || w->at_start || w->out->length == 0
               ? EDGE
               : (unsigned char)w->out->data[w->out->length - 1];
}

static int is_end(char byte)
{
    return !byte || isspace((unsigned char)byte);
}

/* Would Markdown read this character as markup at the beginning of a line? Of a number it is the mark behind it. */
static int is_line_markup(const char *at)
{
    switch (*at) {
    case '#':
        return is_end(at[strspn(at, "#")]);
    case '+':
    case '*':
        return is_end(at[1]);
    case '-':
        return is_end(at[1]) || at[1] == '-';
    case '>':
    case '=':
    case '|':
        return 1;
    case ':':
        return at[1] == ':' || at[1] == '-';
    case '!':
    case '?':
        return at[1] == *at;
    case '{':
        return at[1] == ':' || at[1] == '%';
    default:
        return 0;
    }
}

/* The digits of a list's number at `at`; 0 = it is none. */
static apr_size_t list_number(const char *at)
{
    apr_size_t digits = strspn(at, "0123456789");

    return digits && digits < 10 && (at[digits] == '.' || at[digits] == ')') &&
                   is_end(at[digits + 1])
               ? digits
               : 0;
}

/* Would Markdown read this character as markup? `before` is the character before it. */
static int is_markup(const docgen_markdown_writer *w, int before, const char *at)
{
    int after = (unsigned char)at[1];

    switch (*at) {
    case '\\':
    case '`':
    case '[':
        return 1;
    case ']':
        return w->in_link;
    case '|':
        return w->in_cell;
    case '*':
        return !(isspace(before) && (!after || isspace(after)));
    case '_':
        return !(isalnum(before) && isalnum(after));
    case '~':
        return !(isspace(before) && (isdigit(after) || after == '/'));
    case '<':
        return isalpha(after) || (after && strchr("/!?", after));
    case '&':
        return isalnum(after) || after == '#';
    case '@':
        return isalnum(before) && isalnum(after) && !w->in_link;
    case ':':
        return !w->in_link && !strncmp(at, "://", 3);
    case '.':
        return !w->in_link && before == 'w' && w->out->length > 2 &&
               !strncmp(w->out->data + w->out->length - 3, "www", 3);
    default:
        return 0;
    }
}

/* What stands first in a line, where more is markup than within it. @return the character that comes next */
static const char *start_put(docgen_markdown_writer *w, const char *at)
{
    if (is_line_markup(at)) {
        byte_put(w, '\\');
        byte_put(w, *at);
        return at + 1;
    }
    for (apr_size_t digits = list_number(at); digits > 0; digits--) {
        byte_put(w, *at++);
        if (digits == 1)
            byte_put(w, '\\');
    }
    return at;
}

static void text_put(docgen_markdown_writer *w, const char *text)
{
    for (const char *at = text; *at;) {
        if (*at == '\n' && !w->flat && !w->at_start) {
            /* Two spaces before it would be a line break. */
            while (w->out->length && w->out->data[w->out->length - 1] == ' ')
                w->out->data[--w->out->length] = '\0';
            byte_put(w, '\n');
        } else if (isspace((unsigned char)*at)) {
            if (!w->at_start && !isspace(last_byte(w)))
                byte_put(w, ' ');
        } else if ((unsigned char)*at >= 0x20 && *at != 0x7f) {
            if (w->at_start && !w->flat)
                at = start_put(w, at);
            if (!*at)
                break;
            if (is_markup(w, last_byte(w), at))
                byte_put(w, '\\');
            byte_put(w, *at);
        }
        at++;
    }
}

/* The first or last character that a node writes. */
static int edge_of(const docgen_node *node, int last)
{
    switch (node->kind) {
    case DOCGEN_NODE_TEXT:
        return *node->text == '\0' ? EDGE
               : last              ? (unsigned char)node->text[strlen(node->text) - 1]
                                   : (unsigned char)*node->text;
    case DOCGEN_NODE_CODE:
        return '`';
    case DOCGEN_NODE_LINK:
        return last ? ')' : '[';
    case DOCGEN_NODE_IMAGE:
        return last ? ')' : '!';
    case DOCGEN_NODE_EMPHASIS:
        return node->parent && node->parent->kind == DOCGEN_NODE_STRONG ? '_' : '*';
    case DOCGEN_NODE_STRONG:
        return '*';
    case DOCGEN_NODE_DELETED:
        return '~';
    case DOCGEN_NODE_MARKUP:
        return last ? '>' : '<';
    default:
        return EDGE;
    }
}

/* The character after a node, within its block. */
static int edge_after(const docgen_node *node)
{
    while (node && !node->next && node->parent && !docgen_node_is_block(node->parent))
        node = node->parent;
    return node && node->next && !docgen_node_is_block(node->next) ? edge_of(node->next, 0) : EDGE;
}

static int is_punctuation(int byte)
{
    return byte < 0x80 && ispunct(byte);
}

/* May a run of `mark` open before `first` and close after `last`? A character beyond ASCII may be punctuation. */
static int can_mark(int mark, int before, int first, int last, int after)
{
    int outside = isspace(before) || is_punctuation(before);
    int behind = isspace(after) || is_punctuation(after);

    if (before == mark || after == mark || first == mark || last == mark || isspace(first) ||
        isspace(last))
        return 0;
    if (mark == '_' && !(outside && behind))
        return 0;
    return ((first < 0x80 && !ispunct(first)) || outside) &&
           ((last < 0x80 && !ispunct(last)) || behind);
}

static void marked_write(docgen_markdown_writer *w, const docgen_node *node)
{
    int mark = edge_of(node, 0);
    int doubled = node->kind != DOCGEN_NODE_EMPHASIS;
    const char run[] = {(char)mark, doubled ? (char)mark : '\0', '\0'};
    int start = w->at_start;

    if (docgen_node_is_blank(node)) {
        docgen_markdown_inline(w, node->first, NULL);
    } else if (can_mark(mark, last_byte(w), edge_of(node->first, 0), edge_of(node->last, 1),
                        edge_after(node))) {
        docgen_markdown_put(w, run);
        docgen_markdown_inline(w, node->first, NULL);
        docgen_markdown_put(w, run);
    } else {
        docgen_markdown_put(w, apr_psprintf(w->pool, "<%s>", node->element));
        w->at_start = start;
        docgen_markdown_inline(w, node->first, NULL);
        docgen_markdown_put(w, apr_psprintf(w->pool, "</%s>", node->element));
    }
}

static void code_write(docgen_markdown_writer *w, const docgen_node *node)
{
    docgen_buffer *text = docgen_buffer_create(w->pool);
    const char *code;

    docgen_node_text(node, text);
    if (text->length == 0)
        return;
    code = docgen_markdown_code(w->pool, text->data);
    for (; *code; code++) {
        if (*code == '|' && w->in_cell)
            byte_put(w, '\\');
        byte_put(w, *code);
    }
}

const char *docgen_markdown_target(docgen_markdown_writer *w, const char *target, int image)
{
    const char *url = target;

    while (*target && (unsigned char)*target <= 0x20)
        target++;
    if (!*target || strlen(target) > 4096 || !docgen_target_is_safe(target))
        return NULL;
    if (*target == '#')
        return target[1] ? target : NULL;
    if (!strncmp(target, "//", 2))
        url = target = apr_pstrcat(w->pool, "https:", target, NULL);
    if (w->links && w->links->resolve)
        url = w->links->resolve(w->links->baton, w->pool, target, image);
    return url && (!*url || docgen_target_is_safe(url)) ? url : NULL;
}

/* "(url "title")"; what Markdown would read otherwise is percent-encoded. */
static void target_put(docgen_markdown_writer *w, const char *url, const char *title)
{
    docgen_markdown_put(w, "(");
    for (; *url; url++) {
        if ((unsigned char)*url <= 0x20 || strchr("<>()\\\"|`", *url))
            docgen_markdown_put(w, apr_psprintf(w->pool, "%%%02X", (unsigned char)*url));
        else if (*url == '&' && url[1 + strspn(url + 1, LETTERS)] == ';')
            docgen_markdown_put(w, "&amp;");
        else
            byte_put(w, *url);
    }
    if (title && *title) {
        docgen_markdown_put(w, " \"");
        for (; *title; title++) {
            if (strchr("\"\\&<`|", *title))
                byte_put(w, '\\');
            byte_put(w, isspace((unsigned char)*title) ? ' ' : *title);
        }
        docgen_markdown_put(w, "\"");
    }
    docgen_markdown_put(w, ")");
}

void docgen_markdown_id(docgen_markdown_writer *w, const char *id)
{
    if (id && *id && strspn(id, LETTERS "_-.") == strlen(id))
        docgen_markdown_put(w, apr_pstrcat(w->pool, " id=\"", id, "\"", NULL));
}

/* A reference to a footnote: its number, 0 = the link is none. */
static int footnote_of(const docgen_node *node, const char *prefix)
{
    const char *href = docgen_node_value(node, "href");
    apr_size_t length = strlen(prefix);

    return href && !strncmp(href, prefix, length) ? atoi(href + length) : 0;
}

static void link_write(docgen_markdown_writer *w, const docgen_node *node)
{
    const char *href = docgen_node_value(node, "href");
    const char *url = href ? docgen_markdown_target(w, href, 0) : NULL;
    const char *text = node->first && node->first == node->last ? node->first->text : NULL;
    apr_size_t start, inner;

    if (footnote_of(node, "#u-fnref-"))
        return;
    if (!url || !*url) {
        const char *id = docgen_node_value(node, "id");

        id = id || href ? id : docgen_node_value(node, "name");
        if (id && *id && !w->flat) {
            docgen_markdown_put(w, "<a");
            docgen_markdown_id(w, id);
            docgen_markdown_put(w, "></a>");
        }
        docgen_markdown_inline(w, node->first, NULL);
        return;
    }
    if (text && !strcmp(text, url) && docgen_target_is_absolute(url) &&
        !strpbrk(url, "<> \t\n|\\")) {
        docgen_markdown_put(w, apr_pstrcat(w->pool, "<", url, ">", NULL));
        return;
    }
    start = w->out->length;
    docgen_markdown_put(w, "[");
    inner = w->out->length;
    w->in_link++;
    docgen_markdown_inline(w, node->first, NULL);
    w->in_link--;
    if (w->out->length == inner) { /* around an image that was left out */
        w->out->length = start;
        w->out->data[start] = '\0';
        return;
    }
    docgen_markdown_put(w, "]");
    target_put(w, url, docgen_node_value(node, "title"));
}

static void image_write(docgen_markdown_writer *w, const docgen_node *node)
{
    const char *source = docgen_node_value(node, "src");
    const char *alt = docgen_node_value(node, "alt");
    const char *url = source && *source ? docgen_markdown_target(w, source, 1) : "";

    if (url && !*url)
        return;
    if (url) {
        docgen_markdown_put(w, "![");
        w->in_link++;
    }
    text_put(w, alt ? alt : "");
    if (url) {
        w->in_link--;
        docgen_markdown_put(w, "]");
        target_put(w, url, docgen_node_value(node, "title"));
    }
}

static void markup_write(docgen_markdown_writer *w, const docgen_node *node)
{
    const docgen_node *only = node->first == node->last ? node->first : NULL;
    int footnote = only && only->kind == DOCGEN_NODE_LINK ? footnote_of(only, "#u-fn-") : 0;

    if (footnote) {
        docgen_markdown_put(w, apr_psprintf(w->pool, "[^%d]", footnote));
    } else if (!strcmp(node->element, "span") || !strcmp(node->element, "wbr") ||
               docgen_node_is_blank(node)) {
        docgen_markdown_inline(w, node->first, NULL);
    } else {
        int start = w->at_start;

        docgen_markdown_put(w, apr_psprintf(w->pool, "<%s>", node->element));
        w->at_start = start;
        docgen_markdown_inline(w, node->first, NULL);
        docgen_markdown_put(w, apr_psprintf(w->pool, "</%s>", node->element));
    }
}

/* Line breaks stand between words; at the edges of a paragraph they part nothing.
 * @return whether `next` is only white space beside them */
static int breaks_write(docgen_markdown_writer *w, const docgen_node *next)
{
    if (w->breaks == 0 || next->kind == DOCGEN_NODE_BREAK)
        return 0;
    if (next->kind == DOCGEN_NODE_TEXT && docgen_node_is_blank(next))
        return 1;
    for (; w->breaks > 0; w->breaks--)
        docgen_markdown_put(w, w->flat ? "<br>" : "\\\n");
    return 0;
}

void docgen_markdown_inline(docgen_markdown_writer *w, const docgen_node *first,
                            const docgen_node *end)
{
    for (const docgen_node *node = first; node && node != end; node = node->next) {
        if (breaks_write(w, node))
            continue;
        if (node->kind == DOCGEN_NODE_TEXT)
            text_put(w, node->code && w->flat ? node->code : node->text);
        else if (node->kind == DOCGEN_NODE_CODE || node->kind == DOCGEN_NODE_CODE_BLOCK)
            code_write(w, node);
        else if (node->kind == DOCGEN_NODE_LINK)
            link_write(w, node);
        else if (node->kind == DOCGEN_NODE_IMAGE)
            image_write(w, node);
        else if (node->kind == DOCGEN_NODE_BREAK)
            w->breaks += !w->at_start;
        else if (node->kind == DOCGEN_NODE_CHECKBOX)
            docgen_markdown_put(w, docgen_node_value(node, "checked") ? "[x] " : "[ ] ");
        else if (node->kind == DOCGEN_NODE_MARKUP)
            markup_write(w, node);
        else if (node->first && !docgen_node_is_block(node))
            marked_write(w, node);
        else /* a block where only text can stand */
            docgen_markdown_inline(w, node->first, NULL);
    }
}
