/* The database as the module sees it: one C function for each SQL function of sql/, on mod_dbd's pooled
 * connections. Nothing else in the module talks to mod_dbd.
 *
 * Every call opens a connection through the connection limiter (connection_limiter.h), runs ONE autocommit statement, copies the result into
 * the caller's pool and gives the connection back, on the calling thread, within the statement timeout. Never call
 * one while holding a lock of the module, and never two at once on one thread.
 *
 * All functions return APR_SUCCESS, or one of the DOCGEN_STORE_E… codes below; `out` parameters are then untouched.
 * They may be called from any thread of the child with a pool that only this thread uses.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_STORE_STORE_H
#define DOCGEN_STORE_STORE_H

#include <apr_errno.h>
#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_time.h>
#include <apr_hash.h>
#include <httpd.h>
#include "core/error.h"
#include "core/id.h"
#include "core/status.h"

#ifndef DOCGEN_SCHEMA_VERSION
/** what docgen_schema_version() of the database must answer at least */
#define DOCGEN_SCHEMA_VERSION 4
#endif

/* Why a call failed: one status for each row of reason.def. */
enum {
    DOCGEN_STORE_EFIRST = APR_OS_START_USERERR,
#define DOCGEN_REASON(name, states, error, retry, level, end, quiet, lasting, what, todo)          \
    DOCGEN_STORE_E##name,
#include "store/reason.def"
#undef DOCGEN_REASON
    DOCGEN_STORE_EEND
};

/** What a person is told of a failed call: "WHAT; TODO, then try again." */
typedef struct docgen_reason {
    docgen_error error; /**< code and HTTP status */
    int retry;          /**< seconds until it is worth to ask again */
    int is_lasting;     /**< the same statement would fail again */
    const char *what;
    const char *todo;
} docgen_reason;

/** The reason behind a DOCGEN_STORE_E… code; NULL for another status. Constant. Any thread. */
const docgen_reason *docgen_store_reason(apr_status_t rv);

/** A server's database. Made in child_init, lives as long as the child. */
typedef struct docgen_store docgen_store;

/** For whom a connection is: two permits are kept for jobs and maintenance, so that readers cannot starve them. */
typedef enum {
    DOCGEN_FOR_READER,
    DOCGEN_FOR_JOB
} docgen_store_use;

/** The store of a server with DocGen enabled, NULL before child_init. Servers with the same mod_dbd
 * configuration share one. Any thread. */
docgen_store *docgen_store_get(const server_rec *server);

/** All distinct stores of this child: array of docgen_store *. Any thread; do not change it. */
const apr_array_header_t *docgen_store_all(void);

/** Registers the hooks of this room (optional functions in post_config, stores and limiter in child_init after mod_dbd.c). */
void docgen_store_register_hooks(apr_pool_t *pool);

/** A repository's state, as docgen_status answers it. Times are 0 and texts NULL when absent. */
typedef struct docgen_state {
    const char *repository_id;
    docgen_status status;
    int progress;
    const char *step;
    int queue_position; /**< 0 unless queued; 1 = next */
    const char *job_id;
    apr_int64_t generation;
    apr_int64_t revision;
    apr_int64_t row_version; /**< differs after every change of the row, one by hand too */
    apr_time_t requested_at;
    apr_time_t generation_started_at;
    apr_time_t updated_at;
    apr_time_t finished_at;
    apr_time_t locked_until; /**< 0 while generating: the lock has ended */
    apr_time_t server_time;  /**< the database's clock when it answered */
    const char *error_message;
    const char *published_job_id;
    const char *published_commit;
    const char *published_branch;
    apr_time_t published_at;
    int published_pages;
    const char *title;
    int registered; /**< registered in the database, beside any configuration */
    apr_time_t
        published_committed_at; /**< the date of the published commit, as its author claims */
    apr_time_t checked_at;      /**< when a run that completed last asked the remote */
    unsigned milestones;        /**< bit i: docgen_milestones[i] began, of a job that runs now */
} docgen_state;

/** Reads a repository's state; an expired job is first persisted as failed. Whoever has no row is idle: whether such a
 * repository exists is for the configuration to say, or `registered`. */
apr_status_t docgen_store_status(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                 docgen_state **state);

/** States of these ids (const char *) and of all registered ones, by id; ids without a row are idle.
 * @param states array of docgen_state * */
apr_status_t docgen_store_list(docgen_store *store, apr_pool_t *pool, const apr_array_header_t *ids,
                               apr_array_header_t **states);

typedef enum {
    DOCGEN_REQUEST_ACCEPTED,
    DOCGEN_REQUEST_IN_PROGRESS,
    DOCGEN_REQUEST_UNKNOWN
} docgen_request_result;

/** Asks for a generation. `job` was made by the caller; asking again with it answers as the first time did, and the
 * store itself asks once more when the reply was lost.
 * @param url,branch,title what the configuration says; url NULL = the repository must be registered
 * @param state the row either way; NULL when unknown */
