/* The conventions by which projects mark tests, examples and other people's code.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/repo/detect.h"

#include <fnmatch.h>
#include <string.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include "generator/repo/encoding.h"

#define LFS_HEAD      "version https://git-lfs.github.com/spec/"
#define HEAD_BYTES    2048 /* where a generator signs its work */
#define MINIFIED_MIN  4096
#define MINIFIED_LINE 500 /* mean bytes of a line that nobody wrote by hand */

/** A name and the flags of everything in folders of that name. */
typedef struct folder {
    const char *name;
    unsigned flags;
} folder;

static const folder folders[] = {
    {"vendor", DOCGEN_FILE_VENDORED},
    {"vendors", DOCGEN_FILE_VENDORED},
    {"vendored", DOCGEN_FILE_VENDORED},
    {"_vendor", DOCGEN_FILE_VENDORED},
    {"deps", DOCGEN_FILE_VENDORED},
    {"third_party", DOCGEN_FILE_VENDORED},
    {"third-party", DOCGEN_FILE_VENDORED},
    {"thirdparty", DOCGEN_FILE_VENDORED},
    {"3rdparty", DOCGEN_FILE_VENDORED},
    {"3rd_party", DOCGEN_FILE_VENDORED},
    {"3rd-party", DOCGEN_FILE_VENDORED},
    {"node_modules", DOCGEN_FILE_VENDORED},
    {"bower_components", DOCGEN_FILE_VENDORED},
    {"godeps", DOCGEN_FILE_VENDORED},
    {".yarn", DOCGEN_FILE_VENDORED},
    {"site-packages", DOCGEN_FILE_VENDORED},
    {"pods", DOCGEN_FILE_VENDORED},
    {"carthage", DOCGEN_FILE_VENDORED},
    {"test", DOCGEN_FILE_TEST},
    {"tests", DOCGEN_FILE_TEST},
    {"testcases", DOCGEN_FILE_TEST},
    {"__tests__", DOCGEN_FILE_TEST},
    {"__mocks__", DOCGEN_FILE_TEST},
    {"__fixtures__", DOCGEN_FILE_TEST},
    {"__snapshots__", DOCGEN_FILE_TEST},
    {"spec", DOCGEN_FILE_TEST},
    {"specs", DOCGEN_FILE_TEST},
    {"testdata", DOCGEN_FILE_TEST},
    {"test-data", DOCGEN_FILE_TEST},
    {"test_data", DOCGEN_FILE_TEST},
    {"testsuite", DOCGEN_FILE_TEST},
    {"fixtures", DOCGEN_FILE_TEST},
    {"e2e", DOCGEN_FILE_TEST},
    {"unittest", DOCGEN_FILE_TEST},
    {"unittests", DOCGEN_FILE_TEST},
    {"fuzz", DOCGEN_FILE_TEST},
    {"example", DOCGEN_FILE_EXAMPLE},
    {"examples", DOCGEN_FILE_EXAMPLE},
    {"_examples", DOCGEN_FILE_EXAMPLE},
    {"demo", DOCGEN_FILE_EXAMPLE},
    {"demos", DOCGEN_FILE_EXAMPLE},
    {"sample", DOCGEN_FILE_EXAMPLE},
    {"samples", DOCGEN_FILE_EXAMPLE},
    {"bench", DOCGEN_FILE_EXAMPLE},
    {"benches", DOCGEN_FILE_EXAMPLE},
    {"benchmark", DOCGEN_FILE_EXAMPLE},
    {"benchmarks", DOCGEN_FILE_EXAMPLE},
    {"playground", DOCGEN_FILE_EXAMPLE},
    {"playgrounds", DOCGEN_FILE_EXAMPLE},
};

/** Folders of these names hold other people's projects, or the project's own code for something external. */
static const char *const ambiguous[] = {"extern", "external", "externals"};

