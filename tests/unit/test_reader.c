/* What a reader asks first must be answered within two clicks: each test is a question that a real project's
 * documentation left open.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/sections/prose.h"
#include "unit/made_site.h"

TestSuite(reader, .init = made_setup, .fini = made_teardown, .timeout = 120);

Test(reader, which_features_has_the_crate)
{
    made_site site;

    made_begin("crate");
    made_file("README.md", "# gem\n\nA crate.\n");
    made_file("gem/Cargo.toml", "[package]\nname = \"gem\"\nversion = \"1.0.0\"\n\n[features]\n"
                                "default = [\"std\"]\n\n"
                                "# Opt into impls for Rc<T>.\n# Copies are not shared.\n"
                                "rc = [\"core/rc\", \"alloc\"]\n\n### Others ###\n\nstd = []\n");
    made_file("gem/src/lib.rs", "//! Gems.\n/// Cuts.\npub fn cut() {}\n");
    site = made_site_of(made_end("crate.git"));
    made_site_has(&site, "dependencies.md", "### Features of gem");
    made_site_has(&site, "dependencies.md",
                  "| `rc` | `core/rc alloc` | Opt into impls for Rc\\<T>. Copies are not shared. | "
                  "`gem/Cargo.toml:10` |");
    made_site_has(&site, "dependencies.md", "| `std` |  |  | `gem/Cargo.toml:14` |");
    made_site_has(&site, "dependencies.md", "declared with `default-features = false`");
    made_site_crawl(&site);
}

Test(reader, guides_of_a_project_site_are_guides)
{
    made_site site;

    made_begin("site");
    made_file("README.md", "# Thing\n\nRead [the user guide](site/content/user_guide.md).\n");
    made_file("site/content/user_guide.md", "# User Guide\n\nPre-run hooks come first.\n");
    made_file("site/content/completions/_index.md", "# Completions\n\nFor shells.\n");
    made_file("site/content/completions/fish.md", "# Fish\n\nFor fish.\n");
    site = made_site_of(made_end("site.git"));
    made_site_has(&site, "index.md", "[the user guide](guides/user_guide)");
    made_site_has(&site, "guides.md", "- [Completions](guides/completions)\n  - [Fish]");
    made_site_crawl(&site);
}

Test(reader, the_overview_shows_the_example_and_the_names)
{
    made_site site;

    made_begin("express");
    made_file("README.md",
              "# web\n\nA framework.\n\n## Table of contents\n\n- [Installation](#installation)\n\n"
              "```js\nconst app = web()\napp.listen(3000)\n```\n\n## Installation\n\n"
              "Run this:\n\n```bash\nnpm install web\n```\n\n## Running tests\n\n"
              "```bash\nnpm test\n```\n");
    made_file("package.json",
              "{\"name\": \"web\", \"version\": \"1.0.0\", \"main\": \"web.js\"}\n");
    made_file("web.js",
              "exports.small = function small() {};\n\n"
              "/**\n * Tells which types are accepted.\n *\n"
              " *     // Accept: text/*, application/json\n *     accepts('html');\n */\n"
              "exports.accepts = function accepts(types) { return types; };\n\n"
              "class App {\n  /** Listens. */\n  listen(port) {}\n}\nexports.App = App;\n");
    site = made_site_of(made_end("web.git"));
    made_site_has(&site, "index.md", "app.listen(3000)");
    made_site_lacks(&site, "index.md", "#installation");
    made_site_has(&site, "index.md", "| [`App`](api/web#app), [`");
    made_site_has(&site, "api/web.md", "Tells which types are accepted.");
    made_site_lacks(&site, "getting-started.md", "npm test");
    made_site_crawl(&site);
}

Test(reader, an_install_command_is_no_example)
{
    made_site site;

    made_begin("cobra");
    made_file(
        "README.md",
        "# tool\n\nA library.\n\n## Concepts\n\nNone.\n\n## Usage of the generator\n\nGet it:\n\n"
        "```\ngo install example.org/tool@latest\n```\n\n"
        "## How to use\n\n```go\ntool.Run()\n```\n");
    site = made_site_of(made_end("tool.git"));
    made_site_has(&site, "index.md", "tool.Run()");
    made_site_lacks(&site, "index.md", "## Example\n\nGet it");
}

