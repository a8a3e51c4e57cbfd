/* The table of languages and the line counter that uses its comment markers.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/repo/language.h"

#include <string.h>
#include <apr_hash.h>
#include <apr_lib.h>
#include <apr_strings.h>

static const docgen_comment none = {NULL, NULL, NULL, NULL};
static const docgen_comment c_like = {"//", NULL, "/*", "*/"};
static const docgen_comment block = {NULL, NULL, "/*", "*/"};
static const docgen_comment hash = {"#", NULL, NULL, NULL};
static const docgen_comment hash_c = {"#", "//", "/*", "*/"};
static const docgen_comment python = {"#", NULL, "\"\"\"", "\"\"\""};
static const docgen_comment xml = {NULL, NULL, "<!--", "-->"};
static const docgen_comment dash = {"--", NULL, NULL, NULL};
static const docgen_comment sql = {"--", NULL, "/*", "*/"};
static const docgen_comment lua = {"--", NULL, "--[[", "]]"};
static const docgen_comment haskell = {"--", NULL, "{-", "-}"};
static const docgen_comment semi = {";", NULL, NULL, NULL};
static const docgen_comment semi_hash = {";", "#", NULL, NULL};
static const docgen_comment lisp = {";", NULL, "#|", "|#"};
static const docgen_comment percent = {"%", NULL, NULL, NULL};
static const docgen_comment ml = {NULL, NULL, "(*", "*)"};
static const docgen_comment fsharp = {"//", NULL, "(*", "*)"};
static const docgen_comment bang = {"!", NULL, NULL, NULL};
static const docgen_comment quote = {"'", NULL, NULL, NULL};
static const docgen_comment vim = {"\"", NULL, NULL, NULL};
static const docgen_comment batch = {"rem ", "::", NULL, NULL};
static const docgen_comment power = {"#", NULL, "<#", "#>"};
static const docgen_comment pascal = {"//", NULL, "{", "}"};
static const docgen_comment m4 = {"dnl", "#", NULL, NULL};
static const docgen_comment jinja = {NULL, NULL, "{#", "#}"};
static const docgen_comment ruby = {"#", NULL, "=begin", "=end"};
static const docgen_comment perl = {"#", NULL, "=pod", "=cut"};
static const docgen_comment julia = {"#", NULL, "#=", "=#"};
static const docgen_comment rem_star = {"*>", "*", NULL, NULL};

#define CODE   DOCGEN_LANG_OTHER, DOCGEN_KIND_CODE, DOCGEN_LANGUAGE_0
#define MARKUP DOCGEN_LANG_OTHER, DOCGEN_KIND_MARKUP, DOCGEN_LANGUAGE_0
#define DATA   DOCGEN_LANG_OTHER, DOCGEN_KIND_DATA, DOCGEN_LANGUAGE_0
#define PROSE  DOCGEN_LANG_OTHER, DOCGEN_KIND_PROSE, DOCGEN_LANGUAGE_0

