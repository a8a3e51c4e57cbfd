/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_RENDER_TABLES_H
#define DOCGEN_GENERATOR_RENDER_TABLES_H

#include "core/buffer.h"

/** Stands for a bar within a cell's code until the HTML is there; a noncharacter, so that no text has it (U+FDD0). */
#define DOCGEN_TABLE_BAR "\xef\xb7\x90"

/** Are two lines a table's head and its delimiter row? @return its columns; 0 = they are not, -1 = they would be if they
 * had equally many cells */
int docgen_table_begins(const char *line, const char *next);

/** Writes a delimiter row as md4c reads it. */
void docgen_table_delimiters(docgen_buffer *out, const char *line);

/** Writes a head or a row; bars in code become DOCGEN_TABLE_BAR. */
void docgen_table_row(docgen_buffer *out, const char *line);

/** Does a line end the table above it? */
int docgen_table_ends(const char *line);

/** Puts the bars back, in place. */
void docgen_table_bars(char *html);

#endif
