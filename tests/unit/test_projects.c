/* Whole sites of small projects, one for each way of building: what their manifests, option parsers, routes, schemas and
 * navigation declare stands on the right page with its source.
 * SPDX-License-Identifier: Apache-2.0 */
#include "unit/made_site.h"

TestSuite(projects, .init = made_setup, .fini = made_teardown, .timeout = 300);

Test(projects, a_library_in_c)
{
    made_site site;

    made_begin("C");
    made_file("README.md", "# Vessel\n\nKeeps water.\n");
    made_file("configure.ac", "AC_INIT([vessel], [2.3])\nAC_CHECK_LIB([m], "
                              "[sin])\nPKG_CHECK_MODULES([GLIB], [glib-2.0 >= 2.40])\n"
                              "AC_PATH_PROG([FLEX], [flex])\nAC_OUTPUT\n");
    made_file(
        "CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.10...3.27)\nproject(vessel VERSION 2.3.1 LANGUAGES C)\n"
        "find_package(ZLIB 1.2 REQUIRED)\nfind_package(Threads)\n"
        "pkg_check_modules(CURL REQUIRED libcurl)\n");
    made_file("meson.build", "project('vessel', 'c',\n  version: '2.3.2')\n"
                             "glib = dependency('glib-2.0', version: '>=2.40')\n"
                             "x11 = dependency('x11', required: false)\n");
    made_file("include/vessel.h",
              "/** The most water that fits, in litres. */\n#ifndef VESSEL_MOST\n#define "
              "VESSEL_MOST 100\n#endif\n\n"
              "/** How to open. */\nenum vessel_mode {\n    VESSEL_READ, /**< to look */\n    "
              "VESSEL_WRITE /**< to fill */\n};\n\n"
              "/** A vessel. */\nstruct vessel {\n    int litres; /**< what is in it */\n    const "
              "char *name;\n};\n\n"
              "/**\n * @brief Fills a vessel.\n *\n * @param v the vessel\n * @param litres how "
              "much\n *   - at least 0\n"
              " * @return what did not fit\n * @retval -1 it leaks\n * @pre v is open\n * @warning "
              "Not while it cooks.\n"
              " * @note Slow.\n * @since 2.0\n * @see vessel_empty\n * @code\n * vessel_fill(v, "
              "3);\n * @endcode\n */\n"
              "int vessel_fill(struct vessel *v, int litres);\n\n"
              "/** @deprecated use vessel_fill with 0 */\nvoid vessel_empty(struct vessel *v);\n");
    made_file("src/vessel.c", "#include \"vessel.h\"\n#include \"pipe.h\"\n\nint "
                              "vessel_fill(struct vessel *v, int litres)\n{\n"
                              "    return v->litres += litres;\n}\n\nvoid vessel_empty(struct "
                              "vessel *v)\n{\n    pipe_run(v);\n}\n");
    made_file("src/pipe.h",
              "#include \"vessel.h\"\n/** Runs. */\nvoid pipe_run(struct vessel *v);\n");
    made_file(
        "src/pipe.c",
        "#include <stdlib.h>\n#include \"pipe.h\"\n\n#define RATE_ENV \"VESSEL_RATE\"\n\n"
        "void pipe_run(struct vessel *v)\n{\n    vessel_fill(v, getenv(RATE_ENV) != NULL);\n}\n");
    made_file("src/main.c", "#include <getopt.h>\n#include <stdlib.h>\n#include "
                            "\"vessel.h\"\n\nstatic const struct option options[] = {\n"
                            "    {\"litres\", required_argument, 0, 'l'},\n    {\"quiet\", "
                            "no_argument, 0, 'q'},\n    {0}};\n\n"
                            "int main(int argc, char **argv)\n{\n    struct vessel v = {0, "
                            "getenv(\"VESSEL_NAME\")};\n\n"
                            "    return vessel_fill(&v, argc);\n}\n");
    made_file("sql/001.sql", "CREATE TABLE IF NOT EXISTS vessels (\n  name text primary "
                             "key\n);\ncreate table pipes (a int);\n");
    made_file("proto/vessel.proto", "syntax = \"proto3\";\n// Pours.\nservice Pouring {\n  // "
                                    "Once.\n  rpc Pour (Water) returns (Water);\n}\n"
                                    "message Water { int32 litres = 1; }\n");
    site = made_site_of(made_end("c.git"));
    made_site_has(&site, "dependencies.md", "Package `vessel`, version 2.3.1.");
    made_site_has(&site, "dependencies.md", "- Needs CMake `>= 3.10` (`CMakeLists.txt:1`)");
    made_site_has(&site, "dependencies.md", "| `ZLIB` | `1.2` | required | `CMakeLists.txt:3` |");
    made_site_has(&site, "dependencies.md", "| `Threads` |  | optional |");
    made_site_has(&site, "dependencies.md", "| `libcurl` |  | pkg-config |");
    made_site_has(&site, "dependencies.md", "Package `vessel`, version 2.3.\n");
    made_site_has(&site, "dependencies.md", "| `m` |  | library | `configure.ac:2` |");
    made_site_has(&site, "dependencies.md",
                  "| `glib-2.0 >= 2.40` |  | pkg-config | `configure.ac:3` |");
    made_site_has(&site, "dependencies.md", "| `flex` |  | program |");
    made_site_has(&site, "dependencies.md", "Package `vessel`, version 2.3.2.\n");
    made_site_has(&site, "dependencies.md",
                  "| `glib-2.0` | `>=2.40` | required | `meson.build:3` |");
    made_site_has(&site, "dependencies.md", "| `x11` |  | optional | `meson.build:4` |");
    made_site_has(&site, "configuration.md",
                  "| `--litres` | `takes a value` |  | `src/main.c:6` |");
    made_site_has(&site, "configuration.md", "| `--quiet` |  |  | `src/main.c:7` |");
    made_site_has(&site, "configuration.md", "| `VESSEL_RATE` |  |  | `src/pipe.c:4` |");
    made_site_has(&site, "configuration.md", "| `VESSEL_NAME` |");
    made_site_has(&site, "configuration.md",
                  "| `VESSEL_MOST` | `100` | The most water that fits, in litres. | "
                  "`include/vessel.h:2-3` |");
    made_site_has(&site, "configuration.md", "| `vessels` |  |  | `sql/001.sql:1-3` |");
    made_site_has(&site, "configuration.md", "| `pipes` |  |  | `sql/001.sql:4` |");
    made_site_has(&site, "configuration.md", "| `Pouring` | `service` | Pours. |");
    made_site_has(&site, "configuration.md",
                  "| `Pour` | `rpc Pour (Water) returns (Water)` | Once. |");
    made_site_has(&site, "configuration.md", "| `Water` | `message` |");
    made_site_has(&site, "architecture.md",
                  "- [`main.c`](api/main-c) — `src/main.c` → [`vessel.h`](api/vessel-h)");
    made_site_has(&site, "architecture.md", "- [`vessel.h`](api/vessel-h), [`pipe.h`](api/pipe-h)");
    made_site_has(&site, "api/vessel-h.md",
                  "**Parameters**\n\n- `v` — the vessel\n- `litres` — how much");
    made_site_has(&site, "api/vessel-h.md", "**Returns:** what did not fit");
    made_site_has(&site, "api/vessel-h.md", "- `-1` — it leaks");
    made_site_has(&site, "api/vessel-h.md", "**Precondition:** v is open");
    made_site_has(&site, "api/vessel-h.md", "**Warning:** Not while it cooks.");
    made_site_has(&site, "api/vessel-h.md", "**Since:** 2.0");
    made_site_has(&site, "api/vessel-h.md", "**See also:** vessel_empty");
    made_site_has(&site, "api/vessel-h.md",
                  "Source: `include/vessel.h:35`, defined at `src/vessel.c:4-7`");
    made_site_has(&site, "api/vessel-h.md", "> [!WARNING]\n> Deprecated: use vessel_fill with 0");
    made_site_has(&site, "api/vessel-h.md", "| `litres` | `int litres` | what is in it |");
    made_site_has(&site, "api/vessel-h.md", "| `VESSEL_READ` |  | to look |");
    made_site_crawl(&site);
}

