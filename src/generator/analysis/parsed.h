/* What earlier runs read from files, found again by the blob's id: a file that did not change is not read again.
 *
 * The old notes come in one descriptor and the new ones go back in it: a file in memory that cannot grow, which the
 * worker made (fetch/notes.h). The analysis, which reads untrusted texts, gets at nothing else of the cache. Whatever
 * stands there is not believed: notes of another build, damaged ones and forged ones are as good as none.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_ANALYSIS_PARSED_H
#define DOCGEN_GENERATOR_ANALYSIS_PARSED_H

#include "generator/analysis/unit.h"

/** The notes of one analysis: those of the last run, and the ones for the next. One thread. */
typedef struct docgen_parsed docgen_parsed;

/** What is known of one file. */
typedef struct docgen_parsed_file {
    docgen_unit *unit;   /**< its symbols, or NULL */
    const char *skipped; /**< why it has none, or NULL */
} docgen_parsed_file;

/** Takes over the notes in `fd`, which stays open for docgen_parsed_save and belongs to the caller.
 * @param pool where they live: as long as the units found in them
 * @param fd a descriptor for reading and writing whose size is the room there is; below 0 there are no notes
 * @param stamp the build (docgen_stamp): notes of any other are left alone; NULL = there are none */
docgen_parsed *docgen_parsed_open(apr_pool_t *pool, int fd, const char *stamp);

/** Finds a file and notes it again for the next run.
 * @param key the blob's id and whatever else decides how it is read
 * @return 1 when `found` is filled (from the pool of docgen_parsed_open) */
int docgen_parsed_find(docgen_parsed *parsed, const docgen_file *file, const char *key,
                       docgen_parsed_file *found);

/** Notes what was read of a file, before modules are made of its unit. */
void docgen_parsed_note(docgen_parsed *parsed, const char *key, const docgen_parsed_file *file);

/** Makes what was noted in this run found as well, for another tree of the repository. */
void docgen_parsed_again(docgen_parsed *parsed);

/** Replaces what is in the descriptor by the files found and noted, and cuts it to their length. A failure costs the
 * next run its short cut and is logged. */
void docgen_parsed_save(docgen_parsed *parsed);

#endif
