/* What the prose sections share: the sections themselves, and how they find and cut the repository's texts.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_PROSE_H
#define DOCGEN_GENERATOR_SECTIONS_PROSE_H

#include "core/buffer.h"
#include "generator/sections/sections.h"

extern const docgen_section docgen_section_overview;
extern const docgen_section docgen_section_started;
extern const docgen_section docgen_section_guides;
extern const docgen_section docgen_section_dependencies;
extern const docgen_section docgen_section_testing;
extern const docgen_section docgen_section_build;
extern const docgen_section docgen_section_contributing;
extern const docgen_section docgen_section_changelog;
extern const docgen_section docgen_section_quality;

/** A piece of a Markdown document under one heading. */
typedef struct docgen_passage {
    int level;         /**< of its heading, 0 = before the first one */
    const char *title; /**< the heading's Markdown, "" before the first one */
    const char *body;  /**< the text below, up to the next heading of any level */
    int first;         /**< line of its heading (of its text for level 0), from 1 */
    int last;          /**< its last line with text */
    apr_size_t start;  /**< where its heading begins in the document, in bytes */
    apr_size_t text;   /**< where its body begins */
} docgen_passage;

/** Cuts Markdown at its headings ("# x" and underlined ones; code is respected).
 * @return array of docgen_passage from `pool`, the text before the first heading first; never NULL */
apr_array_header_t *docgen_passages(apr_pool_t *pool, const char *markdown);

/** Where a passage of a document stands, as docgen_site_source gives it: `last` is the last line that is quoted. Lines of
 * documents that were converted to Markdown are found by the heading in the source. From `pool`. */
const char *docgen_passage_source(docgen_site *site, apr_pool_t *pool, const docgen_file *file,
                                  const docgen_passage *passage, int last);

/** The first of `names` (lower case, without extension, NULL-ended) that is a readable document in
 * `directory` ("" = the top), whatever its extension; or NULL. */
docgen_file *docgen_document_find(const docgen_site *site, const char *directory,
                                  const char *const *names);

/** The file that a symbolic link inside the repository leads to, or the file itself; NULL when it leads nowhere, outside or
 * in a circle. */
docgen_file *docgen_link_followed(const docgen_site *site, docgen_file *file);

/** The SPDX identifier of a licence's text, or NULL when it is none that is known, or a choice of several. */
const char *docgen_licence_name(apr_pool_t *pool, const char *text);

/** A file's text from `pool`, or NULL when it is absent or unreadable. */
const char *docgen_file_text(const docgen_site *site, apr_pool_t *pool, const char *path);

/** The title of a document: its front matter's title, its first heading, or one made from its name. From `pool`. */
const char *docgen_document_title(apr_pool_t *pool, const docgen_file *file, const char *markdown);

/** The value of `key` in a document's front matter, or NULL. From `pool`. */
const char *docgen_front_matter(apr_pool_t *pool, const char *markdown, const char *key);

/** The beginning of a document (64 KB) without decoration in HTML: images, what holds nothing but them, and the boxes of
 * sponsors. Code in fences stays. Bounded in time by the beginning's length. From `pool`. */
const char *docgen_plain_beginning(apr_pool_t *pool, const char *markdown);

/** Markdown on one line without images, and without links that hold nothing but images: a title without its badges.
 * From `pool`. */
const char *docgen_without_images(apr_pool_t *pool, const char *line);

/** A README's beginning without what stands before its first words: rows of badges and of links to translations,
 * notices, surveys. From `pool`, or `markdown` itself. */
const char *docgen_without_notices(apr_pool_t *pool, const char *markdown);

/** Behind the first block of code that shows the project in use: more than a command that installs it. NULL: none. */
const char *docgen_example_end(const char *markdown);

/** Does a text hold a command that installs a package or builds the project? */
int docgen_says_how_to_install(const char *markdown);

/** The definitions of a document's reference links that a part of it needs and has not, as Markdown to stand behind it;
 * "" when there are none. From `pool`. */
const char *docgen_references_of(apr_pool_t *pool, const char *document, const char *part);

/** What the README of a folder ("" = the top) says first, as plain text on one line, at most 240 bytes; NULL when it says
 * nothing of the kind. From `pool`. */
const char *docgen_readme_words(docgen_site *site, apr_pool_t *pool, const char *directory);

/** One line of Markdown as plain text. From `pool`. */
const char *docgen_plain_text(apr_pool_t *pool, const char *markdown);

