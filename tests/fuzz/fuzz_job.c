/* The reader of a job: the JSON object that a generator gets.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <string.h>
#include "generator/job.h"

void docgen_fuzz_one(apr_pool_t *pool, const char *text, apr_size_t length)
{
    docgen_job *job = NULL;
    const char *error = NULL;

    if (docgen_job_parse(pool, text, length, &job, &error) != APR_SUCCESS) {
        docgen_fuzz_expect(error != NULL, "a refusal says why", text);
        return;
    }
    docgen_fuzz_expect(job && job->repository_id && job->url && job->work_dir,
                       "a job that was accepted is complete", text);
    docgen_fuzz_expect(job->url[0] != '-', "git takes no URL for an option", text);
    docgen_fuzz_expect(!job->branch || job->branch[0] != '-', "nor a branch", text);
    docgen_fuzz_expect(docgen_scheme_of(job->url) != DOCGEN_SCHEME_NONE, "a scheme git may use",
                       text);
    docgen_fuzz_expect(!strchr(docgen_url_public(pool, job->url), '\n'), "a URL is one line", text);
    docgen_job_secrets(pool, job);
}
