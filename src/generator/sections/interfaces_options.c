/* Options and settings as argument parsers and tables declare them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/interfaces.h"
#include "generator/languages/traits.h"

#define STRINGS_MAX   8
#define ARGUMENTS_MAX 16

/* The pieces of a call: its first plain strings, and the values behind `help=` and `default=`. */
typedef struct call {
    const char *strings[STRINGS_MAX];
    int count;
    const char *help, *fallback;
    const char *end;
} call;

static int read_call(docgen_search *search, const char *open, call *c)
{
    const char *end = docgen_search_call_end(open), *p = open + 1;
    int depth = 0;

    memset(c, 0, sizeof(*c));
    if (!end) {
        return 0;
    }
    c->end = end;
    while (p < end) {
        int is_help = !strncmp(p, "help=", 5),
            is_default = !strncmp(p, "default=", 8) || !strncmp(p, "default:", 8);

        if (depth == 0 && (is_help || is_default)) {
            p += is_help ? 5 : 8;
            p += strspn(p, " \t\n(_");
            if (is_help) {
                c->help = docgen_search_texts(search, &p);
            } else {
                c->fallback = apr_pstrmemdup(search->scratch, p, strcspn(p, ",)\n"));
                p += strcspn(p, ",)\n");
            }
        } else if (*p == '"' || *p == '\'' || *p == '`') {
            const char *text = docgen_search_texts(search, &p);

            if (!text) {
                p++;
            } else if (depth == 0 && c->count < STRINGS_MAX) {
                c->strings[c->count++] = text;
            }
        } else {
            depth += (*p == '(' || *p == '[' || *p == '{') - (*p == ')' || *p == ']' || *p == '}');
            p++;
        }
    }
    return 1;
}

/* argparse and click: every string that starts with "-" is a spelling of the option. */
static void dashed(docgen_search *search, const char *mark)
{
    for (const char *p = search->text; (p = strstr(p, mark)) != NULL;) {
        const char *at = p, *name = NULL;
        call c;

        p += strlen(mark);
        if (!read_call(search, p - 1, &c)) {
            continue;
        }
        for (int i = 0; i < c.count && *c.strings[i] == '-'; i++) {
            name =
                name ? apr_pstrcat(search->scratch, name, ", ", c.strings[i], NULL) : c.strings[i];
        }
        if (name) {
            /* "--no-verify" with the default True: that of what it switches off */
            docgen_search_add(search, DOCGEN_DECLARED_OPTION, name,
                              strncmp(name, "--no-", 5) ? docgen_search_default(search, c.fallback)
                                                        : NULL,
                              c.help, at, c.end);
        }
    }
}

/* commander, cac, yargs: .option('-x, --xx <v>', 'what it does') and .command('x', 'what it does'). */
static void commander(docgen_search *search)
{
    static const char *const marks[] = {".option(", ".command("};

    for (int i = 0; i < 2; i++) {
        for (const char *p = search->text; (p = strstr(p, marks[i])) != NULL;) {
            const char *at = p;
            call c;

            p += strlen(marks[i]);
            if (read_call(search, p - 1, &c) && c.count > 0 && (i == 1 || *c.strings[0] == '-') &&
                (i == 0 || (isalpha((unsigned char)*c.strings[0]) || *c.strings[0] == '['))) {
                docgen_search_add(search, i ? DOCGEN_DECLARED_COMMAND : DOCGEN_DECLARED_OPTION,
                                  c.strings[0], docgen_search_default(search, c.fallback),
                                  c.count > 1 ? c.strings[1] : NULL, at, c.end);
            }
        }
    }
}

/* Ruby's OptionParser: opts.on("-p", "--port PORT", Integer, "where it listens") { … }, with or without brackets. */
static void ruby_options(docgen_search *search)
{
    if (!strstr(search->text, "OptionParser"))
        return;
    for (const char *p = search->text; (p = strstr(p, ".on")) != NULL; p += 3) {
        const char *at = p, *q = p + 3 + (p[3] == '('), *name = NULL, *text = NULL;

        if (p[3] != '(' && p[3] != ' ')
            continue;
        for (;;) {
            const char *literal;

            q += strspn(q, " \t\n");
            if (*q == '"' || *q == '\'') {
                literal = docgen_search_string(search, &q);
                if (!literal)
                    break;
                if (*literal == '-')
                    name = name ? apr_pstrcat(search->scratch, name, ", ", literal, NULL) : literal;
                else
                    text = text ? apr_pstrcat(search->scratch, text, " ", literal, NULL) : literal;
            } else if (isupper((unsigned char)*q)) { /* the type of its value */
                while (isalnum((unsigned char)*q) || *q == ':' || *q == '_')
                    q++;
            } else {
                break;
            }
            q += strspn(q, " \t\n");
            if (*q != ',')
                break;
            q++;
        }
        if (name)
            docgen_search_add(search, DOCGEN_DECLARED_OPTION, name,
                              text ? docgen_default_said(search->scratch, text) : NULL, text, at,
                              q);
    }
}

