/* What code of a language looks like to those who search texts, and what its people call things.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_TRAITS_H
#define DOCGEN_GENERATOR_LANGUAGES_TRAITS_H

#include "generator/repo/tree.h"

/** How comments and strings are written, as far as a search needs it. */
enum {
    DOCGEN_MARK_HASH = 1,    /**< `#` begins a comment */
    DOCGEN_MARK_DASH = 2,    /**< `--` does */
    DOCGEN_MARK_SLASH = 4,   /**< // and slash-star do */
    DOCGEN_MARK_SINGLE = 8,  /**< '…' is a string */
    DOCGEN_MARK_TICK = 16,   /**< `…` is one */
    DOCGEN_MARK_TRIPLE = 32, /**< """…""" is one */
    DOCGEN_MARK_DOCSTRING =
        64 /**< three quotes are a comment, too, and `#` begins the only other one */
};

/** What a use of a name looks like, beside `name(…)`. */
enum {
    DOCGEN_USE_NEW = 1,          /**< `Type(…)` makes no object */
    DOCGEN_USE_BRACES = 2,       /**< `Type{…}` makes one */
    DOCGEN_USE_TYPE_FIRST = 4,   /**< a word before `name(…)` is a type: that declares */
    DOCGEN_USE_BLOCK = 8,        /**< a call's braces may follow its name */
    DOCGEN_USE_SCOPED = 16,      /**< whatever qualifies a name, it may be this one */
    DOCGEN_USE_FOLDER = 32,      /**< a name without its package is of the same folder */
    DOCGEN_USE_PATHS = 64,       /**< a line of a list of imports is a path in quotes */
    DOCGEN_USE_RECEIVERS = 128,  /**< `func (` declares a method */
    DOCGEN_USE_NO_STATICS = 256, /**< a type has no functions of its own: `value.name` is a field */
    DOCGEN_USE_BASES = 512,      /**< a class uses what stands in the brackets behind its name */
    DOCGEN_USE_UNCALLED = 1024   /**< in texts a type is never followed by brackets */
};

/** How doc comments are written beside their tags. */
enum {
    DOCGEN_PROSE_STAR_ARGUMENTS = 1, /**< `*args` is a name, not emphasis */
    DOCGEN_PROSE_STAR_POINTER = 2,   /**< `char *name` is a declaration, not emphasis */
    DOCGEN_PROSE_EXAMPLES = 4        /**< examples are prose with blocks of code, not code */
};

/** By what a program of the language declares its options, settings and routes. */
enum {
    DOCGEN_DECLARES_ARGPARSE = 1,   /**< Python: add_argument, click, defaults of dictionaries */
    DOCGEN_DECLARES_FLAG = 2,       /**< Go's package flag */
    DOCGEN_DECLARES_COMMANDER = 4,  /**< .option("--x"), settings of an object */
    DOCGEN_DECLARES_GETOPT = 8,     /**< tables of options, printed usage */
    DOCGEN_DECLARES_CLAP = 16,      /**< attributes and flags of Rust's parsers */
    DOCGEN_DECLARES_MACROS = 32,    /**< #define NAME that a build may set */
    DOCGEN_DECLARES_HANDLERS = 64,  /**< a route's method is what its handler is wrapped in */
    DOCGEN_DECLARES_METHODS = 128,  /**< a route's method stands before its path: "GET /x" */
    DOCGEN_DECLARES_TESTS = 256,    /**< tests stand in the file that they test */
    DOCGEN_DECLARES_OPTPARSE = 512, /**< Ruby: opts.on("-x", "--long") */
    DOCGEN_DECLARES_ENVIRON = 1024  /**< Python: os.environ["NAME"] */
};

typedef struct docgen_traits {
    docgen_lang family; /**< the language whose names it shares: C of C++; NONE = its own */
    const char *fences; /**< other words than its own after ``` in Markdown, between spaces */
    unsigned marks;     /**< DOCGEN_MARK_* */
    unsigned uses;      /**< DOCGEN_USE_* */
    unsigned prose;     /**< DOCGEN_PROSE_* */
    unsigned declares;  /**< DOCGEN_DECLARES_* */
    int headers; /**< users include files: texts call a file by its bare name, and no module qualifies one's
                                 names */
    int promotes;      /**< exported members of unexported types are the users' */
    const char *bases; /**< what bases are to a type: "Embeds"; NULL = "Extends" */
    const char
        *bases_but_of; /**< the kind of symbol whose bases are extended all the same, or NULL */
    const char *
        folder_file; /**< the files that describe a whole folder, between spaces; "*" = each; or NULL */
    const char *packages; /**< where its packages are published: "Maven", "npm" …; NULL = nowhere */
} docgen_traits;

/** The traits of a language, read or not. Never NULL. */
const docgen_traits *docgen_traits_of(docgen_lang lang);

/** The language whose names this one shares: JavaScript's and TypeScript's, C's and C++'s are one. */
docgen_lang docgen_lang_family(docgen_lang lang);

/** The language that a word after ``` names, in any case; DOCGEN_LANG_OTHER when it names something that is no language
 * of languages.def, DOCGEN_LANG_NONE when it is unknown. */
docgen_lang docgen_lang_of_fence(const char *word, apr_size_t length);

#endif