apr_status_t docgen_store_request(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                  const docgen_uuid *job, const char *url, const char *branch,
                                  const char *title, apr_interval_time_t lock,
                                  apr_interval_time_t queue_limit, apr_interval_time_t lease,
                                  docgen_request_result *request_result, docgen_state **state);

/** Where a repository comes from, when the database knows it; `*url` NULL = it does not. */
typedef struct docgen_origin {
    const char *url;
    const char *branch;
    const char *title;
    int registered;
} docgen_origin;
apr_status_t docgen_store_repository(docgen_store *store, apr_pool_t *pool,
                                     const char *repository_id, docgen_origin *origin);

/* ---- what jobs and the maintenance thread say ---- */

/** Announces this child as an owner of jobs: host = boot id, pid and its start time (clock ticks since boot). */
apr_status_t docgen_store_owner_start(docgen_store *store, apr_pool_t *pool, const char *owner,
                                      const char *host, int pid, apr_int64_t started);
apr_status_t docgen_store_owner_end(docgen_store *store, apr_pool_t *pool, const char *owner);

typedef struct docgen_worker_record {
    const char *id;
    int pid;
    apr_int64_t started;
    int jobs;
} docgen_worker_record;
/** The owners of a host that have running jobs: array of docgen_worker_record. */
apr_status_t docgen_store_owners(docgen_store *store, apr_pool_t *pool, const char *host,
                                 apr_array_header_t **owners);

/** A job that was taken. */
typedef struct docgen_taken {
    const char *repository_id;
    const char *job_id;
    const char *url;
    const char *branch; /**< NULL = the remote's default */
    const char *title;
    const char *previous_commit;
    apr_interval_time_t remaining; /**< until its deadline */
} docgen_taken;

/** Takes the oldest job that this host may run, while fewer than `max_running` run on it. The same lease token asked again
 * answers the same job. `*taken` is NULL when there is none.
 * @param ids configured ids (const char *); registered repositories are always allowed */
apr_status_t docgen_store_take(docgen_store *store, apr_pool_t *pool, const char *host,
                               int max_running, const char *owner, const docgen_uuid *lease_token,
                               const apr_array_header_t *ids, apr_interval_time_t lease,
                               apr_interval_time_t limit, apr_interval_time_t lock,
                               docgen_taken **taken);

/* Each of these is fenced by repository and lease token; `*mine` says whether the job is still this lease token's. */
apr_status_t docgen_store_progress(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                   const docgen_uuid *lease_token, int percent, const char *step,
                                   apr_interval_time_t lease, int *mine);
apr_status_t docgen_store_source(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                 const docgen_uuid *lease_token, const char *commit,
                                 const char *branch, const char *committed_at, int *mine);
/** The artifacts of a job: `json` is an array of objects as the generator's protocol names their members. */
apr_status_t docgen_store_pages(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                const docgen_uuid *lease_token, const char *json, int *mine);
apr_status_t docgen_store_assets(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                 const docgen_uuid *lease_token, const char *json, int *mine);
apr_status_t docgen_store_symbols(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                  const docgen_uuid *lease_token, const char *json, int *mine);
/** What the repository is: `json` is the object of the protocol's facts, without its type. */
apr_status_t docgen_store_facts(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                const docgen_uuid *lease_token, const char *json, int *mine);
/** The log tail of a job that is about to complete. */
apr_status_t docgen_store_log(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                              const docgen_uuid *lease_token, const char *log, int *mine);

typedef enum {
    DOCGEN_COMPLETE_DONE,
    DOCGEN_COMPLETE_LOST,
    DOCGEN_COMPLETE_INCOMPLETE
} docgen_complete_result;

/** Publishes the job; `pages` is how many were sent. Asked again after a lost reply it answers DONE. */
apr_status_t docgen_store_complete(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                   const char *job_id, const docgen_uuid *lease_token, int pages,
                                   docgen_complete_result *complete_result);
/** Completes a job whose commit is the published one: the published artifacts stay. */
apr_status_t docgen_store_up_to_date(docgen_store *store, apr_pool_t *pool,
                                     const char *repository_id, const char *job_id,
                                     const docgen_uuid *lease_token,
                                     docgen_complete_result *complete_result);
apr_status_t docgen_store_fail(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                               const docgen_uuid *lease_token, const char *message, const char *log,
                               int *mine);
apr_status_t docgen_store_fail_owner(docgen_store *store, apr_pool_t *pool, const char *owner,
                                     const char *message, int *failed);

/** Renews leases; `*lost` are the lease tokens (const char *) that no longer hold a job, `*queued` how many jobs wait. */
apr_status_t docgen_store_renew(docgen_store *store, apr_pool_t *pool,
                                const apr_array_header_t *lease_tokens, apr_interval_time_t lease,
                                apr_array_header_t **lost, int *queued);
