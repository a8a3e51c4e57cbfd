/* The first page: what the project is in its own words, an example, the facts one looks for before using it, and
 * the ways into the documentation.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/identity.h"
#include "generator/sections/manifest.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    INTRO_BYTES = 6 * 1024,   /* of a README's beginning */
    PASSAGE_BYTES = 3 * 1024, /* a longer one is read on the README's own page */
    EXAMPLE_BYTES = 4000,     /* the text before an example and itself */
    MODULES_SHOWN = 12,
    NAMES_SHOWN = 6, /* of a module that nobody describes */
    NAMES_WEIGHED = 500,
    PEOPLE_KEPT = 200 /* of the most active, by the fetching */
};

static const char *const readme_names[] = {"readme", "read.me", NULL};

static docgen_file *readme_find(const docgen_site *site)
{
    docgen_file *readme = docgen_document_find(site, "", readme_names);

    if (!readme)
        readme = docgen_document_find(site, ".github", readme_names);
    return readme ? readme : docgen_document_find(site, "docs", readme_names);
}

/* Does a heading begin a passage that is about people and money, or repeats what the navigation has? Single words are
 * meant only where they are the whole heading: "Supported platforms" and "Security model" tell of the project. */
static int is_beside_the_point(const char *title)
{
    static const char *const anywhere[] = {"sponsor",
                                           "backer",
                                           "donat",
                                           "supporter",
                                           "funding",
                                           "badge",
                                           "stargazer",
                                           "star history",
                                           "who uses",
                                           "used by",
                                           "table of contents",
                                           "acknowledg",
                                           "code of conduct",
                                           "translations",
                                           "contribut",
                                           "screenshot",
                                           "quick links",
                                           "survey"};
    static const char *const alone[] = {"contents",      "license",
                                        "licence",       "licensing",
                                        "thanks",        "contact",
                                        "contacts",      "community",
                                        "authors",       "author",
                                        "security",      "support",
                                        "changelog",     "changes",
                                        "credits",       "links",
                                        "release notes", "documentation",
                                        "getting help",  "help",
                                        "status",        "license and copyright",
                                        "copyright",     "maintainers",
                                        "team"};
    const char *word = title;
    apr_size_t length;

    while (*word && !isalpha((unsigned char)*word)) /* an emoji, a number */
        word++;
    for (length = strlen(word); length > 0 && !isalpha((unsigned char)word[length - 1]);)
        length--;
    for (apr_size_t i = 0; i < sizeof(anywhere) / sizeof(*anywhere); i++) {
        if (strcasestr(title, anywhere[i]))
            return 1;
    }
    for (apr_size_t i = 0; i < sizeof(alone) / sizeof(*alone); i++) {
        if (strlen(alone[i]) == length && !strncasecmp(word, alone[i], length))
            return 1;
    }
    return 0;
}

/* Is this heading, the first one of a README, the project's name? */
static int is_title_of(const docgen_passage *passage, const char *name)
{
    return passage->level == 1 ||
           (passage->level == 2 && name && *name && strcasestr(passage->title, name));
}

/* The README's beginning: up to its second part, without what is beside the point. From `pool`. */
static const char *intro_cut(apr_pool_t *pool, const char *readme, const char *name)
{
    apr_array_header_t *passages = docgen_passages(pool, readme);
    docgen_buffer *intro = docgen_buffer_create(pool);
    int parts = 0;
    int part_level = 2; /* one below the title's */
    int skipping = 0;   /* the level of a heading that is left out, with what is below it */

    for (int i = 0; i < passages->nelts; i++) {
        const docgen_passage *passage = &APR_ARRAY_IDX(passages, i, docgen_passage);
        int is_title = i <= 1 && is_title_of(passage, name);

        if (skipping && passage->level > skipping)
            continue;
        skipping = 0;
        if (is_title)
            part_level = passage->level + 1;
        if (passage->level && !is_title && is_beside_the_point(passage->title)) {
            /* The first example often follows the table of contents, under its heading. */
            const char *example =
                strcasestr(passage->title, "contents") ? strstr(passage->body, "\n```") : NULL;

            if (example && strlen(example) <= PASSAGE_BYTES)
                docgen_buffer_puts(intro, example);
            skipping = passage->level;
            continue;
        }
        if (passage->level && passage->level <= part_level && !is_title && ++parts > 1)
            break;
        if (intro->length + strlen(passage->body) > INTRO_BYTES && intro->length > 0)
            break;
        if (intro->length > 200 && strlen(passage->body) > PASSAGE_BYTES) {
            skipping = passage->level;
            continue;
        }
        if (passage->level && !is_title)
            docgen_buffer_printf(
                intro, "%.*s %s\n",
                passage->level - part_level + 2 > 1 ? passage->level - part_level + 2 : 2, "######",
                passage->title);
        docgen_buffer_puts(intro, intro->length ? passage->body
                                                : docgen_without_notices(pool, passage->body));
    }
    return intro->data;
}

