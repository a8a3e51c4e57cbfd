/* Doc comments in their dialects, and comment text on a page.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "generator/analysis/doc.h"
#include "generator/analysis/source.h"
#include "generator/sections/code_sections.h"
#include "unit/pool.h"

TestSuite(doc, .init = pool_setup, .fini = pool_teardown, .timeout = 30);

static const char *listing(const char *text, docgen_doc_style style)
{
    const docgen_doc *doc = docgen_doc_parse(pool, text, style);
    const char *out;

    if (!doc) {
        return "nothing";
    }
    out = apr_pstrcat(pool, doc->summary, "|", doc->body, NULL);
    for (int i = 0; i < doc->fields->nelts; i++) {
        const docgen_doc_field *f = &APR_ARRAY_IDX(doc->fields, i, docgen_doc_field);

        out = apr_pstrcat(pool, out, "\n", f->kind, " ", f->name ? f->name : "-", " ",
                          f->type ? f->type : "-", " ", f->text, NULL);
    }
    return out;
}

Test(doc, doxygen)
{
    cr_assert_str_eq(
        listing(
            "@brief Opens \\c name.\n\nMore about it.\n\\param[in] name the file's\n       name\n"
            "@param mode how\n@return a handle, or\n  NULL\n@since 2.1\n@ingroup files\n"
            "@code\n@param not a tag\n@endcode\n@deprecated use @ref other",
            DOCGEN_DOC_TAGS),
        "Opens `name`.|More about it.\n\n```\n@param not a tag\n```\n"
        "param name - the file's\n       name\nparam mode - how\nreturn - - a handle, or\n  "
        "NULL\nsince - - 2.1\n"
        "deprecated - - use `other`");
}

Test(doc, jsdoc)
{
    cr_assert_str_eq(
        listing(
            "Sends it, see {@link Other.send}.\n\n@param {string|{a: b}} [body=''] - what to send\n"
            "@returns {Promise<void>} when done\n@throws {TypeError} when "
            "not\n@example\nsend('a')\n@api public",
            DOCGEN_DOC_TAGS),
        "Sends it, see `Other.send`.|\nparam body string|{a: b} what to send\nreturn - "
        "Promise<void> when done\n"
        "throws TypeError - when not\nexample - - send('a')");
}

Test(doc, godoc)
{
    cr_assert_str_eq(listing("Open opens it.\n\n# Use\n\n\tx := Open()\n\tx.Do()\n\nAnd so "
                             "on.\n\nDeprecated: use Close.\n\nEnd.",
                             DOCGEN_DOC_GO),
                     "Open opens it.|**Use**\n\n```go\nx := Open()\nx.Do()\n```\n\nAnd so "
                     "on.\n\nEnd.\ndeprecated - - use Close.");
}

Test(doc, rustdoc)
{
    cr_assert_str_eq(
        listing("Makes it.\n\n# Notes\n\nA note.\n\n# Examples\n\n```no_run\n# use a::b;\nlet x = "
                "1;\n```\n\n"
                "# Panics\n\nNever.",
                DOCGEN_DOC_RUST),
        "Makes it.|**Notes**\n\nA note.\nexample - - ```rust\nlet x = 1;\n```\npanics - - Never.");
}

Test(doc, sphinx)
{
    cr_assert_str_eq(listing("Sends a :class:`~flask.Response` as ``bytes``.\n\n.. code-block:: "
                             "python\n   :linenos:\n\n"
                             "   send(1)\n\n     x\n\n.. code-block:: python\n\n    "
                             "again()\n\nAfter::\n\n    literal\n\n"
                             ":param int size: how many\n    in all\n:type name: str\n:raises "
                             "KeyError: when absent\n"
                             ":returns: it\n\n.. versionadded:: 2.0\n   As new.\n",
                             DOCGEN_DOC_PYTHON),
                     "Sends a `Response` as `bytes`.|```python\nsend(1)\n\n  "
                     "x\n```\n\n```python\nagain()\n```\n\nAfter:\n\n"
                     "```python\nliteral\n```\n"
                     "param size int how many\n in all\ntype name - str\nraises KeyError - when "
                     "absent\nreturn - - it\n"
                     "since - - 2.0\nAs new.");
}

Test(doc, google_and_numpy)
{
    cr_assert_str_eq(listing("Does it.\n\nArgs:\n    a (int, optional): first\n        and more\n  "
                             "  *rest: others\n\n"
                             "Returns:\n    bool: whether\n\nAfterwards.",
                             DOCGEN_DOC_PYTHON),
                     "Does it.|Afterwards.\nparam a int, optional first\nand more\nparam *rest - "
                     "others\nreturn - - bool: whether");
    cr_assert_str_eq(listing("Does it.\n\nParameters\n----------\na : int\n    first\nb\n    "
                             "second\n\nReturns\n-------\nbool\n",
                             DOCGEN_DOC_PYTHON),
                     "Does it.|\nparam a int first\nparam b - second\nreturn - bool ");
}

Test(doc, open_ends_are_closed)
{
    cr_assert_str_eq(listing("A.\n\n```\nopen", DOCGEN_DOC_TAGS), "A.|```\nopen\n```");
    cr_assert_str_eq(listing("A.\n\n@code\nopen", DOCGEN_DOC_TAGS), "A.|```\nopen\n```");
    cr_assert_str_eq(listing("", DOCGEN_DOC_TAGS), "nothing");
    cr_assert_str_eq(listing("@file x.c", DOCGEN_DOC_TAGS), "nothing");
}

static const char *strip(const char *comment)
{
    return docgen_comment_strip(pool, comment, strlen(comment));
}

Test(doc, comment_marks)
{
    cr_assert_str_eq(strip("/** A.\n *\n *  - b\n *    c\n */"), "A.\n\n- b\n  c");
    cr_assert_str_eq(strip("/* A\n   b\n   c */"), "A\nb\nc");
    cr_assert_str_eq(strip("/*!\nA.\n\n* one\n* two\n*/"), "A.\n\n* one\n* two");
    cr_assert_str_eq(strip("/*******\n * A **bold** b\n *******/"), "A **bold** b");
    cr_assert_str_eq(strip("/// A\n///   b\n///< c"), "A\n  b\nc");
    cr_assert_str_eq(strip("//"), "");
    cr_assert_str_eq(strip("/**/"), "");
}

