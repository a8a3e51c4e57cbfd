/* The front door: the module record and the order of its parts. Every part registers its own hooks.
 * SPDX-License-Identifier: Apache-2.0 */
#include "docgen_private.h"
#include "config/config.h"
#include "jobs/jobs.h"
#include "store/store.h"
#include "web/web.h"

static void register_hooks(apr_pool_t *pool)
{
    docgen_config_register_hooks(pool);
    /* before jobs: a child's stores exist when its threads start */
    docgen_store_register_hooks(pool);
    docgen_jobs_register_hooks(pool);
    docgen_web_register_hooks(pool);
}

/* The only symbol that the .so exports; without explicit visibility LoadModule would not find it. */
module AP_MODULE_DECLARE_DATA docgen_module __attribute__((visibility("default"))) = {
    STANDARD20_MODULE_STUFF,
    docgen_config_create_location,
    docgen_config_merge_location,
    docgen_config_create_server,
    docgen_config_merge_server,
    docgen_commands,
    register_hooks,
    AP_MODULE_FLAG_NONE,
};
