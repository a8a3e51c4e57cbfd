/* A header with the length and a checksum, the build's stamp, then key and value of one file after the other.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/analysis/parsed.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <sys/stat.h>
#include <apr_strings.h>
#include "core/log.h"
#include "generator/analysis/unit_form.h"

#define MAGIC   "docgen:1"
#define SKIPPED 0
#define UNIT    1

/** The first bytes. Only this machine reads them, so they are as it has them in memory. */
typedef struct header {
    char magic[8];
    apr_uint64_t length; /* of what follows */
    apr_uint64_t checksum;
} header;

/** One file's value, in the text of all. */
typedef struct note {
    const char *key;
    const char *value;
    apr_size_t length;
} note;

struct docgen_parsed {
    apr_pool_t *pool;
    int fd;
    apr_size_t room;
    apr_hash_t *old;      /* key → note */
    apr_hash_t *kept;     /* keys that are in `text` */
    docgen_buffer *text;  /* what comes behind the header */
    docgen_buffer *value; /* of one file */
};

static apr_status_t bytes_read(int fd, char *to, apr_size_t length, off_t from)
{
    while (length) {
        ssize_t n = pread(fd, to, length, from);

        if (n <= 0) {
            return n == 0 ? APR_EOF : APR_FROM_OS_ERROR(errno);
        }
        to += n;
        from += n;
        length -= (apr_size_t)n;
    }
    return APR_SUCCESS;
}

static apr_status_t bytes_write(int fd, const char *from, apr_size_t length, off_t to)
{
    while (length) {
        ssize_t n = pwrite(fd, from, length, to);

        if (n <= 0) {
            return n == 0 ? APR_ENOSPC : APR_FROM_OS_ERROR(errno);
        }
        from += n;
        to += n;
        length -= (apr_size_t)n;
    }
    return APR_SUCCESS;
}

static apr_uint64_t checksum(const char *text, apr_size_t length)
{
    return crc32_z(0, (const unsigned char *)text, length);
}

/** The next key and value. @return 0 at the end or when there is none that can be read */
static int note_next(docgen_form *form, note *note)
{
    note->key = docgen_form_text_read(form);
    note->length = (apr_size_t)docgen_form_number_read(form);
    if (form->broken || !note->key || note->length > (apr_size_t)(form->end - form->at)) {
        return 0;
    }
    note->value = form->at;
    form->at += note->length;
    return 1;
}

/** Makes the notes behind the stamp found. */
static void notes_index(docgen_parsed *parsed, docgen_form *form)
{
    note *note = apr_palloc(parsed->pool, sizeof(*note));

    while (note_next(form, note)) {
        apr_hash_set(parsed->old, note->key, APR_HASH_KEY_STRING, note);
        note = apr_palloc(parsed->pool, sizeof(*note));
    }
}

/** What is in the descriptor, when this build wrote it. */
static void notes_read(docgen_parsed *parsed, const char *stamp)
{
    docgen_form form = {0};
    header header;
    const char *theirs;
    char *text;

    if (bytes_read(parsed->fd, (char *)&header, sizeof(header), 0) != APR_SUCCESS ||
        memcmp(header.magic, MAGIC, sizeof(header.magic)) != 0 ||
        header.length > parsed->room - sizeof(header)) {
        return;
    }
    text = apr_palloc(parsed->pool, (apr_size_t)header.length);
    if (bytes_read(parsed->fd, text, (apr_size_t)header.length, sizeof(header)) != APR_SUCCESS ||
        checksum(text, (apr_size_t)header.length) != header.checksum) {
        docgen_log(DOCGEN_LOG_INFO, APR_SUCCESS, "the notes of the last run are damaged");
        return;
    }
    form.at = text;
    form.end = text + header.length;
    theirs = docgen_form_text_read(&form);
    if (!theirs || strcmp(theirs, stamp) != 0) {
        return;
    }
    notes_index(parsed, &form);
}

