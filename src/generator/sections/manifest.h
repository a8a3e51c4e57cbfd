/* What a project's own manifests declare: package.json, pyproject.toml, Cargo.toml, go.mod, configure.ac …
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_MANIFEST_H
#define DOCGEN_GENERATOR_SECTIONS_MANIFEST_H

#include "generator/sections/sections.h"

/** A name with a value and where it stands. */
typedef struct docgen_entry {
    const char *name;
    const char *value; /**< a constraint, a command; "" when none is given */
    /** "runtime", "development", "optional (docs)" …; NULL where it means nothing */
    const char *group;
    int line; /**< from 1; 0 = not known */
} docgen_entry;

/** One manifest. Arrays are of docgen_entry and never NULL. */
typedef struct docgen_manifest {
    const docgen_file *file;
    const char *ecosystem;        /**< "npm", "Python", "Rust", "Go", "C and C++", "PHP", "Ruby" */
    const char *name;             /**< or NULL */
    const char *version;          /**< or NULL */
    const char *description;      /**< or NULL */
    int is_private;               /**< never published, as it says itself */
    const char *licence;          /**< as stated: "MIT OR Apache-2.0", or NULL */
    apr_array_header_t *requires; /**< the language or engine itself: "Python >= 3.9" */
    apr_array_header_t *dependencies;
    apr_array_header_t *scripts; /**< commands that the manifest names */
    /** what runs its scripts and installs it, where several can: "npm", "yarn", "pnpm", "bun"; else NULL */
    const char *manager;
    /** what a user may turn on: `value` is what it brings, `group` the comment above, or NULL */
    apr_array_header_t *features;
} docgen_manifest;

/** Every manifest of the project's own code, the top one first, at most 200. From `pool`; never NULL. */
apr_array_header_t *docgen_manifests(docgen_site *site, apr_pool_t *pool);

/** The same, read once per site. */
apr_array_header_t *docgen_site_manifests(docgen_site *site);

/** The command that runs a script of a manifest from the top of a checkout, with the project's own package manager. */
const char *docgen_script_command(apr_pool_t *pool, const docgen_manifest *manifest,
                                  const docgen_entry *script);

/** Adds an entry to an array of docgen_entry; texts are copied. */
void docgen_entry_add(apr_array_header_t *entries, const char *name, const char *value,
                      const char *group, int line);

/** Readers: each fills what its kind of file declares. `text` is the whole file. */
void docgen_manifest_npm(docgen_manifest *manifest, apr_pool_t *pool, const char *text);
void docgen_manifest_composer(docgen_manifest *manifest, apr_pool_t *pool, const char *text);
void docgen_manifest_pyproject(docgen_manifest *manifest, apr_pool_t *pool, const char *text);
void docgen_manifest_cargo(docgen_manifest *manifest, apr_pool_t *pool, const char *text);
void docgen_manifest_setup_cfg(docgen_manifest *manifest, apr_pool_t *pool, const char *text);
void docgen_manifest_requirements(docgen_manifest *manifest, apr_pool_t *pool, const char *text);
void docgen_manifest_go(docgen_manifest *manifest, apr_pool_t *pool, const char *text);
void docgen_manifest_configure(docgen_manifest *manifest, apr_pool_t *pool, const char *text);
void docgen_manifest_cmake(docgen_manifest *manifest, apr_pool_t *pool, const char *text);
void docgen_manifest_gemspec(docgen_manifest *manifest, apr_pool_t *pool, const char *text);
void docgen_manifest_meson(docgen_manifest *manifest, apr_pool_t *pool, const char *text);

/** Adds a Python requirement: "name[extra]>=1.2; marker". */
void docgen_manifest_python(apr_array_header_t *entries, apr_pool_t *pool, const char *text,
                            const char *group, int line);

/** One "key = value" of a TOML file: `section` is the table it stands in ("project.urls"), `value` as written, arrays
 * and inline tables on one line. Malformed lines are passed over. */
typedef void docgen_toml_entry(void *baton, const char *section, const char *key, const char *value,
                               int line);

/** Reads TOML as far as manifests need it: tables, keys, strings, arrays over several lines. */
void docgen_toml_each(apr_pool_t *pool, const char *text, docgen_toml_entry *entry, void *baton);

/** A TOML string without its quotes; the text itself when it has none. From `pool`. */
const char *docgen_toml_string(apr_pool_t *pool, const char *value);

/** The strings of an array as written ("["a", 'b']"), array of const char * from `pool`. */
apr_array_header_t *docgen_toml_strings(apr_pool_t *pool, const char *value);

/** The value of `key` in an inline table ("{ version = "1", optional = true }"), or NULL. From `pool`. */
const char *docgen_toml_inline(apr_pool_t *pool, const char *value, const char *key);

#endif
