/* The style sheets, scripts and icons of src/ui, as src/ui/embed wrote them into the module.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_WEB_UI_ASSETS_H
#define DOCGEN_WEB_UI_ASSETS_H

#include <stddef.h>

typedef struct docgen_ui_bytes {
    const unsigned char *data; /**< NULL = this variant does not exist */
    size_t length;
} docgen_ui_bytes;

typedef struct docgen_ui_asset {
    const char *name; /**< "docgen.css" */
    const char *file; /**< "docgen-0123456789.css": the name with its content's hash */
    const char *hash;
    const char *media_type;
    docgen_ui_bytes plain;
    docgen_ui_bytes gzip;
    docgen_ui_bytes brotli;
} docgen_ui_asset;

/** All of them, ended by an entry whose name is NULL. Constant. */
extern const docgen_ui_asset docgen_ui_assets[];

/** A digest over all of them. */
extern const char docgen_ui_digest[];

#endif