Test(reader, what_is_the_default_of_a_commented_setting)
{
    made_site site;

    made_begin("conf");
    made_file("README.md", "# db\n\nA server.\n");
    made_file("db.conf", "################ NETWORK ################\n\n"
                         "# Accept connections on this port.\nport 6379\n\n"
                         "# The most clients at the same time, see\n#\n# maxclients 10000\n\n"
                         "# How memory is freed. The default is:\n#\n"
                         "# maxmemory-policy noeviction\n\n"
                         "# When data is written to disk.\n\n"
                         "# appendfsync always\nappendfsync everysec\n# appendfsync no\n\n"
                         "# Two kinds of lines stand here and\n# this one is prose\n# as well\n");
    made_file("src/config.c",
              "#define createSpecialConfig(name, alias, modifiable, set, get, rewrite, apply) {}\n"
              "#define createBoolConfig(name, alias, flags, address, default, valid, apply) {}\n"
              "#define createIntConfig(name, alias, flags, lower, upper, address, default) {}\n"
              "standardConfig all[] = {\n"
              "    createSpecialConfig(\"save\", NULL, MODIFIABLE, set, get, rewrite, NULL),\n"
              "    createBoolConfig(\"daemonize\", NULL, IMMUTABLE, server.daemonize, 0, NULL, "
              "NULL),\n    createIntConfig(\"hz\", NULL, 0, 0, INT_MAX, server.hz, 10)};\n");
    made_file("src/commands/zadd.json",
              "{\"ZADD\": {\"summary\": \"Adds members.\", \"complexity\": \"O(log(N))\", "
              "\"since\": \"1.2.0\", \"arguments\": [{\"name\": \"key\", \"type\": \"key\"}]}}\n");
    site = made_site_of(made_end("db.git"));
    made_site_has(&site, "configuration.md",
                  "| `port` | `6379` | Accept connections on this port. | `db.conf:4` |");
    made_site_has(&site, "configuration.md",
                  "| `maxclients` | `(unset) 10000` | The most clients at the same time, see |");
    made_site_has(&site, "configuration.md", "| `maxmemory-policy` | `(unset) noeviction` | How ");
    made_site_lacks(&site, "configuration.md", "| `appendfsync` | `(unset)");
    made_site_has(&site, "configuration.md", "| `appendfsync` | `everysec` | When data is written");
    made_site_has(&site, "configuration.md", "| `save` |  |  | `src/config.c:5` |");
    made_site_has(&site, "configuration.md", "| `daemonize` | `0` |");
    made_site_lacks(&site, "configuration.md", "NULL)");
    made_site_lacks(&site, "configuration.md", "| `this` |");
    made_site_lacks(&site, "configuration.md", "| `as` |");
    made_site_has(&site, "configuration.md", "Since 1.2.0. Complexity: O(log(N))");
}

Test(reader, which_defaults_does_the_application_set)
{
    made_site site;

    made_begin("defaults");
    made_file("package.json",
              "{\"name\": \"web\", \"version\": \"1.0.0\", \"main\": \"web.js\"}\n");
    made_file("web.js",
              "exports.defaultConfiguration = function defaultConfiguration() {\n"
              "  var env = process.env.NODE_ENV || 'development';\n  this.enable('powered-by');\n"
              "  // this.set('gone', 1)\n  this.set('etag', 'weak');\n"
              "  this.set('views', resolve('views'));\n};\n\n"
              "exports.other = function other() { this.set('not-a-default', 1); };\n");
    site = made_site_of(made_end("defaults.git"));
    made_site_has(&site, "configuration.md", "| `powered-by` | `true` |");
    made_site_has(&site, "configuration.md", "| `etag` | `'weak'` |  | `web.js:5` |");
    made_site_has(&site, "configuration.md", "| `views` | `resolve('views')` |");
    made_site_has(&site, "configuration.md", "| `NODE_ENV` | `'development'` |");
    made_site_lacks(&site, "configuration.md", "not-a-default");
    made_site_lacks(&site, "configuration.md", "gone");
}

