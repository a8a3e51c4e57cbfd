/* reStructuredText tables, drawn with "+---+" or "===  ===", as Markdown tables.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include "generator/documents/rst.h"

enum {
    COLUMNS_MAX = 40,
    LINES_MAX = 3000 /* of one table */
};

void docgen_rst_table_write(docgen_rst *rst, const apr_array_header_t *rows, int header,
                            const char *prefix)
{
    int columns = 0;

    for (int r = 0; r < rows->nelts; r++) {
        const apr_array_header_t *row = APR_ARRAY_IDX(rows, r, apr_array_header_t *);

        columns = row->nelts > columns ? row->nelts : columns;
    }
    if (columns == 0)
        return;
    docgen_buffer_puts(rst->out, "\n");
    for (int r = header ? 0 : -1; r < rows->nelts; r++) {
        const apr_array_header_t *row = r < 0 ? NULL : APR_ARRAY_IDX(rows, r, apr_array_header_t *);

        docgen_buffer_printf(rst->out, "%s|", prefix);
        for (int c = 0; c < columns; c++)
            docgen_buffer_printf(rst->out, " %s |",
                                 row && c < row->nelts ? APR_ARRAY_IDX(row, c, const char *) : "");
        docgen_buffer_puts(rst->out, "\n");
        if (r == (header ? 0 : -1)) {
            docgen_buffer_printf(rst->out, "%s|", prefix);
            for (int c = 0; c < columns; c++)
                docgen_buffer_puts(rst->out, "---|");
            docgen_buffer_puts(rst->out, "\n");
        }
    }
    docgen_buffer_puts(rst->out, "\n");
}

/* Bars inside code are read before code is by Markdown: they are escaped there too. */
static const char *cell_text(docgen_rst *rst, const char *text)
{
    const char *cell = docgen_rst_cell(rst, text);
    docgen_buffer *out = docgen_buffer_create(rst->pool);
    int code = 0;
    const char *result;

    for (const char *p = cell; *p; p++) {
        if (*p == '`')
            code = !code;
        if (*p == '|' && code)
            docgen_buffer_puts(out, "\\");
        docgen_buffer_append(out, p, 1);
    }
    result = apr_pstrmemdup(rst->pool, out->data, out->length);
    docgen_buffer_free(out);
    return result;
}

/* Text of one line between two columns, without spaces at its ends. */
static void piece_add(docgen_buffer *cell, const char *line, int from, int to)
{
    int length = (int)strlen(line);

    if (to > length)
        to = length;
    while (from < to && line[from] == ' ')
        from++;
    while (to > from && line[to - 1] == ' ')
        to--;
    if (from >= to)
        return;
    if (cell->length)
        docgen_buffer_puts(cell, "\n");
    docgen_buffer_append(cell, line + from, (apr_size_t)(to - from));
}

static void row_end(docgen_rst *rst, docgen_buffer **cells, int columns, apr_array_header_t *rows)
{
    apr_array_header_t *row = apr_array_make(rst->pool, columns, sizeof(const char *));
    int filled = 0;

    for (int c = 0; c < columns; c++) {
        APR_ARRAY_PUSH(row, const char *) = cell_text(rst, cells[c]->data);
        filled |= cells[c]->length > 0;
        docgen_buffer_clear(cells[c]);
    }
    if (filled)
        APR_ARRAY_PUSH(rows, apr_array_header_t *) = row;
}

static int is_grid_border(const char *line)
{
    return line[0] == '+' && strspn(line, "+-=") == strlen(line) && strlen(line) > 2;
}

