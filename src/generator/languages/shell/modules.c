/* Shell: which files are libraries that others source, and which only serve the project.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/shell/shell.h"

#define SOURCES_MAX 100 /* of a file */

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
        if ((p > text && !strchr("/\"' ", p[-1])) || isalnum((unsigned char)p[length]) ||
            (p[length] && strchr("._-/", p[length]) && isalnum((unsigned char)p[length + 1]))) {
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

/** Does a file hold tests, whatever it is called? The functions that shunit2 calls around them tell. */
static int is_test(const docgen_unit *unit)
{
    for (int i = 0; i < unit->symbols->nelts; i++) {
        const char *name = APR_ARRAY_IDX(unit->symbols, i, docgen_symbol *)->name;

        if (!strcmp(name, "oneTimeSetUp") || !strcmp(name, "setUp")) {
            return 1;
        }
    }
    return 0;
}

/** The file that a sourced path means: the one that ends with it, nearest to the file that sources it. */
static const docgen_unit *sourced(docgen_builder *b, const docgen_unit *from, const char *path)
{
    apr_size_t length;
    const docgen_unit *found = NULL;
    apr_size_t best = 0;

    while (!strncmp(path, "./", 2) || !strncmp(path, "../", 3)) {
        path = strchr(path, '/') + 1;
    }
    length = strlen(path);
    for (int i = 0; length && i < b->units->nelts; i++) {
        const docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);
        apr_size_t n = strlen(unit->file->path), common = 0;

        if (unit->file->lang != DOCGEN_LANG_SHELL || unit == from || n < length ||
            strcmp(unit->file->path + n - length, path) ||
            (n > length && unit->file->path[n - length - 1] != '/')) {
            continue;
        }
        while (unit->file->path[common] && unit->file->path[common] == from->file->path[common]) {
            common++;
        }
        if (!found || common > best) {
            found = unit;
            best = common;
        }
    }
    return found;
}

/** Which files others source. Their imports become the names of modules; those of other files go. From scratch. */
static apr_hash_t *sourced_files(docgen_builder *b)
{
    apr_hash_t *files = apr_hash_make(b->scratch);

    for (int i = 0; i < b->units->nelts; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);
        int kept = 0;

        for (int n = 0; unit->file->lang == DOCGEN_LANG_SHELL && n < unit->imports->nelts; n++) {
            docgen_import import = APR_ARRAY_IDX(unit->imports, n, docgen_import);
            const docgen_unit *other = n < SOURCES_MAX ? sourced(b, unit, import.from) : NULL;

            if (other) {
                import.from = other->file->path;
                APR_ARRAY_IDX(unit->imports, kept++, docgen_import) = import;
                apr_hash_set(files, other->file->path, APR_HASH_KEY_STRING, other);
            }
        }
        if (unit->file->lang == DOCGEN_LANG_SHELL) {
            unit->imports->nelts = kept;
        }
    }
    return files;
}

void docgen_shell_settle(void *builder)
{
    docgen_builder *b = builder;
    const char *texts = NULL;
    apr_hash_t *files = NULL;
    int is_main = 0;

    for (int i = 0; i < b->units->nelts; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);

        if (unit->file->lang != DOCGEN_LANG_SHELL) {
            continue;
        }
        if (!texts) {
            texts = readmes(b);
            is_main = is_main_language(b->model->tree);
            files = sourced_files(b);
        }
        if (is_sourced_in(texts, unit->file->path)) {
            unit->entry_point = 0;
        } else if (!is_main || is_aside(unit->file->path) || is_test(unit)) {
            unit->symbols->nelts = unit->imports->nelts = 0;
            unit->doc = NULL;
        } else if (apr_hash_get(files, unit->file->path, APR_HASH_KEY_STRING)) {
            unit->entry_point = 0;
        } else if (unit->entry_point) {
            for (int n = 0; n < unit->symbols->nelts; n++) {
                APR_ARRAY_IDX(unit->symbols, n, docgen_symbol *)->visibility =
                    DOCGEN_VISIBLE_INTERNAL;
            }
        }
    }
}
