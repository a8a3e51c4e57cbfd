/* C and C++: reading build files for the headers that they install. Nothing is evaluated: variables stand for all that
 * their file ever gives them, conditions for true.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/c/install.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/analysis/builder.h"

enum {
    BUILD_FILES_MAX = 400,    /* read in one repository */
    BUILD_FILE_MAX = 1 << 19, /* bytes */
    EXPANSIONS_MAX = 8,       /* variables within variables */
    WORDS_MAX = 20000         /* of one repository */
};

typedef struct folder {
    const char *path; /* of the repository */
    int contents;     /* what is in it is installed, not the folder itself */
} folder;

struct docgen_c_install {
    apr_pool_t *pool;
    const docgen_tree *tree;
    apr_hash_t *paths; /* of headers installed by name */
    apr_hash_t
        *names; /* base names of headers that are made by the build or whose folder is not known */
    apr_array_header_t *folders;
    int words;
};

/* One build file as it is read. */
typedef struct reading {
    docgen_c_install *install;
    const char *directory; /* of the build file */
    apr_hash_t *variables; /* name → their words in one text */
} reading;

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static int is_header(const char *word)
{
    static const char *const ends[] = {".h",   ".hpp", ".hh",   ".hxx",
                                       ".inl", ".ipp", ".h.in", ".tpp"};
    apr_size_t length = strlen(word);

    for (unsigned i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
        apr_size_t n = strlen(ends[i]);

        if (length > n && !strcmp(word + length - n, ends[i])) {
            return 1;
        }
    }
    return 0;
}

/* A path without what a build puts before it: "${CMAKE_CURRENT_SOURCE_DIR}/include" and "$(srcdir)/include" are
 * "include". `is_top` says whether the folder is the project's, not the build file's. */
static const char *plain(apr_pool_t *pool, const char *word, int *is_top)
{
    *is_top = 0;
    while (*word == '$' && (word[1] == '{' || word[1] == '(' || word[1] == '<')) {
        char close = word[1] == '{' ? '}' : word[1] == '(' ? ')' : ':';
        const char *stop = strchr(word, close);

        if (!stop) {
            return "";
        }
        if (memmem(word, (apr_size_t)(stop - word), "PROJECT_SOURCE", 14) ||
            memmem(word, (apr_size_t)(stop - word), "_SOURCE_DIR", 11) ||
            memmem(word, (apr_size_t)(stop - word), "top_srcdir", 10)) {
            *is_top = !memmem(word, (apr_size_t)(stop - word), "CURRENT", 7);
        }
        word = stop + 1;
    }
    while (*word == '/' || (word[0] == '.' && word[1] == '/')) {
        word++;
    }
    return apr_pstrmemdup(pool, word, strcspn(word, ">"));
}

/* The path of the repository that a word of the build file means, or NULL. */
static const char *resolve(const reading *r, const char *word)
{
    apr_pool_t *pool = r->install->pool;
    int is_top;
    const char *path = plain(pool, word, &is_top);

    if (!*path && strchr(word, '$')) {
        return is_top ? "" : r->directory;
    }
    return docgen_repository_path(pool, is_top ? "" : r->directory, path);
}

static void add_header(const reading *r, const char *word)
{
    docgen_c_install *install = r->install;
    int is_top;
    const char *path = resolve(r, word);
    const docgen_file *file = path ? docgen_tree_find(install->tree, path) : NULL;

    if (!file) {
        path = docgen_repository_path(install->pool, "", plain(install->pool, word, &is_top));
        file = path ? docgen_tree_find(install->tree, path) : NULL;
    }
    if (file) {
        apr_hash_set(install->paths, file->path, APR_HASH_KEY_STRING, file);
    } else {
        apr_hash_set(install->names, apr_pstrdup(install->pool, base_name(word)),
                     APR_HASH_KEY_STRING, install);
    }
}