static const docgen_language table[] = {
#define FILES(comment, flag, endings, names, programs)                                             \
    DOCGEN_KIND_CODE, DOCGEN_LANGUAGE_##flag, &comment, endings, names, programs
#define DOCGEN_LANGUAGE(id, name, fence, grammar, unread, files) {name, DOCGEN_LANG_##id, files},
#include "generator/languages/languages.def"
#undef DOCGEN_LANGUAGE
#undef FILES
    {"Ada", CODE, &dash, "adb ads ada", "", ""},
    {"Agda", CODE, &haskell, "agda", "", ""},
    {"Apex", CODE, &c_like, "cls trigger", "", ""},
    {"AppleScript", CODE, &dash, "applescript scpt", "", "osascript"},
    {"Arduino", CODE, &c_like, "ino", "", ""},
    {"Assembly", CODE, &semi_hash, "s asm nasm", "", ""},
    {"Autoconf", CODE, &m4, "ac", "configure.in", ""},
    {"Automake", CODE, &hash, "am", "", ""},
    {"Awk", CODE, &hash, "awk gawk", "", "awk gawk mawk nawk"},
    {"Ballerina", CODE, &c_like, "bal", "", ""},
    {"Batchfile", CODE, &batch, "bat cmd", "", ""},
    {"Bazel", CODE, &hash, "bzl bazel star", "BUILD WORKSPACE BUILD.bazel MODULE.bazel", ""},
    {"BitBake", CODE, &hash, "bb bbappend bbclass", "", ""},
    {"Bison", CODE, &c_like, "y yy bison", "", ""},
    {"Cairo", CODE, &c_like, "cairo", "", ""},
    {"Ceylon", CODE, &c_like, "ceylon", "", ""},
    {"Clojure", CODE, &semi, "clj cljs cljc edn bb", "", "clojure bb"},
    {"CMake", CODE, &hash, "cmake", "CMakeLists.txt", ""},
    {"COBOL", CODE, &rem_star, "cob cbl cpy ccp", "", ""},
    {"CoffeeScript", CODE, &hash, "coffee litcoffee cson", "Cakefile", "coffee"},
    {"Common Lisp", CODE, &lisp, "lisp cl lsp asd", "", "sbcl clisp"},
    {"Coq", CODE, &ml, "coq", "", ""},
    {"Crystal", CODE, &hash, "cr", "", "crystal"},
    {"CUDA", CODE, &c_like, "cu cuh", "", ""},
    {"Cue", CODE, &c_like, "cue", "", ""},
    {"D", CODE, &c_like, "d di", "", "rdmd"},
    {"Dafny", CODE, &c_like, "dfy", "", ""},
    {"Dhall", CODE, &haskell, "dhall", "", ""},
    {"Dockerfile", CODE, &hash, "dockerfile containerfile", "Dockerfile Containerfile", ""},
    {"DTrace", CODE, &c_like, "dtrace", "", "dtrace"},
    {"Eiffel", CODE, &dash, "e", "", ""},
    {"Elm", CODE, &haskell, "elm", "", ""},
    {"Emacs Lisp", CODE, &semi, "el", ".emacs Cask", "emacs"},
    {"Erlang", CODE, &percent, "erl hrl escript xrl yrl", "rebar.config rebar.lock", "escript"},
    {"F#", CODE, &fsharp, "fs fsi fsx", "", ""},
    {"Factor", CODE, &bang, "factor", "", ""},
    {"Fish", CODE, &hash, "fish", "", "fish"},
    {"Flex", CODE, &c_like, "l ll lex flex", "", ""},
    {"Forth", CODE, &none, "4th forth fth", "", "gforth"},
    {"Fortran", CODE, &bang, "f f77 for f90 f95 f03 f08 fpp", "", ""},
    {"GDScript", CODE, &hash, "gd", "", ""},
    {"Gleam", CODE, &c_like, "gleam", "", ""},
    {"GLSL", CODE, &c_like, "glsl vert frag geom comp tesc tese vsh fsh", "", ""},
    {"Gradle", CODE, &c_like, "gradle", "", ""},
    {"GraphQL", CODE, &hash, "graphql gql graphqls", "", ""},
    {"Groovy", DOCGEN_LANG_OTHER, DOCGEN_KIND_CODE, DOCGEN_LANGUAGE_HUMPS, &c_like,
     "groovy gvy gsh", "Jenkinsfile", "groovy"},
    {"Hack", CODE, &hash_c, "hack hhi", "", "hhvm"},
    {"Haskell", CODE, &haskell, "hs lhs hsc cabal", "", "runhaskell runghc stack"},
    {"Haxe", CODE, &c_like, "hx hxsl", "", ""},
    {"HCL", CODE, &hash_c, "tf tfvars hcl nomad", "", ""},
    {"HLSL", CODE, &c_like, "hlsl fx fxh hlsli", "", ""},
    {"Idris", CODE, &haskell, "idr lidr", "", ""},
    {"J", CODE, &none, "ijs", "", ""},
    {"jq", CODE, &hash, "jq", "", "jq"},
    {"Jsonnet", CODE, &hash_c, "jsonnet libsonnet", "", ""},
    {"Julia", CODE, &julia, "jl", "", "julia"},
    {"Just", CODE, &hash, "just", "justfile Justfile .justfile", "just"},
    {"Kconfig", CODE, &hash, "kconfig", "Kconfig Config.in", ""},
    {"Lean", CODE, &haskell, "lean", "", ""},
    {"Linker Script", CODE, &block, "ld lds", "", ""},
    {"LLVM", CODE, &semi, "ll", "", ""},
    {"M4", CODE, &m4, "m4", "", ""},
    {"Makefile", CODE, &hash, "mk mak make",
     "Makefile makefile GNUmakefile Kbuild BSDmakefile Makefile.in", "make"},
    {"MATLAB", CODE, &percent, "matlab", "", ""},
    {"Mercury", CODE, &percent, "moo", "", ""},
    {"Meson", CODE, &hash, "", "meson.build meson_options.txt meson.options", ""},
    {"Metal", CODE, &c_like, "metal", "", ""},
    {"Modula-2", CODE, &ml, "mod", "", ""},
    {"Move", CODE, &c_like, "move", "", ""},
    {"Nim", CODE, &hash, "nim nims nimble", "", "nim"},
    {"Nix", CODE, &hash_c, "nix", "", ""},
    {"NSIS", CODE, &semi_hash, "nsi nsh", "", ""},
    {"Nushell", CODE, &hash, "nu", "", "nu"},
    {"Objective-C", CODE, &c_like, "m", "", ""},
    {"Objective-C++", CODE, &c_like, "mm", "", ""},
    {"OCaml", CODE, &ml, "ml mli mll mly eliom", "", "ocaml"},
    {"Odin", CODE, &c_like, "odin", "", ""},
    {"OpenCL", CODE, &c_like, "opencl", "", ""},
    {"Pascal", CODE, &pascal, "pas pp dpr lpr dpk", "", ""},
    {"Perl", CODE, &perl, "pl pm t plx ph", "cpanfile Makefile.PL Build.PL", "perl"},
    {"PL/pgSQL", CODE, &sql, "pgsql plpgsql", "", ""},
    {"PowerShell", CODE, &power, "ps1 psm1 psd1", "", "pwsh"},
    {"Prolog", CODE, &percent, "prolog pro plt", "", "swipl"},
    {"Protocol Buffers", CODE, &c_like, "proto", "", ""},
    {"Pug", MARKUP, &c_like, "pug jade", "", ""},
    {"Puppet", CODE, &hash, "puppet", "Puppetfile", ""},
    {"PureScript", CODE, &haskell, "purs", "", ""},
    {"QML", CODE, &c_like, "qml qbs", "", ""},
    {"R", CODE, &hash, "r rprofile", ".Rprofile", "Rscript"},
    {"Racket", CODE, &lisp, "rkt rktd rktl scrbl", "", "racket"},
    {"Raku", CODE, &hash, "raku rakumod p6 pm6", "", "raku"},
    {"ReScript", CODE, &c_like, "res resi", "", ""},
    {"Ragel", CODE, &hash, "rl", "", ""},
    {"Reason", CODE, &c_like, "re rei", "", ""},
    {"Scheme", CODE, &lisp, "scm ss sld sps", "", "guile"},
    {"sed", CODE, &hash, "sed", "", "sed"},
    {"Smalltalk", CODE, &none, "st", "", ""},
    {"Smarty", MARKUP, &xml, "tpl", "", ""},
    {"Solidity", CODE, &c_like, "sol", "", ""},
    {"SQL", CODE, &sql, "sql ddl dml", "", ""},
    {"Standard ML", CODE, &ml, "sml sig fun", "", ""},
    {"Starlark", CODE, &hash, "starlark", "Tiltfile", ""},
    {"Stylus", MARKUP, &c_like, "styl", "", ""},
    {"SystemVerilog", CODE, &c_like, "sv svh", "", ""},
    {"Tcl", CODE, &hash, "tcl tm adp", "", "tclsh wish expect"},
    {"Thrift", CODE, &hash_c, "thrift", "", ""},
    {"V", CODE, &c_like, "vv vsh", "", ""},
    {"Vala", CODE, &c_like, "vala vapi", "", ""},
    {"VBScript", CODE, &quote, "vbs", "", ""},
    {"Verilog", CODE, &c_like, "v veo", "", ""},
    {"VHDL", CODE, &dash, "vhd vhdl", "", ""},
    {"Vim Script", CODE, &vim, "vim", ".vimrc _vimrc vimrc", ""},
    {"Visual Basic .NET", CODE, &quote, "vb vbhtml", "", ""},
    {"Vyper", CODE, &python, "vy", "", ""},
    {"WebAssembly", CODE, &semi, "wat wast", "", ""},
    {"WGSL", CODE, &c_like, "wgsl", "", ""},
    {"Wren", CODE, &c_like, "wren", "", ""},
    {"Yacc", CODE, &c_like, "yacc", "", ""},
    {"Zig", CODE, &c_like, "zig zon", "", "zig"},
    {"Astro", MARKUP, &xml, "astro", "", ""},
    {"Blade", MARKUP, &xml, "blade", "", ""},
    {"CSS", DOCGEN_LANG_OTHER, DOCGEN_KIND_MARKUP, DOCGEN_LANGUAGE_LONG_LINES, &block,
     "css pcss postcss", "", ""},
    {"EJS", MARKUP, &xml, "ejs", "", ""},
    {"Haml", MARKUP, &none, "haml", "", ""},
    {"Handlebars", MARKUP, &xml, "hbs handlebars mustache", "", ""},
    {"HTML", MARKUP, &xml, "html htm xhtml shtml", "", ""},
    {"Jinja", MARKUP, &jinja, "jinja jinja2 j2 njk", "", ""},
    {"JSP", MARKUP, &xml, "jsp", "", ""},
    {"Less", MARKUP, &c_like, "less", "", ""},
    {"Liquid", MARKUP, &none, "liquid", "", ""},
    {"MDX", PROSE, &none, "mdx", "", ""},
    {"Razor", MARKUP, &xml, "cshtml razor", "", ""},
    {"Sass", MARKUP, &c_like, "sass scss", "", ""},
    {"Svelte", MARKUP, &xml, "svelte", "", ""},
    {"SVG", DATA, &xml, "svg", "", ""},
    {"Twig", MARKUP, &jinja, "twig", "", ""},
    {"Vue", MARKUP, &xml, "vue", "", ""},
    {"XSLT", MARKUP, &xml, "xsl xslt", "", ""},
    {"Apache Configuration", DATA, &hash, "", ".htaccess httpd.conf apache2.conf", ""},
    {"CSV", DATA, &none, "csv tsv", "", ""},
    {"Desktop Entry", DATA, &hash, "desktop service socket timer target", "", ""},
    {"Diff", DATA, &none, "diff patch", "", ""},
    {"dotenv", DATA, &hash, "env", ".env .env.example .env.sample", ""},
    {"EditorConfig", DATA, &semi_hash, "", ".editorconfig", ""},
    {"Git Configuration", DATA, &hash, "",
     ".gitignore .gitattributes .gitmodules .mailmap .dockerignore .npmignore .gitconfig "
     "CODEOWNERS",
     ""},
    {"Go Module", DATA, &c_like, "", "go.mod go.sum go.work go.work.sum", ""},
    {"INI", DATA, &semi_hash, "ini cfg conf cnf prefs", ".npmrc .flake8 .coveragerc .pylintrc", ""},
    {"JSON", DATA, &c_like, "json jsonc json5 geojson webmanifest jsonl ndjson har avsc ipynb",
     ".babelrc .eslintrc .prettierrc .swcrc Pipfile.lock composer.lock flake.lock", ""},
    {"Java Properties", DATA, &hash, "properties", "", ""},
    {"TOML", DATA, &hash, "toml", "Cargo.lock poetry.lock Pipfile uv.lock", ""},
    {"XML", DATA, &xml,
     "xml xsd wsdl plist csproj fsproj vbproj vcxproj props targets resx xaml rss atom dtd rng ui "
     "glade",
     "pom.xml", ""},
    {"YAML", DATA, &hash, "yaml yml", ".clang-format .clang-tidy yarn.lock CITATION.cff", ""},
    {"AsciiDoc", PROSE, &none, "adoc asciidoc asc", "", ""},
    {"Markdown", PROSE, &none, "md markdown mkd mdown mdwn qmd rmd", "", ""},
    {"Org", PROSE, &none, "org", "", ""},
    {"POD", PROSE, &none, "pod", "", ""},
    {"reStructuredText", PROSE, &none, "rst rest", "", ""},
    {"Roff", PROSE, &none, "roff man 1 2 3 4 5 6 7 8 9 mdoc", "", ""},
    {"TeX", PROSE, &percent, "tex ltx sty bib", "", ""},
    {"Texinfo", PROSE, &none, "texi texinfo", "", ""},
    {"Text", PROSE, &none, "txt text",
     "README LICENSE LICENCE COPYING COPYRIGHT NOTICE AUTHORS CONTRIBUTORS MAINTAINERS THANKS "
     "INSTALL NEWS CHANGES ChangeLog CHANGELOG HISTORY TODO HACKING BUGS UNLICENSE MANIFESTO "
     "VERSION CONTRIBUTING",
     ""},
    {"Textile", PROSE, &none, "textile", "", ""},
    {"Typst", PROSE, &c_like, "typ", "", ""},
    {"Wiki text", PROSE, &none, "mediawiki wiki creole", "", ""},
};

