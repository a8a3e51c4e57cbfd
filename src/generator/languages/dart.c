/* Dart.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "generator/analysis/builder.h"
#include "generator/languages/grammars.h"

static const docgen_word words[] = {
    {"extension type", "class", DOCGEN_WORD_TYPE | DOCGEN_WORD_PRIMARY},
    {"mixin class", "class", DOCGEN_WORD_TYPE},
    {"class", "class", DOCGEN_WORD_TYPE},
    {"mixin", "trait", DOCGEN_WORD_TYPE | DOCGEN_WORD_SOFT},
    {"enum", "enum", DOCGEN_WORD_TYPE | DOCGEN_WORD_CONSTANTS},
    {"extension", "extension", DOCGEN_WORD_TYPE | DOCGEN_WORD_SOFT},
    {"typedef", "type", DOCGEN_WORD_ALIAS},
    {"import", "", DOCGEN_WORD_IMPORT},
    {"export", "", DOCGEN_WORD_IMPORT},
    {"library", "", DOCGEN_WORD_SKIP},
    {"part of", "", DOCGEN_WORD_SKIP},
    {"part", "", DOCGEN_WORD_IMPORT},
    {NULL, NULL, 0},
};

static const docgen_access accesses[] = {
    {NULL, DOCGEN_VISIBLE_PUBLIC},
};

/** Users import a package: the folder that holds `lib`, by the name in its pubspec.yaml. */
static const char *package(void *context, const docgen_unit *unit)
{
    docgen_builder *b = context;
    const char *path = unit->file->path;
    const char *lib = !strncmp(path, "lib/", 4) ? path : strstr(path, "/lib/");
    const char *directory, *text, *slash = strchr(path, '/');

    if (!lib) {
        return slash ? apr_pstrmemdup(b->scratch, path, (apr_size_t)(slash - path) + 1)
                     : "(top level)";
    }
    directory = apr_pstrmemdup(b->scratch, path, (apr_size_t)(lib - path));
    text = docgen_builder_text(
        b, apr_pstrcat(b->scratch, directory, *directory ? "/" : "", "pubspec.yaml", NULL), NULL);
    for (const char *p = text; p && *p; p += strcspn(p, "\n"), p += *p == '\n') {
        if (!strncmp(p, "name:", 5)) {
            p += 5 + strspn(p + 5, " \"'");
            return apr_pstrmemdup(b->scratch, p, strcspn(p, " \"'\r\n#"));
        }
    }
    slash = strrchr(directory, '/');
    return *directory ? slash ? slash + 1 : directory : "lib";
}

/** Is the name in a list after `word` ("show A, B hide C")? @return -1 = there is no such list */
static int is_listed(const char *combinators, const char *word, const char *name)
{
    const char *p = combinators ? strstr(combinators, word) : NULL;
    apr_size_t length = strlen(name);

    if (!p || (p > combinators && p[-1] != ' ')) {
        return -1;
    }
    for (p += strlen(word); *p;) {
        apr_size_t n;

        p += strspn(p, " ,");
        n = strcspn(p, " ,");
        if (n == length && !strncmp(p, name, n)) {
            return 1;
        }
        p += n;
        if (*p == ' ') {
            return 0; /* the next word */
        }
    }
    return 0;
}

/** The file of the repository that an export names: relative, or of a package that is here. */
static docgen_unit *exported(docgen_builder *b, const docgen_unit *unit, const char *from)
{
    const char *directory = docgen_path_directory(b->scratch, unit->file->path), *path;
    const char *lib;

    if (strncmp(from, "package:", 8)) {
        path = docgen_repository_path(b->scratch, directory, from);
    } else { /* its own package: the folder lib above */
        const char *slash = strchr(from, '/');

        lib = !strncmp(unit->file->path, "lib/", 4) ? unit->file->path
                                                    : strstr(unit->file->path, "/lib/");
        if (!lib || !slash) {
            return NULL;
        }
        lib += *lib == '/';
        path = apr_pstrcat(
            b->scratch,
            apr_pstrmemdup(b->scratch, unit->file->path, (apr_size_t)(lib - unit->file->path)),
            "lib", slash, NULL);
    }
    return path ? apr_hash_get(b->unit_of, path, APR_HASH_KEY_STRING) : NULL;
}

/** `show` and `hide` on the way to a file; what is inside must pass all of them. */
typedef struct gate {
    const char *text; /**< may be NULL */
    const struct gate *outer;
    int depth;
} gate;

static int passes(const gate *gate, const char *name)
{
    for (; gate; gate = gate->outer) {
        int listed = is_listed(gate->text, "show ", name);

        if (listed == 0 || (listed < 0 && is_listed(gate->text, "hide ", name) == 1)) {
            return 0;
        }
    }
    return 1;
}

