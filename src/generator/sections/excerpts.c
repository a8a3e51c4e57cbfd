/* What an excerpt of a document needs and what it can do without: references that are defined elsewhere; badges, rows of
 * links and notices before the first words; the first example.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/prose.h"

enum {
    LABEL_MAX = 200,
    NOTICES_MAX = 12 /* blocks before the first words */
};

/* Behind the bracket that closes the one at `p`, on the same line; NULL when there is none. */
static const char *bracket_end(const char *p)
{
    int depth = 0;

    for (; *p && *p != '\n'; p++) {
        if (*p == '\\' && p[1]) {
            p++;
        } else if (*p == '[') {
            depth++;
        } else if (*p == ']' && --depth == 0) {
            return p + 1;
        }
    }
    return NULL;
}

/* Behind the target of a link, "(…)" or "[…]", when one follows. */
static const char *target_end(const char *p)
{
    const char *end = *p == '(' ? strchr(p, ')') : *p == '[' ? bracket_end(p) : NULL;

    if (end && *p == '(')
        end++;
    return end && !memchr(p, '\n', (apr_size_t)(end - p)) ? end : p;
}

/* Behind an image, Markdown's or HTML's, that begins at `p`; NULL when none does. */
static const char *image_end(const char *p)
{
    const char *end;

    if (p[0] == '!' && p[1] == '[')
        return (end = bracket_end(p + 1)) ? target_end(end) : NULL;
    if (!strncasecmp(p, "<img", 4) && !isalnum((unsigned char)p[4]))
        return (end = strchr(p, '>')) ? end + 1 : NULL;
    return NULL;
}

/* Behind a link that holds nothing but images; NULL when none begins at `p`. */
static const char *image_link_end(const char *p)
{
    const char *close = *p == '[' ? bracket_end(p) : NULL;
    const char *at = p + 1;

    while (close && at < close - 1) {
        const char *end = isspace((unsigned char)*at) ? at + 1 : image_end(at);

        if (!end)
            return NULL;
        at = end;
    }
    return close && close > p + 2 ? target_end(close) : NULL;
}

const char *docgen_without_images(apr_pool_t *pool, const char *line)
{
    char *out = apr_palloc(pool, strlen(line) + 1), *o = out;

    while (*line) {
        const char *end = image_link_end(line);

        end = end ? end : image_end(line);
        if (end)
            line = end;
        else
            *o++ = *line++;
    }
    while (o > out && isspace((unsigned char)o[-1]))
        o--;
    *o = '\0';
    return out;
}

/* Is a line only links, images and what separates them: "English | [中文](zh.md)", a row of badges? */
static int is_row_of_links(apr_pool_t *pool, const char *line, apr_size_t length)
{
    const char *p = docgen_without_images(pool, apr_pstrndup(pool, line, length));
    int links = strlen(p) < length, words = 0;

    while (*p) {
        const char *close = *p == '[' ? bracket_end(p) : NULL;
        const char *end = close ? target_end(close) : p;

        if (close && end > close) {
            links++;
            p = end;
        } else if (isalpha((unsigned char)*p) || (unsigned char)*p >= 0xC0) {
            words++;
            while (isalnum((unsigned char)*p) || (unsigned char)*p >= 0x80)
                p++;
        } else if (strchr(".:,;!?", *p)) {
            return 0; /* a sentence */
        } else {
            p++;
        }
    }
    return links > 0 && words <= links;
}

/* Up to the next empty line. */
static apr_size_t block_length(const char *block)
{
    const char *end = strstr(block, "\n\n");

    return end ? (apr_size_t)(end - block) : strlen(block);
}

/* Does a block speak to those who read it on the forge: a notice, a survey, a call for money? */
static int is_notice(const char *block)
{
    static const char *const words[] = {"[!note",    "[!important", "[!warning",   "[!tip",
                                        "[!caution", "survey",      "sponsor",     "**note",
                                        "**warning", "**important", "announcement"};
    const char *text = block + strspn(block, "> ");
    apr_size_t length = strcspn(text, "\n");

    if (!strncmp(block, "<!--", 4) || !strncmp(block, "---\n", 4) || !strncmp(block, "***\n", 4))
        return 1;
    if (*block == '<') { /* a box of linked pictures: badges, sponsors, what is sold */
        const char *link = strstr(block, "<a "), *image = link ? strstr(link, "<img") : NULL;
        const char *close = link ? strstr(link, "</a>") : NULL;

        return image && close && image < close && close < block + block_length(block);
    }
    if (*block != '>')
        return 0;
    for (apr_size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        for (apr_size_t at = 0; at + strlen(words[i]) <= length; at++) {
            if (!strncasecmp(text + at, words[i], strlen(words[i])))
                return 1;
        }
    }
    return 0;
}

const char *docgen_without_notices(apr_pool_t *pool, const char *markdown)
{
    const char *block = markdown;

    for (int i = 0; i < NOTICES_MAX; i++) {
        const char *end, *line;
        int rows = 1;

        block += strspn(block, "\n \t\r");
        if (!*block || *block == '#')
            break;
        end = strstr(block, "\n\n");
        end = end ? end : block + strlen(block);
        for (line = block; line < end && rows; line += strcspn(line, "\n"), line += *line == '\n') {
            apr_size_t length = strcspn(line, "\n");

            rows = length == 0 || line[length - 1] == '\\'
                       ? is_row_of_links(pool, line, length ? length - 1 : 0)
                       : is_row_of_links(pool, line, length);
        }
        if (!rows && !is_notice(block))
            break;
        block = end;
    }
    return block;
}