Test(projects, a_package_in_python)
{
    made_site site;

    made_begin("Python");
    made_file("README.rst", "Kettle\n======\n\nHeats water.\n");
    made_file("setup.cfg", "[metadata]\nname = kettle\nversion = 1.4\ndescription = Heats "
                           "water\n\n[options]\npython_requires = >=3.8\n"
                           "install_requires =\n    requests>=2\n    click\n    # a "
                           "remark\n\n[options.extras_require]\ntea =\n    leaves==1.0\n");
    made_file("requirements.txt", "# needed\nflask>=2  # web\nnumpy\n-r other.txt\n");
    made_file("requirements-dev.txt", "pytest==7\n");
    made_file("mkdocs.yml", "site_name: Kettle\ndocs_dir: 'manual'\nnav:\n  - Second: second.md\n  "
                            "- 'first.md'\nplugins:\n  - search\n");
    made_file("manual/first.md", "# First steps\n\nBoil.\n");
    made_file("manual/second.md", "# Second steps\n\nPour.\n");
    made_file("kettle/__init__.py",
              "\"\"\"Heats water.\"\"\"\nfrom .core import boil\n\n__all__ = [\"boil\"]\n");
    made_file("kettle/core.py",
              "\"\"\"The core.\"\"\"\nimport os\n\nLIMIT = os.environ.get(\"KETTLE_LIMIT\", "
              "\"100\")\n\n\n"
              "class Vessel:\n    \"\"\"Holds water.\"\"\"\n\n    def pour(self):\n        "
              "\"\"\"Pours.\"\"\"\n\n\n"
              "class Kettle(Vessel):\n    \"\"\"A kettle.\n\n    Attributes:\n        litres "
              "(int): what is in it\n    \"\"\"\n\n"
              "    #: How hot.\n    heat = 0\n\n    @property\n    def full(self):\n        "
              "\"\"\"Is it full?\"\"\"\n        return True\n\n\n"
              "def boil(litres, *, fast=False):\n    \"\"\"Boils water.\n\n    Args:\n        "
              "litres (int): how much\n        fast: whether to hurry\n\n"
              "    Returns:\n        float: seconds\n\n    Raises:\n        ValueError: when it is "
              "empty\n\n    Yields:\n        bubbles\n\n"
              "    Example:\n        >>> boil(1)\n        60.0\n\n    Warning:\n        Hot.\n    "
              "\"\"\"\n    yield litres\n");
    made_file("kettle/cli.py",
              "import argparse\nimport click\nfrom kettle.core import boil\n\n\n@click.command()\n"
              "@click.option(\"-l\", \"--litres\", default=1, help=\"how \" \"much water\")\ndef "
              "main(litres):\n    boil(litres)\n\n\n"
              "def old():\n    parser = argparse.ArgumentParser()\n    "
              "parser.add_argument(\"--fast\", help=\"hurry\")\n\n\n"
              "if __name__ == \"__main__\":\n    main()\n");
    made_file("kettle/web.py", "from flask import Flask\nfrom kettle.core import boil\n\napp = "
                               "Flask(__name__)\n\n\n@app.get(\"/water\")\ndef water():\n"
                               "    \"\"\"The water.\"\"\"\n    return "
                               "boil(1)\n\n\n@app.route(\"/tea\")\ndef tea():\n    return \"\"\n");
    made_file("tests/test_core.py",
              "from kettle import boil\n\n\ndef test_boil():\n    assert boil(1)\n");
    site = made_site_of(made_end("python.git"));
    made_site_has(&site, "dependencies.md", "Package `kettle`, version 1.4. Heats water");
    made_site_has(&site, "dependencies.md", "- Needs Python `>=3.8` (`setup.cfg:7`)");
    made_site_has(&site, "dependencies.md", "| `requests` | `>=2` | runtime | `setup.cfg:9` |");
    made_site_has(&site, "dependencies.md", "| `click` |  | runtime | `setup.cfg:10` |");
    made_site_has(&site, "dependencies.md", "| `leaves` | `==1.0` | optional (tea) |");
    made_site_has(&site, "dependencies.md", "| `flask` | `>=2` | runtime | `requirements.txt:2` |");
    made_site_has(&site, "dependencies.md", "| `numpy` |  | runtime |");
    made_site_has(&site, "dependencies.md",
                  "| `pytest` | `==7` | development | `requirements-dev.txt:1` |");
    made_site_lacks(&site, "dependencies.md", "other.txt");
    made_site_lacks(&site, "dependencies.md", "a remark");
    made_site_has(&site, "configuration.md",
                  "| `-l, --litres` | `1` | how much water | `kettle/cli.py:7` |");
    made_site_has(&site, "configuration.md", "| `--fast` |  | hurry |");
    made_site_has(&site, "configuration.md", "| `KETTLE_LIMIT` | `\"100\"` |");
    made_site_has(&site, "configuration.md", "| `/water` | `GET` |");
    made_site_has(&site, "configuration.md", "| `/tea` |");
    made_site_has(&site, "guides.md", "- [Second](guides/second)\n- [First steps](guides/first)");
    made_site_has(&site, "api/kettle-core.md",
                  "- `litres` (`int`) — how much\n- `fast` — whether to hurry");
    made_site_has(&site, "api/kettle-core.md", "**Yields:** bubbles");
    made_site_has(&site, "api/kettle-core.md", "- `ValueError` — when it is empty");
    made_site_has(&site, "api/kettle-core.md", "**Warning:** Hot.");
    made_site_has(&site, "api/kettle-core.md", "```python\n>>> boil(1)\n60.0\n```");
    made_site_has(&site, "api/kettle-core.md",
                  "**Properties**\n\n- `litres` (`int`) — what is in it");
    made_site_has(&site, "api/kettle-core.md", "| `heat` | `heat = 0` | How hot. |");
    made_site_has(&site, "api/kettle-core.md", "**Extends:** [`Vessel`](#vessel)");
    made_site_has(&site, "api/kettle-core.md",
                  "**Inherited from [`Vessel`](#vessel):** [`pour`](#vessel-pour)");
    made_site_has(&site, "api/kettle-core.md", "Is it full?");
    made_site_crawl(&site);
}

