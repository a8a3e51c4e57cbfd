/* What was read of a file and noted: it comes back as it was, or not at all.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "generator/analysis/doc.h"
#include "generator/analysis/parsed.h"
#include "generator/analysis/unit_form.h"
#include "generator/languages/language.h"

#define HEADER ((off_t)24) /* magic, length, checksum */

static apr_pool_t *pool;
static docgen_file file = {.path = "a.py", .raw_path = "a.py", .lang = DOCGEN_LANG_PYTHON};

static const char python[] =
    "\"\"\"What it is.\n\nMore of it.\n\"\"\"\n"
    "from .app import Flask as App, g\n"
    "__all__ = ['A', 'f']\n"
    "class A(B):\n"
    "    \"\"\"A thing.\n\n    :param int x: what\n    :raises Error: never\n    \"\"\"\n"
    "    x: int = 1\n"
    "    @property\n"
    "    def y(self):\n"
    "        \"\"\"Why.\"\"\"\n"
    "    class Inner:\n"
    "        def deep(self, a, *, b=1): pass\n"
    "async def f(a: str = 'c') -> int: pass\n";

static void setup(void)
{
    apr_initialize();
    apr_pool_create(&pool, NULL);
}

static void teardown(void)
{
    apr_pool_destroy(pool);
    apr_terminate();
}

TestSuite(parsed, .init = setup, .fini = teardown, .timeout = 60);

static docgen_unit *unit_of(const char *text)
{
    return docgen_scan_declared(docgen_source_make(pool, pool, &file, text, strlen(text)));
}

static docgen_buffer *form_of(const docgen_unit *unit)
{
    docgen_buffer *form = docgen_buffer_create(pool);

    cr_assert(docgen_unit_write(form, unit));
    return form;
}

static const docgen_symbol *member(const apr_array_header_t *symbols, const char *name)
{
    for (int i = 0; symbols && i < symbols->nelts; i++) {
        const docgen_symbol *symbol = APR_ARRAY_IDX(symbols, i, docgen_symbol *);

        if (!strcmp(symbol->name, name)) {
            return symbol;
        }
    }
    cr_assert_fail("no %s", name);
    return NULL;
}

Test(parsed, a_unit_comes_back_as_it_was)
{
    docgen_buffer *form = form_of(unit_of(python));
    docgen_unit *unit = docgen_unit_read(pool, &file, form->data, form->length);
    const docgen_symbol *a, *inner, *deep;
    docgen_buffer *again;

    cr_assert_not_null(unit);
    again = form_of(unit);
    cr_assert_eq(again->length, form->length);
    cr_assert_eq(memcmp(again->data, form->data, form->length), 0);

    cr_assert_eq(unit->file, &file);
    cr_assert_str_eq(unit->doc->summary, "What it is.");
    cr_assert_eq(unit->imports->nelts, 2);
    cr_assert_str_eq(APR_ARRAY_IDX(unit->imports, 0, docgen_import).as, "App");
    cr_assert_eq(unit->all->nelts, 2);
    a = member(unit->symbols, "A");
    cr_assert_str_eq(APR_ARRAY_IDX(a->bases, 0, const char *), "B");
    cr_assert_str_eq(docgen_doc_find(a->doc, "raises")->name, "Error");
    cr_assert_eq(member(a->members, "y")->traits & DOCGEN_SYMBOL_PROPERTY, DOCGEN_SYMBOL_PROPERTY);
    inner = member(a->members, "Inner");
    deep = member(inner->members, "deep");
    cr_assert_str_eq(deep->qualified, "A.Inner.deep");
    cr_assert_eq(deep->parent, inner);
    cr_assert_eq(inner->parent, a);
    cr_assert_null(a->parent);
    cr_assert_eq(deep->line, 18);
    cr_assert_eq(member(unit->symbols, "f")->traits & DOCGEN_SYMBOL_ASYNC, DOCGEN_SYMBOL_ASYNC);
}

Test(parsed, what_is_not_a_tree_is_not_written)
{
    docgen_unit *unit = unit_of(python);
    docgen_symbol *a = (docgen_symbol *)member(unit->symbols, "A");
    docgen_buffer *form = docgen_buffer_create(pool);
    docgen_symbol outside = {.name = "x", .qualified = "x", .kind = "class"};

    docgen_buffer_puts(form, "before");
    APR_ARRAY_PUSH(unit->symbols, docgen_symbol *) = a;
    cr_assert_not(docgen_unit_write(form, unit), "one symbol in two places");
    cr_assert_str_eq(form->data, "before");
    unit->symbols->nelts--;
    a->parent = &outside;
    cr_assert_not(docgen_unit_write(form, unit), "a parent that is not there");
    a->parent = NULL;
    APR_ARRAY_PUSH(a->members, docgen_symbol *) = a;
    cr_assert_not(docgen_unit_write(form, unit), "a symbol within itself");
    cr_assert_str_eq(form->data, "before");
    a->members->nelts--;
    cr_assert(docgen_unit_write(form, unit));
}

Test(parsed, cut_and_damaged_forms_do_no_harm)
{
    docgen_buffer *form = form_of(unit_of(python));
    char *copy = apr_palloc(pool, form->length);

    for (apr_size_t length = 0; length < form->length; length++) {
        char *cut = malloc(length ? length : 1); /* its end is where a sanitizer looks */

        memcpy(cut, form->data, length);
        cr_assert_null(docgen_unit_read(pool, &file, cut, length), "%zu", length);
        free(cut);
    }
    for (apr_size_t at = 0; at < form->length; at++) {
        static const unsigned char values[] = {0, 1, 0x7f, 0x80, 0xff};

        for (size_t v = 0; v < sizeof(values); v++) {
            docgen_unit *unit;

            memcpy(copy, form->data, form->length);
            copy[at] = (char)values[v];
            unit = docgen_unit_read(pool, &file, copy, form->length);
            if (unit) {
                cr_assert(docgen_unit_write(docgen_buffer_create(pool), unit));
            }
        }
    }
}