/* The example that a document gives first: in a passage that promises one. */
static void example_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft,
                          const docgen_file *file, const char *readme, const char *intro)
{
    static const char *const words[] = {"example", "usage", "quick", "getting started", "how to"};
    apr_array_header_t *passages = docgen_passages(pool, readme);

    if (docgen_example_end(intro))
        return;
    for (apr_size_t w = 0; w < sizeof(words) / sizeof(*words); w++) {
        for (int i = 0; i < passages->nelts; i++) {
            const docgen_passage *passage = &APR_ARRAY_IDX(passages, i, docgen_passage);
            const char *end =
                strcasestr(passage->title, words[w]) ? docgen_example_end(passage->body) : NULL;

            if (!end || end - passage->body > EXAMPLE_BYTES)
                continue;
            docgen_draft_text(draft, "\n## Example\n");
            docgen_draft_quote_plain(
                draft, file, apr_pstrndup(pool, passage->body, (apr_size_t)(end - passage->body)),
                1);
            docgen_draft_printf(draft, "\nFrom %s\n",
                                docgen_passage_source(site, pool, file, passage, passage->last));
            return;
        }
    }
}

static const char *languages_line(const docgen_site *site, apr_pool_t *pool)
{
    const apr_array_header_t *languages = docgen_languages_count(site, pool, 1);
    docgen_buffer *line = docgen_buffer_create(pool);
    apr_uint64_t all = 0;

    for (int i = 0; i < languages->nelts; i++)
        all += (apr_uint64_t)APR_ARRAY_IDX(languages, i, docgen_page_language).lines;
    for (int i = 0; i < languages->nelts && i < 6; i++) {
        const docgen_page_language *language = &APR_ARRAY_IDX(languages, i, docgen_page_language);
        apr_uint64_t lines = (apr_uint64_t)language->lines;
        int percent = all ? (int)((lines * 100 + all / 2) / all) : 0;

        if (percent == 0 && i > 0)
            break;
        docgen_buffer_printf(line, "%s%s %d %% (%s lines)", i ? ", " : "",
                             docgen_markdown_escape(pool, language->name), percent,
                             docgen_number(pool, lines));
    }
    return line->data;
}

/* "Python >= 3.9, Node.js >= 20" as the manifests at the top say; of a workspace, as its first package says. */
static const char *requirements_line(docgen_site *site, apr_pool_t *pool)
{
    apr_array_header_t *manifests = docgen_site_manifests(site);
    const char *line = "";

    for (int i = 0; i < manifests->nelts; i++) {
        const docgen_manifest *m = &APR_ARRAY_IDX(manifests, i, docgen_manifest);

        if (strchr(m->file->path, '/') && *line)
            break;
        for (int r = 0; r < m->requires->nelts; r++) {
            const docgen_entry *e = &APR_ARRAY_IDX(m->requires, r, docgen_entry);

            line = apr_pstrcat(pool, line, *line ? ", " : "", docgen_markdown_escape(pool, e->name),
                               " ", docgen_table_cell(pool, docgen_markdown_code(pool, e->value)),
                               " (", docgen_site_source(site, pool, m->file, e->line, e->line), ")",
                               NULL);
        }
    }
    return line;
}