/** A number with its thousands apart: "12,340". From `pool`. */
const char *docgen_number(apr_pool_t *pool, apr_uint64_t number);

/** Markdown made fit for one cell of a table: on one line, bars escaped. From `pool`. */
const char *docgen_table_cell(apr_pool_t *pool, const char *markdown);

/** Text that stands within a fence of ten '~': a line that would end it is broken. From `pool`. */
const char *docgen_text_fence(apr_pool_t *pool, const char *text);

/** Does a language hold data rather than code: JSON, CSV …? */
int docgen_language_is_data(const char *language);

/** The newest tag that looks like a release, else the newest one, or NULL. */
const docgen_tag *docgen_latest_release(const docgen_facts *facts);

/** The last segment of a path. */
const char *docgen_basename(const char *path);

/** The directory of a path, "" at the top. From `pool`. */
const char *docgen_dirname(apr_pool_t *pool, const char *path);

/** A document's Markdown without its front matter and, when it begins with one, its title. From `pool`. */
const char *docgen_document_body(apr_pool_t *pool, const char *markdown);

/** Sends a page made of a document of the repository, with its links resolved from where it stands and a
 * reference to its source at the end. */
apr_status_t docgen_site_document_page(docgen_site *site, const char *path, const char *title,
                                       int order, const docgen_file *file);

/** Notes the ids that docgen_site_document_page will give on such a page, so that links into it hold. */
void docgen_site_document_plan(docgen_site *site, const char *path, const char *title,
                               const docgen_file *file);

/** Sends a page whose Markdown has two kinds of parts: the section's own, and passages of documents, whose
 * links are resolved from where they stand. */
typedef struct docgen_draft docgen_draft;

docgen_draft *docgen_draft_create(docgen_site *site, const char *path, const char *title,
                                  int order);

/** The section's own Markdown; links as for docgen_site_page. */
void docgen_draft_text(docgen_draft *draft, const char *markdown);

/** The same, formatted. */
void docgen_draft_printf(docgen_draft *draft, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Notes a file as one of those that the page is made from. */
void docgen_draft_source(docgen_draft *draft, const docgen_file *file);

/** Code whose HTML the section made itself: a fenced block in Markdown, `html` (escaped, links only) in HTML. */
void docgen_draft_code(docgen_draft *draft, const char *fence, const char *language,
                       const char *html);

/** A passage of a document; @param shift added to its headings. */
void docgen_draft_quote(docgen_draft *draft, const docgen_file *file, const char *markdown,
                        int shift);

/** As above, without logos, badges and sponsors. */
void docgen_draft_quote_plain(docgen_draft *draft, const docgen_file *file, const char *markdown,
                              int shift);

/** Quotes the passages of a document whose heading is `wanted` (NULL: all of them), with what is below them and their
 * source, as parts of the page. @return how many */
int docgen_passages_quote(docgen_site *site, apr_pool_t *pool, docgen_draft *draft,
                          const docgen_file *file, int (*wanted)(const char *title));

/** Does a heading speak of tests? */
int docgen_speaks_of_tests(const char *title);

/** The change logs of the whole repository, const docgen_file *, the one with the newest release first; read once. */
apr_array_header_t *docgen_change_logs(docgen_site *site);

/** Is a file one of them? */
int docgen_is_change_log(docgen_site *site, const docgen_file *file);

/** Those but the first: reserves a page for each, lists them on the Changelog, writes their pages. */
void docgen_older_logs_plan(docgen_site *site);
void docgen_older_logs_list(docgen_site *site, apr_pool_t *pool, docgen_draft *draft);
apr_status_t docgen_older_logs_write(docgen_site *site);

/** Is a file one of the rules for contributors that have pages of their own? */
int docgen_is_rule(const docgen_site *site, const docgen_file *file);

/** Change logs of a monorepo's packages: reserves a page for each but `own`, the one at the top (or NULL). */
void docgen_package_logs_plan(docgen_site *site, const docgen_file *own);

/** Lists them on the Changelog. */
void docgen_package_logs_list(docgen_site *site, apr_pool_t *pool, docgen_draft *draft);

/** Writes their pages. */
apr_status_t docgen_package_logs_write(docgen_site *site);

/** Writes which files were left out, and why, into the Quality report. */
void docgen_quality_skipped(const docgen_site *site, docgen_draft *draft);

/** Sends the page. */
apr_status_t docgen_draft_send(docgen_draft *draft);

#endif
