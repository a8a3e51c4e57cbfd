/* What the scanners read out of each language: golden listings of small files, and hostile ones.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "generator/languages/c/ctags.h"
#include "generator/analysis/doc.h"
#include "generator/analysis/token.h"
#include "generator/analysis/unit.h"
#include "generator/languages/language.h"
#include "unit/pool.h"

TestSuite(scan, .init = pool_setup, .fini = pool_teardown, .timeout = 60);

static docgen_source *source_of(const char *path, docgen_lang lang, const char *text,
                                apr_size_t length)
{
    docgen_file *file = apr_pcalloc(pool, sizeof(*file));

    file->path = file->raw_path = path;
    file->lang = lang;
    return docgen_source_make(pool, pool, file, text, length);
}

static docgen_unit *scan_n(const char *path, docgen_lang lang, const char *text, apr_size_t length)
{
    docgen_scanning scanning = {.pool = pool};
    docgen_unit *unit = docgen_language_scan(&scanning, source_of(path, lang, text, length));

    docgen_scanning_end(&scanning);
    return unit;
}

static docgen_unit *scan(const char *path, docgen_lang lang, const char *text)
{
    return scan_n(path, lang, text, strlen(text));
}

static void list(docgen_buffer *out, const apr_array_header_t *symbols, int depth)
{
    for (int i = 0; symbols && i < symbols->nelts; i++) {
        const docgen_symbol *s = APR_ARRAY_IDX(symbols, i, docgen_symbol *);
        char *flat = apr_pstrdup(pool, s->signature ? s->signature : "");

        for (char *p = flat; *p; p++) {
            *p = *p == '\n' ? ' ' : *p;
        }
        docgen_buffer_printf(
            out, "%*s%s %s%s %d-%d [%s]%s%s%s\n", depth * 2, "", s->kind, s->qualified,
            s->visibility == DOCGEN_VISIBLE_PUBLIC     ? ""
            : s->visibility == DOCGEN_VISIBLE_INTERNAL ? " internal"
                                                       : " private",
            s->line, s->end_line, flat, s->doc ? " " : "", s->doc ? s->doc->summary : "",
            s->overloads ? apr_psprintf(pool, " +%d", s->overloads->nelts) : "");
        list(out, s->members, depth + 1);
    }
}

static const char *listing(const docgen_unit *unit)
{
    docgen_buffer *out = docgen_buffer_create(pool);

    list(out, unit->symbols, 0);
    for (int i = 0; i < unit->impls->nelts; i++) {
        const docgen_impl *impl = &APR_ARRAY_IDX(unit->impls, i, docgen_impl);

        docgen_buffer_printf(out, "impl %s%s%s\n", impl->type, impl->trait ? ": " : "",
                             impl->trait ? impl->trait : "");
        list(out, impl->members, 1);
    }
    for (int i = 0; i < unit->imports->nelts; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(unit->imports, i, docgen_import);

        docgen_buffer_printf(out, "import %s %s as %s %u\n", import->from,
                             import->name ? import->name : "-", import->as ? import->as : "-",
                             import->flags);
    }
    return out->data ? out->data : "";
}

Test(scan, python)
{
    const docgen_unit *unit = scan("m.py", DOCGEN_LANG_PYTHON,
                                   "\"\"\"About the module.\"\"\"\n"
                                   "from .app import Flask as Flask, helper\n"
                                   "import os.path as p\n"
                                   "__all__ = [\"Box\", 'run']\n"
                                   "#: How many.\n"
                                   "LIMIT = 3\n"
                                   "if True:\n"
                                   "    flag: bool = False  #: set when on\n"
                                   "class Box(Base[int], metaclass=M):\n"
                                   "    '''A box.\n\n    With more.\n    '''\n"
                                   "    size: int = 1\n"
                                   "    def __init__(self, a,\n"
                                   "                 b=')'):  # )\n"
                                   "        #: The lid.\n"
                                   "        self.lid = a\n"
                                   "        self.other = b\n"
                                   "    @property\n"
                                   "    def full(self) -> bool:\n"
                                   "        \"Is it full?\"\n"
                                   "        def inner(): pass\n"
                                   "        return True\n"
                                   "    @full.setter\n"
                                   "    def full(self, v): ...\n"
                                   "    @staticmethod\n"
                                   "    async def open(): pass\n"
                                   "    def _hidden(self): pass\n"
                                   "    def __enter__(self): pass\n"
                                   "def run(x: 'a: b' = {1: 2}) -> None: \"\"\"Runs.\"\"\"\n"
                                   "if __name__ == \"__main__\":\n"
                                   "    thing = run()\n");

    cr_assert_str_eq(unit->doc->summary, "About the module.");
    cr_assert_eq(unit->all->nelts, 2);
    cr_assert(unit->entry_point);
    cr_assert_str_eq(listing(unit),
                     "constant LIMIT 6-6 [LIMIT = 3] How many.\n"
                     "variable flag 8-8 [flag: bool = False] set when on\n"
                     "class Box 9-30 [class Box(Base[int], metaclass=M)] A box.\n"
                     "  member Box.size 14-14 [size: int = 1]\n"
                     "  method Box.__init__ 15-19 [def __init__(self, a, b=')')]\n"
                     "  member Box.lid 18-18 [self.lid = a] The lid.\n"
                     "  property Box.full 21-24 [@property def full(self) -> bool] Is it full?\n"
                     "  method Box.open 28-28 [@staticmethod async def open()]\n"
                     "  method Box._hidden private 29-29 [def _hidden(self)]\n"
                     "  method Box.__enter__ internal 30-30 [def __enter__(self)]\n"
                     "function run 31-31 [def run(x: 'a: b' = {1: 2}) -> None] Runs.\n"
                     "import .app Flask as Flask 0\n"
                     "import .app helper as - 0\n"
                     "import os.path - as p 0\n");
}

Test(scan, go)
{
    cr_assert_str_eq(
        listing(scan("m.go", DOCGEN_LANG_GO,
                     "// Package m does things.\n"
                     "package m\n"
                     "import (\n\t\"net/http\"\n\tj \"encoding/json\"\n)\n"
                     "// Kinds of box.\n"
                     "const (\n\tSmall = iota // little\n\tLarge\n\thidden\n)\n"
                     "// Box holds.\n"
                     "type Box[T any] struct {\n"
                     "\t*Base\n"
                     "\tName, Nick string `json:\"name\"` // what it is called\n"
                     "\tsecret int\n}\n"
                     "type Shape interface {\n\t// Area of it.\n\tArea(scale float64) float64\n}\n"
                     "type Func func(a int) struct{}\n"
                     "// Open opens.\n//\n// Deprecated: use Close.\n"
                     "func (b *Box[T]) Open(w http.ResponseWriter,\n\topts ...func(*Box[T]) error) "
                     "(n int, err error) {\n"
                     "\tif b != nil { return }\n\treturn\n}\n"
                     "func New() interface{} { return nil }\n")),
        "constant Small 9-9 [Small = iota] little\n"
        "constant Large 10-10 [Large] Kinds of box.\n"
        "constant hidden private 11-11 [hidden] Kinds of box.\n"
        "struct Box 14-18 [type Box[T any] struct { … }] Box holds.\n"
        "  member Box.Name 16-16 [Name, Nick string `json:\"name\"`] what it is called\n"
        "  member Box.Nick 16-16 [Name, Nick string `json:\"name\"`] what it is called\n"
        "  member Box.secret private 17-17 [secret int]\n"
        "interface Shape 19-22 [type Shape interface { … }]\n"
        "  method Shape.Area 21-21 [Area(scale float64) float64] Area of it.\n"
        "type Func 23-23 [type Func func(a int) struct{}]\n"
        "function New 32-32 [func New() interface{}]\n"
        "impl Box\n"
        "  method Open 27-31 [func (b *Box[T]) Open(w http.ResponseWriter, opts ...func(*Box[T]) "
        "error) (n int, err error)]"
        " Open opens.\n"
        "import net/http - as - 0\n"
        "import encoding/json - as j 0\n");
}

Test(scan, c_hooks)
{
    const char *text =
        "/**\n * Handles it.\n * @param r the request\n "
        "*/\nAP_DECLARE_HOOK(int,handler,(request_rec *r,\n  int *n))\n\n"
        "APR_DECLARE_EXTERNAL_HOOK(dav, DAV, void, gather, (void))\n"
        "/** Signs. */\nAPR_DECLARE_OPTIONAL_FN(char *, sign, (char *s));\n"
        "#define AP_DECLARE_HOOK(ret,name,args) x\n/* AP_DECLARE_HOOK(int, no, (void)) */\n"
        "AP_DECLARE_HOOK(int, bad\nAP_DECLARE_HOOK(";
    docgen_source *source = source_of("a.h", DOCGEN_LANG_C, text, strlen(text));
    docgen_unit *unit = docgen_unit_make(source);

    docgen_scan_c_hooks(source, unit);
    cr_assert_str_eq(
        listing(unit),
        "function ap_hook_handler 5-6 [void ap_hook_handler(ap_HOOK_handler_t *pf, const char "
        "*const *aszPre, "
        "const char *const *aszSucc, int nOrder)] Handles it.\n"
        "function ap_run_handler 5-6 [int ap_run_handler(request_rec *r, int *n)] Handles it.\n"
        "function ap_hook_get_handler 5-6 [apr_array_header_t *ap_hook_get_handler(void)]\n"
        "type ap_HOOK_handler_t 5-6 [typedef int ap_HOOK_handler_t(request_rec *r, int *n)] "
        "Handles it.\n"
        "function dav_hook_gather 8-8 [void dav_hook_gather(dav_HOOK_gather_t *pf, const char "
        "*const *aszPre, "
        "const char *const *aszSucc, int nOrder)]\n"
        "function dav_run_gather 8-8 [void dav_run_gather(void)]\n"
        "function dav_hook_get_gather 8-8 [apr_array_header_t *dav_hook_get_gather(void)]\n"
        "type dav_HOOK_gather_t 8-8 [typedef void dav_HOOK_gather_t(void)]\n"
        "type apr_OFN_sign_t 10-10 [typedef char * (apr_OFN_sign_t)(char *s)] Signs.\n");
}