static const char binary_extensions[] =
    "png jpg jpeg gif bmp ico icns webp avif heic tif tiff psd ai xcf sketch fig pdf ps eps dvi "
    "zip gz tgz bz2 xz zst lz4 7z rar tar jar war ear whl egg gem crate deb rpm apk dmg iso img "
    "exe dll so dylib a lib o obj ko pyc pyo class wasm bin dat db sqlite sqlite3 rdb pack idx "
    "woff woff2 ttf otf eot mp3 ogg oga opus wav flac aac m4a mp4 m4v mov avi mkv webm flv wmv "
    "doc docx xls xlsx ppt pptx odt ods odp pkl npy npz h5 hdf5 onnx pt pth safetensors gguf "
    "parquet "
    "keystore jks p12 pfx der gpg swf blend fbx glb stl";

struct docgen_languages {
    apr_hash_t *extensions;
    apr_hash_t *names;
    apr_hash_t *interpreters;
    apr_hash_t *displayed; /* lower-case display name */
    apr_hash_t *binary;
};

static void words_add(apr_pool_t *pool, apr_hash_t *into, const char *words, const void *value)
{
    char *copy = apr_pstrdup(pool, words);
    char *last = NULL;

    for (char *word = apr_strtok(copy, " ", &last); word; word = apr_strtok(NULL, " ", &last)) {
        if (!apr_hash_get(into, word, APR_HASH_KEY_STRING)) {
            apr_hash_set(into, word, APR_HASH_KEY_STRING, value);
        }
    }
}