docgen_parsed *docgen_parsed_open(apr_pool_t *pool, int fd, const char *stamp)
{
    docgen_parsed *parsed = apr_pcalloc(pool, sizeof(*parsed));
    struct stat about;

    parsed->pool = pool;
    parsed->fd = -1;
    parsed->old = apr_hash_make(pool);
    parsed->kept = apr_hash_make(pool);
    parsed->text = docgen_buffer_create(pool);
    parsed->value = docgen_buffer_create(pool);
    if (fd >= 0 && stamp && fstat(fd, &about) == 0 && about.st_size > (off_t)sizeof(header)) {
        parsed->fd = fd;
        parsed->room = (apr_size_t)about.st_size;
        notes_read(parsed, stamp);
        docgen_form_text(parsed->text, stamp);
    }
    return parsed;
}

/** Once per key, and only while there is room. */
static void note_keep(docgen_parsed *parsed, const char *key, const char *value, apr_size_t length)
{
    apr_size_t size = sizeof(header) + parsed->text->length + strlen(key) + length + 24;

    if (parsed->fd < 0 || size > parsed->room ||
        apr_hash_get(parsed->kept, key, APR_HASH_KEY_STRING)) {
        return;
    }
    docgen_form_text(parsed->text, key);
    docgen_form_number(parsed->text, length);
    docgen_buffer_append(parsed->text, value, length);
    apr_hash_set(parsed->kept, apr_pstrdup(parsed->pool, key), APR_HASH_KEY_STRING, "");
}

int docgen_parsed_find(docgen_parsed *parsed, const docgen_file *file, const char *key,
                       docgen_parsed_file *found)
{
    const note *note = apr_hash_get(parsed->old, key, APR_HASH_KEY_STRING);
    docgen_form form = {0};

    *found = (docgen_parsed_file){0};
    if (!note) {
        return 0;
    }
    form.at = note->value;
    form.end = note->value + note->length;
    switch (docgen_form_number_read(&form)) {
    case SKIPPED:
        found->skipped = docgen_form_text_read(&form);
        break;
    case UNIT:
        found->unit =
            docgen_unit_read(parsed->pool, file, form.at, (apr_size_t)(form.end - form.at));
        break;
    }
    if (!found->skipped && !found->unit) {
        return 0;
    }
    note_keep(parsed, key, note->value, note->length);
    return 1;
}

void docgen_parsed_note(docgen_parsed *parsed, const char *key, const docgen_parsed_file *file)
{
    int whole = 1;

    if (parsed->fd < 0 || apr_hash_get(parsed->kept, key, APR_HASH_KEY_STRING)) {
        return;
    }
    docgen_buffer_clear(parsed->value);
    docgen_form_number(parsed->value, file->unit ? UNIT : SKIPPED);
    if (file->unit) {
        whole = docgen_unit_write(parsed->value, file->unit);
    } else {
        docgen_form_text(parsed->value, file->skipped);
    }
    if (whole) {
        note_keep(parsed, key, parsed->value->data, parsed->value->length);
    }
}

void docgen_parsed_again(docgen_parsed *parsed)
{
    docgen_form form = {0};

    if (parsed->fd < 0) {
        return;
    }
    /* A copy: the text moves when more is noted. */
    form.at = apr_pmemdup(parsed->pool, parsed->text->data, parsed->text->length);
    form.end = form.at + parsed->text->length;
    docgen_form_text_read(&form); /* the stamp */
    notes_index(parsed, &form);
}

void docgen_parsed_save(docgen_parsed *parsed)
{
    header header = {.magic = MAGIC};
    apr_status_t rv;

    if (parsed->fd < 0) {
        return;
    }
    header.length = parsed->text->length;
    header.checksum = checksum(parsed->text->data, parsed->text->length);
    rv = bytes_write(parsed->fd, (const char *)&header, sizeof(header), 0);
    if (rv == APR_SUCCESS) {
        rv = bytes_write(parsed->fd, parsed->text->data, parsed->text->length, sizeof(header));
    }
    if (rv == APR_SUCCESS &&
        ftruncate(parsed->fd, (off_t)(sizeof(header) + parsed->text->length)) != 0) {
        rv = APR_FROM_OS_ERROR(errno);
    }
    if (rv != APR_SUCCESS) {
        docgen_log(DOCGEN_LOG_WARNING, rv, "the symbols could not be noted for the next run");
    }
    docgen_buffer_free(parsed->text);
    parsed->fd = -1;
}
