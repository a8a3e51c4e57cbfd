/* A project's state for people: the four views and their words.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_WEB_PROJECT_VIEW_H
#define DOCGEN_WEB_PROJECT_VIEW_H

#include "core/buffer.h"
#include "web/context.h"

/** The view that a status is shown as: not_started, generating, complete, failed. src/ui/state.js says the same. */
const char *docgen_project_view(docgen_status status);

/** The heading of a view. */
const char *docgen_project_heading(docgen_status status);

/** The label of the button. src/ui/state.js says the same. */
const char *docgen_project_button(const docgen_state *state);

/** A status in a word or three: "Up to date". */
const char *docgen_project_label(docgen_status status);

/** Appends a small label of the state: "Up to date", "Generating 40 %" … */
void docgen_project_badge(const docgen_context *context, docgen_buffer *page,
                          const docgen_state *state);

/** Appends "Generated from abc1234 on main, 3 minutes ago". */
void docgen_project_source(const docgen_context *context, docgen_buffer *page, const char *commit,
                           const char *branch, apr_time_t published_at, apr_time_t now);

#endif
