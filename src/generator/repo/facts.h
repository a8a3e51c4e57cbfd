/* What fetching learnt about a repository beside its files: history, tags, the forge's own
 * description.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_REPO_FACTS_H
#define DOCGEN_GENERATOR_REPO_FACTS_H

#include <apr_pools.h>
#include <apr_tables.h>

typedef struct docgen_commit {
    const char *id;
    const char *author; /**< name only, never the e-mail */
    const char *date;   /**< RFC 3339 UTC */
    const char *subject;
} docgen_commit;

typedef struct docgen_tag {
    const char *name;
    const char *commit;
    const char *date; /**< RFC 3339 UTC, or NULL */
    int is_ancestor; /**< the documented commit descends from it, as far as the history that is here tells */
} docgen_tag;

typedef struct docgen_contributor {
    const char *name;
    int commits;
} docgen_contributor;

typedef struct docgen_facts {
    const char *repository_id;
    const char *title; /**< from the configuration or the URL's last part */
    const char *url;   /**< without user and secret */
    const char *branch;
    const char *commit;
    const char *committed_at; /**< RFC 3339 UTC */
    /** form of a pinned source link: "%P" = URL-escaped path, "%1" and "%2" = first and last line; see docgen_source_link. NULL = no web view known */
    const char *source_url;
    int history_complete; /**< whether `commits` could be counted over the whole history */
    /** why not, as a sentence for the Quality report; NULL = the server gave only a part of it */
    const char *history_problem;
    int commit_count;
    apr_array_header_t *commits;      /**< docgen_commit, newest first, at most 200 */
    apr_array_header_t *tags;         /**< docgen_tag, newest first */
    apr_array_header_t *contributors; /**< docgen_contributor, most commits first */
    apr_array_header_t *months;       /**< int: commits per month of the last 24, oldest first */
    const char *description;          /**< the forge's own words, or NULL */
    const char *homepage;
    const char *licence; /**< SPDX id from the forge or recognised from the licence file, or NULL */
    apr_array_header_t *topics; /**< const char * */
    const char *previous_commit;
    /** the newest release before this commit, or NULL; `release_commit` when its files are here as well */
    const char *release_tag;
    const char *release_commit;
    const char *release_source_url; /**< as source_url, at that commit */
    const char *release_skipped;    /**< why they are not here, or NULL */
    /** "not needed", "token verified", "skipped: offline", … for the Quality report */
    const char *authentication;
    /** what confines the analysis ("bubblewrap", "seccomp"), for the Quality report; or NULL */
    const char *sandbox;
} docgen_facts;

/** A link to lines of a file at the documented commit (GitHub, GitLab, Gitea, Bitbucket, cgit forms
 * by host),
 * from `pool`; NULL when the repository has no web view (a local path): then the documentation
 * names "path:first-last" as text.
 * @param first,last lines counted from 1; 0 = the whole file */
const char *docgen_source_link(apr_pool_t *pool, const docgen_facts *facts, const char *raw_path,
                               int first, int last);

/** The form for docgen_facts.source_url, by the URL's host.
 * @param github whether the host is known to be a GitHub (its API is configured)
 * @return from `pool`; NULL when the host's web view is not known */
const char *docgen_source_form(apr_pool_t *pool, const char *url, const char *commit, int github);

/** The facts as one JSON object, for the analysis process. The caller owns it. */
struct json_t *docgen_facts_write(const docgen_facts *facts);

/** The facts from that object; everything is copied to `pool`. Never NULL; absent members are NULL
 * or empty. */
docgen_facts *docgen_facts_read(apr_pool_t *pool, const struct json_t *object);

#endif