/* A version that a manifest at the top states. */
static const char *manifest_version(docgen_site *site, apr_pool_t *pool)
{
    apr_array_header_t *manifests = docgen_site_manifests(site);

    for (int i = 0; i < manifests->nelts; i++) {
        const docgen_manifest *m = &APR_ARRAY_IDX(manifests, i, docgen_manifest);

        if (!strchr(m->file->path, '/') && m->version && strpbrk(m->version, "0123456789"))
            return apr_psprintf(pool, "%s in %s", docgen_markdown_escape(pool, m->version),
                                docgen_site_source(site, pool, m->file, 0, 0));
    }
    return NULL;
}

static void fact(docgen_draft *draft, const char *name, const char *value)
{
    if (value && *value)
        docgen_draft_printf(draft, "| %s | %s |\n", name, value);
}

/* The licence that a manifest at the top states. */
static const char *stated_licence(docgen_site *site, apr_pool_t *pool)
{
    apr_array_header_t *manifests = docgen_site_manifests(site);

    for (int i = 0; i < manifests->nelts; i++) {
        const docgen_manifest *m = &APR_ARRAY_IDX(manifests, i, docgen_manifest);

        if (!strchr(m->file->path, '/') && m->licence && *m->licence)
            return apr_psprintf(pool, "%s (%s)", docgen_markdown_escape(pool, m->licence),
                                docgen_site_source(site, pool, m->file, 0, 0));
    }
    return NULL;
}

/* "Apache-2.0 (LICENSE)": what the forge or the text says, and the file. */
static const char *licence_line(docgen_site *site, apr_pool_t *pool, const char *id)
{
    static const char *const one[] = {"license", "licence", "copying", "unlicense", NULL};
    static const char *const several[][2] = {{"license-apache", NULL}, {"license-mit", NULL}};
    const docgen_file *file = docgen_document_find(site, "", one);
    const char *line = id ? docgen_markdown_escape(pool, id) : NULL;

    if (file) {
        const char *text = id ? NULL : docgen_file_text(site, pool, file->path);
        const char *name = text ? docgen_licence_name(pool, text) : line;
        const char *source = docgen_site_source(site, pool, file, 0, 0);

        if (!name && stated_licence(site, pool))
            return apr_psprintf(pool, "%s · %s", stated_licence(site, pool), source);
        return name ? apr_psprintf(pool, "%s (%s)", name, source) : source;
    }
    for (int i = 0; i < 2 && !id; i++) {
        const char *text;

        file = docgen_document_find(site, "", several[i]);
        text = file ? docgen_file_text(site, pool, file->path) : NULL;
        if (text && docgen_licence_name(pool, text))
            line = apr_psprintf(pool, "%s%s%s (%s)", line ? line : "", line ? " · " : "",
                                docgen_licence_name(pool, text),
                                docgen_site_source(site, pool, file, 0, 0));
    }
    return line ? line : stated_licence(site, pool);
}

static void facts_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    const docgen_facts *facts = site->model->facts;
    const docgen_tag *release = docgen_latest_release(facts);

    docgen_draft_text(draft, "\n## Facts\n\n| | |\n|---|---|\n");
    fact(draft, "Version", manifest_version(site, pool));
    if (release)
        fact(draft, "Release tag",
             apr_psprintf(pool, "%s%s", docgen_markdown_escape(pool, release->name),
                          release->date ? apr_psprintf(pool, " (%.10s)", release->date) : ""));
    fact(draft, "Documented commit",
         apr_psprintf(pool, "%s on %s, %.10s",
                      docgen_markdown_code(pool, apr_pstrndup(pool, facts->commit, 12)),
                      docgen_markdown_escape(pool, facts->branch ? facts->branch : "its branch"),
                      facts->committed_at ? facts->committed_at : ""));
    fact(draft, "Licence", licence_line(site, pool, facts->licence));
    fact(draft, "Requires", requirements_line(site, pool));
    fact(draft, "Languages", languages_line(site, pool));
    fact(draft, "Files", docgen_number(pool, (apr_uint64_t)site->model->tree->files->nelts));
    if (facts->homepage && *facts->homepage && !strncmp(facts->homepage, "http", 4))
        fact(draft, "Homepage",
             apr_psprintf(pool, "<%s>", docgen_markdown_escape(pool, facts->homepage)));
    if (facts->url && !strncmp(facts->url, "http", 4))
        fact(draft, "Repository", apr_psprintf(pool, "<%s>", facts->url));
    if (facts->topics && facts->topics->nelts > 0)
        fact(draft, "Topics",
             docgen_markdown_escape(pool, apr_array_pstrcat(pool, facts->topics, ' ')));
}

