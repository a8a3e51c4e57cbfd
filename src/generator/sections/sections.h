/* The sections of the documentation: each one reads the model and writes its pages.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_SECTIONS_H
#define DOCGEN_GENERATOR_SECTIONS_SECTIONS_H

#include "generator/analysis/model.h"
#include "generator/output.h"
#include "generator/documents/markdown.h"

/** The repository's own documents that became pages (docs/, README of folders, CHANGELOG …): who has which page. */
typedef struct docgen_guide {
    const docgen_file *file;
    const char *page; /**< page path */
    const char *title;
    const char
        *group; /**< the part of the repository's own navigation that it stands in, or NULL */
    int order;
} docgen_guide;

/** A section that has no page, and what was looked for; the Quality report lists them. */
typedef struct docgen_absent {
    const char *section;
    const char *looked_for; /**< Markdown, or NULL */
} docgen_absent;

typedef struct docgen_site {
    apr_pool_t *pool;
    docgen_model *model;
    docgen_output *output;
    apr_array_header_t *guides; /**< docgen_guide */
    apr_hash_t *pages;          /**< page paths that exist or are planned → title */
    apr_hash_t *assets;         /**< repository path → asset path already sent */
    /** page path → docgen_ids (render/html.h) of a document that became a page */
    apr_hash_t *anchors;
    apr_array_header_t *absent; /**< docgen_absent */
    /** lower-case path of a document or directory → docgen_guide or docgen_file found there */
    apr_hash_t *documents;
    apr_hash_t *labels;            /**< reStructuredText label → docgen_label (site.h) */
    apr_hash_t *converted;         /**< path → a document of the repository as Markdown */
    apr_size_t converted_bytes;    /**< in `converted` */
    apr_array_header_t *manifests; /**< docgen_manifest, once read (manifest.h) */
    apr_array_header_t *doc_roots; /**< const char *: folders of documents, once found (guides.h) */
    apr_array_header_t *change_logs; /**< const docgen_file *, once chosen (prose.h) */
    apr_array_header_t
        *descriptions;          /**< docgen_description of documents that were read (described.h) */
    struct docgen_names *names; /**< what words of prose can mean, once asked (reference.c) */
    struct docgen_routes *routes; /**< passages about modules and symbols, once read (routing.c) */
    const char *linked_page;      /**< the page whose code spans were linked last … */
    int linked;                   /**< … and how many of them */
} docgen_site;

/** One section: how it is named in the progress line, whether it has content, and how it writes its pages. */
typedef struct docgen_section {
    const char *name;
    /** Plans: reserves page paths and sets the pages and anchors of symbols. Before any section writes. May be NULL. */
    apr_status_t (*plan)(docgen_site *site);
    /** Writes the section's pages. May send none (then it leaves the navigation). */
    apr_status_t (*write)(docgen_site *site);
    /** What the section is made from, for the Quality report when there is none of it; may be NULL. */
    const char *looked_for;
} docgen_section;

/** All sections in their fixed order, ended by NULL. */
extern const docgen_section *const docgen_sections[];

/** Makes a site with its tables empty. One thread. */
docgen_site *docgen_site_create(apr_pool_t *pool, docgen_model *model, docgen_output *output);

/** Plans and writes every section with progress 60…90, "Generating documentation sections (n of m: NAME)".
 * Members of `site` that are NULL are made. */
apr_status_t docgen_sections_write(docgen_site *site);

/** Reserves a page path, so that links to it hold. A page that is reserved must be sent.
 * @return 0 when it is taken already */
int docgen_site_reserve(docgen_site *site, const char *path, const char *title);

/** Renders a page's Markdown (its first line "# Title") and sends both forms. Links in `markdown` are page-relative
 * URLs made by docgen_site_href or absolute ones; a relative one that leads to no page or asset is dropped, its text stays.
 * A heading that ends in "{#id}" has that id, else docgen_slug of its text; repeated ids get "-1", "-2".
 * A code span that is a public symbol's name becomes a link to it. */
apr_status_t docgen_site_page(docgen_site *site, const char *path, const char *title, int order,
                              const char *markdown);

/** The relative URL from page `from` to page `to` (+ "#anchor" when given): works below docs/ID/ under any mount and in --output. */
const char *docgen_site_href(apr_pool_t *pool, const char *from, const char *to,
                             const char *anchor);

/** Resolver for documents of the repository: `file` is the document, `page` its page. For docgen_links. */
docgen_links *docgen_site_links(docgen_site *site, apr_pool_t *pool, const docgen_file *file,
                                const char *page);

/** A source reference as Markdown: "[path:10-40](pinned link)", or the same as code when the repository has no
 * web view. @param first,last lines from 1; 0 = the whole file. From `pool`. */
const char *docgen_site_source(docgen_site *site, apr_pool_t *pool, const docgen_file *file,
                               int first, int last);

/** A document of the repository as Markdown, whatever it is written in (Markdown, reStructuredText,
 * AsciiDoc, plain text), from `pool`; NULL when it cannot be read. */
const char *docgen_site_document(docgen_site *site, apr_pool_t *pool, const docgen_file *file);

#endif
