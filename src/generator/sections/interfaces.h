/* What a repository declares to its users beside its API: options, settings, variables, commands, routes, tables.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_INTERFACES_H
#define DOCGEN_GENERATOR_SECTIONS_INTERFACES_H

#include "generator/sections/code_sections.h"

typedef enum {
    DOCGEN_DECLARED_COMMAND,  /**< a command or subcommand */
    DOCGEN_DECLARED_OPTION,   /**< a command-line option */
    DOCGEN_DECLARED_SETTING,  /**< a key of a configuration */
    DOCGEN_DECLARED_VARIABLE, /**< an environment variable */
    DOCGEN_DECLARED_BUILD,    /**< an option of configure or Meson */
    DOCGEN_DECLARED_MACRO,    /**< a compile-time option */
    DOCGEN_DECLARED_ROUTE,
    DOCGEN_DECLARED_TABLE,   /**< SQL */
    DOCGEN_DECLARED_MESSAGE, /**< protobuf */
    DOCGEN_DECLARED_KINDS
} docgen_declared_kind;

/** One declaration. Texts are Markdown-free; `text` is the prose that stands with it, or NULL. */
typedef struct docgen_declared {
    docgen_declared_kind kind;
    const char *name;
    const char *value; /**< default or type, or NULL */
    const char *text;
    const docgen_file *file;
    int line, end_line;
    const char *page;   /**< the page that describes it, or NULL */
    const char *anchor; /**< the place on that page, or NULL */
} docgen_declared;

/** One text while it is searched. */
typedef struct docgen_search {
    apr_pool_t *pool; /**< results */
    apr_pool_t *scratch;
    apr_array_header_t *found; /**< docgen_declared */
    const docgen_file *file;
    const char *text;
    apr_size_t length;
    int limit; /**< most declarations of all files together */
} docgen_search;

/** Notes a declaration at the given place of the text. Texts are copied and shortened. */
docgen_declared *docgen_search_add(docgen_search *search, docgen_declared_kind kind,
                                   const char *name, const char *value, const char *text,
                                   const char *at, const char *end);

/** A default as users can read it: a literal, an expression of literals and calls, or what the file gives the constant that
 * is named. A variable's name says nothing: NULL. From scratch. */
const char *docgen_search_default(docgen_search *search, const char *text);

/** The content of the string literal at `*p` (any quote, prefixes allowed); moves behind it. NULL: there is none. */
const char *docgen_search_string(docgen_search *search, const char **p);

/** The same with the literals that follow it at once: "a" "b" is one text, and so is "a" + "b". */
const char *docgen_search_texts(docgen_search *search, const char **p);

/** The end of the call whose `(` is at `p`: its `)`, at most 4,000 bytes on; NULL when it is not there. */
const char *docgen_search_call_end(const char *p);

/** The text with comments and docstrings blanked, all offsets and lines unchanged. From scratch. */
const char *docgen_search_mask(docgen_search *search);

/** Options of clap: attributes of fields, and Arg::new with its calls. Those that it hides are left out, and operands. */
void docgen_search_clap(docgen_search *search);

/** Options of argument parsers: argparse, click, getopt_long, Go flags, commander, clap and tables of settings. */
void docgen_search_options(docgen_search *search);

/** Options of a program in C as its usage text explains them, and getopt's other letters. */
void docgen_search_usage(docgen_search *search);

/** Options that the manual page of a program describes. */
void docgen_search_man_page(docgen_search *search);

/** Of options that a manual page and the source of the same program tell, the manual page's stay, with the default that
 * the source knows. */
void docgen_options_settle(apr_array_header_t *found, apr_pool_t *pool);

/** "(default: x)", "Default is x." in what is said about an option; NULL: nothing is. From `pool`. */
const char *docgen_default_said(apr_pool_t *pool, const char *text);

/** AC_ARG_ENABLE, AC_ARG_WITH, AC_ARG_VAR in configure.ac and its macros. */
void docgen_search_configure(docgen_search *search);

/** option('name', …) of Meson. */
void docgen_search_meson(docgen_search *search);

/** Does the page "configuration" list options of the build? Once all sections are planned. */
int docgen_has_build_options(const docgen_site *site);

/** Directives that a page of httpd's manual describes: default, syntax and context. */
void docgen_search_manual(docgen_search *search);

/** JavaScript: settings that a function of defaults gives values to: `set("etag", "weak")`, `enable("x-powered-by")`. */
void docgen_search_script_settings(docgen_search *search);

/** Environment variables that are read. */
void docgen_search_variables(docgen_search *search);

/** "#ifndef NAME / #define NAME value": compile-time options of C. */
void docgen_search_macros(docgen_search *search);

/** Annotated sample configuration files: redis.conf, .env.example, *.ini. */
void docgen_search_sample(docgen_search *search);

/** Command tables in JSON: { "GET": { "summary": … } }. */
void docgen_search_commands(docgen_search *search);

/** CREATE TABLE; message, service and rpc. */
void docgen_search_schema(docgen_search *search);

/** HTTP routes that the code registers. */
void docgen_search_routes(docgen_search *search);

/** Gives settings and variables that have no text the words of the project's documents about them (an entry, a heading or
 * a list item of exactly that name), else those of the same setting elsewhere. Texts are from the array's pool. */
void docgen_declared_describe(docgen_site *site, apr_array_header_t *found);

#endif