/** A file name pattern (fnmatch, in lower case) and its flags. */
static const folder names[] = {
    {"*_test.go", DOCGEN_FILE_TEST},
    {"test_*.py", DOCGEN_FILE_TEST},
    {"*_test.py", DOCGEN_FILE_TEST},
    {"conftest.py", DOCGEN_FILE_TEST},
    {"*.test.[cm][jt]s", DOCGEN_FILE_TEST},
    {"*.test.[jt]s", DOCGEN_FILE_TEST},
    {"*.test.[jt]sx", DOCGEN_FILE_TEST},
    {"*.spec.[cm][jt]s", DOCGEN_FILE_TEST},
    {"*.spec.[jt]s", DOCGEN_FILE_TEST},
    {"*.spec.[jt]sx", DOCGEN_FILE_TEST},
    {"*.test-d.ts", DOCGEN_FILE_TEST},
    {"*_spec.rb", DOCGEN_FILE_TEST},
    {"*_test.rb", DOCGEN_FILE_TEST},
    {"*_test.c", DOCGEN_FILE_TEST},
    {"*_test.cc", DOCGEN_FILE_TEST},
    {"*_test.cpp", DOCGEN_FILE_TEST},
    {"*_unittest.cc", DOCGEN_FILE_TEST},
    {"test_*.c", DOCGEN_FILE_TEST},
    {"test_*.cc", DOCGEN_FILE_TEST},
    {"test_*.cpp", DOCGEN_FILE_TEST},
    {"test-*.c", DOCGEN_FILE_TEST},
    {"*_test.rs", DOCGEN_FILE_TEST},
    {"tests.rs", DOCGEN_FILE_TEST},
    {"*_test.exs", DOCGEN_FILE_TEST},
    {"*.bats", DOCGEN_FILE_TEST},
    {"test_helper*", DOCGEN_FILE_TEST},
    {"*_test_helper*", DOCGEN_FILE_TEST},
    {"*_test.sh", DOCGEN_FILE_TEST},
    {"test_*.sh", DOCGEN_FILE_TEST},
    {"*_spec.sh", DOCGEN_FILE_TEST},
    {"*_test.lua", DOCGEN_FILE_TEST},
    {"test_*.lua", DOCGEN_FILE_TEST},
    {"*_spec.lua", DOCGEN_FILE_TEST},
    {"*.spec.lua", DOCGEN_FILE_TEST},
    {"*.test.lua", DOCGEN_FILE_TEST},
    {"*.min.js", DOCGEN_FILE_GENERATED},
    {"*.min.css", DOCGEN_FILE_GENERATED},
    {"*.bundle.js", DOCGEN_FILE_GENERATED},
    {"*.map", DOCGEN_FILE_GENERATED},
    {"*.pb.go", DOCGEN_FILE_GENERATED},
    {"*.pb.gw.go", DOCGEN_FILE_GENERATED},
    {"*.pb.h", DOCGEN_FILE_GENERATED},
    {"*.pb.cc", DOCGEN_FILE_GENERATED},
    {"*_pb2.py", DOCGEN_FILE_GENERATED},
    {"*_pb2_grpc.py", DOCGEN_FILE_GENERATED},
    {"*_pb.js", DOCGEN_FILE_GENERATED},
    {"*_pb.d.ts", DOCGEN_FILE_GENERATED},
    {"*.g.dart", DOCGEN_FILE_GENERATED},
    {"*.freezed.dart", DOCGEN_FILE_GENERATED},
    {"*.designer.cs", DOCGEN_FILE_GENERATED},
    {"*.snap", DOCGEN_FILE_GENERATED},
    {"package-lock.json", DOCGEN_FILE_GENERATED},
    {"npm-shrinkwrap.json", DOCGEN_FILE_GENERATED},
    {"yarn.lock", DOCGEN_FILE_GENERATED},
    {"pnpm-lock.yaml", DOCGEN_FILE_GENERATED},
    {"bun.lock", DOCGEN_FILE_GENERATED},
    {"cargo.lock", DOCGEN_FILE_GENERATED},
    {"poetry.lock", DOCGEN_FILE_GENERATED},
    {"uv.lock", DOCGEN_FILE_GENERATED},
    {"pdm.lock", DOCGEN_FILE_GENERATED},
    {"pipfile.lock", DOCGEN_FILE_GENERATED},
    {"gemfile.lock", DOCGEN_FILE_GENERATED},
    {"composer.lock", DOCGEN_FILE_GENERATED},
    {"mix.lock", DOCGEN_FILE_GENERATED},
    {"flake.lock", DOCGEN_FILE_GENERATED},
    {"go.sum", DOCGEN_FILE_GENERATED},
    {"go.work.sum", DOCGEN_FILE_GENERATED},
};

static unsigned folder_flags(const char *segment, apr_size_t length)
{
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        if (strlen(folders[i].name) == length && !strncasecmp(folders[i].name, segment, length)) {
            return folders[i].flags;
        }
    }
    /* "template-react": what a project generator copies. */
    return length > 9 && !strncasecmp(segment, "template-", 9) ? DOCGEN_FILE_EXAMPLE : 0;
}

/** At the top of the repository, or with a folder for each project, they hold other people's. */
static unsigned ambiguous_flags(const char *path, const char *segment, apr_size_t length)
{
    for (size_t i = 0; i < sizeof(ambiguous) / sizeof(ambiguous[0]); i++) {
        if (strlen(ambiguous[i]) == length && !strncasecmp(ambiguous[i], segment, length)) {
            return segment == path || strchr(segment + length + 1, '/') ? DOCGEN_FILE_VENDORED : 0u;
        }
    }
    return 0;
}

