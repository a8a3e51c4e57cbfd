/* From a repository to modules: what each language offers, where it is documented, how it is used.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "generator/analysis/model.h"
#include "generator/sections/graph.h"

static apr_pool_t *pool;
static char directory[64];

static void setup(void)
{
    apr_initialize();
    apr_pool_create(&pool, NULL);
    strcpy(directory, "/tmp/docgen-model-XXXXXX");
    cr_assert_not_null(mkdtemp(directory));
}

static void teardown(void)
{
    char command[128];

    apr_pool_destroy(pool);
    snprintf(command, sizeof(command), "rm -rf '%s'", directory);
    cr_assert_eq(system(command), 0);
    apr_terminate();
}

TestSuite(model, .init = setup, .fini = teardown, .timeout = 60);

static void put(const char *path, const char *text)
{
    const char *whole = apr_psprintf(pool, "%s/%s", directory, path);
    FILE *file;

    for (char *p = (char *)whole + strlen(directory) + 1; (p = strchr(p, '/')) != NULL; p++) {
        *p = '\0';
        mkdir(whole, 0700);
        *p = '/';
    }
    file = fopen(whole, "w");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(text, 1, strlen(text), file), strlen(text));
    fclose(file);
}

static docgen_model *build(void)
{
    static docgen_facts facts;
    docgen_tree *tree;
    docgen_model *model;
    char commit[80] = "";
    FILE *git;

    cr_assert_eq(system(apr_psprintf(
                     pool,
                     "cd %s && git init -q . && git add -A && git -c user.name=a -c user.email=a@b "
                     "commit -q -m x",
                     directory)),
                 0);
    git = popen(apr_psprintf(pool, "git -C %s rev-parse HEAD", directory), "r");
    cr_assert_not_null(fgets(commit, sizeof(commit), git));
    pclose(git);
    commit[strcspn(commit, "\n")] = '\0';
    facts.commit = apr_pstrdup(pool, commit);
    cr_assert_eq(
        docgen_tree_open(&tree, pool, apr_psprintf(pool, "%s/.git", directory), commit, 4 << 20),
        APR_SUCCESS);
    cr_assert_eq(docgen_model_build(&model, pool, &facts, tree, NULL, NULL, NULL), APR_SUCCESS);
    return model;
}

/* "public: a b | internal: c": modules with their shown names, in order. */
static const char *listing(const docgen_model *model)
{
    const char *out = "";

    for (int i = 0; i < model->modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(model->modules, i, docgen_module *);

        out = apr_pstrcat(pool, out,
                          module->visibility == DOCGEN_VISIBLE_PUBLIC     ? "+"
                          : module->visibility == DOCGEN_VISIBLE_INTERNAL ? "~"
                                                                          : "-",
                          module->name, ":", NULL);
        for (int n = 0; n < module->symbols->nelts; n++) {
            const docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, n, docgen_symbol *);

            if (symbol->visibility == DOCGEN_VISIBLE_PUBLIC) {
                out = apr_pstrcat(pool, out, " ", symbol->name, NULL);
            }
        }
        for (int n = 0; n < module->exports->nelts; n++) {
            const docgen_export *export = &APR_ARRAY_IDX(module->exports, n, docgen_export);

            out = apr_pstrcat(pool, out, " >", export->name, NULL);
        }
        out = apr_pstrcat(pool, out, "\n", NULL);
    }
    return out;
}

Test(model, python_package)
{
    docgen_model *model;
    docgen_symbol *app;

    put("src/pkg/__init__.py", "from .app import Engine as Engine\nfrom ._inner import "
                               "helper\nfrom . import sub as sub\n");
    put("src/pkg/app.py",
        "from .sub.base import Base\nclass Engine(Base):\n    def run(self): pass\n");
    put("src/pkg/_inner.py", "def helper(): pass\ndef other(): pass\n");
    put("src/pkg/sub/base.py",
        "class Base:\n    '''The base.'''\n    def stop(self): pass\n    def run(self): pass\n");
    put("src/pkg/sub/__init__.py", "__all__ = ['base']\n");
    put("examples/one.py", "from pkg import Engine\n\nbox = Engine()\nbox.stop()\n");
    put("tests/test_a.py", "def test_a(): pass\n");
    put("setup.py", "def setup(): pass\n");
    model = build();
    cr_assert_str_eq(listing(model), "+pkg: helper >Engine >helper >sub\n+pkg.app: "
                                     "Engine\n+pkg.sub:\n+pkg.sub.base: Base\n~pkg._inner:\n"
                                     "-one:\n-setup:\n");
    app = apr_hash_get(model->symbols, "Engine", APR_HASH_KEY_STRING);
    cr_assert_str_eq(app->module->name, "pkg.app");
    cr_assert_eq(app->inherited->nelts, 1);
    cr_assert_str_eq(APR_ARRAY_IDX(app->inherited, 0, docgen_symbol *)->qualified, "Base.stop");
    cr_assert_eq(app->usages->nelts, 1);
    cr_assert_str_eq(APR_ARRAY_IDX(app->usages, 0, docgen_usage).excerpt, "box = Engine()");
}

Test(model, c_library)
{
    docgen_model *model;
    docgen_symbol *make;

    put("include/box.h", "/** Makes. */\nint box_make(int a);\nstruct box;\n#define BOX 1\n");
    put("src/box.c", "#include \"box.h\"\n#include \"util.h\"\nint box_make(int a)\n{\n    return "
                     "util_go(a);\n}\n"
                     "static int hidden(void)\n{\n    return 1;\n}\n");
    put("src/util.h", "int util_go(int a);\n");
    put("src/util.c", "#include \"util.h\"\nint util_go(int a)\n{\n    return a;\n}\n");
    model = build();
    cr_assert_str_eq(listing(model), "+box.h: box_make BOX\n~util.h:\n");
    make = apr_hash_get(model->symbols, "box_make", APR_HASH_KEY_STRING);
    cr_assert_str_eq(make->definition->path, "src/box.c");
    cr_assert_eq(make->definition_line, 3);
    cr_assert_eq(make->definition_end, 6);
    cr_assert_str_eq(make->doc->summary, "Makes.");
    cr_assert_eq(APR_ARRAY_IDX(model->modules, 0, docgen_module *)->uses->nelts, 1);
}

