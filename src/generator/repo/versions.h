/* Tags as releases: which belong to the project itself, and their order.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_REPO_VERSIONS_H
#define DOCGEN_GENERATOR_REPO_VERSIONS_H

enum {
    DOCGEN_VERSION_PARTS = 5
};

/** A tag's name as a release. */
typedef struct docgen_version {
    int part[DOCGEN_VERSION_PARTS];
    int family; /**< 0 "1.2", "v1.2"; 1 "thing-1.2", "thing@1.2", "@x/thing@1.2", "release-1.2"; 2 another prefix */
} docgen_version;

/** Reads "v1.2.3", "redis-7_2", "axum-v0.8.9", "@scope/name@1.2.3". Candidates, betas, other words behind the version and
 * names that git would not take are none.
 * @param title of the project, or NULL. @return 1 when it is a release */
int docgen_version_read(const char *title, const char *tag, docgen_version *version);

/** By the parts alone: negative, 0 or positive as `a` is older, the same or newer. */
int docgen_version_compare(const docgen_version *a, const docgen_version *b);

/** How long a tag's name is before its version begins; two tags of one prefix are of one series. */
int docgen_version_prefix(const char *tag);

#endif
