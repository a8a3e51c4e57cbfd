/* What mod_dbd was told: which servers share a pool of connections, and whether that pool can serve DocGen.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_CONFIG_DBD_H
#define DOCGEN_CONFIG_DBD_H

#include <apr_pools.h>
#include <httpd.h>

/** Is mod_dbd loaded? After the modules registered their hooks. */
int docgen_dbd_is_loaded(void);

/** Says in a sentence why this server's mod_dbd settings cannot serve DocGen; NULL = they can. Constant text.
 * From check_config on; any thread.
 * @param directive set to the name of the directive that is wrong, constant */
const char *docgen_dbd_problem(const server_rec *server, const char **directive);

/** DBDParams of a server, a libpq connection string; NULL when it has none. From check_config on; any thread. */
const char *docgen_dbd_params(const server_rec *server);

/** DBDMax of a server; 0 when mod_dbd is not loaded. From check_config on; any thread. */
int docgen_dbd_max(const server_rec *server);

/** Do both servers get their connections from one pool of mod_dbd? From check_config on; any thread. */
int docgen_dbd_is_same(const server_rec *one, const server_rec *other);

/** Says in a sentence what of this server's DBDParams would let a silent database keep requests waiting; NULL = nothing.
 * Constant text. From check_config on; any thread. */
const char *docgen_dbd_risk(const server_rec *server);

/** Does this server's database accept connections now? Asks by the address in DBDParams, without a password and without
 * a line in the log; takes at most connect_timeout. Any thread of a child. */
int docgen_dbd_answers(const server_rec *server);

#endif
