/* How a language is read: its lexical habits and its declarations as data.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_LANGUAGE_H
#define DOCGEN_GENERATOR_LANGUAGES_LANGUAGE_H

#include "generator/analysis/doc.h"
#include "generator/analysis/token.h"
#include "generator/analysis/unit.h"
#include "generator/languages/traits.h"

struct docgen_builder;
struct docgen_ctags;

/** Lexical habits beside those of every brace language. */
enum {
    DOCGEN_LEXICAL_NESTED = 1,       /**< block comments nest */
    DOCGEN_LEXICAL_HASH_COMMENT = 2, /**< `#` begins a comment, `#[` does not */
    DOCGEN_LEXICAL_TRIPLE = 4,       /**< three quotes open a text block */
    DOCGEN_LEXICAL_TRIPLE_ESCAPES = 8,
    DOCGEN_LEXICAL_VERBATIM = 16,        /**< C#: @"…", $"…", quotes in any number above two */
    DOCGEN_LEXICAL_POUND_RAW = 32,       /**< Swift: #"…"# */
    DOCGEN_LEXICAL_R_RAW = 64,           /**< Dart: r'…' */
    DOCGEN_LEXICAL_HEREDOC = 128,        /**< PHP: <<<ID */
    DOCGEN_LEXICAL_CONDITIONS = 256,     /**< #if … #else … #endif: the first branch is read */
    DOCGEN_LEXICAL_DIRECTIVES = 512,     /**< other lines that begin with `#` are passed over */
    DOCGEN_LEXICAL_BACKTICK = 1024,      /**< `name` is a name */
    DOCGEN_LEXICAL_SINGLE = 2048,        /**< '…' is a string like "…" */
    DOCGEN_LEXICAL_MULTILINE = 4096,     /**< quoted strings may run over lines */
    DOCGEN_LEXICAL_TAGS = 8192,          /**< PHP: code stands between <?php and ?> */
    DOCGEN_LEXICAL_PREFIX_HOLES = 16384, /**< Scala: only s"…" holds expressions */
    DOCGEN_LEXICAL_CHAR = 32768,         /**< '…' is a character literal when it closes at once */
    DOCGEN_LEXICAL_DASHES = 65536, /**< Lua: `--` begins comments, `[[` and `[=[` texts; `/` none */
    DOCGEN_LEXICAL_PLAIN = 131072, /**< the tokeniser reads quotes and comments alone */
    DOCGEN_LEXICAL_LIFETIMES =
        262144, /**< Rust: PLAIN with r#"…"#, nested comments and lifetimes */
    DOCGEN_LEXICAL_TEMPLATES =
        524288 /**< JavaScript: PLAIN with templates and regular expressions */
};

typedef struct docgen_lexical {
    unsigned flags;
    const char *hole; /**< what opens an expression inside a string ("${", "\\("), or NULL */
} docgen_lexical;

/** What stands at a place that the habits of a language decide. */
typedef enum {
    DOCGEN_LEXICAL_NOTHING, /**< nothing special */
    DOCGEN_LEXICAL_SPACE,   /**< a comment, a directive, a branch that is not read */
    DOCGEN_LEXICAL_STRING,
    DOCGEN_LEXICAL_NAME
} docgen_lexical_kind;

/** Looks at `p` between `start` and `end`. @param stop receives the byte behind what stands there
 * Linear over a whole text: what it has passed over is not looked at again. */
docgen_lexical_kind docgen_lexical_read(const docgen_lexical *lexical, const char *start,
                                        const char *end, const char *p, const char **stop);

/** What a declaring word declares. */
enum {
    DOCGEN_WORD_TYPE = 1,      /**< a name, then members in braces */
    DOCGEN_WORD_CALL = 2,      /**< a name, then parameters */
    DOCGEN_WORD_VALUE = 4,     /**< a variable, constant or property */
    DOCGEN_WORD_ALIAS = 8,     /**< a name for a type: the whole statement is shown */
    DOCGEN_WORD_NAMELESS = 16, /**< the word is the name: init, constructor, subscript */
    DOCGEN_WORD_PACKAGE = 32,  /**< names what users import */
    DOCGEN_WORD_IMPORT = 64,
    DOCGEN_WORD_EXTENSION = 128,  /**< its name is the type that its members belong to */
    DOCGEN_WORD_CASE = 256,       /**< values of an enum, separated by commas */
    DOCGEN_WORD_TYPED = 512,      /**< a type stands between the word and the name */
    DOCGEN_WORD_SKIP = 1024,      /**< its braces hold nothing that is offered */
    DOCGEN_WORD_INTERFACE = 2048, /**< its members are visible as it is */
    DOCGEN_WORD_CONSTANTS = 4096, /**< its braces begin with a list of constants */
    DOCGEN_WORD_COMPANION = 8192, /**< its members are the surrounding type's */
    DOCGEN_WORD_SOFT = 16384,     /**< a keyword only before a name */
    DOCGEN_WORD_PRIMARY = 32768,  /**< parameters behind the name are properties */
    DOCGEN_WORD_TRAIT = 65536,    /**< inside a type: a base */
    DOCGEN_WORD_THROUGH = 131072  /**< its braces hold declarations of the surrounding level */
};