/* flag.String("name", value, "usage") and pflag's StringVarP(&x, "name", "n", value, "usage"). */
static void go_flags(docgen_search *search)
{
    static const char *const types[] = {"String", "Bool",    "Int",      "Int64",
                                        "Uint",   "Float64", "Duration", "StringSlice"};

    for (unsigned t = 0; t < sizeof(types) / sizeof(*types); t++) {
        for (int form = 0; form < 6; form++) {
            const char *suffix[] = {"(", "Var(", "P(", "VarP(", "(", "Var("};
            const char *mark = apr_pstrcat(search->scratch, form < 2 ? "flag." : "lags().",
                                           types[t], suffix[form], NULL);

            for (const char *p = search->text; (p = strstr(p, mark)) != NULL;) {
                const char *at = p;
                call c;

                p += strlen(mark);
                if (read_call(search, p - 1, &c) && c.count >= 2) {
                    docgen_search_add(
                        search, DOCGEN_DECLARED_OPTION,
                        apr_pstrcat(search->scratch, form < 2 ? "-" : "--", c.strings[0], NULL),
                        types[t], c.strings[c.count - 1], at, c.end);
                }
            }
        }
    }
}

/* { "name", required_argument, … } */
static void getopt_table(docgen_search *search)
{
    static const char *const kinds[] = {"no_argument", "required_argument", "optional_argument"};

    for (int i = 0; i < 3; i++) {
        for (const char *p = search->text; (p = strstr(p, kinds[i])) != NULL; p++) {
            const char *q = p, *end, *start;

            while (q > search->text && strchr(" \t,\n", q[-1])) {
                q--;
            }
            if (q <= search->text || q[-1] != '"') {
                continue;
            }
            end = q - 1;
            for (start = end; start > search->text && start[-1] != '"' && start[-1] != '\n';
                 start--) {
            }
            docgen_search_add(search, DOCGEN_DECLARED_OPTION,
                              apr_psprintf(search->scratch, "--%.*s", (int)(end - start), start),
                              i ? "takes a value" : NULL, NULL, start, start);
        }
    }
}

/* A macro that makes one entry of a table of settings: its first parameter is the name, and one is the default. */
typedef struct setting_macro {
    const char *name;
    const char *second; /* its second parameter: others of the family have it, too */
    int position;       /* of the default among the arguments, -1 when it has none */
} setting_macro;

/* Splits "(a, b(c, d), e)" at `open` into its arguments. @return their number */
static int arguments_split(const char *open, const char *end, const char **args, int max)
{
    int count = 0, depth = 0;

    args[count++] = open + 1;
    for (const char *p = open + 1; p < end && count < max; p++) {
        depth += (*p == '(' || *p == '{') - (*p == ')' || *p == '}');
        if (*p == ',' && depth == 0) {
            args[count++] = p + 1;
        }
    }
    return count;
}

static int word_is(const char *p, const char *word)
{
    apr_size_t length = strlen(word);

    p += strspn(p, " \t\\\n");
    return !strncmp(p, word, length) && !isalnum((unsigned char)p[length]) && p[length] != '_';
}

/* The macros of the file that are such, `#define x(name, …, default, …)`, and those of their family without a default. */
static apr_array_header_t *setting_macros(docgen_search *search)
{
    apr_array_header_t *macros = apr_array_make(search->scratch, 8, sizeof(setting_macro));
    int families = 0;

    for (const char *p = search->text; (p = strstr(p, "#define ")) != NULL; p += 8) {
        const char *name = p + 8 + strspn(p + 8, " "), *open = name, *end, *args[ARGUMENTS_MAX];
        setting_macro macro = {.position = -1};
        int count;

        while (isalnum((unsigned char)*open) || *open == '_') {
            open++;
        }
        end = *open == '(' ? docgen_search_call_end(open) : NULL;
        if (!end || !word_is(open + 1, "name")) {
            continue;
        }
        count = arguments_split(open, end, args, ARGUMENTS_MAX);
        for (int i = 1; i < count; i++) {
            if (word_is(args[i], "default") || word_is(args[i], "default_value") ||
                word_is(args[i], "dflt")) {
                macro.position = i;
            }
        }
        macro.name = apr_pstrmemdup(search->scratch, name, (apr_size_t)(open - name) + 1);
        macro.second =
            count > 1 ? apr_pstrmemdup(search->scratch, args[1], strcspn(args[1], ",)")) : "";
        families += macro.position >= 0;
        APR_ARRAY_PUSH(macros, setting_macro) = macro;
    }
    for (int i = 0; i < macros->nelts; i++) {
        const setting_macro *one = &APR_ARRAY_IDX(macros, i, setting_macro);
        int related = one->position >= 0;

        for (int k = 0; k < macros->nelts && !related; k++) {
            const setting_macro *other = &APR_ARRAY_IDX(macros, k, setting_macro);

            related = other->position >= 0 && *one->second && !strcmp(one->second, other->second);
        }
        if (!related) {
            APR_ARRAY_IDX(macros, i, setting_macro).name = "";
        }
    }
    return families ? macros : apr_array_make(search->scratch, 1, sizeof(setting_macro));
}