static unsigned name_flags(const char *name)
{
    char small[256];
    apr_size_t length = strlen(name);

    if (length >= sizeof(small)) {
        return 0;
    }
    for (apr_size_t i = 0; i <= length; i++) {
        small[i] = apr_tolower(name[i]);
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (fnmatch(names[i].name, small, 0) == 0) {
            return names[i].flags;
        }
    }
    return 0;
}

static int ends_with(const char *text, apr_size_t length, const char *end)
{
    apr_size_t n = strlen(end);

    return length >= n && !memcmp(text + length - n, end, n);
}

/** In languages whose names are written in humps: FooTests/, Foo.Tests/, FooTest.java, Foo.Benchmarks/. The hump must be
 * the last of several: a file Test.java declares a class of that name. */
static unsigned hump_flags(const char *segment, apr_size_t length, int is_folder)
{
    static const folder humps[] = {
        {"Test", DOCGEN_FILE_TEST},          {"Tests", DOCGEN_FILE_TEST},
        {"Specs", DOCGEN_FILE_TEST},         {"Benchmark", DOCGEN_FILE_EXAMPLE},
        {"Benchmarks", DOCGEN_FILE_EXAMPLE}, {"Sample", DOCGEN_FILE_EXAMPLE},
        {"Samples", DOCGEN_FILE_EXAMPLE},    {"Example", DOCGEN_FILE_EXAMPLE},
        {"Examples", DOCGEN_FILE_EXAMPLE},   {"Demo", DOCGEN_FILE_EXAMPLE},
    };

    for (size_t i = 0; i < sizeof(humps) / sizeof(humps[0]); i++) {
        apr_size_t n = strlen(humps[i].name);
        char before = length > n ? segment[length - n - 1] : '\0';

        if (before && ends_with(segment, length, humps[i].name) &&
            (apr_islower(before) || apr_isdigit(before) || (is_folder && strchr(".-_", before)))) {
            return is_folder || humps[i].flags == DOCGEN_FILE_TEST ? humps[i].flags : 0;
        }
    }
    /* Folders of a build with several projects: "test-shrinker", "native-image-tests". */
    if (is_folder && (!strncmp(segment, "test-", 5) || ends_with(segment, length, "-test") ||
                      ends_with(segment, length, "-tests"))) {
        return DOCGEN_FILE_TEST;
    }
    if (is_folder &&
        (ends_with(segment, length, "-samples") || ends_with(segment, length, "-sample") ||
         ends_with(segment, length, "-examples") || ends_with(segment, length, "-benchmark") ||
         ends_with(segment, length, "-benchmarks"))) {
        return DOCGEN_FILE_EXAMPLE;
    }
    return 0;
}

/** The set of sources that a file of Maven's or Gradle's layout is in: SRC/SET/LANGUAGE/package… Behind it folders are
 * packages, whatever they are called. @return the first byte of the package, or NULL; `flags` receives what the set is */
static const char *source_set(const char *path, unsigned *flags)
{
    static const char *const languages[] = {"/java/", "/kotlin/", "/scala/", "/groovy/"};

    for (const char *p = path; p; p = strchr(p, '/') ? strchr(p, '/') + 1 : NULL) {
        const char *set = p + 4, *slash;

        if (strncmp(p, "src/", 4) || !(slash = strchr(set, '/'))) {
            continue;
        }
        for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
            apr_size_t length = (apr_size_t)(slash - set);

            if (strncmp(slash, languages[i], strlen(languages[i]))) {
                continue;
            }
            *flags = ends_with(set, length, "main") || ends_with(set, length, "Main") ? 0u
                     : strcasestr(set, "test") && strcasestr(set, "test") < slash ? DOCGEN_FILE_TEST
                     : length == 3 && !strncmp(set, "jmh", 3) ? DOCGEN_FILE_EXAMPLE
                                                              : 0u;
            return slash + strlen(languages[i]);
        }
    }
    return NULL;
}

unsigned docgen_detect_path(const docgen_languages *languages, const char *path)
{
    const docgen_language *language = docgen_language_by_path(languages, path);
    const char *segment = path;
    unsigned flags = 0, set = 0;
    const char *package = source_set(path, &set);
    int humped = language && language->flags & DOCGEN_LANGUAGE_HUMPS;

    flags = set;
    for (const char *slash; (slash = strchr(segment, '/')); segment = slash + 1) {
        apr_size_t length = (apr_size_t)(slash - segment);

        if (!package || segment < package) {
            flags |= folder_flags(segment, length) | ambiguous_flags(path, segment, length);
            flags |= humped ? hump_flags(segment, length, 1) : 0u;
        }
    }
    if (humped && (!package || set)) {
        flags |= hump_flags(segment, strcspn(segment, "."), 0);
    }
    flags |= name_flags(segment);
    if (language && language->kind == DOCGEN_KIND_PROSE) {
        flags |= DOCGEN_FILE_DOCUMENT;
    }
    if (!language && docgen_language_is_binary_name(languages, path)) {
        flags |= DOCGEN_FILE_BINARY;
    }
    return flags;
}

