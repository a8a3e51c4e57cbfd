/* The artifact of a module: a manifest above its files names it. A page of a module tells what to import, but not what
 * to depend on: in a repository of several packages these differ from folder to folder.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/sections/artifact.h"

#include <fnmatch.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include "generator/languages/traits.h"
#include "generator/sections/manifest.h"
#include "generator/sections/prose.h"

enum {
    ARTIFACTS_MAX = 4, /* of one module: a package of Java may be spread over several */
    FILES_LOOKED = 200
};

static xmlNode *child_of(xmlNode *parent, const char *name)
{
    for (xmlNode *node = parent ? parent->children : NULL; node; node = node->next) {
        if (node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, name))
            return node;
    }
    return NULL;
}

/* The text of a child; NULL when there is none, or when a property is to be put in. */
static const char *child_text(apr_pool_t *pool, xmlNode *parent, const char *name)
{
    xmlNode *node = child_of(parent, name);
    xmlChar *content = node ? xmlNodeGetContent(node) : NULL;
    char *text = content ? apr_pstrdup(pool, (const char *)content) : NULL;

    xmlFree(content);
    if (text)
        apr_collapse_spaces(text, text);
    return text && *text && !strchr(text, '$') ? text : NULL;
}

static xmlDoc *xml_read(const char *text)
{
    return xmlReadMemory(text, (int)strlen(text), NULL, NULL,
                         XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

/* pom.xml: its own coordinates; a module inherits the group. One that is packaged as "pom" holds no code. */
static const char *maven(apr_pool_t *pool, const char *text)
{
    xmlDoc *doc = xml_read(text);
    xmlNode *project = doc ? xmlDocGetRootElement(doc) : NULL;
    const char *group = child_text(pool, project, "groupId");
    const char *artifact = child_text(pool, project, "artifactId");
    const char *packaging = child_text(pool, project, "packaging");

    if (!group)
        group = child_text(pool, child_of(project, "parent"), "groupId");
    xmlFreeDoc(doc);
    return group && artifact && (!packaging || strcmp(packaging, "pom") != 0)
               ? apr_pstrcat(pool, group, ":", artifact, NULL)
               : NULL;
}

/* A project of .NET: its id, else its assembly's name, else its file's. */
static const char *nuget(apr_pool_t *pool, const char *path, const char *text)
{
    static const char *const ids[] = {"PackageId", "AssemblyName"};
    xmlDoc *doc = xml_read(text);
    const char *id = NULL, *packable = NULL, *file = docgen_basename(path);

    for (xmlNode *group = doc ? xmlDocGetRootElement(doc)->children : NULL; group;
         group = group->next) {
        for (size_t i = 0; i < sizeof(ids) / sizeof(*ids) && !id; i++)
            id = child_text(pool, group, ids[i]);
        packable = packable ? packable : child_text(pool, group, "IsPackable");
    }
    xmlFreeDoc(doc);
    if (packable && !strcasecmp(packable, "false"))
        return NULL;
    return id ? id : apr_pstrmemdup(pool, file, strlen(file) - strlen(".csproj"));
}

/* The value of "KEY=value", "KEY = 'value'" or "KEY: value" at the beginning of a line. */
static const char *line_value(apr_pool_t *pool, const char *text, const char *key)
{
    apr_size_t length = strlen(key);

    for (const char *line = text; line; line = strchr(line, '\n')) {
        const char *p = line += *line == '\n';

        if (strncmp(p, key, length))
            continue;
        p += length;
        p += strspn(p, " \t");
        if (*p != '=' && *p != ':')
            continue;
        p += 1;
        p += strspn(p, " \t\"'");
        length = strcspn(p, " \t\"'#\r\n");
        return length && !memchr(p, '$', length) ? apr_pstrmemdup(pool, p, length) : NULL;
    }
    return NULL;
}

static const char *beside(apr_pool_t *pool, const char *directory, const char *name)
{
    return apr_pstrcat(pool, directory, *directory ? "/" : "", name, NULL);
}

/* Gradle: the folder of the build file is the artifact, the nearest group above it is the group. */
static const char *gradle(const docgen_site *site, apr_pool_t *pool, const char *directory)
{
    static const char *const sources[][2] = {{"gradle.properties", "GROUP"},
                                             {"gradle.properties", "group"},
                                             {"build.gradle.kts", "group"},
                                             {"build.gradle", "group"}};
    static const char *const settings[] = {"settings.gradle.kts", "settings.gradle"};
    const char *text = docgen_file_text(site, pool, beside(pool, directory, "gradle.properties"));
    const char *artifact = text ? line_value(pool, text, "POM_ARTIFACT_ID") : NULL;

    for (size_t i = 0; i < 2 && !artifact; i++) {
        text = docgen_file_text(site, pool, beside(pool, directory, settings[i]));
        artifact = text ? line_value(pool, text, "rootProject.name") : NULL;
    }
    if (!artifact && *directory)
        artifact = docgen_basename(directory);
    for (; artifact; directory = docgen_dirname(pool, directory)) {
        for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
            const char *group;

            text = docgen_file_text(site, pool, beside(pool, directory, sources[i][0]));
            group = text ? line_value(pool, text, sources[i][1]) : NULL;
            if (group)
                return apr_pstrcat(pool, group, ":", artifact, NULL);
        }
        if (!*directory)
            break;
    }
    return NULL;
}

static const char *shown(apr_pool_t *pool, const char *name, const char *registry)
{
    return name ? apr_psprintf(pool, "%s (%s)", docgen_markdown_code(pool, name), registry) : NULL;
}

/* What the manifests that are read anyway say. `*found` tells that one stands in this folder. */
static const char *declared(docgen_site *site, apr_pool_t *pool, const char *directory,
                            const char *packages, int *found)
{
    static const char *const kinds[][2] = {{"npm", "npm"},    {"PyPI", "Python"},
                                           {"crate", "Rust"}, {"Go module", "Go"},
                                           {"gem", "Ruby"},   {"Composer", "PHP"}};
    const apr_array_header_t *manifests = docgen_site_manifests(site);

    for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
        for (int i = 0; !strcmp(kinds[k][0], packages) && i < manifests->nelts; i++) {
            const docgen_manifest *m = &APR_ARRAY_IDX(manifests, i, docgen_manifest);

            if (m->name && !strcmp(m->ecosystem, kinds[k][1]) &&
                !strcmp(docgen_dirname(pool, m->file->path), directory)) {
                *found = 1;
                return m->is_private ? NULL : shown(pool, m->name, packages);
            }
        }
    }
    return NULL;
}

