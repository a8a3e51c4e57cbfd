/* Shell: which files are libraries that others source, and which only serve the project.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/shell.h"

const char *docgen_shell_module(void *builder, const docgen_unit *unit)
{
    (void)builder;
    return unit->file->path;
}

/** Is the project written in shell, or are its scripts only tools of another one? */
static int is_main_language(const docgen_tree *tree)
{
    apr_uint64_t shell = 0, others = 0;

    for (int i = 0; i < tree->files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(tree->files, i, docgen_file *);

        if (file->flags & (DOCGEN_FILE_VENDORED | DOCGEN_FILE_GENERATED | DOCGEN_FILE_TEST)) {
            continue;
        }
        if (file->lang == DOCGEN_LANG_SHELL) {
            shell += file->size;
        } else if (file->lang != DOCGEN_LANG_NONE && file->lang != DOCGEN_LANG_OTHER) {
            others += file->size;
        }
    }
    return shell >= others;
}

/** The texts that tell users how to begin. From scratch. */
static const char *readmes(docgen_builder *b)
{
    const apr_array_header_t *files = b->model->tree->files;
    const char *text = "";

    for (int i = 0; i < files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        const char *one;

        if (!strncasecmp(file->path, "readme", 6) && !strchr(file->path, '/') &&
            (one = docgen_builder_text(b, file->path, NULL))) {
            text = apr_pstrcat(b->scratch, text, one, "\n", NULL);
        }
    }
    return text;
}

/** Does a text tell to source a file: `source path/NAME`, `. NAME`? */
static int is_sourced_in(const char *text, const char *path)
{
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    apr_size_t length = strlen(name);

    for (const char *p = text; (p = strstr(p, name)); p += length) {
        const char *q = p;

        while (q > text && !isspace((unsigned char)q[-1])) {
            q--;
        }
        if (p > text && !strchr("/\"' ", p[-1])) {
            continue;
        }
        if ((q - text >= 7 && !memcmp(q - 7, "source ", 7)) ||
            (q - text >= 2 && q[-1] == ' ' && q[-2] == '.' &&
             (q - text == 2 || strchr(" \t\n`;&(", q[-3])))) {
            return 1;
        }
    }
    return 0;
}

static int ends_with(const char *path, const char *end)
{
    apr_size_t length = strlen(path), n = strlen(end);

    return length > n && !strcmp(path + length - n, end);
}

/** Is a file for those who work on the project, or for a tool that has its own way of calling functions? */
static int is_aside(const char *path)
{
    static const char *const folders[] = {
        "ci",    "completion", "completions", "contrib", "debian", "packaging", "docker", "dev",
        "tools", "tool",       "scripts",     "script",  "hack",   "build",     "doc",    "docs"};
    static const char *const names[] = {".bats", ".ebuild", "PKGBUILD", ".command", "configure"};
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

    for (unsigned i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
        apr_size_t length = strlen(folders[i]);

        if (!strncmp(path, folders[i], length) && path[length] == '/') {
            return 1;
        }
    }
    for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (ends_with(path, names[i]) || !strcmp(path, names[i])) {
            return 1;
        }
    }
    return *path == '.' || *name == '_' || strstr(name, "completion") != NULL ||
           strstr(path, "/completions/") != NULL;
}

void docgen_shell_settle(void *builder)
{
    docgen_builder *b = builder;
    const char *texts = NULL;
    int is_main = 0;

    for (int i = 0; i < b->units->nelts; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);

        if (unit->file->lang != DOCGEN_LANG_SHELL) {
            continue;
        }
        if (!texts) {
            texts = readmes(b);
            is_main = is_main_language(b->model->tree);
        }
        if (is_sourced_in(texts, unit->file->path)) {
            unit->entry_point = 0;
        } else if (!is_main || is_aside(unit->file->path)) {
            unit->symbols->nelts = 0;
            unit->doc = NULL;
        } else if (unit->entry_point) {
            for (int n = 0; n < unit->symbols->nelts; n++) {
                APR_ARRAY_IDX(unit->symbols, n, docgen_symbol *)->visibility =
                    DOCGEN_VISIBLE_INTERNAL;
            }
        }
    }
}
