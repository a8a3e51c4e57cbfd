/* Collecting the artifacts of a job, so that one statement stores many: at most so many artifacts or
 * bytes at a time. Knows neither httpd nor the database.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_BATCH_H
#define DOCGEN_JOBS_BATCH_H

#include <jansson.h>
#include <apr_errno.h>
#include <apr_pools.h>

/** a batch is stored before it grows beyond this; a larger artifact goes alone */
#define DOCGEN_BATCH_BYTES (1024 * 1024)

typedef struct docgen_batch docgen_batch;

/** Stores a batch: `json` is an array of objects. @return other than APR_SUCCESS keeps the batch
 * as it is. */
typedef apr_status_t docgen_batch_store(void *baton, const char *json, int count);

/** Makes an empty batch that lives as long as `pool`. One thread at a time.
 * @param max artifacts in a batch */
docgen_batch *docgen_batch_create(apr_pool_t *pool, int max, docgen_batch_store *store,
                                  void *baton);

/** Adds an artifact; stores what was collected when the artifact does not fit beside it, or when it fills
 * the batch.
 * @return the store's error, after which the job ends; APR_EINVAL for an artifact that cannot be
 * written as JSON. */
apr_status_t docgen_batch_add(docgen_batch *batch, const json_t *artifact);

/** Stores what was collected, when there is something. */
apr_status_t docgen_batch_flush(docgen_batch *batch);

#endif