/** A file in memory as the worker makes it. */
static int room_make(void)
{
    int fd = memfd_create("notes", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    cr_assert(fd >= 0 && ftruncate(fd, 1 << 20) == 0);
    return fd;
}

/** Notes the file under a key, and saves. */
static int noted(const char *stamp)
{
    int fd = room_make();
    docgen_parsed *parsed = docgen_parsed_open(pool, fd, stamp);
    docgen_parsed_file what = {.unit = unit_of(python)}, skipped = {.skipped = "not text"};

    docgen_parsed_note(parsed, "one", &what);
    docgen_parsed_note(parsed, "two", &skipped);
    docgen_parsed_save(parsed);
    return fd;
}

static int is_found(int fd, const char *stamp, const char *key)
{
    docgen_parsed_file found;

    return docgen_parsed_find(docgen_parsed_open(pool, fd, stamp), &file, key, &found);
}

Test(parsed, what_one_run_notes_the_next_one_finds)
{
    int fd = noted("build 1");
    docgen_parsed *parsed = docgen_parsed_open(pool, fd, "build 1");
    docgen_parsed_file found;
    struct stat about;

    cr_assert(docgen_parsed_find(parsed, &file, "one", &found));
    cr_assert_str_eq(found.unit->doc->summary, "What it is.");
    cr_assert_null(found.skipped);
    cr_assert(docgen_parsed_find(parsed, &file, "two", &found));
    cr_assert_str_eq(found.skipped, "not text");
    cr_assert_null(found.unit);
    cr_assert_not(docgen_parsed_find(parsed, &file, "three", &found));
    cr_assert_not(is_found(fd, "build 2", "one"), "another build reads files otherwise");
    cr_assert_not(is_found(-1, "build 1", "one"));

    /* What is asked for stays, what is not asked for goes. */
    cr_assert_eq(fstat(fd, &about), 0);
    parsed = docgen_parsed_open(pool, fd, "build 1");
    cr_assert(docgen_parsed_find(parsed, &file, "two", &found));
    docgen_parsed_save(parsed);
    cr_assert(is_found(fd, "build 1", "two"));
    cr_assert_not(is_found(fd, "build 1", "one"));
    close(fd);
}

/** Puts the right checksum on whatever is there. */
static void forge(int fd)
{
    struct stat about;
    apr_uint64_t sum;
    char *text;

    cr_assert_eq(fstat(fd, &about), 0);
    text = apr_palloc(pool, (apr_size_t)about.st_size);
    cr_assert_eq(pread(fd, text, (size_t)(about.st_size - HEADER), HEADER), about.st_size - HEADER);
    sum = crc32_z(0, (const unsigned char *)text, (size_t)(about.st_size - HEADER));
    cr_assert_eq(pwrite(fd, &sum, sizeof(sum), 16), (ssize_t)sizeof(sum));
}

Test(parsed, damaged_notes_are_not_used_and_forged_ones_do_no_harm)
{
    int fd = noted("b");
    struct stat about;
    char byte, other;

    cr_assert_eq(fstat(fd, &about), 0);
    for (off_t at = 0; at < about.st_size; at++) {
        docgen_parsed_file found;

        cr_assert_eq(pread(fd, &byte, 1, at), 1);
        other = (char)(byte ^ 0x55);
        cr_assert_eq(pwrite(fd, &other, 1, at), 1);
        cr_assert_not(is_found(fd, "b", "one"), "a damaged byte at %ld", (long)at);
        if (at >= HEADER) {
            forge(fd);
            if (docgen_parsed_find(docgen_parsed_open(pool, fd, "b"), &file, "one", &found)) {
                cr_assert(found.unit || found.skipped);
            }
        }
        cr_assert_eq(pwrite(fd, &byte, 1, at), 1);
        forge(fd);
    }
    cr_assert(is_found(fd, "b", "one"));
    cr_assert_eq(ftruncate(fd, about.st_size - 1), 0);
    cr_assert_not(is_found(fd, "b", "one"), "cut");
    cr_assert_eq(ftruncate(fd, 0), 0);
    cr_assert_not(is_found(fd, "b", "one"), "empty");
    close(fd);
}

Test(parsed, more_than_there_is_room_for_is_left_out)
{
    int fd = memfd_create("notes", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    docgen_parsed_file what = {.unit = unit_of(python)}, found;
    docgen_parsed *parsed;
    int kept = 0;

    cr_assert(fd >= 0 && ftruncate(fd, 4096) == 0);
    cr_assert_eq(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SEAL), 0);
    parsed = docgen_parsed_open(pool, fd, "b");
    for (int i = 0; i < 100; i++) {
        docgen_parsed_note(parsed, apr_psprintf(pool, "%d", i), &what);
    }
    docgen_parsed_save(parsed);
    parsed = docgen_parsed_open(pool, fd, "b");
    for (int i = 0; i < 100; i++) {
        kept += docgen_parsed_find(parsed, &file, apr_psprintf(pool, "%d", i), &found);
    }
    cr_assert(kept > 0 && kept < 100, "%d", kept);
    close(fd);
}