/* A project of .NET in a folder: its name is its own. */
static const char *csproj(const docgen_site *site, const char *directory)
{
    const apr_array_header_t *files = site->model->tree->files;
    apr_size_t length = strlen(directory);

    for (int i = 0; i < files->nelts; i++) {
        const char *path = APR_ARRAY_IDX(files, i, docgen_file *)->path;
        const char *name = path + length + (length > 0);

        if (!strncmp(path, directory, length) && (!length || path[length] == '/') &&
            !strchr(name, '/') && !fnmatch("?*.csproj", name, 0))
            return path;
    }
    return NULL;
}

/* The same of the manifests whose only use is this. */
static const char *built(docgen_site *site, apr_pool_t *pool, const char *directory,
                         const char *packages, int *found)
{
    const docgen_tree *tree = site->model->tree;
    const char *path = NULL, *text;

    if (!strcmp(packages, "Maven")) {
        if (docgen_tree_find(tree, beside(pool, directory, "build.gradle")) ||
            docgen_tree_find(tree, beside(pool, directory, "build.gradle.kts"))) {
            *found = 1;
            return shown(pool, gradle(site, pool, directory), "Gradle and Maven");
        }
        path = beside(pool, directory, "pom.xml");
    } else if (!strcmp(packages, "NuGet")) {
        path = csproj(site, directory);
    } else if (!strcmp(packages, "pub")) {
        path = beside(pool, directory, "pubspec.yaml");
    }
    text = path && docgen_tree_find(tree, path) ? docgen_file_text(site, pool, path) : NULL;
    if (!text)
        return NULL;
    *found = 1;
    return shown(pool,
                 !strcmp(packages, "Maven")             ? maven(pool, text)
                 : !strcmp(packages, "NuGet")           ? nuget(pool, path, text)
                 : line_value(pool, text, "publish_to") ? NULL
                                                        : line_value(pool, text, "name"),
                 packages);
}

static const char *artifact_of(docgen_site *site, apr_pool_t *pool, const char *directory,
                               const char *packages)
{
    for (;; directory = docgen_dirname(pool, directory)) {
        int found = 0;
        const char *artifact = declared(site, pool, directory, packages, &found);

        if (!found)
            artifact = built(site, pool, directory, packages, &found);
        if (found || !*directory)
            return artifact;
    }
}

const char *docgen_artifacts(docgen_site *site, apr_pool_t *pool, const docgen_module *module)
{
    const char *packages = docgen_traits_of(module->lang)->packages;
    const char *list = NULL, *directory = NULL, *seen[ARTIFACTS_MAX];
    int count = 0;

    if (!packages || module->visibility != DOCGEN_VISIBLE_PUBLIC)
        return NULL;
    for (int i = 0; i < module->files->nelts && i < FILES_LOOKED && count < ARTIFACTS_MAX; i++) {
        const docgen_file *file = APR_ARRAY_IDX(module->files, i, docgen_file *);
        const char *here = docgen_dirname(pool, file->path), *artifact;
        int known = 0;

        if (directory && !strcmp(directory, here))
            continue;
        directory = here;
        artifact = artifact_of(site, pool, here, packages);
        for (int k = 0; k < count; k++)
            known |= artifact && !strcmp(seen[k], artifact);
        if (artifact && !known) {
            seen[count++] = artifact;
            list = list ? apr_pstrcat(pool, list, ", ", artifact, NULL) : artifact;
        }
    }
    return list;
}