/** The way to a file as a key of its own. From scratch. */
static const char *gate_key(docgen_builder *b, const gate *gate, const char *path)
{
    for (; gate; gate = gate->outer) {
        path = apr_pstrcat(b->scratch, path, " ", gate->text ? gate->text : "", NULL);
    }
    return path;
}

/** Follows the exports and parts of a library; what they let through is put into `shown`. */
static void exports_follow(docgen_builder *b, apr_hash_t *shown, const docgen_unit *unit,
                           const gate *outer)
{
    int depth = outer ? outer->depth + 1 : 0;

    for (int i = 0; depth < 12 && i < unit->imports->nelts; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(unit->imports, i, docgen_import);
        docgen_unit *other =
            import->flags & DOCGEN_IMPORT_EXPORTED ? exported(b, unit, import->from) : NULL;
        gate inner = {import->name, outer, depth};
        const char *key = other ? gate_key(b, &inner, other->file->path) : NULL;

        if (!other || apr_hash_get(shown, key, APR_HASH_KEY_STRING)) {
            continue;
        }
        apr_hash_set(shown, key, APR_HASH_KEY_STRING, other);
        for (int n = 0; n < other->symbols->nelts; n++) {
            docgen_symbol *symbol = APR_ARRAY_IDX(other->symbols, n, docgen_symbol *);

            if (passes(&inner, symbol->name)) {
                apr_hash_set(shown, apr_pmemdup(b->scratch, &symbol, sizeof(symbol)),
                             sizeof(symbol), symbol);
            }
        }
        exports_follow(b, shown, other, &inner);
    }
}

/** An extension without a name is the library's own. */
static void nameless_hide(const docgen_unit *unit)
{
    for (int i = 0; i < unit->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(unit->symbols, i, docgen_symbol *);

        if (!strcmp(symbol->kind, "extension") && !strcmp(symbol->name, "on")) {
            symbol->visibility = DOCGEN_VISIBLE_PRIVATE;
        }
    }
}

static int is_library(const char *path)
{
    return (!strncmp(path, "lib/", 4) || strstr(path, "/lib/")) && !strstr(path, "lib/src/");
}

/** What stands in lib/src is offered only when a library exports it. */
static void exports_settle(void *context)
{
    docgen_builder *b = context;
    apr_hash_t *shown = apr_hash_make(b->scratch);

    for (int i = 0; i < b->units->nelts; i++) {
        const docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);

        if (unit->file->lang == DOCGEN_LANG_DART) {
            nameless_hide(unit);
        }
        if (unit->file->lang == DOCGEN_LANG_DART && is_library(unit->file->path)) {
            exports_follow(b, shown, unit, NULL);
        }
    }
    for (int i = 0; i < b->units->nelts; i++) {
        const docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);

        if (unit->file->lang != DOCGEN_LANG_DART || is_library(unit->file->path)) {
            continue;
        }
        for (int n = 0; n < unit->symbols->nelts; n++) {
            docgen_symbol *symbol = APR_ARRAY_IDX(unit->symbols, n, docgen_symbol *);

            if (symbol->visibility == DOCGEN_VISIBLE_PUBLIC &&
                !apr_hash_get(shown, &symbol, sizeof(symbol))) {
                symbol->visibility = DOCGEN_VISIBLE_INTERNAL;
            }
        }
    }
}

const docgen_grammar docgen_grammar_dart = {
    .lexical = {DOCGEN_LEXICAL_NESTED | DOCGEN_LEXICAL_TRIPLE | DOCGEN_LEXICAL_TRIPLE_ESCAPES |
                    DOCGEN_LEXICAL_R_RAW | DOCGEN_LEXICAL_SINGLE,
                "${"},
    .traits = {.packages = "pub",
               .marks = DOCGEN_MARK_SLASH | DOCGEN_MARK_SINGLE | DOCGEN_MARK_TRIPLE,
               .uses = DOCGEN_USE_TYPE_FIRST},
    .words = words,
    .modifiers = "abstract base final interface sealed static const late external covariant var "
                 "factory required",
    .access = accesses,
    .fallback = {DOCGEN_VISIBLE_PUBLIC, DOCGEN_VISIBLE_PUBLIC},
    .annotation = '@',
    .shown = "experimental optionalTypeArgs useResult immutable",
    .deprecated = "Deprecated deprecated",
    .hidden = "internal visibleForTesting",
    .underscore = DOCGEN_VISIBLE_PRIVATE,
    .bases = "extends implements with on",
    .typed = 1,
    .accessors = 1,
    .only_in = "lib/",
    .separator = '.',
    .doc = DOCGEN_DOC_DART,
    .module = package,
    .settle = exports_settle,
};