Test(scan, rust)
{
    const docgen_unit *unit = scan(
        "lib.rs", DOCGEN_LANG_RUST,
        "//! About the crate.\n"
        "pub mod args;\nmod inner;\n"
        "pub use crate::inner::{self, Thing as Other, deep::*};\n"
        "/// A box.\n"
        "#[derive(Debug)]\n"
        "pub struct Box<'a, T: Fn(u8) -> u8> where T: Clone {\n"
        "    /// The name.\n    pub name: &'a str,\n    hidden: Vec<(u8, T)>,\n}\n"
        "pub enum Kind { /// One.\n One, Two(u8), Three { a: u8 } }\n"
        "impl<'a, T> Box<'a, T> {\n"
        "    /// Makes it.\n"
        "    pub const fn new(name: &'a str) -> Self { let c = '{'; loop {} }\n"
        "    pub(crate) fn inside(&self) {}\n"
        "    fn secret(&self) {}\n}\n"
        "impl<T> std::fmt::Display for Box<'_, T> { fn fmt(&self) {} }\n"
        "pub trait Shape: Send + Sync { fn area(&self) -> f64; fn twice(&self) -> f64 { 2.0 } }\n"
        "#[macro_export]\nmacro_rules! boxed { ($x:expr) => { $x }; }\n"
        "pub mod sub { pub fn f() {} }\n"
        "#[cfg(test)]\nmod tests { pub fn t() {} }\n"
        "// not documentation\npub static LIMIT: &str = r#\"a\"}\"#;\n"
        "pub unsafe extern \"C\" fn raw() {}\n");

    cr_assert_str_eq(unit->doc->summary, "About the crate.");
    cr_assert_str_eq(listing(unit),
                     "struct Box 7-11 [pub struct Box<'a, T: Fn(u8) -> u8> where T: Clone] A box.\n"
                     "  member Box::name 9-9 [pub name: &'a str] The name.\n"
                     "  member Box::hidden private 10-10 [hidden: Vec<(u8, T)>]\n"
                     "enum Kind 12-13 [pub enum Kind]\n"
                     "  member Kind::One 13-13 [One]\n"
                     "  member Kind::Two 13-13 [Two(u8)]\n"
                     "  member Kind::Three 13-13 [Three { a: u8 }]\n"
                     "trait Shape 21-21 [pub trait Shape: Send + Sync]\n"
                     "  method Shape::area 21-21 [fn area(&self) -> f64]\n"
                     "  method Shape::twice 21-21 [fn twice(&self) -> f64]\n"
                     "macro boxed 23-23 [boxed! { … }]\n"
                     "module sub 24-24 [pub mod sub]\n"
                     "  function f 24-24 [pub fn f()]\n"
                     "variable LIMIT 28-28 [pub static LIMIT: &str = r#\"a\"}\"#]\n"
                     "function raw 29-29 [pub unsafe extern \"C\" fn raw()]\n"
                     "impl Box\n"
                     "  method new 16-16 [pub const fn new(name: &'a str) -> Self] Makes it.\n"
                     "  method inside internal 17-17 [pub(crate) fn inside(&self)]\n"
                     "  method secret private 18-18 [fn secret(&self)]\n"
                     "impl Box: Display\n"
                     "import crate inner as - 1\n"
                     "import crate::inner Thing as Other 1\n"
                     "import crate::inner::deep * as - 1\n");
    cr_assert_eq(unit->children->nelts, 2);
    cr_assert_str_eq(APR_ARRAY_IDX(unit->children, 0, const char *), "pub args");
}