static void activity_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    const docgen_facts *facts = site->model->facts;
    int year = 0;
    int months = facts->months ? facts->months->nelts : 0;

    for (int i = months > 12 ? months - 12 : 0; i < months; i++)
        year += APR_ARRAY_IDX(facts->months, i, int);
    if (facts->commit_count == 0)
        return;
    docgen_draft_printf(draft, "\n## Activity\n\n%s %s%s.",
                        docgen_number(pool, (apr_uint64_t)facts->commit_count),
                        facts->commit_count == 1 ? "commit" : "commits",
                        facts->history_complete ? "" : " in the part of the history that was read");
    if (facts->history_complete && months > 0)
        docgen_draft_printf(draft, " %s of them in the twelve months before the documented one.",
                            docgen_number(pool, (apr_uint64_t)year));
    if (facts->contributors && facts->contributors->nelts > 0)
        docgen_draft_printf(
            draft, " %s%s %s.", facts->contributors->nelts >= PEOPLE_KEPT ? "At least " : "",
            docgen_number(pool, (apr_uint64_t)facts->contributors->nelts),
            facts->contributors->nelts == 1 ? "person wrote them" : "people wrote them");
    docgen_draft_text(draft, "\n");
    if (apr_hash_get(site->pages, "changelog", APR_HASH_KEY_STRING))
        docgen_draft_printf(draft, "\nWhat changed: [Changelog](%s).\n",
                            docgen_site_href(pool, "index", "changelog", NULL));
}

static void ways_in_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    static const char *const ways[][2] = {
        {"getting-started", "install it and take the first steps"},
        {"guides", "the project's own documents"},
        {"architecture", "how the code is put together"},
        {"modules", "each part and what it depends on"},
        {"api", "every public name, with its signature"},
        {"configuration", "options, settings, environment variables and commands"},
        {"dependencies", "what it needs, with versions"},
        {"testing", "how it is tested"},
        {"build", "how it is built and deployed"},
        {"contributing", "how to take part"},
        {"changelog", "what changed, release by release"},
        {"quality", "what this documentation covers and what it leaves out"},
    };

    docgen_draft_text(draft, "\n## In this documentation\n\n");
    for (apr_size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
        const char *title = apr_hash_get(site->pages, ways[i][0], APR_HASH_KEY_STRING);

        if (title)
            docgen_draft_printf(draft, "- [%s](%s): %s\n", docgen_markdown_escape(pool, title),
                                docgen_site_href(pool, "index", ways[i][0], NULL), ways[i][1]);
    }
}

/* How many public names a module offers: its own that are documented and those it passes on. */
static int public_names(const docgen_module *module)
{
    int names = module->exports ? module->exports->nelts : 0;

    for (int i = 0; module->symbols && i < module->symbols->nelts; i++) {
        const docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *);

        names += symbol->visibility == DOCGEN_VISIBLE_PUBLIC && symbol->page;
    }
    return names;
}

/* How deep a module is in its hierarchy: what users import first is at the top. */
static int module_depth(const char *name)
{
    int depth = 0;

    for (; *name; name++)
        depth += *name == '/' || *name == '.' || (*name == ':' && name[1] == ':');
    return depth;
}

typedef struct module_rank {
    const docgen_module *module;
    int symbols;
    int depth;
    int place;
} module_rank;

static int rank_compare(const void *a, const void *b)
{
    const module_rank *left = a;
    const module_rank *right = b;

    if (left->depth != right->depth)
        return left->depth - right->depth;
    if (left->symbols != right->symbols)
        return left->symbols > right->symbols ? -1 : 1;
    return left->place - right->place;
}