static void add_folder(const reading *r, const char *word)
{
    apr_size_t length = strlen(word);
    const char *path = resolve(r, word);
    folder *new;

    if (!path) {
        return;
    }
    new = apr_array_push(r->install->folders);
    new->contents = length > 0 && word[length - 1] == '/';
    length = strlen(path);
    while (length > 0 && path[length - 1] == '/') {
        length--;
    }
    new->path = apr_pstrmemdup(r->install->pool, path, length);
}

/* The next word of a build file's list; quotes, commas and brackets part words. NULL at the end. */
static const char *next_word(apr_pool_t *pool, const char **text)
{
    const char *p = *text + strspn(*text, " \t\r\n,\"'[]\\;"), *start;

    while (*p == '#') {
        p += strcspn(p, "\n");
        p += strspn(p, " \t\r\n,\"'[]\\;");
    }
    for (start = p; *p && !strchr(" \t\r\n,\"'[]\\;#", *p); p++) {
    }
    *text = p;
    return p > start ? apr_pstrmemdup(pool, start, (apr_size_t)(p - start)) : NULL;
}

/* The variable that a word stands for ("${HEADERS}", "$(HEADERS)", Meson's "headers"), or NULL. */
static const char *variable(const reading *r, const char *word)
{
    apr_size_t length = strlen(word);
    const char *name = word;

    if (length > 3 && word[0] == '$' && (word[1] == '{' || word[1] == '(') &&
        strchr("})", word[length - 1])) {
        name = apr_pstrmemdup(r->install->pool, word + 2, length - 3);
    }
    return apr_hash_get(r->variables, name, APR_HASH_KEY_STRING);
}

/* Adds the headers among a list's words. */
static void add_words(const reading *r, const char *list, int depth)
{
    const char *word;

    while (r->install->words < WORDS_MAX && (word = next_word(r->install->pool, &list))) {
        const char *inner = depth < EXPANSIONS_MAX ? variable(r, word) : NULL;

        r->install->words++;
        if (inner) {
            add_words(r, inner, depth + 1);
        } else if (is_header(word) && !strchr(word, '*')) {
            add_header(r, word);
        } else if (strchr(word, '*') && strchr(word, '/') && is_header(word)) { /* a glob */
            add_folder(r, apr_pstrmemdup(r->install->pool, word,
                                         (apr_size_t)(strrchr(word, '/') - word) + 1));
        }
    }
}

static int is_option(const char *word)
{
    static const char *const options[] = {
        "DESTINATION", "FILES_MATCHING", "PATTERN",  "COMPONENT", "PERMISSIONS",           "REGEX",
        "EXCLUDE",     "TYPE",           "OPTIONAL", "RENAME",    "USE_SOURCE_PERMISSIONS"};

    for (unsigned i = 0; i < sizeof(options) / sizeof(*options); i++) {
        if (!strcmp(options[i], word)) {
            return 1;
        }
    }
    return 0;
}

/* "install(DIRECTORY include/ DESTINATION …)": headers go to a folder whose name says so, or are picked by a pattern. */
static void add_directories(const reading *r, const char *arguments)
{
    const char *list = strstr(arguments, "DIRECTORY"), *word;

    if (!list || !(strcasestr(arguments, "include") || strstr(arguments, ".h"))) {
        return;
    }
    list += strlen("DIRECTORY");
    while ((word = next_word(r->install->pool, &list)) && !is_option(word)) {
        add_folder(r, word);
    }
}

static void add_variable(const reading *r, const char *name, const char *words)
{
    const char *known = apr_hash_get(r->variables, name, APR_HASH_KEY_STRING);

    apr_hash_set(r->variables, apr_pstrdup(r->install->pool, name), APR_HASH_KEY_STRING,
                 known ? apr_pstrcat(r->install->pool, known, " ", words, NULL) : words);
}