static void lower(char *text)
{
    for (; *text; text++) {
        *text = apr_tolower(*text);
    }
}

docgen_languages *docgen_languages_create(apr_pool_t *pool)
{
    docgen_languages *languages = apr_pcalloc(pool, sizeof(*languages));

    languages->extensions = apr_hash_make(pool);
    languages->names = apr_hash_make(pool);
    languages->interpreters = apr_hash_make(pool);
    languages->displayed = apr_hash_make(pool);
    languages->binary = apr_hash_make(pool);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        char *name = apr_pstrdup(pool, table[i].name);

        words_add(pool, languages->extensions, table[i].extensions, &table[i]);
        words_add(pool, languages->names, table[i].names, &table[i]);
        words_add(pool, languages->interpreters, table[i].interpreters, &table[i]);
        lower(name);
        apr_hash_set(languages->displayed, name, APR_HASH_KEY_STRING, &table[i]);
    }
    words_add(pool, languages->binary, binary_extensions, binary_extensions);
    return languages;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/** The extension in lower case, in `buffer`; NULL when there is none or it is too long to be known.
 * */
static const char *extension(const char *name, char *buffer, size_t size)
{
    const char *dot = strrchr(name, '.');

    if (!dot || dot == name || !dot[1] || strlen(dot + 1) >= size) {
        return NULL;
    }
    apr_cpystrn(buffer, dot + 1, size);
    lower(buffer);
    return buffer;
}