/** The heartbeat before each round of the reaper. While writes of anybody on this server fail, none is sent, so that every job gets a
 * lease of grace afterwards: its own thread shall say why it failed, before the reaper says that it fell silent.
 * @return also DOCGEN_STORE_EREADONLY or _EDISKFULL of such a write */
apr_status_t docgen_store_heartbeat(docgen_store *store, apr_pool_t *pool,
                                    apr_interval_time_t lease);
/** Why a write failed after the last heartbeat that was stored: _EREADONLY, _EDISKFULL, or APR_SUCCESS. */
apr_status_t docgen_store_unwritten(const docgen_store *store);
/** How long ago a child of this server stored a heartbeat; after the start: how long ago that was. */
apr_interval_time_t docgen_store_since_write(const docgen_store *store);
/** Lets a store that means the same database as another count that one's heartbeat. */
void docgen_store_share_write(docgen_store *store, const docgen_store *same);
/** Repositories whose job may have expired: array of const char *. */
apr_status_t docgen_store_due(docgen_store *store, apr_pool_t *pool, int max,
                              apr_array_header_t **ids);
apr_status_t docgen_store_expire(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                 int *expired);
/** Removes a few old artifacts; `*removed` is -1 when there is nothing to do. */
apr_status_t docgen_store_purge(docgen_store *store, apr_pool_t *pool, int max, int *removed);
/** How many queued jobs this host may take. */
apr_status_t docgen_store_queued(docgen_store *store, apr_pool_t *pool,
                                 const apr_array_header_t *ids, int *queued);

/* ---- what readers ask ---- */

typedef struct docgen_page_entry {
    const char *path;
    const char *title;
    int order;
} docgen_page_entry;
/** The pages of the published job in navigation order: array of docgen_page_entry. */
apr_status_t docgen_store_page_list(docgen_store *store, apr_pool_t *pool,
                                    const char *repository_id, apr_array_header_t **entries);

typedef struct docgen_page_contents {
    const char *title;
    const char *markdown;
    const char *html;
    const char *job_id; /**< of the published job: part of the page's ETag */
    const char *commit;
    const char *branch;
    apr_time_t published_at;
    docgen_status status; /**< of the repository now: a new version may be in the making */
    apr_time_t server_time;
} docgen_page_contents;
/** One published page; `*page` NULL = there is none. */
apr_status_t docgen_store_page(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                               const char *path, docgen_page_contents **page);

typedef struct docgen_asset_contents {
    const char *media_type;
    const char *data;
    apr_size_t length;
    const char *job_id;
} docgen_asset_contents;
apr_status_t docgen_store_asset(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                const char *path, docgen_asset_contents **asset);

typedef struct docgen_symbol_place {
    const char *page;
    const char *anchor;
    const char *kind;
} docgen_symbol_place;
/** Where a symbol is documented; `*place` NULL = nowhere. */
apr_status_t docgen_store_symbol(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                 const char *name, docgen_symbol_place **place);

typedef struct docgen_run_record {
    const char *job_id;
    apr_int64_t generation;
    const char *outcome; /**< queued, running, completed, failed, superseded, expired, forgotten */
    apr_time_t requested_at;
    apr_time_t taken_at;
    apr_time_t finished_at;
    const char *commit;
    const char *message;
    const char *log_tail;
} docgen_run_record;
/** The last runs, newest first: array of docgen_run_record. */
apr_status_t docgen_store_runs(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                               int max, apr_array_header_t **runs);

/** The published facts of repositories, as the protocol's JSON object (const char *) by repository id; those without
 * facts are absent. */
apr_status_t docgen_store_published_facts(docgen_store *store, apr_pool_t *pool,
                                          const apr_array_header_t *ids, apr_hash_t **facts);

typedef struct docgen_hit {
    const char *repository_id;
    const char *path;
    const char *title;
    const char *heading;
    const char *excerpt; /**< plain text, hits between \002 and \003 */
    const char *kind;    /**< symbol, heading, text */
    const char *anchor;
    double rank;
} docgen_hit;
/** Which repositories have something to search, of the registered ones and `ids` (const char *).
 * @param published array of const char *, sorted */
apr_status_t docgen_store_published(docgen_store *store, apr_pool_t *pool,
                                    const apr_array_header_t *ids, apr_array_header_t **published);
/** Searches the published pages of these repositories (const char *): array of docgen_hit, best first. */
apr_status_t docgen_store_search(docgen_store *store, apr_pool_t *pool, const char *query,
                                 const apr_array_header_t *ids, int limit, int offset,
                                 apr_array_header_t **hits);

typedef struct docgen_database_health {
    int schema_version;
    const char *installation_id;
    const char *server_version;
    const char *encoding; /**< "UTF8" is wanted */
    int queued;
    int running;
    apr_time_t oldest_queued_at;
    apr_time_t server_time;
} docgen_database_health;
/** The database's own figures, from a session that takes writes. Answers also when the schema version differs, so that
 * health can say which. */
apr_status_t docgen_store_health(docgen_store *store, apr_pool_t *pool,
                                 docgen_database_health *health);

#endif
