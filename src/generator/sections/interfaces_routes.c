/* HTTP routes that the code registers. Evidence is a registration on an application object: one that the file creates,
 * imports or takes as a parameter of such a type. The same call on anything else, a client or a cache, is no route.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/interfaces.h"
#include "generator/languages/traits.h"

enum {
    NAME_MAX_BYTES = 80,
    PATH_MAX_BYTES = 100
};

static int is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$';
}

/* Do the last letters of a word name what routes are registered on? Frameworks call it so: Router, Flask, ServeMux … */
static int names_application(const char *word, apr_size_t length)
{
    static const char *const endings[] = {
        "app",     "application",    "router",   "routes", "mux",    "blueprint", "express",
        "fastify", "flask",          "fastapi",  "koa",    "hono",   "sanic",     "quart",
        "bottle",  "starlette",      "litestar", "elysia", "server", "engine",    "group",
        "scope",   "fastifyinstance"};

    for (apr_size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
        apr_size_t ending = strlen(endings[i]);

        if (length >= ending && !strncasecmp(word + length - ending, endings[i], ending))
            return 1;
    }
    return 0;
}

/* "gin.Default(", "echo.New(": constructors that are named after nothing, of packages that are routers. */
static int is_bare_constructor(const char *callee, apr_size_t length)
{
    static const char *const calls[] = {"gin.Default", "gin.New",  "echo.New",
                                        "fiber.New",   "iris.New", "iris.Default"};

    for (apr_size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
        if (strlen(calls[i]) == length && !strncmp(callee, calls[i], length))
            return 1;
    }
    return 0;
}

/* Is the expression at `p` a call or a construction that makes an application object? */
static int makes_application(const char *p)
{
    static const char *const before[] = {"new ", "await ", "&", "*"};
    apr_size_t length = 0, word;

    for (apr_size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
        p += strspn(p, " \t\n");
        p += strncmp(p, before[i], strlen(before[i])) ? 0 : strlen(before[i]);
    }
    while (is_word(p[length]) || p[length] == '.' || (p[length] == ':' && length > 0))
        length++;
    if (length == 0 || (p[length] != '(' && p[length] != '{' && p[length] != '<'))
        return 0;
    if (is_bare_constructor(p, length))
        return 1;
    for (word = length; word > 0 && is_word(p[word - 1]); word--) {
    }
    if (word >= 2 && p[word - 1] == ':' && !strncmp(p + word, "new", length - word)) {
        length = word - 2; /* Router::new() */
        for (word = length; word > 0 && is_word(p[word - 1]); word--) {
        }
    }
    return names_application(p + word, length - word);
}

/* A type behind a name: "r chi.Router", "app: FastAPI", "r *gin.Engine". */
static int has_type(const char *p)
{
    apr_size_t length = 0, word;

    p += strspn(p, " :&*");
    if (!strncmp(p, "mut ", 4))
        p += 4;
    while (is_word(p[length]) || p[length] == '.' || p[length] == ':')
        length++;
    for (word = length; word > 0 && is_word(p[word - 1]); word--) {
    }
    return length > word && strchr(",)=;{<", p[length + strspn(p + length, " ")]) &&
           isupper((unsigned char)p[word]) && names_application(p + word, length - word);
}

/* Does the line that holds `at` import names, or pass on a module's? */
static int is_import(const char *text, const char *at)
{
    const char *line = at, *end = at + strcspn(at, "\n");

    while (line > text && line[-1] != '\n')
        line--;
    line += strspn(line, " \t");
    return !strncmp(line, "import ", 7) || !strncmp(line, "from ", 5) ||
           memmem(line, (apr_size_t)(end - line), "require(", 8) != NULL;
}

/* Is `name` an application object in this file? */
static int is_application(const docgen_search *search, const char *name, apr_size_t length)
{
    char word[NAME_MAX_BYTES];

    if (length == 0 || length >= sizeof(word))
        return 0;
    memcpy(word, name, length);
    word[length] = '\0';
    for (const char *at = search->text; (at = strstr(at, word)) != NULL; at += length) {
        const char *p = at + length;
        int opens = at > search->text && (at[-1] == '(' || at[-1] == ',');

        if (is_word(*p) || (at > search->text && is_word(at[-1])))
            continue;
        if (names_application(word, length) && is_import(search->text, at))
            return 1;
        /* module.exports = (app) => …, function routes(fastify, options) */
        if (opens && strchr(",)", *p) && names_application(word, length) &&
            (strncmp(p + strcspn(p, ")"), ") =>", 4) == 0 ||
             strncmp(p + strcspn(p, ")"), ") {", 3) == 0))
            return 1;
        if (*p == ' ' || *p == ':') {
            const char *value = p + strcspn(p, "=\n");

            if (has_type(p) || (*value == '=' && value - p < 60 && value[1] != '=' &&
                                makes_application(value + 1)))
                return 1;
        } else if (*p == '=' && p[1] != '=' && makes_application(p + 1)) {
            return 1;
        }
    }
    return 0;
}