static const char *const installing[] = {"npm install",
                                         "npm i ",
                                         "yarn add",
                                         "pnpm add",
                                         "pnpm install",
                                         "bun add",
                                         "npx ",
                                         "pip install",
                                         "pip3 install",
                                         "pipx install",
                                         "uv add",
                                         "uv tool install",
                                         "poetry add",
                                         "conda install",
                                         "go get",
                                         "go install",
                                         "cargo add",
                                         "cargo install",
                                         "composer require",
                                         "gem install",
                                         "bundle add",
                                         "brew install",
                                         "apt install",
                                         "apt-get install",
                                         "dnf install",
                                         "yum install",
                                         "pacman -S",
                                         "choco install",
                                         "scoop install",
                                         "winget install",
                                         "dotnet add",
                                         "docker pull",
                                         "docker run",
                                         "make install",
                                         "cmake --build",
                                         "cmake -B",
                                         "./configure",
                                         "ninja ",
                                         "meson ",
                                         "cargo build",
                                         "go build",
                                         "mvn install",
                                         "gradlew",
                                         "<dependency>",
                                         "implementation(",
                                         "implementation '",
                                         "vcpkg install",
                                         "conan install",
                                         "opam install",
                                         "nix-env",
                                         "port install",
                                         "apk add",
                                         "snap install",
                                         "luarocks install",
                                         "mix deps.get",
                                         "gem '",
                                         "gem \"",
                                         "git clone",
                                         "curl -"};

int docgen_says_how_to_install(const char *markdown)
{
    for (apr_size_t i = 0; i < sizeof(installing) / sizeof(*installing); i++) {
        if (strstr(markdown, installing[i]))
            return 1;
    }
    return 0;
}

/* Is a block of code no more than commands that fetch or build the project? Blank lines and comments say nothing. */
static int is_installing(const char *block, const char *end)
{
    int lines = 0;

    for (const char *line = block, *next; line < end; line = next) {
        const char *stop = memchr(line, '\n', (apr_size_t)(end - line));
        const char *text = line + strspn(line, " \t$>");
        int found = 0;

        stop = stop ? stop : end;
        next = stop + 1;
        if (text >= stop || *text == '#' || !strncmp(text, "cd ", 3))
            continue;
        for (apr_size_t i = 0; !found && i < sizeof(installing) / sizeof(*installing); i++)
            found = memmem(text, (apr_size_t)(stop - text), installing[i], strlen(installing[i])) !=
                    NULL;
        if (!found)
            return 0;
        lines++;
    }
    return lines > 0;
}

const char *docgen_example_end(const char *markdown)
{
    const char *open = markdown;

    while ((open = strstr(open, "```")) != NULL) {
        const char *body = open + strcspn(open, "\n");
        const char *close = strstr(body, "\n```");

        if (!close)
            return NULL;
        body += *body == '\n';
        if (body < close && !is_installing(body, close))
            return close + 4;
        open = close + 4;
    }
    return NULL;
}

/* A definition, "[label]: target", with at most three blanks before it. @return behind its label's bracket, or NULL */
static const char *definition_label(const char *line, const char **label)
{
    const char *p = line + strspn(line, " "), *end;

    if (p - line > 3 || *p != '[' || p[1] == '^')
        return NULL;
    end = bracket_end(p);
    if (!end || *end != ':' || end - p > LABEL_MAX)
        return NULL;
    *label = p + 1;
    return end - 1;
}

/* Does the text use this label: "[label]" in any case, not as a definition of it? */
static int uses_label(const char *part, const char *label, apr_size_t length)
{
    for (const char *p = strchr(part, '['); p; p = strchr(p + 1, '[')) {
        if (!strncasecmp(p + 1, label, length) && p[length + 1] == ']' && p[length + 2] != ':')
            return 1;
    }
    return 0;
}

static int defines_label(const char *part, const char *label, apr_size_t length)
{
    for (const char *p = strchr(part, '['); p; p = strchr(p + 1, '[')) {
        if (!strncasecmp(p + 1, label, length) && p[length + 1] == ']' && p[length + 2] == ':')
            return 1;
    }
    return 0;
}

const char *docgen_references_of(apr_pool_t *pool, const char *document, const char *part)
{
    docgen_buffer *out = docgen_buffer_create(pool);
    int fenced = 0;

    if (!strchr(part, '['))
        return "";
    for (const char *line = document; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        const char *label = NULL, *end;

        if (!strncmp(line, "```", 3) || !strncmp(line, "~~~", 3))
            fenced = !fenced;
        end = fenced ? NULL : definition_label(line, &label);
        if (!end || !uses_label(part, label, (apr_size_t)(end - label)) ||
            defines_label(part, label, (apr_size_t)(end - label)))
            continue;
        docgen_buffer_printf(out, "%s%.*s\n", out->length ? "" : "\n\n", (int)strcspn(line, "\n"),
                             line);
    }
    return out->length ? out->data : "";
}