const docgen_language *docgen_language_by_path(const docgen_languages *languages, const char *path)
{
    const char *name = base_name(path);
    const docgen_language *found = apr_hash_get(languages->names, name, APR_HASH_KEY_STRING);
    char buffer[20];
    const char *known;

    if (found) {
        return found;
    }
    if (!strncmp(name, "Dockerfile.", 11) || !strncmp(name, "Makefile.", 9)) {
        return apr_hash_get(languages->names, name[0] == 'D' ? "Dockerfile" : "Makefile",
                            APR_HASH_KEY_STRING);
    }
    if (!strncmp(name, ".env.", 5)) {
        return apr_hash_get(languages->names, ".env", APR_HASH_KEY_STRING);
    }
    known = extension(name, buffer, sizeof(buffer));
    if (known && !strcmp(known, "in")) { /* a template: configure's "config.h.in" is a header */
        char *inner = apr_pstrmemdup(apr_hash_pool_get(languages->names), name, strlen(name) - 3);

        known = extension(inner, buffer, sizeof(buffer));
    }
    return known ? apr_hash_get(languages->extensions, known, APR_HASH_KEY_STRING) : NULL;
}

/** The language that an editor is told in a first line: `vim: ft=sh`, `-*- mode: lua -*-`. */
static const docgen_language *by_mode_line(const docgen_languages *languages, const char *text,
                                           apr_size_t length)
{
    static const char *const keys[] = {"filetype=", "ft=", "mode:", "-*- "};
    const char *newline = memchr(text, '\n', length), *at = NULL;
    const docgen_language *found;
    char line[128], *word;
    apr_size_t n = newline ? (apr_size_t)(newline - text) : length;

    if (n >= sizeof(line)) {
        return NULL;
    }
    memcpy(line, text, n);
    line[n] = '\0';
    if (!strstr(line, "vim:") && !strstr(line, "-*- ")) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && !at; i++) {
        at = strstr(line, keys[i]);
        at = at ? at + strlen(keys[i]) : NULL;
    }
    if (!at) {
        return NULL;
    }
    word = line + (at - line) + strspn(at, " ");
    for (n = 0; apr_isalnum(word[n]) || (word[n] && strchr("+#", word[n])); n++) {
        word[n] = apr_tolower(word[n]);
    }
    word[n] = '\0';
    found = apr_hash_get(languages->extensions, word, APR_HASH_KEY_STRING);
    return found ? found : apr_hash_get(languages->interpreters, word, APR_HASH_KEY_STRING);
}