Test(scan, typescript)
{
    cr_assert_str_eq(
        listing(
            scan("m.ts", DOCGEN_LANG_TYPESCRIPT,
                 "import fs, { join as j, type Stats } from 'node:fs'\n"
                 "export * from './all'\nexport * as util from './util'\nexport { a as b, type C } "
                 "from './c'\n"
                 "export { local as outer, local as 'module.exports' }\n"
                 "/** Options of it.\n * @deprecated use more\n */\n"
                 "export interface Options<T = {}> extends Base<T>, Other {\n"
                 "  /** The name. */\n  name?: string\n"
                 "  run(a: { x: number }): Promise<void>; readonly [key: string]: unknown\n"
                 "  cb: (a: string) => void,\n}\n"
                 "export function f(a: string): string\nexport function f(a: number): number\n"
                 "export function f(a: any): { x: any } {\n  return /}/.test(a) ? `${a}}` : a\n}\n"
                 "export const g = async <T>(x: T): Promise<T> => { return x }\n"
                 "export type Mode = 'a' | 'b'\n  | 'c'\n"
                 "export abstract class Box<T> extends Base<T> implements A, B {\n"
                 "  private secret = 1\n  #more = 2\n  static readonly limit: number = 3\n"
                 "  constructor(public readonly name: string, private x: number) { super() }\n"
                 "  get size(): number { return 1 }\n  set size(v) {}\n"
                 "  protected abstract draw(): void\n"
                 "  @dec() async load<K extends keyof T>(k: K): Promise<T[K]> { }\n}\n"
                 "export enum Color { Red = 1, /** So green. */ Green }\n"
                 "export default class extends Box {}\n"
                 "const local = { a: 1 }\n")),
        "interface Options 9-14 [export interface Options<T = {}> extends Base<T>, Other] Options "
        "of it.\n"
        "  member Options.name 11-11 [name?: string] The name.\n"
        "  method Options.run 12-12 [run(a: { x: number }): Promise<void>]\n"
        "  member Options[key: string] 12-12 [readonly [key: string]: unknown]\n"
        "  member Options.cb 13-13 [cb: (a: string) => void]\n"
        "function f 15-15 [export function f(a: string): string] +1\n"
        "function g 20-20 [export const g = async <T>(x: T): Promise<T>]\n"
        "type Mode 21-22 [export type Mode = 'a' | 'b' | 'c']\n"
        "class Box 23-32 [export abstract class Box<T> extends Base<T> implements A, B]\n"
        "  member Box.secret private 24-24 [private secret = 1]\n"
        "  member Box.more private 25-25 [#more = 2]\n"
        "  member Box.limit 26-26 [static readonly limit: number = 3]\n"
        "  method Box.constructor 27-27 [constructor(public readonly name: string, private x: "
        "number)]\n"
        "  member Box.name 27-27 [public readonly name: string]\n"
        "  member Box.x private 27-27 [private x: number]\n"
        "  property Box.size 28-28 [get size(): number]\n"
        "  method Box.draw internal 30-30 [protected abstract draw(): void]\n"
        "  method Box.load 31-31 [@dec() async load<K extends keyof T>(k: K): Promise<T[K]>]\n"
        "enum Color 33-33 [export enum Color]\n"
        "  member Color.Red 33-33 [Red = 1]\n"
        "  member Color.Green 33-33 [Green] So green.\n"
        "class default 34-34 [export default class extends Box]\n"
        "constant local 35-35 [const local = { a: 1 }]\n"
        "import node:fs - as - 0\n"
        "import node:fs default as fs 0\n"
        "import node:fs join as j 0\n"
        "import node:fs Stats as - 0\n"
        "import ./all * as - 1\n"
        "import ./util * as util 1\n"
        "import ./c a as b 1\n"
        "import ./c C as - 1\n"
        "import  local as outer 3\n");
}

