/* Languages without a rule of their own: a module for each package, namespace or target that users import.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/analysis/builder.h"
#include "generator/languages/language.h"
#include "generator/languages/modules_types.h"

typedef struct putting {
    docgen_builder *b;
    apr_hash_t *exported; /* Java: directory of a module-info.java → its text */
} putting;

/** Of a language whose modules are made here; NULL for others. */
static const docgen_grammar *grammar_of(docgen_lang lang)
{
    const docgen_grammar *grammar = docgen_reader_of(lang)->grammar;

    return grammar && !grammar->modules ? grammar : NULL;
}

/** Is one of the package's segments a word that says that it is the project's own business? */
static int is_internal_name(const char *name)
{
    static const char *const words[] = {"internal", "impl", "implementation", "internals",
                                        "detail"};

    for (const char *p = name; *p;) {
        apr_size_t length = strcspn(p, ".\\/");

        for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
            if (strlen(words[i]) == length && !strncasecmp(p, words[i], length)) {
                return 1;
            }
        }
        p += length + (p[length] != '\0');
    }
    return 0;
}

/** Is a package below the first two names one of examples? "org.example.shop" is none. */
static int is_example_name(const char *name)
{
    static const char *const words[] = {"examples", "samples", "demos", "benchmarks", "benchmark"};
    int segment = 0;

    for (const char *p = name; *p; segment++) {
        apr_size_t length = strcspn(p, ".\\");

        for (unsigned i = 0; segment > 1 && i < sizeof(words) / sizeof(*words); i++) {
            if (strlen(words[i]) == length && !strncasecmp(p, words[i], length)) {
                return 1;
            }
        }
        p += length + (p[length] != '\0');
    }
    return 0;
}

/** Does the file stand beside the folder that holds what the project offers? */
static int is_outside(const docgen_builder *b, const docgen_unit *unit)
{
    const char *folder = grammar_of(unit->file->lang)->only_in;

    if (!strncmp(unit->file->path, "buildSrc/", 9) ||
        !strncmp(unit->file->path, "build-logic/", 12)) {
        return 1; /* Gradle's own places for what builds the project */
    }
    if (unit->file->lang == DOCGEN_LANG_SCALA && !strncmp(unit->file->path, "project/", 8)) {
        return 1; /* sbt's */
    }
    return folder && strncmp(unit->file->path, folder, strlen(folder)) &&
           !strstr(unit->file->path, apr_pstrcat(b->scratch, "/", folder, NULL));
}

/** The module of a package; files that only show how to use the project have modules of their own. */
static docgen_module *module_for(docgen_builder *b, const docgen_unit *unit, const char *name)
{
    docgen_lang lang = unit->file->lang;
    int example = unit->file->flags & DOCGEN_FILE_EXAMPLE || is_example_name(name) ? 1 : 0;
    docgen_module *module;

    if (example) {
        name = apr_pstrcat(b->scratch, name, " (examples)", NULL);
    }
    module = docgen_module_find(b, lang, name);
    if (!module) {
        module =
            docgen_module_add(b, lang, name, docgen_path_directory(b->scratch, unit->file->path));
        module->visibility = example ? DOCGEN_VISIBLE_PRIVATE
                             : is_internal_name(name) || is_outside(b, unit)
                                 ? DOCGEN_VISIBLE_INTERNAL
                                 : DOCGEN_VISIBLE_PUBLIC;
    }
    return module;
}

/** The name users import a file's symbols by. */
static const char *module_name(docgen_builder *b, const docgen_unit *unit)
{
    const docgen_grammar *g = grammar_of(unit->file->lang);
    const char *directory;

    if (g->module) {
        return g->module(b, unit);
    }
    if (unit->package) {
        return unit->package;
    }
    if (g->separator == '\\') {
        return "(global namespace)";
    }
    directory = docgen_path_directory(b->scratch, unit->file->path);
    return *directory ? directory : "(default package)";
}

/** The symbols of a file's further packages go to those packages. */
static void spaces_split(docgen_builder *b, docgen_unit *unit)
{
    int kept = 0;

    for (int i = 0; i < unit->symbols->nelts; i++) {
        docgen_symbol *space = APR_ARRAY_IDX(unit->symbols, i, docgen_symbol *);

        if (strcmp(space->kind, "namespace")) {
            APR_ARRAY_IDX(unit->symbols, kept++, docgen_symbol *) = space;
        } else if (space->members && space->members->nelts) {
            docgen_module_take_symbols(
                b, module_for(b, unit, *space->name ? space->name : "(global namespace)"),
                unit->file, space->members);
        }
    }
    unit->symbols->nelts = kept;
}

/* --- putting it together ----------------------------------------------------------------------------------- */