/* Tables of settings in C: the calls of those macros whose first argument is a text. */
static void setting_table(docgen_search *search)
{
    const apr_array_header_t *macros = setting_macros(search);

    for (int i = 0; i < macros->nelts; i++) {
        const setting_macro *macro = &APR_ARRAY_IDX(macros, i, setting_macro);

        for (const char *p = search->text; *macro->name && (p = strstr(p, macro->name)) != NULL;
             p++) {
            const char *open = p + strlen(macro->name) - 1, *args[ARGUMENTS_MAX], *value = NULL;
            apr_size_t length = 0;
            call c;

            if ((p > search->text && (isalnum((unsigned char)p[-1]) || p[-1] == '_')) ||
                open[1 + strspn(open + 1, " \n")] != '"' || !read_call(search, open, &c) ||
                c.count < 1) {
                continue;
            }
            if (macro->position >= 0 &&
                arguments_split(open, c.end, args, ARGUMENTS_MAX) > macro->position) {
                value = args[macro->position] + strspn(args[macro->position], " \t\n");
                length = strcspn(value, ",\n");
                length = value + length > c.end ? (apr_size_t)(c.end - value) : length;
            }
            docgen_search_add(search, DOCGEN_DECLARED_SETTING, c.strings[0],
                              value ? docgen_search_default(
                                          search, apr_pstrmemdup(search->scratch, value, length))
                                    : NULL,
                              NULL, p, c.end);
        }
    }
}

/* Directives of httpd modules: AP_INIT_TAKE1("Name", function, context, places, "what it does"). */
static void httpd_directives(docgen_search *search)
{
    static const char *const forms[][2] = {{"NO_ARGS(", "no value"},
                                           {"RAW_ARGS(", "the rest of the line"},
                                           {"TAKE1(", "one value"},
                                           {"TAKE2(", "two values"},
                                           {"TAKE3(", "three values"},
                                           {"TAKE12(", "one or two values"},
                                           {"TAKE13(", "one or three"},
                                           {"TAKE23(", "two or three values"},
                                           {"TAKE123(", "one to three"},
                                           {"TAKE_ARGV(", "a list of values"},
                                           {"ITERATE(", "a list of values"},
                                           {"ITERATE2(", "a value and a list of values"},
                                           {"FLAG(", "On or Off"}};

    for (const char *p = search->text; (p = strstr(p, "AP_INIT_")) != NULL;) {
        const char *at = p, *open;
        call c;

        p += 8;
        open = strchr(p, '(');
        if (!open || open - p > 12 || !read_call(search, open, &c) || c.count < 1 ||
            strncmp(open + 1 + strspn(open + 1, " \t\n"), "\"", 1)) {
            continue;
        }
        for (unsigned i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
            if (!strncmp(p, forms[i][0], strlen(forms[i][0]))) {
                docgen_search_add(search, DOCGEN_DECLARED_SETTING,
                                  *c.strings[0] == '<' && !strchr(c.strings[0], '>')
                                      ? apr_pstrcat(search->scratch, c.strings[0], ">", NULL)
                                      : c.strings[0],
                                  forms[i][1], c.count > 1 ? c.strings[c.count - 1] : NULL, at,
                                  c.end);
            }
        }
    }
}

/* Python: does a name stand in a function? A line further left above it begins one, unless it begins a class. */
static int is_local(const char *text, const char *name)
{
    const char *line = name;
    apr_size_t indent;

    while (line > text && line[-1] != '\n') {
        line--;
    }
    indent = strspn(line, " \t");
    while (indent > 0 && line > text) {
        apr_size_t other;

        for (line--; line > text && line[-1] != '\n'; line--) {
        }
        other = strspn(line, " \t");
        if (line[other] != '\n' && other < indent) {
            return strncmp(line + other, "class ", 6) != 0;
        }
    }
    return 0;
}