Test(scan, commonjs)
{
    cr_assert_str_eq(
        listing(
            scan("lib/a.js", DOCGEN_LANG_JAVASCRIPT,
                 "'use strict'\nvar Router = require('./router'), path = require('path').posix\n"
                 "const { a, b: c } = require('./parts')\n"
                 "exports = module.exports = create\n"
                 "/** Makes one. */\n\nfunction create(options) { return {} }\n"
                 "var app = module.exports = {}\n"
                 "/** Uses it. */\napp.use = function use(fn) { }\n"
                 "create.prototype.run = async function () { }\n"
                 "exports.static = require('serve-static')\nexports.Router = Router\n"
                 "module.exports = { create, other: Router, made() { return 1 } }\n")),
        "variable Router 2-2 [var Router = require('./router')]\n"
        "variable path 2-2 [path = require('path').posix]\n"
        "function create 7-7 [function create(options)] Makes one.\n"
        "variable app 8-8 [var app = module.exports = {}]\n"
        "function made 14-14 [made()]\n"
        "impl app\n"
        "  method use 10-10 [app.use = function use(fn)] Uses it.\n"
        "impl create\n"
        "  method run 11-11 [create.prototype.run = async function ()]\n"
        "import ./router - as - 0\n"
        "import ./router default as Router 0\n"
        "import path - as - 0\n"
        "import path posix as path 0\n"
        "import ./parts - as - 0\n"
        "import ./parts a as - 0\n"
        "import ./parts b as - 0\n"
        "import  create as default 3\n"
        "import  app as default 3\n"
        "import serve-static default as static 1\n"
        "import  Router as Router 3\n"
        "import  create as create 3\n"
        "import  Router as other 3\n");
}