static void imports_link(docgen_builder *b, docgen_module *module, const docgen_unit *unit)
{
    char separator = grammar_of(unit->file->lang)->separator;

    for (int i = 0; i < unit->imports->nelts; i++) {
        char *name = apr_pstrdup(b->scratch, APR_ARRAY_IDX(unit->imports, i, docgen_import).from);
        docgen_module *other = docgen_module_find(b, unit->file->lang, name);
        char *package = NULL;

        for (int n = 0; !other && n < 4; n++) {
            char *last = strrchr(name, separator);

            if (!last || last == name) {
                break;
            }
            *last = '\0';
            package =
                package || (last[1] >= 'A' && last[1] <= 'Z') || last[1] == '*' ? package : name;
            other = docgen_module_find(b, unit->file->lang, name);
        }
        if (other) {
            docgen_module_use(b, module, other);
        } else {
            const char *from = APR_ARRAY_IDX(unit->imports, i, docgen_import).from;
            char *outside = apr_pstrdup(b->scratch, from), *p = outside;

            while (separator == '.' && (p = strchr(p, '.'))) { /* the package, not its classes */
                if ((p[1] >= 'A' && p[1] <= 'Z' && p > outside && strchr(outside, '.') != p) ||
                    p[1] == '*') {
                    *p = '\0';
                    break;
                }
                p++;
            }
            docgen_module_external(b, module, outside);
        }
    }
}

/** Java: does a module-info.java say that the package is not for others? */
static int is_hidden_by_module_info(docgen_builder *b, const docgen_module *module)
{
    const docgen_file *file =
        module->files->nelts ? APR_ARRAY_IDX(module->files, 0, docgen_file *) : NULL;
    const char *text = NULL, *p;
    apr_size_t length = strlen(module->name), depth;
    const char *root;

    if (!file || module->lang != DOCGEN_LANG_JAVA) {
        return 0;
    }
    root = docgen_path_directory(b->scratch, file->path);
    depth = strlen(root);
    if (depth <= length) {
        return 0;
    }
    root = apr_pstrmemdup(b->scratch, root, depth - length - 1); /* the source root */
    text = docgen_builder_text(b, apr_pstrcat(b->scratch, root, "/module-info.java", NULL), NULL);
    if (!text || !strstr(text, "exports")) {
        return 0;
    }
    for (p = text; (p = strstr(p, module->name)); p += length) {
        const char *before = p;

        while (before > text && (before[-1] == ' ' || before[-1] == '\t' || before[-1] == '\n')) {
            before--;
        }
        if (before - text >= 7 && !strncmp(before - 7, "exports", 7) &&
            !strchr("._", p[length] ? p[length] : ' ')) {
            return 0;
        }
    }
    return 1;
}

/** A package in which nothing is public is the project's own. */
static void visibility_settle(docgen_builder *b, docgen_module *module)
{
    int seen = 0;

    if (module->visibility == DOCGEN_VISIBLE_PUBLIC && is_hidden_by_module_info(b, module)) {
        module->visibility = DOCGEN_VISIBLE_INTERNAL;
    }
    for (int i = 0; i < module->symbols->nelts; i++) {
        if (APR_ARRAY_IDX(module->symbols, i, docgen_symbol *)->visibility ==
            DOCGEN_VISIBLE_PUBLIC) {
            return;
        }
        seen = 1;
    }
    if (seen && module->visibility == DOCGEN_VISIBLE_PUBLIC) {
        module->visibility = DOCGEN_VISIBLE_INTERNAL;
    }
}

/** Does a file say nothing, as the scripts that build a project do? */
static int is_empty(const docgen_unit *unit)
{
    return !unit->package && !unit->doc && unit->symbols->nelts == 0 && unit->imports->nelts == 0;
}

void docgen_modules_declared(docgen_builder *b)
{
    apr_hash_t *types = apr_hash_make(b->scratch);
    apr_array_header_t *modules = b->model->modules;

    for (int lang = DOCGEN_LANG_NONE + 1; lang < DOCGEN_LANG_OTHER; lang++) {
        if (grammar_of((docgen_lang)lang) && grammar_of((docgen_lang)lang)->settle) {
            grammar_of((docgen_lang)lang)->settle(b);
        }
    }
    for (int i = 0; i < b->units->nelts; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);

        if (grammar_of(unit->file->lang) && !is_empty(unit)) {
            docgen_module *module = module_for(b, unit, module_name(b, unit));

            unit->package = unit->package ? unit->package : ""; /* it is no empty one any more */
            spaces_split(b, unit);
            docgen_module_take(b, module, unit);
        }
    }
    for (int i = 0; i < b->units->nelts; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);

        if (grammar_of(unit->file->lang) && !is_empty(unit)) {
            imports_link(b, apr_hash_get(b->module_of, unit->file->path, APR_HASH_KEY_STRING),
                         unit);
        }
    }
    for (int i = 0; i < modules->nelts; i++) {
        docgen_module *module = APR_ARRAY_IDX(modules, i, docgen_module *);

        if (grammar_of(module->lang)) {
            docgen_partials_join(b, module);
            docgen_extensions_join(b, module);
            if (module->lang == DOCGEN_LANG_KOTLIN) {
                docgen_actuals_drop(b, module);
            }
            visibility_settle(b, module);
            docgen_types_index(types, module->symbols, module->lang, b->scratch, 0);
        }
    }
    for (int lang = DOCGEN_LANG_NONE + 1; lang < DOCGEN_LANG_OTHER; lang++) {
        if (grammar_of((docgen_lang)lang) && grammar_of((docgen_lang)lang)->finish) {
            grammar_of((docgen_lang)lang)->finish(b);
        }
    }
    for (int i = 0; i < modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(modules, i, docgen_module *);

        if (grammar_of(module->lang)) {
            docgen_docs_inherit(types, module->symbols, module->lang, b->scratch, 0);
        }
    }
}