/* "default_config", "DEFAULT_SETTINGS", "DEFAULTS": does a name say that it holds the defaults of several settings? */
static int is_table_name(const char *name, apr_size_t length)
{
    static const char *const subjects[] = {"config", "settings", "options", "defaults",
                                           "preferences"};

    for (unsigned i = 0; i < sizeof(subjects) / sizeof(*subjects); i++) {
        for (apr_size_t at = 0; at + strlen(subjects[i]) <= length; at++) {
            if (!strncasecmp(name + at, subjects[i], strlen(subjects[i]))) {
                return 1;
            }
        }
    }
    return 0;
}

/* A table of defaults: a name that says so, assigned a dictionary whose keys are strings. */
static void python_defaults(docgen_search *search)
{
    for (const char *p = search->text; (p = strcasestr(p, "default")) != NULL; p += 7) {
        const char *start = p, *name = p + 7, *open, *end;

        while (isalnum((unsigned char)*name) || *name == '_') {
            name++;
        }
        while (start > search->text && (isalnum((unsigned char)start[-1]) || start[-1] == '_')) {
            start--;
        }
        open = name + strcspn(name, "={\n");
        if (!is_table_name(start, (apr_size_t)(name - start)) || is_local(search->text, start) ||
            *open != '=' || open[1] == '=' || !(open = strchr(open, '{')) || open - name > 120 ||
            memchr(name, '\n', (apr_size_t)(open - name)) ||
            !(end = docgen_search_call_end(open))) {
            continue;
        }
        for (const char *q = open + 1; q < end;) {
            const char *line = q + strspn(q, " \t\n"), *at = line,
                       *key = docgen_search_string(search, &line);

            if (key && *line == ':') {
                line += 1 + strspn(line + 1, " ");
                docgen_search_add(
                    search, DOCGEN_DECLARED_SETTING, key,
                    docgen_search_default(
                        search, apr_pstrmemdup(search->scratch, line,
                                               strcspn(line, "\n") -
                                                   (line[strcspn(line, "\n") - 1] == ','))),
                    NULL, at, at);
            }
            q = at + strcspn(at, "\n");
            q += *q == '\n';
            if (q <= at) {
                break;
            }
        }
    }
}

/* Rust flags declared as a trait: fn name_long(…) { "x" } with fn doc_short(…) { … }. */
static void rust_flags(docgen_search *search)
{
    for (const char *p = search->text; (p = strstr(p, "fn name_long(")) != NULL;) {
        const char *at = p, *next = strstr(p + 1, "fn name_long("), *q = strchr(p, '{'), *name,
                   *shown, *text = NULL;
        const char *shorter, *letter = NULL, *named;

        p++;
        q = q ? q + 1 + strspn(q + 1, " \t\n") : NULL;
        name = q && *q == '"' ? docgen_search_string(search, &q) : NULL;
        if (!name) {
            continue;
        }
        named = q;
        shown = strstr(at, "fn doc_short(");
        if (shown && (!next || shown < next) && (q = strchr(shown, '{')) != NULL) {
            q += 1 + strspn(q + 1, " \t\n");
            if (!strncmp(q, "r#", 2)) {
                const char *open = strchr(q, '"'), *close = open ? strstr(open, "\"#") : NULL;

                text = close ? apr_pstrmemdup(search->scratch, open + 1,
                                              (apr_size_t)(close - open) - 1)
                             : NULL;
            } else {
                text = docgen_search_string(search, &q);
            }
        }
        for (shorter = at; shorter > search->text && at - shorter < 400 && !letter; shorter--) {
            letter = !strncmp(shorter, "Some(b'", 7) ? shorter + 7 : NULL;
            if (!strncmp(shorter, "impl Flag", 9)) {
                break;
            }
        }
        docgen_search_add(search, DOCGEN_DECLARED_OPTION,
                          letter ? apr_psprintf(search->scratch, "-%c, --%s", *letter, name)
                                 : apr_pstrcat(search->scratch, "--", name, NULL),
                          NULL, text, at, named);
    }
}

void docgen_search_options(docgen_search *search)
{
    unsigned declares = docgen_traits_of(search->file->lang)->declares;

    if (declares & DOCGEN_DECLARES_ARGPARSE) {
        dashed(search, "add_argument(");
        dashed(search, "click.option(");
        python_defaults(search);
    }
    if (declares & DOCGEN_DECLARES_OPTPARSE) {
        ruby_options(search);
    }
    if (declares & DOCGEN_DECLARES_FLAG) {
        go_flags(search);
    }
    if (declares & DOCGEN_DECLARES_COMMANDER) {
        commander(search);
        docgen_search_script_settings(search);
    }
    if (declares & DOCGEN_DECLARES_GETOPT) {
        getopt_table(search);
        docgen_search_usage(search);
        setting_table(search);
        httpd_directives(search);
    }
    if (declares & DOCGEN_DECLARES_CLAP) {
        rust_flags(search);
        docgen_search_clap(search);
    }
}