Test(scan, c)
{
    const docgen_unit *unit =
        scan("f.h", DOCGEN_LANG_C,
             "/* Copyright 2020 A. Writer. All rights reserved. */\n"
             "/**\n * @file\n * Boxes and what is in them.\n */\n"
             "#ifndef BOX_H\n#define BOX_H\n#include <stdio.h>\n#include \"other.h\"\n"
             "/* How many fit. */\n#ifndef BOX_MAX\n#define BOX_MAX 8\n#endif\n"
             "#define BOX_AT(b, i) ((b)->items[i])\n"
             "typedef struct box_s {\n    int size;   /**< in items */\n    /** The next one. */\n "
             "   struct box_s *next;\n"
             "    union { int i; float f; } value;\n} box_t;\n"
             "/** Colours. */\ntypedef enum { RED = 1, /**< stop */\n    GREEN } colour;\n"
             "enum { ALONE };\n"
             "/** Called for each.\n * @param b the box */\ntypedef int (*box_fn)(box_t *b,\n      "
             "                void *data);\n"
             "/** Makes a box.\n * @param size how many\n * @return the box, or NULL */\n"
             "BOX_API(box_t *) box_make(int size /* items */,\n                          const "
             "char *name);\n"
             "static inline int box_size(const box_t *b)\n{\n    return b->size;\n}\n"
             "extern int box_count; /* so far */\n"
             "#endif\n");

    cr_assert_str_eq(unit->doc->summary, "Boxes and what is in them.");
    cr_assert_str_eq(
        listing(unit),
        "macro BOX_MAX 12-12 [#define BOX_MAX 8] How many fit.\n"
        "macro BOX_AT 14-14 [#define BOX_AT(b, i) ((b)->items[i])]\n"
        "struct box_t 15-20 [typedef struct box_s { … } box_t]\n"
        "  member box_t.size 16-16 [int size] in items\n"
        "  member box_t.next 18-18 [struct box_s *next] The next one.\n"
        "  member box_t.i 19-19 [int i]\n"
        "  member box_t.f 19-19 [float f]\n"
        "  member box_t.value 19-19 [union { … } value]\n"
        "enum colour 22-23 [typedef enum { … } colour] Colours.\n"
        "  member colour.RED 22-22 [RED = 1] stop\n"
        "  member colour.GREEN 23-23 [GREEN]\n"
        "constant ALONE 24-24 [ALONE]\n"
        "type box_fn 27-27 [typedef int (*box_fn)(box_t *b, void *data)] Called for each.\n"
        "function box_make 32-33 [BOX_API(box_t *) box_make(int size, const char *name)] Makes a "
        "box.\n"
        "function box_size 34-37 [static inline int box_size(const box_t *b)]\n"
        "variable box_count 38-38 [extern int box_count] so far\n"
        "import stdio.h - as - 4\n"
        "import other.h - as - 0\n");
}