Test(reader, a_program_offers_what_its_plugins_include)
{
    made_site site;

    made_begin("program");
    made_file("src/server.h", "#include \"list.h\"\n/* Starts. */\nvoid server_start(void);\n");
    made_file("src/list.h", "/* Adds. */\nvoid list_add(void);\n");
    made_file("src/module.h",
              "/* Registers a command. */\nint module_command(const char *name);\n");
    made_file("src/server.c",
              "#include \"server.h\"\nvoid server_start(void) {}\nint main(void) { return 0; }\n");
    made_file("src/module.c", "#include \"server.h\"\n#include \"module.h\"\n"
                              "int module_command(const char *name) { return !name; }\n");
    made_file("modules/a.c", "#include \"../src/module.h\"\nint load_a(void) { return 1; }\n");
    made_file("modules/b.c", "#include \"../src/module.h\"\nint load_b(void) { return 1; }\n");
    made_file("modules/c.c", "#include \"module.h\"\nint load_c(void) { return 1; }\n");
    site = made_site_of(made_end("program.git"));
    made_site_has(&site, "api.md", "1 public module with 1 public name;");
    made_site_has(&site, "index.md", "| [module.h](api/module-h) | 1 |");
    made_site_lacks(&site, "index.md", "server.h");
    made_site_has(&site, "api/server-h.md", "Internal to the project");
}

Test(reader, a_change_log_without_a_title_keeps_its_first_release)
{
    made_site site;

    made_begin("log");
    made_file("README.md", "# flask\n\nA framework.\n");
    made_file("CHANGES.rst", "Version 3.2.0\n-------------\n\nUnreleased\n\n- New.\n\n"
                             "Version 3.1.0\n-------------\n\nReleased 2024-11-13\n\n- Old.\n");
    made_file("docs/guide.md", "# Version 2.0 for users\n\nIt.\n\n# More\n\nMore.\n");
    site = made_site_of(made_end("log.git"));
    made_site_has(&site, "changelog.html", "Version 3.2.0</h2>");
    made_site_has(&site, "changelog.html", "Version 3.1.0</h2>");
    made_site_lacks(&site, "guides/guide.html", "Version 2.0 for users</h2>");
}

static docgen_tag tag_of(const char *name, const char *date)
{
    return (docgen_tag){.name = name, .date = date};
}

Test(reader, the_last_release_may_be_on_a_branch_of_its_own)
{
    docgen_facts facts = {.committed_at = "2024-10-18T09:11:23Z"};

    facts.tags = apr_array_make(made_here.pool, 4, sizeof(docgen_tag));
    APR_ARRAY_PUSH(facts.tags, docgen_tag) = tag_of("v1.3.12", "2010-05-16T00:00:00Z");
    APR_ARRAY_PUSH(facts.tags, docgen_tag) = tag_of("8.0-m01", NULL);
    APR_ARRAY_PUSH(facts.tags, docgen_tag) = tag_of("7.4.10", NULL);
    APR_ARRAY_PUSH(facts.tags, docgen_tag) = tag_of("7.4.1", NULL);
    cr_assert_str_eq(docgen_latest_release(&facts)->name, "7.4.10");
    facts.committed_at = "2011-10-18T09:11:23Z"; /* a branch of old days */
    cr_assert_str_eq(docgen_latest_release(&facts)->name, "v1.3.12");
}

Test(reader, how_are_the_tests_run_in_the_projects_words)
{
    made_site site;

    made_begin("tests");
    made_file("README.md", "# rg\n\nA tool.\n\n## Install the latest\n\nFetch it.\n\n"
                           "## Running tests\n\n```\ncargo test --all\n```\n");
    made_file("Cargo.toml", "[package]\nname = \"rg\"\nversion = \"1.0.0\"\n");
    made_file("docs/testing.md", "# Testing your application\n\n## Test clients\n\nUse one.\n");
    made_file("tests/all.rs", "#[test]\nfn all() {}\n");
    site = made_site_of(made_end("tests.git"));
    made_site_has(&site, "testing.md", "cargo test --all");
    made_site_has(&site, "testing.md", "From `README.md:9-");
    made_site_lacks(&site, "testing.md", "By convention");
    made_site_lacks(&site, "testing.md", "Use one.");
    made_site_lacks(&site, "testing.md", "Fetch it.");
    made_site_has(&site, "getting-started.md", "Fetch it.");
    made_site_lacks(&site, "getting-started.md", "cargo test --all");
}

