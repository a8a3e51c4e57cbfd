/* Inside the reStructuredText reader: what its files share.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_DOCUMENTS_RST_H
#define DOCGEN_GENERATOR_DOCUMENTS_RST_H

#include <apr_hash.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "generator/documents/markdown.h"

enum {
    DOCGEN_RST_DEPTH = 20,    /**< blocks within blocks; deeper text is shown as it stands */
    DOCGEN_RST_INCLUDES = 30, /**< files included into one document */
    DOCGEN_RST_STYLES = 12    /**< kinds of headings */
};

/** An object description: what a document says of one name of the code. */
typedef struct docgen_rst_object {
    const char *name;   /**< as the document spells it, with its class; "Parser.feed", "uv_run" */
    const char *module; /**< that `currentmodule` or `module` named before it, or NULL */
    const char *signature; /**< the first one, as written */
    const char *text; /**< Markdown, up to the first description within it; "" = it says nothing */
    int is_called;    /**< a function, method, class or macro rather than data */
} docgen_rst_object;

/** What a document needs from the repository around it; every member may be NULL. */
typedef struct docgen_rst_context {
    /** Reads a file by a path relative to the document ("/x" = from the documentation's top). */
    const char *(*include)(void *baton, apr_pool_t *pool, const char *path);
    /** Where a label of another document is: a link target, and its title when it stands before a heading. */
    const char *(*label)(void *baton, apr_pool_t *pool, const char *label, const char **title);
    /** Told of each object description; its texts end with the call. */
    void (*object)(void *baton, const docgen_rst_object *object);
    /** What the code says of a name that `autoclass` and its like ask for, as Markdown that stands within other blocks;
     * `module` as above, `members` = those of a class as well. @return from `pool`, or NULL */
    const char *(*code)(void *baton, apr_pool_t *pool, const char *module, const char *name,
                        int members);
    void *baton;
} docgen_rst_context;

/** One document being read. */
typedef struct docgen_rst {
    apr_pool_t *pool;
    const docgen_rst_context *context;
    docgen_buffer *out;
    apr_hash_t *targets; /**< lower-case name → URL, or "#name" of a place in the document */
    apr_hash_t *substitutions;     /**< name → Markdown */
    apr_array_header_t *anonymous; /**< const char *: URLs of "__" targets in order */
    int anonymous_next;
    struct {
        char mark;
        int over;
    } styles[DOCGEN_RST_STYLES];
    int style_count;
    const char *language; /**< of code blocks that name none */
    int depth;
    int includes;
    const char *module; /* that object descriptions belong to, or NULL */
    const char *scope;  /* the class whose description is being read, or NULL */
    int notes;          /**< footnotes "[#]_" so far */
    int note_refs;
} docgen_rst;

/** A run of lines that belong together, without their common indentation. */
typedef struct docgen_lines {
    const char *const *line;
    int count;
} docgen_lines;

/** What a directive was given. */
typedef struct docgen_rst_directive_parts {
    const char *name;     /**< without its domain */
    const char *argument; /**< of an object description with all its lines */
    apr_hash_t *options;  /**< name → value */
    docgen_lines content;
    const char *prefix;
} docgen_rst_directive_parts;

/** The value of a directive's option, or NULL. */
const char *docgen_rst_option(const docgen_rst_directive_parts *d, const char *name);

/** Writes a directive's content as blocks. */
void docgen_rst_content(docgen_rst *rst, const docgen_rst_directive_parts *d);

/** Writes an object description: the signatures, a place to link to, and what is said about it; the context is told. */
void docgen_rst_object_write(docgen_rst *rst, const docgen_rst_directive_parts *d);

/** Writes what the code says of a name: `autofunction`, `autoclass` … */
void docgen_rst_auto_write(docgen_rst *rst, const docgen_rst_directive_parts *d);

/** Reads blocks and appends Markdown; every line of it begins with `prefix` (spaces). */
void docgen_rst_blocks(docgen_rst *rst, docgen_lines lines, const char *prefix);

/** Reads the directive `name` (without "::") with its argument, options and content. */
void docgen_rst_directive(docgen_rst *rst, const char *name, const char *argument,
                          docgen_lines content, const char *prefix);

/** Is this a directive that describes a name of the code, whose argument may have more lines? */
int docgen_rst_is_object(const char *name);

/** Inline text as Markdown on as many lines as it had. From the document's pool. */
const char *docgen_rst_inline(docgen_rst *rst, const char *text);

/** The same on one line, fit for a table's cell. */
const char *docgen_rst_cell(docgen_rst *rst, const char *text);

/** A table of rows of cells (arrays of const char *, Markdown) as a Markdown table. */
void docgen_rst_table_write(docgen_rst *rst, const apr_array_header_t *rows, int header,
                            const char *prefix);

/** Reads a grid ("+---+") or simple ("===  ===") table at the first line. @return lines taken, 0 = none */
int docgen_rst_table(docgen_rst *rst, docgen_lines lines, const char *prefix);

/** Writes a fenced code block. */
void docgen_rst_code(docgen_rst *rst, docgen_lines lines, const char *language, const char *prefix);

/** Splits a text into lines, tabs expanded. */
docgen_lines docgen_rst_lines(apr_pool_t *pool, const char *text);

/** Lines `from`…`to`-1 without their common indentation and without blank lines at both ends. */
docgen_lines docgen_rst_dedent(apr_pool_t *pool, docgen_lines lines, int from, int to);

/** Spaces at the beginning of a line; a blank line has 1000. */
int docgen_rst_indent(const char *line);

/** Lines put together with "\n". */
const char *docgen_rst_join(apr_pool_t *pool, docgen_lines lines);

/** Writes `prefix`, a formatted text and a newline. */
void docgen_rst_line(docgen_rst *rst, const char *prefix, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** docgen_rst_markdown for a document of a site, with labels of other documents. */
const char *docgen_rst_document(apr_pool_t *pool, const char *text,
                                const docgen_rst_context *context);

/** A label as both its definition and its references write it: lower case, spaces as one. */
const char *docgen_rst_name(apr_pool_t *pool, const char *name, apr_size_t length);

#endif