/* The receiver of the call whose dot is at `dot`: its last name and how long it is; 0 when it is none. */
static apr_size_t receiver_of(const docgen_search *search, const char *dot, const char **name)
{
    const char *start = dot;

    while (start > search->text && is_word(start[-1]))
        start--;
    *name = start;
    return (apr_size_t)(dot - start);
}

static int declares(const docgen_search *search, unsigned what)
{
    return (docgen_traits_of(search->file->lang)->declares & what) != 0;
}

/* Rust chains its routes: .route("/x", get(x)); the second argument is what a client never has. */
static int is_handler_of(const docgen_search *search, const char *argument)
{
    static const char *const verbs[] = {"get(",   "post(", "put(",  "delete(",
                                        "patch(", "any(",  "head(", "options("};

    if (!declares(search, DOCGEN_DECLARES_HANDLERS) || *argument != ',')
        return 0;
    argument += 1 + strspn(argument + 1, " \t\n");
    for (int i = 0; i < 2; i++) { /* web::get(), routing::get() */
        const char *colons = strstr(argument, "::");

        if (colons && colons - argument <= 12 && colons < strpbrk(argument, "(\n"))
            argument = colons + 2;
    }
    for (apr_size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
        if (!strncmp(argument, verbs[i], strlen(verbs[i])))
            return 1;
    }
    return 0;
}

static const char *upper(docgen_search *search, const char *text)
{
    char *copy = apr_pstrdup(search->scratch, text);

    for (char *p = copy; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    return copy;
}

static int is_decorator(const docgen_search *search, const char *at)
{
    while (at > search->text && at[-1] != '\n')
        at--;
    return at[strspn(at, " \t")] == '@';
}

/* The methods that a call names behind its path: methods=["GET", "POST"], or Rust's get(…); or NULL. */
static const char *methods_of(docgen_search *search, const char *argument, const char *end)
{
    const char *list = memmem(argument, (apr_size_t)(end - argument), "methods", 7);
    char *methods;
    apr_size_t length = 0;

    if (declares(search, DOCGEN_DECLARES_HANDLERS)) {
        argument += *argument == ',' ? 1 + strspn(argument + 1, " \t\n") : 0;
        while (isalpha((unsigned char)argument[length]))
            length++;
        return argument[length] == '(' ? apr_pstrmemdup(search->scratch, argument, length) : NULL;
    }
    if (!list || strcspn(list, "[({") > 12)
        return NULL;
    list += strcspn(list, "[({") + 1;
    methods = apr_pstrmemdup(search->scratch, list, strcspn(list, "])}"));
    for (char *p = methods; *p; p++) {
        if (!strchr("\"' \n\t", *p))
            methods[length++] = *p;
    }
    methods[length] = '\0';
    return length && length < 60 ? methods : NULL;
}

/* "/x", or Go's "GET /x", which names its method. */
static const char *path_read(docgen_search *search, const char **p, const char **method)
{
    const char *path = docgen_search_string(search, p), *space;

    *method = NULL;
    space = path ? strchr(path, ' ') : NULL;
    if (space && space[1] == '/' && declares(search, DOCGEN_DECLARES_METHODS)) {
        *method = apr_pstrmemdup(search->scratch, path, (apr_size_t)(space - path));
        path = space + 1;
    }
    return path && *path == '/' && !strchr(path, ' ') && strlen(path) < PATH_MAX_BYTES ? path
                                                                                       : NULL;
}

static void call_read(docgen_search *search, const char *at, const char *verb, apr_size_t length)
{
    const char *p = at + length, *name, *path, *method, *end;
    apr_size_t receiver = receiver_of(search, at, &name);
    int is_verb = strncmp(verb, ".route(", 7) && strncmp(verb, ".Handle", 7);
    int decorated = is_decorator(search, at);

    end = docgen_search_call_end(p - 1);
    path = end ? path_read(search, &p, &method) : NULL;
    if (!path || (*p != ',' && *p != ')') || (is_verb && !decorated && *p != ','))
        return;
    if (!is_handler_of(search, p) && !is_application(search, name, receiver) &&
        !(receiver == 4 && !strncmp(name, "http", 4) && !is_verb)) /* Go's default mux */
        return;
    if (!method)
        method = is_verb ? apr_pstrmemdup(search->scratch, verb + 1, length - 2)
                         : methods_of(search, p, end);
    docgen_search_add(search, DOCGEN_DECLARED_ROUTE, path, method ? upper(search, method) : NULL,
                      NULL, at, at);
}

void docgen_search_routes(docgen_search *search)
{
    static const char *const verbs[] = {
        ".get(",   ".post(",   ".put(",   ".delete(", ".patch(", ".all(",    ".GET(",
        ".POST(",  ".PUT(",    ".PATCH(", ".DELETE(", ".Get(",   ".Post(",   ".Put(",
        ".Patch(", ".Delete(", ".any(",   ".Any(",    ".route(", ".Handle(", ".HandleFunc("};

    for (apr_size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
        apr_size_t length = strlen(verbs[i]);

        for (const char *p = search->text; (p = strstr(p, verbs[i])) != NULL; p += length)
            call_read(search, p, verbs[i], length);
    }
}