static const char *header(const char *text)
{
    docgen_file file = {.path = "f.c"};

    return docgen_source_header(docgen_source_make(pool, pool, &file, text, strlen(text)));
}

Test(doc, a_licence_is_no_description)
{
    cr_assert_null(header("/* Copyright 2020 A.\n * Permission is hereby granted */\nint x;\n"));
    cr_assert_str_eq(header("/* Copyright A. */\n\n/* About the boxes. */\n\n#include <a.h>\n"),
                     "About the boxes.");
    cr_assert_str_eq(header("/* box.c -- Boxes for all.\n *\n * Copyright (c) 2009 A\n * All "
                            "rights reserved.\n */\n#include <a.h>\n"),
                     "box.c -- Boxes for all.\n\n");
    cr_assert_str_eq(
        header("/* Boxes for\n * all.\n * SPDX-License-Identifier: MIT */\n#include <a.h>\n"),
        "Boxes for\nall.\n\n");
    cr_assert_str_eq(
        header("/* SPDX-License-Identifier: MIT\n *\n * All the boxes.\n */\n#include <a.h>\n"),
        "All the boxes.\n\n");
    cr_assert_str_eq(header("/* All the boxes.\n * Copyright 2020 A. */\n#include <a.h>\n"),
                     "All the boxes.\n\n");
    cr_assert_null(header("/* SPDX-License-Identifier: MIT */\n#include <a.h>\n"));
    cr_assert_null(header("/* This is free software; you can use it under\n * the GNU General "
                          "Public License. */\n#include <a.h>\n"));
    cr_assert_null(header("// eslint-disable\n/** Makes it. */\nfunction f() {}\n"));
}

Test(doc, page_text)
{
    cr_assert_str_eq(docgen_code_prose(pool, "a <b>b</b> <T> `<x>` char *p", DOCGEN_LANG_C),
                     "a **b** &lt;T> `<x>` char \\*p");
    cr_assert_str_eq(
        docgen_code_prose(pool, "T\n---\n```\n<b>\n---\n```\n<script>", DOCGEN_LANG_RUST),
        "T\n\n```\n<b>\n---\n```\n&lt;script>");
    cr_assert_str_eq(docgen_code_prose(pool, "See [`Matcher`] and [`a`](b).", DOCGEN_LANG_RUST),
                     "See `Matcher` and [`a`](b).");
    cr_assert_str_eq(docgen_code_line(pool, "a\n  b\n", DOCGEN_LANG_GO), "a b");
}

Test(doc, fences_outlast_what_they_hold)
{
    docgen_buffer *out = docgen_buffer_create(pool);

    docgen_code_block(out, "a ```` b", "c");
    cr_assert_str_eq(out->data, "\n`````c\na ```` b\n`````\n\n");
}