const docgen_language *docgen_language_by_shebang(const docgen_languages *languages,
                                                  const char *text, apr_size_t length)
{
    char line[128];
    char *last = NULL, *word, *program;
    apr_size_t n;

    if (length < 3 || text[0] != '#' || text[1] != '!') {
        return by_mode_line(languages, text, length);
    }
    for (n = 0; n < length - 2 && n < sizeof(line) - 1 && text[n + 2] != '\n'; n++) {
        line[n] = text[n + 2] ? text[n + 2] : ' ';
    }
    line[n] = '\0';
    word = apr_strtok(line, " \t\r", &last);
    program = word ? (char *)base_name(word) : NULL;
    if (program && !strcmp(program, "env")) {
        do {
            program = apr_strtok(NULL, " \t\r", &last);
        } while (program && (*program == '-' || strchr(program, '=')));
        program = program ? (char *)base_name(program) : NULL;
    }
    if (!program) {
        return NULL;
    }
    for (n = strlen(program); n > 1 && (apr_isdigit(program[n - 1]) || program[n - 1] == '.');
         n--) {
        program[n - 1] = '\0';
    }
    return apr_hash_get(languages->interpreters, program, APR_HASH_KEY_STRING);
}

const docgen_language *docgen_language_by_name(const docgen_languages *languages, const char *name)
{
    const docgen_language *found;
    char buffer[64];

    if (strlen(name) >= sizeof(buffer)) {
        return NULL;
    }
    apr_cpystrn(buffer, name, sizeof(buffer));
    lower(buffer);
    found = apr_hash_get(languages->displayed, buffer, APR_HASH_KEY_STRING);
    for (char *p = buffer; !found && *p; p++) {
        *p = *p == '-' ? ' ' : *p; /* attribute values hold no spaces: Common-Lisp */
    }
    return found ? found : apr_hash_get(languages->displayed, buffer, APR_HASH_KEY_STRING);
}