/* A grid. Cells that span columns end up in their first one; nothing is lost. */
static int grid_read(docgen_rst *rst, docgen_lines lines, const char *prefix)
{
    int edges[COLUMNS_MAX + 1];
    int columns = -1;
    docgen_buffer *cells[COLUMNS_MAX];
    apr_array_header_t *rows = apr_array_make(rst->pool, 16, sizeof(apr_array_header_t *));
    int header = 0;
    int at = 0;

    for (int i = 0;
         i < lines.count && i < LINES_MAX && lines.line[i][0] && strchr("+|", lines.line[i][0]);
         i++)
        at = i + 1;
    for (int i = 0; i < at; i++) { /* the border with the most corners has them all */
        int found[COLUMNS_MAX + 1];
        int count = 0;

        if (!is_grid_border(lines.line[i]))
            continue;
        for (int p = 0; lines.line[i][p] && count <= COLUMNS_MAX; p++) {
            if (lines.line[i][p] == '+')
                found[count++] = p;
        }
        if (count - 1 > columns) {
            columns = count - 1;
            memcpy(edges, found, sizeof(found));
        }
    }
    if (columns < 1)
        return 0;
    for (int c = 0; c < columns; c++)
        cells[c] = docgen_buffer_create(rst->pool);
    for (int i = 0; i < at; i++) {
        const char *line = lines.line[i];
        int length = (int)strlen(line);

        if (line[0] == '+') {
            row_end(rst, cells, columns, rows);
            if (strchr(line, '=') && i > 0 && rows->nelts == 1)
                header = 1;
            continue;
        }
        for (int c = 0; c < columns;) {
            int to = c + 1; /* a missing bar joins columns */

            while (to < columns && (edges[to] >= length || line[edges[to]] != '|'))
                to++;
            piece_add(cells[c], line, edges[c] + 1, edges[to]);
            c = to;
        }
    }
    row_end(rst, cells, columns, rows);
    docgen_rst_table_write(rst, rows, header, prefix);
    return at;
}

static int is_simple_border(const char *line, char mark)
{
    return line[0] == mark && strspn(line, (const char[]){mark, ' ', '\0'}) == strlen(line) &&
           strchr(line, ' ') != NULL;
}

static int simple_read(docgen_rst *rst, docgen_lines lines, const char *prefix)
{
    int starts[COLUMNS_MAX + 1] = {0};
    int columns = 0;
    docgen_buffer *cells[COLUMNS_MAX];
    apr_array_header_t *rows = apr_array_make(rst->pool, 16, sizeof(apr_array_header_t *));
    const char *border = lines.line[0];
    int borders = 0;
    int header = 0;
    int end = 0;
    int blank = 0;

    for (int p = 0; border[p] && columns < COLUMNS_MAX; p++) {
        if (border[p] == '=' && (p == 0 || border[p - 1] == ' '))
            starts[columns++] = p;
    }
    starts[columns] = 100000;
    for (int i = 1; i < lines.count && i < LINES_MAX; i++) { /* where it ends */
        if (is_simple_border(lines.line[i], '=')) {
            end = i + 1;
            if (++borders == 2 || i + 1 == lines.count || !*lines.line[i + 1])
                break;
        }
    }
    if (end == 0)
        return 0;
    for (int c = 0; c < columns; c++)
        cells[c] = docgen_buffer_create(rst->pool);
    for (int i = 1; i < end; i++) {
        const char *line = lines.line[i];
        int first = (int)strspn(line, " ");

        if (is_simple_border(line, '=') || is_simple_border(line, '-')) {
            row_end(rst, cells, columns, rows);
            if (*line == '=' && i + 1 < end)
                header = 1;
            continue;
        }
        if (!*line) {
            blank = 1;
            continue;
        }
        /* Text in the first column begins a row, else the line goes on with the last one. */
        if (columns == 1 || first < starts[1] || blank)
            row_end(rst, cells, columns, rows);
        blank = 0;
        for (int c = 0; c < columns; c++)
            piece_add(cells[c], line, starts[c], starts[c + 1]);
    }
    row_end(rst, cells, columns, rows);
    docgen_rst_table_write(rst, rows, header, prefix);
    return end;
}

int docgen_rst_table(docgen_rst *rst, docgen_lines lines, const char *prefix)
{
    if (lines.count > 1 && is_grid_border(lines.line[0]))
        return grid_read(rst, lines, prefix);
    if (lines.count > 2 && is_simple_border(lines.line[0], '='))
        return simple_read(rst, lines, prefix);
    return 0;
}