/* A macro call without a semicolon must not swallow the declaration below it. */
Test(scan, c_bare_macro_calls)
{
    cr_assert_str_eq(listing(scan("f.h", DOCGEN_LANG_C,
                                  "AP_DECLARE_POINT(int,post,(int a, int b))\n\n"
                                  "/** Walks. */\nAP_DECLARE(int) ap_walk(int r);\n"
                                  "AP_DECLARE(char *)\nap_split(int r);\n")),
                     "function ap_walk 4-4 [AP_DECLARE(int) ap_walk(int r)] Walks.\n"
                     "function ap_split 6-6 [AP_DECLARE(char *) ap_split(int r)]\n");
}

Test(scan, cpp)
{
    cr_assert_str_eq(
        listing(scan("f.hpp", DOCGEN_LANG_CPP,
                     "namespace n {\n"
                     "/// A reader.\n"
                     "template <class T>\nclass Reader : public Base {\npublic:\n    /// Reads.\n  "
                     "  explicit Reader(const T &t);\n"
                     "    int get(int i) const;\n    int get(long i) const;\nprotected:\n    int "
                     "inner_;\nprivate:\n    void hide();\n};\n"
                     "int free_one(Reader<int> &r);\n}\n")),
        "class n::Reader 4-14 [template <class T> class Reader : public Base] A reader.\n"
        "  method n::Reader::Reader 7-7 [explicit Reader(const T &t)] Reads.\n"
        "  method n::Reader::get 8-8 [int get(int i) const] +1\n"
        "  member n::Reader::inner_ internal 11-11 [int inner_]\n"
        "  method n::Reader::hide private 13-13 [void hide()]\n"
        "function n::free_one 15-15 [int free_one(Reader<int> &r)]\n");
}

