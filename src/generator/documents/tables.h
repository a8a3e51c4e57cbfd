/* Tables in Markdown as GitHub reads them; see tables.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_DOCUMENTS_TABLES_H
#define DOCGEN_GENERATOR_DOCUMENTS_TABLES_H

#include "core/buffer.h"

/** Are two lines a table's head and its delimiter row? @return its columns; 0 = they are not, -1 = they would be if they
 * had equally many cells */
int docgen_table_begins(const char *line, const char *next);

/** Writes a delimiter row as md4c reads it. */
void docgen_table_delimiters(docgen_buffer *out, const char *line);

/** Does a line end the table above it? */
int docgen_table_ends(const char *line);

#endif
