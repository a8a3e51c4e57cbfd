/* Fetching: what the network has to say about a repository, stored and noted, never parsed further.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_FETCH_FETCH_H
#define DOCGEN_GENERATOR_FETCH_FETCH_H

#include "generator/fetch/git.h"
#include "generator/output.h"
#include "generator/repo/facts.h"

/** A fetch in progress and what it found. */
typedef struct docgen_fetch {
    apr_pool_t *pool;
    docgen_git *git;
    docgen_output *output;
    docgen_facts *facts;
    const char *cache;   /**< the bare repository with the commit's files */
    const char *history; /**< the bare repository with commits and tags only */
    const char *notes;   /**< what the last analysis noted of the files */
    int lock;            /**< descriptor that holds the cache's lock, or -1 for a private cache */
    int percent;         /**< of the transfer, as last shown */
    apr_array_header_t *remote_tags; /**< docgen_tag without dates, as the remote lists them */
    const char *remote_ref;          /**< "refs/heads/main", or "HEAD" when it is detached */
    int is_web_page;                 /**< the URL answers with HTML, not with a repository */
    const char *error;               /**< the sentence, when something failed */
} docgen_fetch;

/** Prepares: finds the cache of this repository below the work directory and locks it; a cache in
 * use by another
 * run is left alone and a private one is made in the run's own directory. */
apr_status_t docgen_fetch_create(docgen_fetch **fetch, apr_pool_t *pool, docgen_git *git,
                                 docgen_output *output);

/** Where does the remote redirect to? Follows at most three hops on allowed URLs and settles
 * git->url. Never fails:
 * what cannot be asked is left to git and its error. */
void docgen_fetch_preflight(docgen_fetch *fetch);

/** Asks the remote what it has: settles branch, commit and tags. Progress 10.
 * @return APR_SUCCESS; else fetch->error is set */
apr_status_t docgen_fetch_ask(docgen_fetch *fetch);

/** Fetches the commit's files into the cache, unless they are there; progress 11–29. A broken cache
 * is made anew. */
apr_status_t docgen_fetch_files(docgen_fetch *fetch);

/** Fetches and reads the history: commits, tags, contributors. Failing to is noted, not an error.
 * */
void docgen_fetch_history(docgen_fetch *fetch);

/** Fetches the files of the newest release before the documented commit beside its own, for a comparison; fills
 * facts->release_tag and release_commit, or release_skipped. Needs facts->tags. Never an error. */
void docgen_fetch_release(docgen_fetch *fetch);

/** All tags of the remote in one short text: it differs when a tag is new, gone or moved. */
const char *docgen_fetch_tags_mark(const docgen_fetch *fetch);

/** Asks the GitHub API about the repository and the token; fills facts->authentication and the
 * forge's description.
 * Never an error. */
void docgen_fetch_forge(docgen_fetch *fetch);

/** Notes beside the cache that this build of the generator documented the commit, under the job's title. A note that
 * cannot be written costs the next run its short cut. */
void docgen_fetch_note_made(const docgen_fetch *fetch);

/** Did this very build document this commit under this title before? Another build may write other pages. */
int docgen_fetch_was_made(const docgen_fetch *fetch);

/** What the last analysis noted, for the next one: a file in memory of a fixed size, to be handed to the analysis.
 * @return its descriptor, the caller's to close; -1 when there cannot be one, and the analysis does without */
int docgen_fetch_notes_open(const docgen_fetch *fetch);

/** Keeps what an analysis that ended well left there; one that left it at its full size left none. The old notes are
 * replaced as a whole or not at all; failing to is logged. */
void docgen_fetch_notes_keep(const docgen_fetch *fetch, int fd);

/** Removes the cache, so that the next fetch begins anew. */
void docgen_fetch_forget(docgen_fetch *fetch);

/** A folder with everything in it is removed; symbolic links are not followed. */
void docgen_folder_remove(const char *path);

#endif