static char *repeated(const char *unit, apr_size_t times)
{
    apr_size_t length = strlen(unit);
    char *text = apr_palloc(pool, length * times + 1), *p = text;

    for (apr_size_t i = 0; i < times; i++, p += length) {
        memcpy(p, unit, length);
    }
    *p = '\0';
    return text;
}

/* Nothing here is a program; each must end soon and without a crash. */
Test(scan, hostile)
{
    static const char *const units[] = {"{",
                                        "(",
                                        "[",
                                        "mod a{",
                                        "class A{",
                                        "if x:\n ",
                                        "def f(\n",
                                        "impl<",
                                        "<",
                                        "`${",
                                        "/*",
                                        "'",
                                        "\"\"\"",
                                        "exports = ",
                                        "a.b.",
                                        "use a::{",
                                        "func (",
                                        "type X struct {",
                                        "@",
                                        "#[",
                                        "export {",
                                        "struct s {",
                                        "namespace a {",
                                        "class A:\n class B:\n  ",
                                        "interface I { a: {",
                                        "//! ",
                                        "/// ",
                                        "#",
                                        "\\\n",
                                        "r#\""};
    static const docgen_lang langs[] = {DOCGEN_LANG_PYTHON, DOCGEN_LANG_GO, DOCGEN_LANG_RUST,
                                        DOCGEN_LANG_TYPESCRIPT, DOCGEN_LANG_JAVASCRIPT};

    for (unsigned u = 0; u < sizeof(units) / sizeof(*units); u++) {
        const char *text = repeated(units[u], 40000);

        for (unsigned l = 0; l < sizeof(langs) / sizeof(*langs); l++) {
            cr_assert_not_null(scan("f", langs[l], text));
        }
    }
}

Test(scan, nul_bytes_and_lines_without_end)
{
    static const docgen_lang langs[] = {DOCGEN_LANG_PYTHON, DOCGEN_LANG_GO, DOCGEN_LANG_RUST,
                                        DOCGEN_LANG_TYPESCRIPT};
    char *text = repeated("pub fn f(x: \"a\", y) { } ", 200000);
    apr_size_t length = strlen(text);

    for (apr_size_t i = 0; i < length; i += 977) {
        text[i] = '\0';
    }
    for (unsigned l = 0; l < 4; l++) {
        cr_assert_not_null(scan_n("f", langs[l], text, length));
    }
}

/* ctags 5.9 dies of nested braces: that costs the file, and the next one is read by a new process. */
Test(scan, ctags_survives)
{
    docgen_ctags *ctags = docgen_ctags_make(pool);
    apr_array_header_t *tags;
    const char *bomb = repeated("{", 400000);
    docgen_source *bad = source_of("f.c", DOCGEN_LANG_C, bomb, strlen(bomb));
    docgen_source *good = source_of("f.c", DOCGEN_LANG_C, "int main(void)\n{\n}\n", 20);
    docgen_source *empty = source_of("f.c", DOCGEN_LANG_C, "", 0);

    docgen_ctags_read(ctags, bad, "f.c", &tags);
    cr_assert_eq(docgen_ctags_read(ctags, good, "f.c", &tags), APR_SUCCESS);
    cr_assert_eq(tags->nelts, 1);
    cr_assert_str_eq(APR_ARRAY_IDX(tags, 0, docgen_ctag).name, "main");
    cr_assert_eq(docgen_ctags_read(ctags, empty, "f.c", &tags), APR_SUCCESS);
    cr_assert_eq(tags->nelts, 0);
    docgen_ctags_close(ctags);
}

Test(scan, ctags_lines)
{
    docgen_ctag tag;

    cr_assert_eq(docgen_ctag_parse(pool, "junk", 4, &tag), -1);
    cr_assert_eq(docgen_ctag_parse(pool, "{\"_type\":\"completed\"}", 21, &tag), 0);
    cr_assert_eq(docgen_ctag_parse(pool, "{\"_type\":\"tag\",\"name\":\"a\"}", 27, &tag), -1);
    cr_assert_eq(docgen_ctag_parse(pool, "[]", 2, &tag), -1);
}