/* One command of CMake's or Meson's: `name` and the text within its brackets. */
static void take_command(const reading *r, const char *name, const char *arguments)
{
    apr_pool_t *pool = r->install->pool;
    const char *rest = arguments, *first;

    if (!strcasecmp(name, "set") || !strcasecmp(name, "list") || !strcasecmp(name, "file")) {
        first = next_word(pool, &rest);
        if (first && strcasecmp(name, "set")) {
            first = next_word(pool, &rest);
        }
        if (first) {
            add_variable(r, first, rest);
        }
    } else if (!strcmp(name, "install_headers")) {
        add_words(r, arguments, 0);
    } else if (!strcmp(name, "install_subdir")) {
        first = next_word(pool, &rest);
        if (first && strstr(rest, "include")) {
            add_folder(r, first);
        }
    } else if (strcasestr(name, "install")) {
        add_words(r, arguments, 0);
        add_directories(r, arguments);
    } else if (!strcasecmp(name, "target_sources") && strstr(arguments, "FILE_SET") &&
               strstr(arguments, "HEADERS")) {
        add_words(r, strstr(arguments, "FILE_SET"), 0);
    } else if (strcasestr(name, "set_") && strstr(arguments, "PUBLIC_HEADER")) {
        add_words(r, strstr(arguments, "PUBLIC_HEADER"), 0);
    }
}

/* The `)` of the `(` at `p`; comments and quotes are skipped. NULL when there is none. */
static const char *closing(const char *p)
{
    int depth = 0;

    for (; *p; p++) {
        if (*p == '#') {
            p += strcspn(p, "\n");
            p -= !*p;
        } else if (*p == '"') {
            p += 1 + strcspn(p + 1, "\"");
            if (!*p) {
                return NULL;
            }
        } else {
            depth += (*p == '(') - (*p == ')');
            if (depth == 0) {
                return p;
            }
        }
    }
    return NULL;
}

/* CMake's and Meson's commands: a variable is set before it is used. */
static void take_commands(const reading *r, const char *text)
{
    apr_pool_t *pool = r->install->pool;

    for (const char *p = text; *p;) {
        const char *start = p, *open, *stop, *name;

        if (*p == '#') {
            p += strcspn(p, "\n");
            continue;
        }
        if (!isalpha((unsigned char)*p) && *p != '_') {
            p++;
            continue;
        }
        while (isalnum((unsigned char)*p) || *p == '_') {
            p++;
        }
        name = apr_pstrmemdup(pool, start, (apr_size_t)(p - start));
        open = p + strspn(p, " \t");
        if (*open == '=' || !strncmp(open, "+=", 2)) { /* Meson's assignments */
            const char *value = open + 1 + (*open == '+');

            value += strspn(value, " \t=");
            if (!strncmp(value, "files(", 6) || *value == '[') {
                stop = strpbrk(value, *value == '[' ? "]" : ")");
                if (stop) {
                    value += *value == '[' ? 1 : 6;
                    add_variable(r, name, apr_pstrmemdup(pool, value, (apr_size_t)(stop - value)));
                }
            }
            continue;
        }
        if (*open == '(' && (stop = closing(open))) {
            take_command(r, name, apr_pstrmemdup(pool, open + 1, (apr_size_t)(stop - open - 1)));
            p = stop;
        }
    }
}

/* One line of a makefile, continuation lines joined. */
static void take_make_line(const reading *r, char *line)
{
    char *equals = strchr(line, '='), *stop;
    const char *name = line + strspn(line, " ");

    if (*line == '\t' || !equals || strchr("<>!", equals[1])) {
        if (strstr(line, "install") || strstr(line, "INSTALL")) {
            add_words(r, line, 0);
        }
        return;
    }
    for (stop = equals; stop > name && strchr(" \t:+?", stop[-1]); stop--) {
    }
    name = apr_pstrmemdup(r->install->pool, name, (apr_size_t)(stop - name));
    add_variable(r, name, apr_pstrdup(r->install->pool, equals + 1));
    if (strstr(name, "include_HEADERS") && strncmp(name, "noinst", 6) &&
        strncmp(name, "check", 5)) {
        add_words(r, equals + 1, 0);
    }
}

