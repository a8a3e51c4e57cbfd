/* What a reader asks first must be answered within two clicks: each test is a question that a real project's
 * documentation left open.
 * SPDX-License-Identifier: Apache-2.0 */
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
    made_site_has(
        &site, "dependencies.md",
        "| `rc` | `core/rc alloc` | Opt into impls for Rc\\<T\\>. Copies are not shared. | "
        "`gem/Cargo.toml:10` |");
    made_site_has(&site, "dependencies.md", "| `std` |  |  | `gem/Cargo.toml:14` |");
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
