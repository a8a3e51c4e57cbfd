/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/batch.h"

#include <stdlib.h>
#include <string.h>
#include "core/buffer.h"

struct docgen_batch {
    docgen_buffer *json; /* "[" and the artifacts, without the closing "]" */
    docgen_batch_store *store;
    void *baton;
    int count;
    int max;
};

docgen_batch *docgen_batch_create(apr_pool_t *pool, int max, docgen_batch_store *store, void *baton)
{
    docgen_batch *batch = apr_pcalloc(pool, sizeof(*batch));

    batch->json = docgen_buffer_create(pool);
    batch->max = max;
    batch->store = store;
    batch->baton = baton;
    return batch;
}

apr_status_t docgen_batch_add(docgen_batch *batch, const json_t *artifact)
{
    char *text = json_dumps(artifact, JSON_COMPACT);
    apr_size_t length = text ? strlen(text) : 0;
    apr_status_t rv = text ? APR_SUCCESS : APR_EINVAL;

    if (rv == APR_SUCCESS && batch->json->length + length + 2 > DOCGEN_BATCH_BYTES) {
        rv = docgen_batch_flush(batch);
    }
    if (rv == APR_SUCCESS) {
        docgen_buffer_append(batch->json, batch->count++ ? "," : "[", 1);
        docgen_buffer_append(batch->json, text, length);
        if (batch->count >= batch->max || batch->json->length >= DOCGEN_BATCH_BYTES) {
            rv = docgen_batch_flush(batch);
        }
    }
    free(text);
    return rv;
}

apr_status_t docgen_batch_flush(docgen_batch *batch)
{
    apr_status_t rv;

    if (!batch->count) {
        return APR_SUCCESS;
    }
    docgen_buffer_append(batch->json, "]", 1);
    rv = batch->store(batch->baton, batch->json->data, batch->count);
    if (rv != APR_SUCCESS) {
        batch->json->data[--batch->json->length] = '\0'; /* open again, to be asked once more */
        return rv;
    }
    docgen_buffer_clear(batch->json);
    batch->count = 0;
    return APR_SUCCESS;
}