typedef struct name_rank {
    const char *name;
    const docgen_symbol *symbol;
    int weight; /* types with members before functions before values */
    int place;
} name_rank;

static int name_compare(const void *a, const void *b)
{
    const name_rank *left = a;
    const name_rank *right = b;

    return left->weight != right->weight ? right->weight - left->weight
                                         : left->place - right->place;
}

/* At most so many are weighed: a generated header's thousands need no order. */
static void name_add(apr_array_header_t *names, const char *name, const docgen_symbol *symbol)
{
    name_rank rank = {name, symbol, 0, names->nelts};

    if (!symbol || !symbol->page || !symbol->anchor || symbol->deprecated ||
        names->nelts >= NAMES_WEIGHED)
        return;
    for (int i = 0; i < names->nelts; i++) {
        if (APR_ARRAY_IDX(names, i, name_rank).symbol == symbol)
            return; /* passed on under a second name */
    }
    if (symbol->members && symbol->members->nelts > 0)
        rank.weight = 10 + symbol->members->nelts;
    else if (!strcmp(symbol->kind, "function") || !strcmp(symbol->kind, "class"))
        rank.weight = 5;
    APR_ARRAY_PUSH(names, name_rank) = rank;
}

/* What a module is about when nobody says it: its largest names, as links. From `pool`. */
static const char *main_names(apr_pool_t *pool, const docgen_module *module)
{
    apr_array_header_t *names = apr_array_make(pool, 16, sizeof(name_rank));
    docgen_buffer *line = docgen_buffer_create(pool);

    for (int i = 0; module->exports && i < module->exports->nelts; i++) {
        const docgen_export *export = &APR_ARRAY_IDX(module->exports, i, docgen_export);

        name_add(names,
                 export->symbol && !strcmp(export->name, "default") ? export->symbol->name
                                                                    : export->name,
                 export->symbol);
    }
    for (int i = 0; module->symbols && i < module->symbols->nelts; i++) {
        const docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *);

        if (symbol->visibility == DOCGEN_VISIBLE_PUBLIC)
            name_add(names, symbol->name, symbol);
    }
    qsort(names->elts, (size_t)names->nelts, sizeof(name_rank), name_compare);
    for (int i = 0; i < names->nelts && i < NAMES_SHOWN; i++) {
        const name_rank *rank = &APR_ARRAY_IDX(names, i, name_rank);

        docgen_buffer_printf(
            line, "%s[%s](%s)", i ? ", " : "", docgen_markdown_code(pool, rank->name),
            docgen_site_href(pool, "index", rank->symbol->page, rank->symbol->anchor));
    }
    docgen_buffer_puts(line, names->nelts > NAMES_SHOWN ? " …" : "");
    return line->data;
}

static void main_api_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    apr_array_header_t *ranks = apr_array_make(pool, 32, sizeof(module_rank));

    for (int i = 0; site->model->modules && i < site->model->modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(site->model->modules, i, docgen_module *);
        module_rank rank = {module, public_names(module), module_depth(module->name), i};

        if (module->visibility == DOCGEN_VISIBLE_PUBLIC && module->page && rank.symbols > 0 &&
            apr_hash_get(site->pages, module->page, APR_HASH_KEY_STRING))
            APR_ARRAY_PUSH(ranks, module_rank) = rank;
    }
    if (ranks->nelts == 0)
        return;
    qsort(ranks->elts, (size_t)ranks->nelts, sizeof(module_rank), rank_compare);
    docgen_draft_text(draft,
                      "\n## Main public API\n\n| Module | Public names | About |\n|---|--:|---|\n");
    for (int i = 0; i < ranks->nelts && i < MODULES_SHOWN; i++) {
        const module_rank *rank = &APR_ARRAY_IDX(ranks, i, module_rank);
        const char *summary = rank->module->summary;

        if (!summary || !*summary || !strcasecmp(summary, rank->module->name))
            summary = main_names(pool, rank->module);

        docgen_draft_printf(draft, "| [%s](%s) | %d | %s |\n",
                            docgen_markdown_escape(pool, rank->module->name),
                            docgen_site_href(pool, "index", rank->module->page, NULL),
                            rank->symbols, docgen_table_cell(pool, summary));
    }
    if (ranks->nelts > MODULES_SHOWN)
        docgen_draft_printf(draft, "\nAll %d are in the [API reference](%s).\n", ranks->nelts,
                            docgen_site_href(pool, "index", "api", NULL));
}