/** One declaring word. */
typedef struct docgen_word {
    const char *word; /**< one or two tokens: "class", "enum class" */
    const char *kind; /**< of the symbol; "" where none is made */
    unsigned flags;
} docgen_word;

/** A word that says who sees a declaration. */
typedef struct docgen_access {
    const char *word;
    docgen_visibility visibility;
} docgen_access;

/** Who sees what no word says. */
typedef struct docgen_fallback {
    docgen_visibility top, member;
} docgen_fallback;

/** Reading the files of a repository: what is kept from one file to the next. One thread. */
typedef struct docgen_scanning {
    apr_pool_t *pool;           /**< lives as long as the reading */
    struct docgen_ctags *ctags; /**< once a file needed it */
    int ctags_missing;
    const char
        *failed; /**< why the file at hand could not be read, or NULL: the next run may try again */
} docgen_scanning;

typedef struct docgen_grammar {
    docgen_lexical lexical;
    docgen_traits traits;
    const docgen_word *words;    /**< ended by one without a word; longer ones first */
    const char *modifiers;       /**< words before a declaration, between spaces */
    const docgen_access *access; /**< ended by one without a word */
    docgen_fallback fallback;
    char annotation;        /**< '@' before a name, '[' around it, '#' = #[…]; 0 = none */
    const char *shown;      /**< annotations that users want to see, between spaces */
    const char *deprecated; /**< annotations that deprecate, between spaces */
    const char *hidden;     /**< annotations that take a name out of the public surface, or NULL */
    docgen_visibility underscore; /**< of names that begin with `_` */
    const char *bases;            /**< words or ":" before bases, between spaces */
    const char *no_bases;         /**< words that end the list of bases, between spaces */
    const char
        *joins;    /**< tokens that continue a declaration on the next line; NULL: `;` ends it */
    int by_column; /**< what stands further right than a declaration goes on with it */
    int typed;     /**< members are "TYPE NAME" without a declaring word */
    int accessors; /**< members may be properties with accessors; a name may stand alone */
    int joins_extensions; /**< an extension's members are the type's */
    int nests;            /**< packages in packages join their names */
    const char *promotes; /**< the constructor whose marked parameters are properties, or NULL */
    char separator;       /**< in the names of packages: '.' or '\\' */
    docgen_doc_style doc;
    /** Reads a file, for a language that is no brace language; NULL = the declaration scanner does. */
    docgen_unit *(*scan)(const docgen_source *source);
    int merges;          /**< types of one name are one, wherever they are written */
    const char *only_in; /**< the folder that holds what is offered ("lib/"), or NULL */
    /** Says, before modules are made, which of the files' symbols are offered; NULL = what they say themselves. */
    void (*settle)(void *builder);
    /** Says, when modules are made, what they offer of others; NULL = nothing. */
    void (*finish)(void *builder);
    /** The name users import a file's symbols by, from its path; NULL = its package. */
    const char *(*module)(void *builder, const docgen_unit *unit);
    /** Reads a file with a helper program; NULL = `scan` or the declaration scanner do. */
    docgen_unit *(*read)(docgen_scanning *scanning, const docgen_source *source);
    /** Makes the modules of all units of this language, and of its family; NULL = a module for each package. */
    void (*modules)(struct docgen_builder *builder);
    /** What of a file's path decides how it is read, beside its language; NULL = nothing. */
    const char *(*variant)(const docgen_file *file);
} docgen_grammar;

/** One language of languages.def. */
typedef struct docgen_reader {
    const char *name;              /**< for people: "C#" */
    const char *fence;             /**< after ``` in Markdown: "csharp" */
    const docgen_grammar *grammar; /**< NULL for DOCGEN_LANG_NONE and _OTHER only */
    const char *unread;            /**< what of it is not read, for the Quality report */
} docgen_reader;

/** What is known of a language; for DOCGEN_LANG_NONE and _OTHER the name "Other". Never NULL. */
const docgen_reader *docgen_reader_of(docgen_lang lang);

/** The names of all languages of languages.def: "C, C++, … and Rust". From `pool`. */
const char *docgen_readers_list(apr_pool_t *pool);

/** Reads a file of any language of languages.def. @return NULL when a helper program failed: `scanning` says why */
docgen_unit *docgen_language_scan(docgen_scanning *scanning, const docgen_source *source);

/** Ends the helper programs. */
void docgen_scanning_end(docgen_scanning *scanning);

/** What of a file decides how it is read, beside its content: its language and "h" for a header, from `pool`. */
const char *docgen_language_variant(apr_pool_t *pool, const docgen_file *file);

/** Makes modules of the units of all languages. */
void docgen_modules_make(struct docgen_builder *builder);

/** Reads a file with its language's grammar, but not by a helper program: then the unit stays empty. Never fails: what cannot be understood is passed over. Linear in the text,
 * nesting bounded. One thread per source. */
docgen_unit *docgen_scan_declared(const docgen_source *source);

#endif