int docgen_language_is_binary_name(const docgen_languages *languages, const char *path)
{
    char buffer[20];
    const char *known = extension(base_name(path), buffer, sizeof(buffer));

    return known && apr_hash_get(languages->binary, known, APR_HASH_KEY_STRING) != NULL;
}

static int starts(const char *at, const char *end, const char *marker)
{
    apr_size_t length;

    if (!marker || ((*at ^ *marker) & ~0x20)) { /* quick: most characters start no comment */
        return 0;
    }
    length = strlen(marker);
    return (apr_size_t)(end - at) >= length && !strncasecmp(at, marker, length);
}

/** Skips a string literal that ends on this line; a lone quote (Rust's 'a) is one character. */
static const char *string_skip(const char *at, const char *end)
{
    char quote_mark = *at;

    for (const char *p = at + 1; p < end; p++) {
        if (*p == '\\') {
            p++;
        } else if (*p == quote_mark) {
            return p + 1;
        }
    }
    return at + 1;
}

/** Is there code on this line? Keeps in `inside` whether a block comment is open at its end. */
static int line_has_code(const docgen_comment *comment, const char *at, const char *end,
                         int *inside)
{
    int code = 0;

    while (at < end) {
        if (*inside) {
            if (starts(at, end, comment->close)) {
                *inside = 0;
                at += strlen(comment->close);
            } else {
                at++;
            }
        } else if (apr_isspace(*at)) {
            at++;
        } else if (starts(at, end, comment->open) && !(code && comment->open[0] == '"')) {
            *inside = 1;
            at += strlen(comment->open);
        } else if (starts(at, end, comment->line) || starts(at, end, comment->line2)) {
            return code;
        } else {
            code = 1;
            if (!comment->open) {
                return code; /* what follows can open nothing */
            }
            at = *at == '"' || *at == '\'' || *at == '`' ? string_skip(at, end) : at + 1;
            while (at < end && apr_isalnum(*at)) {
                at++; /* no block comment opens with one */
            }
        }
    }
    return code;
}

void docgen_language_count(const docgen_language *language, const char *text, apr_size_t length,
                           int *lines, int *code_lines)
{
    const char *end = text + length;
    const docgen_comment *comment = language ? language->comment : &none;
    int inside = 0;

    *lines = *code_lines = 0;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline ? newline : end;

        ++*lines;
        *code_lines += line_has_code(comment, text, stop, &inside);
        text = newline ? newline + 1 : end;
    }
}