Test(model, rust_crate)
{
    docgen_model *model;

    put("Cargo.toml", "[package]\nname = \"my-box\"\n");
    put("src/lib.rs", "mod inner;\npub mod open;\npub use inner::Thing;\npub use "
                      "inner::deep::*;\npub fn top() {}\n");
    put("src/inner/mod.rs", "pub mod deep;\npub struct Thing;\npub struct Unseen;\nimpl Thing { "
                            "pub fn go(&self) {} }\n");
    put("src/inner/deep.rs", "pub fn below() {}\nfn private() {}\n");
    put("src/open.rs",
        "pub(crate) struct Half;\npub enum Kind { A }\n#[cfg(test)] mod tests { pub fn t() {} }\n");
    model = build();
    cr_assert_str_eq(
        listing(model),
        "+my_box: below top Thing >Thing >below\n+my_box::open: Kind\n~my_box::inner:\n"
        "~my_box::inner::deep:\n");
    cr_assert_not_null(apr_hash_get(model->symbols, "Thing.go", APR_HASH_KEY_STRING));
}

Test(model, rust_items_of_macros)
{
    docgen_model *model;

    put("Cargo.toml", "[package]\nname = \"shape\"\n[lib]\nproc-macro = true\n");
    put("src/lib.rs",
        "#[macro_use]\nmod root;\nroot!();\nunknown!();\n"
        "#[proc_macro_derive(Draw, attributes(draw))]\npub fn derive_draw(i: T) -> T { i }\n"
        "#[proc_macro]\npub fn sketch(i: T) -> T { i }\n");
    put("src/root.rs", "macro_rules! root {\n    () => {\n        pub mod line;\n        mod own;\n"
                       "        pub use crate::own::Pen;\n        root!();\n    };\n}\n"
                       "macro_rules! with { ($x:expr) => { pub mod never; }; }\n");
    put("src/line.rs", "pub fn straight() {}\n");
    put("src/own.rs", "pub struct Pen;\n");
    model = build();
    cr_assert_str_eq(
        listing(model),
        "+shape: Pen Draw sketch >Pen\n+shape::line: straight\n~shape::own:\n~shape::root:\n");
}

Test(model, go_module)
{
    put("go.mod", "module example.org/box\n\ngo 1.20\n");
    put("box.go", "// Package box is it.\npackage box\nimport \"example.org/box/internal/x\"\ntype "
                  "Box struct{}\nfunc hidden() { x.X() }\n");
    put("more.go", "package box\nfunc (b *Box) Open() {}\nfunc (b Box) close() {}\n");
    put("box_test.go", "package box\nfunc TestBox() {}\n");
    put("internal/x/x.go", "package x\nfunc X() {}\n");
    put("cmd/tool/main.go", "package main\nfunc main() {}\n");
    docgen_model *model = build();

    cr_assert_str_eq(
        listing(model),
        "+example.org/box: Box\n~example.org/box/cmd/tool:\n~example.org/box/internal/x:\n");
    cr_assert_not_null(apr_hash_get(model->symbols, "Box.Open", APR_HASH_KEY_STRING));
    cr_assert_null(apr_hash_get(model->symbols, "Box.close", APR_HASH_KEY_STRING));
    cr_assert(APR_ARRAY_IDX(model->modules, 1, docgen_module *)->entry_point);
}

Test(model, script_package)
{
    put("package.json", "{\"name\": \"@a/box\", \"main\": \"./dist/index.js\", \"exports\": "
                        "{\".\": {\"import\": \"./dist/index.js\"},"
                        " \"./extra\": \"./dist/extra.js\"}}");
    put("src/index.ts", "export * from './a'\nexport { inner as outer, type T } from "
                        "'./b.js'\nexport * as ns from './a'\n"
                        "export default function main() {}\n");
    put("src/a.ts", "export const one = 1\nexport interface Two { x: string }\nconst no = 1\n");
    put("src/b.ts",
        "function inner() {}\nexport type T = string\nexport { inner }\nexport const unseen = 1\n");
    put("src/extra.ts", "export class Extra {}\n");
    docgen_model *model = build();

    cr_assert_str_eq(
        listing(model),
        "+@a/box: outer main Two T one >T >Two >ns >one >outer\n+@a/box/extra: Extra\n~src/a.ts:\n"
        "~src/b.ts:\n");
}

Test(model, nothing_to_analyse)
{
    put("README.md", "# Nothing\n");
    docgen_model *model = build();

    cr_assert_eq(model->modules->nelts, 0);
}

Test(model, graph_finds_cycles)
{
    docgen_graph *graph;
    int cyclic = 0;

    put("a.py", "import b\n");
    put("b.py", "import c\n");
    put("c.py", "import a\nimport d\n");
    put("d.py", "x = 1\n");
    graph = docgen_graph_make(pool, build());
    cr_assert_eq(graph->nodes->nelts, 4);
    for (int i = 0; i < 4; i++) {
        cyclic += APR_ARRAY_IDX(graph->nodes, i, docgen_node).in_cycle;
    }
    cr_assert_eq(cyclic, 3);
    cr_assert_not_null(strstr(docgen_graph_dot(pool, graph), "n2 -> n3;"));
}