Test(projects, a_workspace_in_typescript)
{
    made_site site;

    made_begin("TypeScript");
    made_file("README.md", "# Tap\n\nLets water in.\n");
    made_file(
        "package.json",
        "{\"name\":\"tap\",\"version\":\"3.0.0\",\"private\":true,\"workspaces\":[\"packages/*\"],"
        "\"bin\":{\"tap\":\"packages/cli/src/index.ts\"}}\n");
    made_file("tsconfig.json", "{\n  // paths\n  \"compilerOptions\": {\"baseUrl\": \".\", "
                               "\"paths\": {\"@tap/*\": [\"packages/*/src\"]}}\n}\n");
    made_file("packages/core/package.json",
              "{\"name\":\"@tap/core\",\"version\":\"3.0.0\",\"main\":\"src/"
              "index.ts\",\"exports\":{\".\":{\"import\":\"./src/index.ts\"},\"./flow\":\"./src/"
              "flow.ts\"}}\n");
    made_file("packages/core/src/index.ts",
              "export * from './flow'\nexport { Valve as default } from './valve'\n");
    made_file("packages/core/src/flow.ts",
              "import type { Valve } from './valve'\n\n/** How much flows.\n * @typeParam T unit\n "
              "* @param v the valve\n * @returns litres\n * @throws when dry\n"
              " * @example\n * flow(v)\n * @default 1\n */\nexport function flow<T>(v: Valve, "
              "unit?: T): number {\n  return process.env.TAP_FLOW ? 1 : 0\n}\n\n"
              "export interface Flow {\n  /** litres */\n  litres: number\n  stop(): "
              "void\n}\n\nexport type Unit = 'l' | 'ml'\n\nexport enum Speed { Slow, Fast = 2 }\n");
    made_file("packages/core/src/valve.ts",
              "import { flow } from './flow'\n\n/** A valve. */\nexport class Valve {\n  /** Opens "
              "it. */\n  open(): number {\n    return flow(this)\n  }\n}\n");
    made_file("packages/cli/package.json",
              "{\"name\":\"@tap/cli\",\"version\":\"3.0.0\",\"dependencies\":{\"@tap/"
              "core\":\"workspace:*\",\"cac\":\"^6\"}}\n");
    made_file("packages/cli/src/index.ts",
              "#!/usr/bin/env node\nimport { cac } from 'cac'\nimport Valve, { flow } from "
              "'@tap/core'\nimport { Flow } from '@tap/core/flow'\n\nconst cli = cac('tap')\n"
              "cli.command('open [name]', 'opens a valve')\n  .option('--slow <litres>', 'how "
              "slowly', { default: 3 })\ncli.parse()\nflow(new Valve())\n");
    made_file(
        "packages/server/src/server.ts",
        "import express from 'express'\nimport { flow } from '@tap/core'\n\nconst app = "
        "express()\napp.get('/valves', (q, r) => r.send(''))\napp.post('/valves', () => flow)\n");
    made_file("docs/.vitepress/config.ts",
              "export default { themeConfig: { sidebar: [{ text: 'B', link: '/guide/b' }, { text: "
              "'A', link: '/guide/a' }] } }\n");
    made_file("docs/guide/a.md", "# Alpha\n\nFirst.\n");
    made_file("docs/guide/b.md", "# Beta\n\nSecond.\n");
    site = made_site_of(made_end("ts.git"));
    made_site_has(&site, "dependencies.md", "Package `tap`, version 3.0.0.");
    made_site_has(&site, "dependencies.md", "| `@tap/core` | `workspace:*` | runtime |");
    made_site_has(&site, "dependencies.md", "| `cac` | `^6` | runtime |");
    made_site_has(&site, "configuration.md", "| `open [name]` |  | opens a valve |");
    made_site_has(&site, "configuration.md", "| `--slow <litres>` |  | how slowly |");
    made_site_has(&site, "configuration.md", "| `TAP_FLOW` |");
    made_site_has(&site, "configuration.md", "| `/valves` | `GET` |");
    made_site_has(&site, "configuration.md", "| `/valves` | `POST` |");
    made_site_has(&site, "guides.md", "- [B](guides/guide/b)\n- [A](guides/guide/a)");
    made_site_has(
        &site, "architecture.md",
        "`@tap/cli` — `packages/cli/src/index.ts` → [`@tap/core/flow`](api/tap-core-flow)");
    made_site_has(&site, "architecture.md", "| [`@tap/core/flow`](api/tap-core-flow) |  | 3 | 1 |");
    made_site_has(&site, "architecture.md",
                  "- `packages/server/src/server.ts` → [`@tap/core`](api/tap-core)");
    made_site_has(&site, "architecture.md",
                  "- [`@tap/core/flow`](api/tap-core-flow), `packages/core/src/valve.ts`");
    made_site_has(&site, "api/tap-core-flow.md", "**Type parameters**\n\n- `T` — unit");
    made_site_has(&site, "api/tap-core-flow.md", "**Throws:** when dry");
    made_site_has(&site, "api/tap-core-flow.md", "**Default:** 1");
    made_site_has(&site, "api/tap-core-flow.md", "```typescript\nflow(v)\n```");
    made_site_has(&site, "api/tap-core-flow.md", "| `litres` | `litres: number` | litres |");
    made_site_has(&site, "api/tap-core-flow.md", "| `Fast` | `Fast = 2` |");
    made_site_has(&site, "api/tap-core-flow.md", "export type Unit = 'l' | 'ml'");
    made_site_has(&site, "api/tap-core.md", "| `default` | [`Valve`](#valve) | class | A valve. |");
    made_site_has(&site, "api/tap-core.md",
                  "| `flow` | [`flow`](tap-core-flow#flow) | function | How much flows. |");
    made_site_crawl(&site);
}

