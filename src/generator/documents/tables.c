/* Tables as GitHub reads them, for md4c: delimiters of one dash, and a table right below a line of text.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/documents/tables.h"

#include <string.h>
#include "core/buffer.h"

enum {
    COLUMNS_MAX = 200
};

/* Behind what stands before a table's row: spaces and the marks of quotations. */
static const char *row_begin(const char *line)
{
    return line + strspn(line, " >");
}

/* Cells of a row: bars that no backslash precedes part them; one at each end is none. */
static int cells_count(const char *row)
{
    apr_size_t length = strlen(row);
    int cells = 1;

    while (length > 0 && (row[length - 1] == ' ' || row[length - 1] == '\t'))
        length--;
    if (length > 0 && *row == '|') {
        row++;
        length--;
    }
    if (length > 0 && row[length - 1] == '|' && (length < 2 || row[length - 2] != '\\'))
        length--;
    for (apr_size_t i = 0; i < length; i++) {
        if (row[i] == '\\')
            i++;
        else
            cells += row[i] == '|';
    }
    return cells;
}

/* The alignments of a delimiter row, one character a column: '-', '<', '>' or '^'. @return how many, 0 = it is none */
static int delimiters_read(const char *row, char *alignments)
{
    int columns = 0;

    row += *row == '|';
    while (*row && columns < COLUMNS_MAX) {
        int left, right;
        apr_size_t dashes;

        row += strspn(row, " \t");
        left = *row == ':';
        row += left;
        dashes = strspn(row, "-");
        row += dashes;
        right = *row == ':';
        row += right;
        row += strspn(row, " \t");
        if (!dashes || (*row && *row != '|'))
            return 0;
        alignments[columns++] = left && right ? '^' : left ? '<' : right ? '>' : '-';
        row += *row == '|';
        row += strspn(row, " \t");
    }
    return *row ? 0 : columns;
}

int docgen_table_begins(const char *line, const char *next)
{
    char alignments[COLUMNS_MAX];
    const char *head = row_begin(line);
    const char *delimiters = row_begin(next);
    int columns;

    if (!*head || !strchr(delimiters, '-') || (!strchr(delimiters, '|') && !strchr(head, '|')))
        return 0;
    columns = delimiters_read(delimiters, alignments);
    if (!columns || (columns == 1 && (!strchr(delimiters, '|') || !strchr(head, '|'))))
        return 0;
    return columns == cells_count(head) ? columns : -1;
}

void docgen_table_delimiters(docgen_buffer *out, const char *line)
{
    char alignments[COLUMNS_MAX];
    const char *row = row_begin(line);
    int columns = delimiters_read(row, alignments);

    docgen_buffer_append(out, line, (apr_size_t)(row - line));
    docgen_buffer_puts(out, "|");
    for (int i = 0; i < columns; i++)
        docgen_buffer_printf(out, "%s---%s|", strchr("<^", alignments[i]) ? ":" : "",
                             strchr(">^", alignments[i]) ? ":" : "");
    docgen_buffer_puts(out, "\n");
}

int docgen_table_ends(const char *line)
{
    const char *row = row_begin(line);

    return !*row || !strncmp(row, "```", 3) || !strncmp(row, "~~~", 3) || *row == '#';
}
