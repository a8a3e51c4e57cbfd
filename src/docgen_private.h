/* What every httpd-side file of the module shares: the module record and the log tag.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_PRIVATE_H
#define DOCGEN_PRIVATE_H

#include <httpd.h>
#include <http_config.h>
#include <http_log.h>

extern module AP_MODULE_DECLARE_DATA docgen_module;
APLOG_USE_MODULE(docgen);

#endif