Test(reader, where_is_the_code)
{
    made_site site;

    made_begin("folders");
    made_file("package.json",
              "{\"name\": \"web\", \"version\": \"1.0.0\", \"main\": \"lib/web.js\", "
              "\"devDependencies\": {\"mocha\": \"1\"}}\n");
    made_file("lib/core/web.js", "exports.run = function run() {};\n");
    made_file("test/fixtures/pets/pet.js", "exports.pet = 1;\n");
    made_file("examples/mvc/views/view.js", "exports.view = 1;\n");
    made_file("examples/blog/README.md", "# Blog\n\nThe basic blog application of the guide.\n");
    made_file("bench/runs/2016/raw.csv", "a,b\n1,2\n");
    made_file("create/template-lit/package.json",
              "{\"name\": \"starter\", \"dependencies\": {\"lit\": \"^3\"}}\n");
    site = made_site_of(made_end("folders.git"));
    made_site_has(&site, "architecture.md", "| `lib/core/` |");
    made_site_has(&site, "architecture.md", "| `test/` |");
    made_site_has(&site, "architecture.md", "| `examples/blog/` | The basic blog");
    made_site_has(&site, "architecture.md", "| `bench/` |");
    made_site_lacks(&site, "architecture.md", "`test/fixtures");
    made_site_lacks(&site, "architecture.md", "`examples/mvc");
    made_site_lacks(&site, "architecture.md", "`bench/runs");
    made_site_lacks(&site, "architecture.md", "`create/template-lit");
    made_site_lacks(&site, "dependencies.md", "starter");
    made_site_has(&site, "dependencies.md", "mocha");
}

Test(reader, what_the_documents_say_about_a_setting_stands_with_it)
{
    made_site site;

    made_begin("described");
    made_file("README.md", "# app\n\nAn app.\n\n## Variables\n\n"
                           "- `APP_DEBUG` - Turns debugging on\n- `APP_OTHER` is not explained\n");
    made_file("pyproject.toml", "[project]\nname = \"app\"\nversion = \"1.0\"\n");
    made_file("app/__init__.py",
              "import os\n\nDEBUG = os.environ.get(\"APP_DEBUG\")\n"
              "OTHER = os.environ.get(\"APP_OTHER\")\n\n\nclass App:\n    default_config = {\n"
              "        \"COOKIE_NAME\": \"session\",\n        \"COOKIE_PATH\": None,\n    }\n");
    made_file("docs/index.rst", "Docs\n====\n\n.. toctree::\n\n   config\n");
    made_file("docs/config.rst", "Configuration\n=============\n\n.. py:data:: COOKIE_NAME\n\n"
                                 "    The name of the cookie, as the browser\n    sees it.\n\n"
                                 "    Default: ``'session'``\n");
    site = made_site_of(made_end("described.git"));
    made_site_has(
        &site, "configuration.md",
        "| [`COOKIE_NAME`](guides/config#u-cookie_name) | `\"session\"` | The name of the "
        "cookie, as the browser sees it. |");
    made_site_has(&site, "configuration.md", "| `COOKIE_PATH` | `None` |  |");
    made_site_has(&site, "configuration.md",
                  "| [`APP_DEBUG`](guides/readme) |  | Turns debugging on");
    made_site_has(&site, "configuration.md", "| `APP_OTHER` |  |  |");
    made_site_crawl(&site);
}

Test(reader, which_rust_and_which_licence)
{
    made_site site;

    made_begin("workspace");
    made_file("README.md", "# rg\n\nA tool.\n");
    made_file("COPYING", "This project is dual-licensed under two texts.\n");
    made_file("Cargo.toml", "[package]\nname = \"rg\"\nversion = \"1.0.0\"\n"
                            "license = \"Unlicense OR MIT\"\nrust-version.workspace = true\n\n"
                            "[workspace]\nmembers = [\"crates/glob\"]\n\n"
                            "[workspace.package]\nrust-version = \"1.96\"\n");
    made_file("crates/glob/Cargo.toml",
              "[package]\nname = \"glob\"\nversion = \"1.0.0\"\nrust-version = \"1.88\"\n");
    made_file("src/main.rs", "fn main() {}\n");
    site = made_site_of(made_end("workspace.git"));
    made_site_has(&site, "index.md", "| Requires | Rust `>= 1.96` (`Cargo.toml:11`) |");
    made_site_has(&site, "index.md", "| Licence | Unlicense OR MIT (`Cargo.toml`) · `COPYING` |");
}