/** Does "@generated" stand at `at` as a word, and no variable of that name? */
static int is_mark(const char *at)
{
    at += strlen("@generated");
    return !apr_isalnum(*at) && *at != '_' && !strchr("=|", at[strspn(at, " ")]);
}

/** Is the sentence around `at` about the file that it stands in? "This file is automatically generated": not a sentence about
 * other things that are, beside one about the file. */
static int tells_of_this_file(const char *head, const char *at)
{
    const char *start = at;
    char sentence[HEAD_BYTES + 1];

    while (start > head && !(strchr(".;", start[-1]) && apr_isspace(*start)) &&
           strncmp(start - 1, "\n\n", 2)) {
        start--;
    }
    apr_cpystrn(sentence, start, (apr_size_t)(at - start) + strcspn(at, ".") + 1);
    start += strspn(start, " \t\r\n*#/;-");
    /* "This file holds tables. It was automatically generated." */
    return strcasestr(sentence, "this file") ||
           (!strncasecmp(start, "it ", 3) && strcasestr(head, "this file"));
}

/** Does a generator's signature stand in the first lines? */
static int signed_by_generator(const char *data, apr_size_t length)
{
    static const char *const marks[] = {"Code generated",
                                        "@generated",
                                        "Generated by GNU Autoconf",
                                        "Generated from configure",
                                        "automatically generated",
                                        "auto-generated",
                                        "autogenerated",
                                        "generated by automake",
                                        "A Bison parser, made by",
                                        "A lexical scanner generated by flex"};
    char head[HEAD_BYTES + 1];
    apr_size_t n = length < HEAD_BYTES ? length : HEAD_BYTES;

    memcpy(head, data, n);
    head[n] = '\0';
    if (strcasestr(head, "do not edit") && strcasestr(head, "generated")) {
        return 1;
    }
    for (size_t i = 0; i < 4; i++) {
        const char *at = strstr(head, marks[i]);

        if (at && (*marks[i] != '@' || is_mark(at))) {
            return i > 0 || strcasestr(head, "do not edit") != NULL;
        }
    }
    for (size_t i = 4; i < sizeof(marks) / sizeof(marks[0]); i++) {
        const char *at = strcasestr(head, marks[i]);

        if (at && at - head < 400 && (i > 6 || tells_of_this_file(head, at))) {
            return 1;
        }
    }
    return 0;
}

static int is_minified(const docgen_language *language, const char *data, apr_size_t length)
{
    apr_size_t lines = 1;

    if (length < MINIFIED_MIN || !language || !(language->flags & DOCGEN_LANGUAGE_LONG_LINES)) {
        return 0;
    }
    for (const char *p = data; (p = memchr(p, '\n', (size_t)(data + length - p))); p++) {
        lines++;
    }
    return length / lines > MINIFIED_LINE;
}

unsigned docgen_detect_content(const docgen_language *language, const char *data, apr_size_t length)
{
    if (length < DOCGEN_LFS_MAX && length > sizeof(LFS_HEAD) &&
        !memcmp(data, LFS_HEAD, sizeof(LFS_HEAD) - 1)) {
        return DOCGEN_FILE_LFS;
    }
    if (docgen_bytes_are_binary(data, length)) {
        return DOCGEN_FILE_BINARY;
    }
    if (language && language->kind == DOCGEN_KIND_PROSE) {
        return 0; /* prose may speak of generated code */
    }
    return signed_by_generator(data, length) || is_minified(language, data, length)
               ? DOCGEN_FILE_GENERATED
               : 0;
}

int docgen_detect_cplusplus(const char *data, apr_size_t length)
{
    static const char *const words[] = {"class ",  "namespace ", "template<",  "template <",
                                        "public:", "private:",   "protected:", "using "};
    const char *end = data + length;
    int guarded = 0;

    for (const char *line = data; line < end;) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *stop = newline ? newline : end;
        apr_size_t left;

        while (line < stop && (*line == ' ' || *line == '\t')) {
            line++;
        }
        left = (apr_size_t)(stop - line);
        if (left && *line == '#') {
            if (memmem(line, left, "__cplusplus", 11)) {
                guarded = 1;
            } else if (left >= 6 && !memcmp(line, "#endif", 6)) {
                guarded = 0;
            }
        }
        for (size_t i = 0; !guarded && i < sizeof(words) / sizeof(words[0]); i++) {
            if (left >= strlen(words[i]) && !memcmp(line, words[i], strlen(words[i]))) {
                return 1;
            }
        }
        line = newline ? newline + 1 : end;
    }
    return 0;
}
