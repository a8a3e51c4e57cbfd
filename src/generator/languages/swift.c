/* Swift.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "generator/analysis/builder.h"
#include "generator/languages/grammars.h"

static const docgen_word words[] = {
    {"class func", "function", DOCGEN_WORD_CALL},
    {"class var", "property", DOCGEN_WORD_VALUE},
    {"class subscript", "method", DOCGEN_WORD_CALL | DOCGEN_WORD_NAMELESS},
    {"class", "class", DOCGEN_WORD_TYPE},
    {"actor", "class", DOCGEN_WORD_TYPE | DOCGEN_WORD_SOFT},
    {"struct", "struct", DOCGEN_WORD_TYPE},
    {"enum", "enum", DOCGEN_WORD_TYPE},
    {"protocol", "protocol", DOCGEN_WORD_TYPE | DOCGEN_WORD_INTERFACE},
    {"extension", "extension", DOCGEN_WORD_TYPE | DOCGEN_WORD_EXTENSION},
    {"func", "function", DOCGEN_WORD_CALL},
    {"init", "method", DOCGEN_WORD_CALL | DOCGEN_WORD_NAMELESS},
    {"subscript", "method", DOCGEN_WORD_CALL | DOCGEN_WORD_NAMELESS},
    {"case", "member", DOCGEN_WORD_CASE},
    {"var", "property", DOCGEN_WORD_VALUE},
    {"let", "property", DOCGEN_WORD_VALUE},
    {"typealias", "type", DOCGEN_WORD_ALIAS},
    {"associatedtype", "type", DOCGEN_WORD_ALIAS},
    {"macro", "macro", DOCGEN_WORD_CALL | DOCGEN_WORD_SOFT},
    {"operator", "", DOCGEN_WORD_SKIP},
    {"precedencegroup", "", DOCGEN_WORD_SKIP},
    {"deinit", "", DOCGEN_WORD_SKIP},
    {"import", "", DOCGEN_WORD_IMPORT},
    {NULL, NULL, 0},
};

static const docgen_access accesses[] = {
    {"open", DOCGEN_VISIBLE_PUBLIC},      {"public", DOCGEN_VISIBLE_PUBLIC},
    {"package", DOCGEN_VISIBLE_INTERNAL}, {"internal", DOCGEN_VISIBLE_INTERNAL},
    {"private", DOCGEN_VISIBLE_PRIVATE},  {"fileprivate", DOCGEN_VISIBLE_PRIVATE},
    {NULL, DOCGEN_VISIBLE_PUBLIC},
};

/** The target of a Package.swift whose `path:` holds a file, or NULL. @param rest the file's path below the package */
static const char *target_by_path(apr_pool_t *pool, const char *manifest, const char *rest)
{
    const char *found = NULL;
    apr_size_t longest = 0;

    for (const char *p = manifest; (p = strstr(p, "path:")); p += 5) {
        const char *path = p + 5 + strspn(p + 5, " \""), *name = NULL;
        apr_size_t length = strcspn(path, "\"");
        const char *dependency = NULL;

        while (length && path[length - 1] == '/') {
            length--;
        }
        length -= length > 1 && !strncmp(path, "./", 2) ? 2 : 0;
        path += !strncmp(path, "./", 2) ? 2 : 0;
        if (!length || length < longest || strncmp(rest, path, length) || rest[length] != '/') {
            continue;
        }
        for (const char *q = manifest; (q = strstr(q, "arget(")) && q < p; q++) {
            name = strstr(q, "name:");
        }
        for (const char *q = manifest; (q = strstr(q, ".package(")) && q < p; q++) {
            dependency = q;
        }
        if (name && name < p && (!dependency || dependency < name)) {
            name += 5 + strspn(name + 5, " \"");
            found = apr_pstrmemdup(pool, name, strcspn(name, "\""));
            longest = length;
        }
    }
    return found;
}

/** Users import a target: Sources/TARGET/… below the nearest Package.swift, or what its `path:` says. */
static const char *swift_module(void *context, const docgen_unit *unit)
{
    docgen_builder *b = context;
    const char *directory = docgen_path_directory(b->scratch, unit->file->path), *slash;

    for (;;) {
        const char *path = *directory ? apr_pstrcat(b->scratch, directory, "/Package.swift", NULL)
                                      : "Package.swift";
        const char *manifest = docgen_builder_text(b, path, NULL);

        if (manifest) {
            const char *rest = unit->file->path + (*directory ? strlen(directory) + 1 : 0);
            const char *target = target_by_path(b->scratch, manifest, rest);

            if (target) {
                return target;
            }
            if (!strncmp(rest, "Sources/", 8) || !strncmp(rest, "Source/", 7) ||
                !strncmp(rest, "src/", 4)) {
                rest = strchr(rest, '/') + 1;
                slash = strchr(rest, '/');
                if (slash) {
                    return apr_pstrmemdup(b->scratch, rest, (apr_size_t)(slash - rest));
                }
            }
            break;
        }
        if (!*directory) {
            break;
        }
        directory = docgen_path_directory(b->scratch, directory);
    }
    slash = strchr(unit->file->path, '/');
    return slash ? apr_pstrmemdup(b->scratch, unit->file->path,
                                  (apr_size_t)(slash - unit->file->path))
                 : "(top level)";
}

const docgen_grammar docgen_grammar_swift = {
    .lexical = {DOCGEN_LEXICAL_NESTED | DOCGEN_LEXICAL_TRIPLE | DOCGEN_LEXICAL_TRIPLE_ESCAPES |
                    DOCGEN_LEXICAL_POUND_RAW | DOCGEN_LEXICAL_CONDITIONS | DOCGEN_LEXICAL_BACKTICK,
                "\\("},
    .traits = {.marks = DOCGEN_MARK_SLASH | DOCGEN_MARK_TRIPLE},
    .words = words,
    .modifiers = "static final override mutating nonmutating lazy weak unowned dynamic optional "
                 "required convenience indirect prefix postfix infix isolated nonisolated "
                 "distributed consuming borrowing",
    .access = accesses,
    .fallback = {DOCGEN_VISIBLE_INTERNAL, DOCGEN_VISIBLE_INTERNAL},
    .annotation = '@',
    .shown = "MainActor discardableResult available objc resultBuilder propertyWrapper frozen "
             "dynamicMemberLookup dynamicCallable Sendable preconcurrency",
    .deprecated = "available",
    .hidden = "_spi",
    .underscore = DOCGEN_VISIBLE_INTERNAL,
    .bases = ":",
    .no_bases = "where",
    .joins = ". ? : , = { ) ] > & | - where throws rethrows async",
    .joins_extensions = 1,
    .separator = '.',
    .doc = DOCGEN_DOC_SWIFT,
    .module = swift_module,
};