Test(projects, a_workspace_in_rust_and_a_module_in_go)
{
    made_site site;

    made_begin("Rust and Go");
    made_file("README.md", "# Well\n\nDeep.\n");
    made_file("docs/SUMMARY.md", "# Summary\n\n- [Deep](deep.md)\n- [Shallow](shallow.md)\n");
    made_file("docs/deep.md", "# Deep water\n\nx\n");
    made_file("docs/shallow.md", "# Shallow water\n\nx\n");
    made_file("Cargo.toml",
              "[workspace]\nmembers = [\"crates/*\"]\n\n[workspace.package]\nversion = "
              "\"0.9.0\"\nedition = \"2021\"\n\n[workspace.dependencies]\nserde = \"1\"\n");
    made_file("crates/well/Cargo.toml",
              "[package]\nname = \"well\"\nversion.workspace = true\n\n[dependencies]\nserde = { "
              "workspace = true }\nbucket = { path = \"../bucket\" }\n");
    made_file("crates/well/src/lib.rs",
              "//! A well.\n\npub mod rope;\nmod inner;\npub use inner::Depth;\npub use "
              "bucket::Bucket as Pail;\n\n/// Draws water.\n///\n/// # Errors\n///\n/// When it is "
              "dry.\n///\n/// # Panics\n///\n/// Never.\n///\n"
              "/// # Examples\n///\n/// ```\n/// well::draw(1);\n/// ```\npub fn draw(n: u32) -> "
              "Result<u32, Dry> {\n    let _ = std::env::var(\"WELL_DEPTH\");\n    Ok(n)\n}\n\n"
              "/// It is dry.\n#[derive(Debug, Clone)]\npub struct Dry;\n\n/// What draws.\npub "
              "trait Draws {\n    /// Draws once.\n    fn once(&self) -> u32;\n}\n\nimpl Draws for "
              "Dry {\n    fn once(&self) -> u32 { 0 }\n}\n\n"
              "/// Makes one.\n#[macro_export]\nmacro_rules! well {\n    () => {};\n}\n");
    made_file(
        "crates/well/src/rope.rs",
        "//! Ropes.\nuse crate::inner::Depth;\nuse super::{draw, Dry};\n\n/// A rope.\npub struct "
        "Rope {\n    /// How long.\n    pub length: Depth,\n    hidden: u8,\n}\n\nimpl Rope {\n    "
        "/// A new one.\n    pub fn new() -> Self { todo!() }\n}\n\n"
        "/// Kinds.\npub enum Kind {\n    /// of hemp\n    Hemp,\n    Wire(u8),\n}\n\npub const "
        "MOST: u32 = 3;\npub static ONE: u8 = 1;\npub type Long = u64;\n");
    made_file("crates/well/src/inner.rs", "/// A depth.\npub struct Depth(pub u32);\n");
    made_file("crates/bucket/Cargo.toml", "[package]\nname = \"bucket\"\nversion = \"0.9.0\"\n");
    made_file("crates/bucket/src/lib.rs", "/// A bucket.\npub struct Bucket { pub full: bool }\n");
    made_file("crates/cli/Cargo.toml",
              "[package]\nname = \"well-cli\"\nversion = \"0.9.0\"\n[dependencies]\nwell = { path "
              "= \"../well\" }\n");
    made_file("crates/cli/README.md",
              "# Command line\n\n[![built](https://example.org/b.svg)](https://example.org)\n"
              "__Copyright (c) 2007 - 2021 The Well Diggers and others__\n\n## Ropes\n\n"
              "A rope is tied to the bucket first.\n");
    made_file(
        "crates/bucket/README.md",
        "# Bucket\n\nCopyright 2021 by the people who made it.\n\nHolds what has been drawn.\n");
    made_file(
        "crates/cli/src/args.rs",
        "use clap::{Arg, Parser};\n\n/// An example: #[arg(long)] wrong: u8\n#[derive(Parser)]\n"
        "pub struct Args {\n    /// How deep to go,\n    /// in feet:\n    /// {n}  from the "
        "top.\n    ///\n    /// Not below the water.\n    #[cfg(unix)]\n    #[arg(\n        "
        "long,\n        short = 'd',\n        value_name = \"feet|m\",\n        help = "
        "\"how deep, (or long, at 3)\",\n        long_help\n    )]\n    pub max_depth: "
        "Option<Vec<u8>>,\n\n"
        "    #[arg(long = \"type\", default_value_t = Kind::Hemp, help = \"of \\\n         "
        "which kind\")]\n    pub(crate) kind: Kind,\n\n    /// Said once.\n    #[arg(\n        // "
        "ripgrep's\n        short)]\n"
        "    #[arg(long)]\n    quiet: bool,\n\n    /// Overrides --quiet\n    #[arg(long, "
        "hide = true)]\n    no_quiet: (),\n\n    /// What to draw.\n    #[arg(default_value "
        "= \"\", help = \"along\", long_help)]\n    pattern: String,\n}\n\nfn more() {\n    "
        "// Arg::new(\"never\").long(\"never\")\n    cmd.arg(Arg::new(\"pull\")\n        "
        ".short('p') // up\n        .long(\"pull-up\").value_name(\"n\")\n        "
        ".default_value(\"2\").help(\"Pulls\"));\n}\n");
    made_file("crates/cli/src/main.rs",
              "use well::rope::{self, Rope};\nfn main() {\n    let _ = well::draw(1);\n}\n");
    made_file("go.mod", "module example.org/well\n\ngo 1.21\n\nrequire golang.org/x/net "
                        "v0.1.0\nrequire (\n\tgolang.org/x/sys v0.2.0 // indirect\n)\n");
    made_file(
        "cmd/well/main.go",
        "package main\n\nimport "
        "(\n\t\"flag\"\n\t\"net/http\"\n\t\"os\"\n\n\t\"example.org/well/pump\"\n)\n\nconst "
        "envMode = "
        "\"WELL_MODE\"\n\nvar mode = os.Getenv(envMode)\nvar depth = "
        "flag.Int(\"depth\", 3, \"how deep\")\n\nfunc main() {\n\tvar name "
        "string\n\tflag.StringVar(&name, \"name\", os.Getenv(\"WELL_NAME\"), \"which "
        "well\")\n\tflag.Parse()\n\thttp.HandleFunc(\"/water\", pump.Serve)\n\tpump.Run()\n}\n");
    made_file(
        "pump/pump.go",
        "// Package pump pumps.\npackage pump\n\nimport \"net/http\"\n\n// Most is the "
        "most.\nconst Most = 3\n\n// Pump is one.\ntype Pump struct {\n\t// Litres in "
        "it.\n\tLitres int\n\thidden int\n}\n\n// Run runs.\nfunc Run() {}\n\n// Serve "
        "answers.\nfunc Serve(w http.ResponseWriter, r *http.Request) {}\n\n// Fill fills.\n//\n// "
        "Deprecated: use Run.\nfunc (p *Pump) Fill(n int) error { return nil }\n");
    site = made_site_of(made_end("rust.git"));
    made_site_has(&site, "dependencies.md", "| `serde` | `1` | workspace | `Cargo.toml:9` |");
    made_site_has(&site, "dependencies.md", "| `bucket` | `in this repository` | runtime |");
    made_site_has(&site, "dependencies.md", "| `serde` | `of the workspace` | runtime |");
    made_site_has(&site, "dependencies.md", "- Needs Go `>= 1.21` (`go.mod:3`)");
    made_site_has(&site, "dependencies.md", "| `golang.org/x/net` | `v0.1.0` | runtime |");
    made_site_has(&site, "dependencies.md", "| `golang.org/x/sys` | `v0.2.0` | indirect |");
    made_site_has(&site, "configuration.md", "| `-depth` | `Int` | how deep |");
    made_site_has(&site, "configuration.md", "| `-name` | `String` | which well |");
    made_site_has(
        &site, "configuration.md",
        "| `-d, --max-depth <feet\\|m>` | `Option<Vec<u8>>` | How deep to go, in feet: from "
        "the top. | `crates/cli/src/args.rs:6-19` |");
    made_site_has(&site, "configuration.md", "| `--type` | `Kind::Hemp` | of which kind |");
    made_site_has(&site, "configuration.md", "| `-q, --quiet` | `bool` | Said once. |");
    made_site_has(&site, "configuration.md",
                  "| `-p, --pull-up <n>` | `2` | Pulls | `crates/cli/src/args.rs:43-46` |");
    made_site_lacks(&site, "configuration.md", "--no-quiet");
    made_site_lacks(&site, "configuration.md", "pattern");
    made_site_lacks(&site, "configuration.md", "wrong");
    made_site_lacks(&site, "configuration.md", "never");
    made_site_has(&site, "architecture.md", "| `crates/cli/` |  |");
    made_site_has(&site, "architecture.md", "| `crates/bucket/` | Holds what has been drawn. |");
    made_site_has(&site, "configuration.md", "| `WELL_DEPTH` |");
    made_site_has(&site, "configuration.md", "| `WELL_NAME` |");
    made_site_has(&site, "configuration.md", "| `WELL_MODE` |  |  | `cmd/well/main.go:11` |");
    made_site_has(&site, "configuration.md", "| `/water` |");
    made_site_has(&site, "guides.md", "- [Deep](guides/deep)\n- [Shallow](guides/shallow)");
    made_site_has(&site, "api/well.md", "**Errors:** When it is dry.");
    made_site_has(&site, "api/well.md", "**Panics:** Never.");
    made_site_has(&site, "api/well.md", "```rust\nwell::draw(1);\n```");
    made_site_has(&site, "api/well.md",
                  "| `Pail` | [`Bucket`](bucket#bucket-1) | struct | A bucket. |");
    made_site_has(&site, "api/well.md", "[`Draws`](#draws) | trait | What draws. |");
    made_site_has(&site, "api/well.md", "[`well`](#well-1) | macro | Makes one. |");
    made_site_has(&site, "api/well-rope.md", "| `length` | `pub length: Depth` | How long. |");
    made_site_has(&site, "api/well-rope.md", "| `Hemp` |  | of hemp |");
    made_site_has(&site, "api/well-rope.md", "| `Wire` | `Wire(u8)` |");
    made_site_has(&site, "api/well-rope.md", "pub const MOST: u32 = 3");
    made_site_has(&site, "api/well-rope.md", "pub type Long = u64");
    made_site_lacks(&site, "api/well-rope.md", "`hidden`");
    made_site_has(&site, "api/example-org-well-pump.md", "Package pump pumps.");
    made_site_has(&site, "api/example-org-well-pump.md",
                  "| `Litres` | `Litres int` | Litres in it. |");
    made_site_has(&site, "api/example-org-well-pump.md", "> [!WARNING]\n> Deprecated: use Run.");
    made_site_has(&site, "api/example-org-well-pump.md", "const Most = 3");
    made_site_lacks(&site, "api/example-org-well-pump.md", "`hidden`");
    made_site_crawl(&site);
}
