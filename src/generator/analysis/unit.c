/* Making units, symbols and imports.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include "generator/analysis/unit.h"

docgen_unit *docgen_unit_make(const docgen_source *source)
{
    docgen_unit *unit = apr_pcalloc(source->pool, sizeof(*unit));

    unit->file = source->file;
    unit->symbols = apr_array_make(source->pool, 4, sizeof(docgen_symbol *));
    unit->imports = apr_array_make(source->pool, 4, sizeof(docgen_import));
    unit->impls = apr_array_make(source->pool, 1, sizeof(docgen_impl));
    unit->children = apr_array_make(source->pool, 1, sizeof(const char *));
    unit->templates = apr_array_make(source->pool, 1, sizeof(docgen_template));
    unit->invocations = apr_array_make(source->pool, 1, sizeof(const char *));
    return unit;
}

docgen_symbol *docgen_symbol_add(const docgen_source *source, apr_array_header_t *into,
                                 docgen_symbol *parent, const char *kind, const char *name,
                                 int line, int end_line)
{
    docgen_symbol *symbol = apr_pcalloc(source->pool, sizeof(*symbol));

    symbol->name = apr_pstrdup(source->pool, name);
    symbol->qualified =
        parent ? apr_pstrcat(source->pool, parent->qualified, ".", name, NULL) : symbol->name;
    symbol->kind = apr_pstrdup(source->pool, kind); /* a tag's own text ends with its file */
    symbol->file = source->file;
    symbol->line = line;
    symbol->end_line = end_line < line ? line : end_line;
    symbol->parent = parent;
    if (into) {
        APR_ARRAY_PUSH(into, docgen_symbol *) = symbol;
    }
    return symbol;
}

apr_array_header_t *docgen_symbol_members(const docgen_source *source, docgen_symbol *symbol)
{
    if (!symbol->members) {
        symbol->members = apr_array_make(source->pool, 4, sizeof(docgen_symbol *));
    }
    return symbol->members;
}

docgen_import *docgen_import_add(const docgen_source *source, docgen_unit *unit, const char *from,
                                 const char *name, const char *as, int line, unsigned flags)
{
    docgen_import *import = apr_array_push(unit->imports);

    import->from = apr_pstrdup(source->pool, from);
    import->name = name ? apr_pstrdup(source->pool, name) : NULL;
    import->as = as ? apr_pstrdup(source->pool, as) : NULL;
    import->scope = "";
    import->line = line;
    import->flags = flags;
    return import;
}
