/* The sections in the order readers meet them, and the two passes over them: first every section says which
 * pages it will have, then each one writes, so that a link to a later page holds.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/sections/sections.h"

#include <apr_strings.h>
#include "core/log.h"
#include "generator/output_kind.h"
#include "generator/sections/code_sections.h"
#include "generator/sections/identity.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

const docgen_section *const docgen_sections[] = {
    &docgen_section_overview,      &docgen_section_started,
    &docgen_section_guides,        &docgen_section_architecture,
    &docgen_section_modules,       &docgen_section_api,
    &docgen_section_configuration, &docgen_section_dependencies,
    &docgen_section_testing,       &docgen_section_build,
    &docgen_section_contributing,  &docgen_section_changelog,
    &docgen_section_quality,       NULL,
};

enum {
    SECTION_COUNT = sizeof(docgen_sections) / sizeof(*docgen_sections) - 1
};

static void absent_add(docgen_site *site, const docgen_section *section)
{
    docgen_absent *absent = apr_array_push(site->absent);

    absent->section = section->name;
    absent->looked_for = section->looked_for;
}

apr_status_t docgen_sections_write(docgen_site *site)
{
    int count = SECTION_COUNT;
    apr_status_t rv = APR_SUCCESS;

    docgen_site_complete(site);
    docgen_labels_read(site);
    for (int i = 0; rv == APR_SUCCESS && i < count; i++) {
        if (docgen_sections[i]->plan)
            rv = docgen_sections[i]->plan(site);
    }
    if (rv == APR_SUCCESS)
        rv = docgen_identity_send(site);
    for (int i = 0; rv == APR_SUCCESS && i < count; i++) {
        const docgen_section *section = docgen_sections[i];
        int before = site->output->pages;
        apr_pool_t *scratch;

        apr_pool_create(&scratch, site->pool);
        rv = docgen_output_progress(site->output, 60 + 30 * i / count,
                                    apr_psprintf(scratch,
                                                 "Generating documentation sections (%d of %d: %s)",
                                                 i + 1, count, section->name));
        apr_pool_destroy(scratch);
        if (rv == APR_SUCCESS)
            rv = section->write(site);
        if (rv != APR_SUCCESS)
            docgen_log(DOCGEN_LOG_ERROR, rv, "the section %s could not be written", section->name);
        else if (site->output->pages == before)
            absent_add(site, section);
    }
    return rv;
}