static void take_makefile(const reading *r, const char *text)
{
    char *copy = apr_pstrdup(r->install->pool, text), *next;

    for (char *p = copy; (p = strstr(p, "\\\n"));) {
        p[0] = p[1] = ' ';
    }
    /* What is set below its use counts, too. */
    for (int pass = 0; pass < 2; pass++) {
        char *lines = pass == 0 ? apr_pstrdup(r->install->pool, copy) : copy;

        for (char *line = lines; line; line = next) {
            next = strchr(line, '\n');
            if (next) {
                *next++ = '\0';
            }
            if (*line != '#' && (pass == 1 || (*line != '\t' && strchr(line, '=')))) {
                take_make_line(r, line);
            }
        }
    }
}

static int is_makefile(const char *base)
{
    return !strcmp(base, "Makefile") || !strcmp(base, "makefile") || !strcmp(base, "GNUmakefile") ||
           !strcmp(base, "Makefile.am") || !strcmp(base, "Makefile.in");
}

static int is_script(const char *base)
{
    apr_size_t length = strlen(base);

    return !strcmp(base, "CMakeLists.txt") || !strcmp(base, "meson.build") ||
           (length > 6 && !strcmp(base + length - 6, ".cmake"));
}

docgen_c_install *docgen_c_install_read(const docgen_tree *tree, apr_pool_t *pool)
{
    docgen_c_install *install = apr_pcalloc(pool, sizeof(*install));
    int read = 0;

    install->pool = pool;
    install->tree = tree;
    install->paths = apr_hash_make(pool);
    install->names = apr_hash_make(pool);
    install->folders = apr_array_make(pool, 4, sizeof(folder));
    for (int i = 0; i < tree->files->nelts && read < BUILD_FILES_MAX; i++) {
        const docgen_file *file = APR_ARRAY_IDX(tree->files, i, docgen_file *);
        const char *text, *base = base_name(file->path);
        reading r = {install, docgen_path_directory(pool, file->path), apr_hash_make(pool)};
        apr_size_t length;

        if ((!is_makefile(base) && !is_script(base)) || file->size > BUILD_FILE_MAX ||
            (file->flags & (DOCGEN_FILE_VENDORED | DOCGEN_FILE_TEST | DOCGEN_FILE_EXAMPLE)) ||
            docgen_tree_text(tree, file, pool, &text, &length) != APR_SUCCESS) {
            continue;
        }
        read++;
        if (is_makefile(base)) {
            take_makefile(&r, text);
        } else {
            take_commands(&r, text);
        }
    }
    return install;
}

/* The part of the path within an installed folder, or NULL. */
static const char *within(const folder *f, const char *path)
{
    apr_size_t length = strlen(f->path);

    if (length == 0) {
        return path;
    }
    return !strncmp(path, f->path, length) && path[length] == '/' ? path + length + 1 : NULL;
}

docgen_c_installed docgen_c_install_has(const docgen_c_install *install, const char *path)
{
    if (apr_hash_get(install->paths, path, APR_HASH_KEY_STRING) ||
        apr_hash_get(install->names, base_name(path), APR_HASH_KEY_STRING)) {
        return DOCGEN_C_INSTALLED_NAME;
    }
    for (int i = 0; i < install->folders->nelts; i++) {
        if (within(&APR_ARRAY_IDX(install->folders, i, folder), path)) {
            return DOCGEN_C_INSTALLED_FOLDER;
        }
    }
    return DOCGEN_C_NOT_INSTALLED;
}

const char *docgen_c_install_name(const docgen_c_install *install, const char *path)
{
    for (int i = 0; i < install->folders->nelts; i++) {
        const folder *f = &APR_ARRAY_IDX(install->folders, i, folder);
        const char *rest = within(f, path);

        if (rest && *f->path) {
            const char *slash = strrchr(f->path, '/');

            return f->contents ? rest : path + (slash ? slash - f->path + 1 : 0);
        }
    }
    return NULL;
}
