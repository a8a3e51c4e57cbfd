/* The names of the servers that DocGen is enabled in.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_CONFIG_NAMES_H
#define DOCGEN_CONFIG_NAMES_H

/** Registers a post_config that warns of a missing ServerName and of ServerAlias *, once when httpd starts. */
void docgen_names_register_hooks(void);

#endif
