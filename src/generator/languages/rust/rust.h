/* Rust.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_RUST_RUST_H
#define DOCGEN_GENERATOR_LANGUAGES_RUST_RUST_H

#include "generator/analysis/builder.h"

/** Reads one file. Never fails; linear time, bounded recursion. One thread per source. */
docgen_unit *docgen_scan_rust(const docgen_source *source);

/** Makes the modules of each crate, by their paths. */
void docgen_modules_rust(docgen_builder *builder);

/** Takes in the files that doc attributes of a unit name. Before its symbols go into modules. */
void docgen_rust_includes(docgen_builder *builder, docgen_unit *unit);

#endif