Test(reader, what_does_a_command_take)
{
    made_site site;

    made_begin("commands");
    made_file("README.md", "# db\n\nA server.\n");
    made_file("src/commands/set.json",
              "{\"SET\": {\"summary\": \"Sets.\", \"arguments\": [{\"name\": \"key\", \"type\": "
              "\"key\"}, {\"name\": \"expiry\", \"type\": \"oneof\", \"optional\": true, "
              "\"arguments\": [{\"name\": \"seconds\", \"type\": \"integer\", \"token\": \"EX\"}, "
              "{\"name\": \"keepttl\", \"type\": \"pure-token\", \"token\": \"KEEPTTL\"}]}]}}\n");
    made_file("src/list.h",
              "#ifndef LIST_H\n#define LIST_H\n\n/* Prototypes */\n"
              "int list_make(void);\n\n/* Adds one. */\nint list_add(void);\n#endif\n");
    site = made_site_of(made_end("commands.git"));
    made_site_has(&site, "configuration.md", "| `SET` | `key [EX seconds\\|KEEPTTL]` | Sets. |");
    made_site_lacks(&site, "api/list-h.md", "Prototypes");
    made_site_has(&site, "api/list-h.md", "Adds one.");
}

Test(reader, what_changed_in_a_package_of_a_monorepo)
{
    made_site site;

    made_begin("packages");
    made_file("README.md", "# mono\n\nPackages.\n");
    made_file("package.json", "{\"name\": \"mono\", \"private\": true}\n");
    made_file("packages/web/package.json",
              "{\"name\": \"web\", \"version\": \"2.0.0\", \"main\": \"index.js\"}\n");
    made_file("packages/web/index.js", "/** Draws. */\nexport function draw(canvas) {}\n");
    made_file("packages/web/CHANGELOG.md", "# Changelog\n\n## 2.0.0\n\n- Draws circles.\n");
    made_file("packages/web/tests/fixtures/CHANGELOG.md", "# Changelog\n\n- Not this.\n");
    made_file("packages/create/template-lit/main.js", "export function starter() {}\n");
    site = made_site_of(made_end("packages.git"));
    made_site_has(&site, "changelog.md", "- [packages/web](changelog/packages-web)");
    made_site_has(&site, "changelog/packages-web.md", "Draws circles.");
    cr_assert_not(made_site_says(&site, "Not this."));
    made_site_lacks(&site, "api.md", "template-lit/main.js");
    made_site_crawl(&site);
}

Test(reader, a_comment_over_a_condition_is_not_about_the_file)
{
    made_site site;

    made_begin("condition");
    made_file("include/utils.h",
              "#ifndef UTILS_H\n#define UTILS_H\nint utils_sort(int *list);\n#endif\n");
    made_file("src/utils.c",
              "/* disable warnings about old functions */\n"
              "#if !defined(_CRT_NO_DEPRECATE) && defined(_MSC_VER)\n#define _CRT_NO_DEPRECATE\n"
              "#endif\n#include \"utils.h\"\nint utils_sort(int *list) { return !list; }\n");
    site = made_site_of(made_end("condition.git"));
    made_site_lacks(&site, "index.md", "disable warnings");
    made_site_lacks(&site, "api/utils-h.md", "disable warnings");
}

Test(reader, who_uses_a_module_and_what_its_words_say)
{
    made_site site;

    made_begin("users");
    made_file("Cargo.toml", "[package]\nname = \"ser\"\nversion = \"1.0.0\"\n");
    made_file("src/lib.rs", "pub mod de;\n");
    made_file(
        "src/de.rs",
        "//! Data.\n//!\n//! - Option\\<T\\>\n//! - \\[T\\]\n\n/// Reads.\npub fn read() {}\n");
    made_file("package.json",
              "{\"name\": \"web\", \"version\": \"1.0.0\", \"main\": \"web.js\"}\n");
    made_file("web.js", "exports.run = function run() {};\n");
    made_file("lib/tool.js", "const web = require('../web.js');\nexports.tool = web.run;\n");
    made_file("playground/a/vite.js", "const web = require('../../web.js');\nweb.run();\n");
    site = made_site_of(made_end("users.git"));
    made_site_has(&site, "api/ser-de.html", "Option&lt;T&gt;");
    made_site_has(&site, "api/ser-de.html", ">[T]<");
    made_site_has(&site, "api/web.md", "Used by: ");
    made_site_lacks(&site, "api/web.md", "`playground/a/vite.js`");
    made_site_lacks(&site, "modules.md", "`lib/tool.js`, `playground");
}