/* A part of a document that is no name of a project. */
static int is_part_title(const char *title)
{
    static const char *const parts[] = {
        "features",      "installation", "install",     "usage",      "getting started",
        "introduction",  "overview",     "contents",    "about",      "table of contents",
        "documentation", "readme",       "quick start", "quickstart", "example",
        "examples",      "what is it",   "description"};

    for (apr_size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        if (!strcasecmp(title, parts[i]))
            return 1;
    }
    return 0;
}

/* A heading's words; of one that is only a picture of the name, what stands for the picture. */
static const char *title_text(apr_pool_t *pool, const char *heading)
{
    static const char *const pictures[] = {"logo", "banner", "badge", "status", "build", "icon"};
    const char *text = docgen_plain_text(pool, docgen_without_images(pool, heading));

    if (*text)
        return text;
    text = docgen_plain_text(pool, heading);
    for (apr_size_t i = 0; i < sizeof(pictures) / sizeof(*pictures); i++) {
        if (strcasestr(text, pictures[i]))
            return "";
    }
    return text;
}

static const char *project_title(const docgen_site *site, apr_pool_t *pool, const char *readme)
{
    const char *title = site->model->facts->title;

    if (readme) {
        apr_array_header_t *passages = docgen_passages(pool, readme);

        for (int i = 0; i < passages->nelts && i < 2; i++) {
            const docgen_passage *passage = &APR_ARRAY_IDX(passages, i, docgen_passage);
            const char *text = is_title_of(passage, title) ? title_text(pool, passage->title) : "";

            if (*text && strlen(text) <= 60 && !is_part_title(text))
                return text;
        }
    }
    return title && *title ? title : "Overview";
}

/* What is said of the project elsewhere, unless the README says it. */
static const char *description_of(docgen_site *site, const char *readme)
{
    const char *text = docgen_site_description(site);

    return text && !(readme && strcasestr(readme, text)) ? text : NULL;
}

static apr_status_t overview_plan(docgen_site *site)
{
    docgen_site_reserve(site, "index", "Overview");
    return APR_SUCCESS;
}

static apr_status_t overview_write(docgen_site *site)
{
    const docgen_facts *facts = site->model->facts;
    docgen_file *file = readme_find(site);
    apr_pool_t *pool;
    docgen_draft *draft;
    const char *readme;
    const char *description;
    const char *intro = "";
    apr_status_t rv;

    apr_pool_create(&pool, site->pool);
    readme = file ? docgen_site_document(site, pool, file) : NULL;
    draft = docgen_draft_create(site, "index", project_title(site, pool, readme), 0);
    description = description_of(site, readme);
    if (description)
        docgen_draft_printf(draft, "\n**%s**\n", docgen_markdown_escape(pool, description));
    if (readme) {
        intro = intro_cut(pool, docgen_plain_beginning(pool, docgen_without_notices(pool, readme)),
                          facts->title);
        docgen_draft_quote_plain(draft, file, intro, 0);
        example_write(site, pool, draft, file, readme, intro);
        if (apr_hash_get(site->pages, "guides/readme", APR_HASH_KEY_STRING))
            docgen_draft_printf(draft, "\n[Read the whole README](%s)\n",
                                docgen_site_href(pool, "index", "guides/readme", NULL));
    }
    ways_in_write(site, pool, draft);
    main_api_write(site, pool, draft);
    facts_write(site, pool, draft);
    activity_write(site, pool, draft);
    rv = docgen_draft_send(draft);
    apr_pool_destroy(pool);
    return rv;
}

const docgen_section docgen_section_overview = {
    .name = "Overview",
    .plan = overview_plan,
    .write = overview_write,
    .looked_for = NULL,
};
