/* Links to a commit's source in the web views of the common forges.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/repo/facts.h"

#include <string.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "core/id.h"

/** A forge's web view: "%H" host and port, "%O" the repository's path, "%C" the commit. */
typedef struct forge {
    const char *host; /**< exact name, or a prefix that ends in '.' */
    const char *form;
} forge;

#define FORM_GITHUB "https://%H/%O/blob/%C/%P#L%1-L%2"
#define FORM_GITLAB "https://%H/%O/-/blob/%C/%P#L%1-%2"
#define FORM_GITEA  "https://%H/%O/src/commit/%C/%P#L%1-L%2"

static const forge forges[] = {
    {"github.com", FORM_GITHUB},
    {"github.", FORM_GITHUB},
    {"gitlab.com", FORM_GITLAB},
    {"gitlab.", FORM_GITLAB},
    {"salsa.debian.org", FORM_GITLAB},
    {"codeberg.org", FORM_GITEA},
    {"gitea.", FORM_GITEA},
    {"forgejo.", FORM_GITEA},
    {"bitbucket.org", "https://%H/%O/src/%C/%P#lines-%1:%2"},
    {"git.sr.ht", "https://%H/%O/tree/%C/item/%P#L%1-%2"},
    {"git.kernel.org", "https://%H/%O.git/tree/%P?id=%C#n%1"},
    {"git.savannah.gnu.org", "https://%H/%O.git/tree/%P?id=%C#n%1"},
};

static const char *form_by_host(const char *host, int github)
{
    if (github) {
        return FORM_GITHUB;
    }
    for (size_t i = 0; i < sizeof(forges) / sizeof(forges[0]); i++) {
        apr_size_t length = strlen(forges[i].host);

        if (forges[i].host[length - 1] == '.' ? !strncmp(host, forges[i].host, length)
                                              : !strcmp(host, forges[i].host)) {
            return forges[i].form;
        }
    }
    return NULL;
}

/** The path of a repository URL without slashes at its ends and without ".git"; NULL when it is
 * empty. */
static const char *url_path(apr_pool_t *pool, const char *url)
{
    const char *start = strstr(url, "://");
    const char *path = start ? strchr(start + 3, '/') : strchr(url, ':');
    apr_size_t length;

    if (!path) {
        return NULL;
    }
    path += strspn(path, ":/");
    length = strcspn(path, "?#");
    while (length && path[length - 1] == '/') {
        length--;
    }
    if (length > 4 && !memcmp(path + length - 4, ".git", 4)) {
        length -= 4;
    }
    return length ? apr_pstrmemdup(pool, path, length) : NULL;
}

/** The host with the port of an http(s) URL: the web view listens there too. */
static const char *web_host(apr_pool_t *pool, const char *url, const char *host)
{
    const char *at = strstr(url, "://");
    const char *end;

    if (strncmp(url, "http", 4) != 0 || !at) {
        return host;
    }
    at += 3;
    end = at + strcspn(at, "/?#");
    at = memchr(at, '@', (size_t)(end - at)) ? (const char *)memchr(at, '@', (size_t)(end - at)) + 1
                                             : at;
    return apr_pstrmemdup(pool, at, (apr_size_t)(end - at));
}

static void path_escape(docgen_buffer *out, const char *path)
{
    static const char plain[] = "-._~/";

    for (; *path; path++) {
        unsigned char c = (unsigned char)*path;

        if (c < 0x80 && (apr_isalnum(c) || strchr(plain, c))) {
            docgen_buffer_append(out, path, 1);
        } else {
            docgen_buffer_printf(out, "%%%02X", c);
        }
    }
}

const char *docgen_source_form(apr_pool_t *pool, const char *url, const char *commit, int github)
{
    const char *host = docgen_url_host(pool, url);
    const char *form = host ? form_by_host(host, github) : NULL;
    const char *owner = form ? url_path(pool, url) : NULL;
    docgen_buffer *out;
    const char *result;

    if (!owner) {
        return NULL;
    }
    out = docgen_buffer_create(pool);
    for (; *form; form++) {
        if (form[0] != '%' || !strchr("HOC", form[1])) {
            docgen_buffer_append(out, form, 1);
            continue;
        }
        form++;
        if (*form == 'H') {
            docgen_buffer_puts(out, web_host(pool, url, host));
        } else if (*form == 'O') {
            path_escape(out, owner);
        } else {
            docgen_buffer_puts(out, commit);
        }
    }
    result = apr_pstrdup(pool, out->data);
    docgen_buffer_free(out);
    return result;
}

/** GitHub shows these rendered, without lines, unless asked for the plain text. */
static int is_rendered(const char *path)
{
    static const char *const extensions[] = {".md",  ".markdown", ".rst",     ".adoc",
                                             ".org", ".asciidoc", ".textile", ".mdx"};
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot && i < sizeof(extensions) / sizeof(extensions[0]); i++) {
        if (!strcasecmp(dot, extensions[i])) {
            return 1;
        }
    }
    return 0;
}

/** Writes the lines' part of a form; a single line ends after its first number. */
static void lines_write(docgen_buffer *out, const char *form, int first, int last)
{
    for (; *form; form++) {
        if (form[0] == '%' && form[1] == '1') {
            docgen_buffer_printf(out, "%d", first);
            form++;
            if (last <= first) {
                return;
            }
        } else if (form[0] == '%' && form[1] == '2') {
            docgen_buffer_printf(out, "%d", last);
            form++;
        } else {
            docgen_buffer_append(out, form, 1);
        }
    }
}

const char *docgen_source_link(apr_pool_t *pool, const docgen_facts *facts, const char *raw_path,
                               int first, int last)
{
    const char *form = facts->source_url;
    const char *place = form ? strstr(form, "%P") : NULL;
    const char *lines;
    docgen_buffer *out;
    const char *link;

    if (!place) {
        return NULL;
    }
    lines = strchr(place, '#');
    out = docgen_buffer_create(pool);
    docgen_buffer_append(out, form, (apr_size_t)(place - form));
    path_escape(out, raw_path);
    docgen_buffer_append(out, place + 2,
                         lines ? (apr_size_t)(lines - place - 2) : strlen(place + 2));
    if (lines && first > 0) {
        if (strstr(form, "/blob/") && !strstr(form, "/-/") && is_rendered(raw_path)) {
            docgen_buffer_puts(out, "?plain=1");
        }
        lines_write(out, lines, first, last);
    }
    link = apr_pstrdup(pool, out->data);
    docgen_buffer_free(out);
    return link;
}
