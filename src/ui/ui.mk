# The pages' style sheets and scripts, embedded into the module. The style sheets become one file: one request.
# SPDX-License-Identifier: Apache-2.0

UI_CSS := $(sort $(wildcard src/ui/css/*.css))
UI_SRC := $(sort $(wildcard src/ui/*.js src/ui/*.svg src/ui/vendor/*.js)) $(BUILD)/gen/docgen.css

$(BUILD)/gen/docgen.css: $(UI_CSS)
	@mkdir -p $(@D)
	cat $^ > $@

$(BUILD)/gen/ui_assets.c: src/ui/embed $(UI_SRC)
	src/ui/embed $@ $(UI_SRC)

$(BUILD)/obj/gen/ui_assets.o: $(BUILD)/gen/ui_assets.c src/web/ui_assets.h
	@mkdir -p $(@D)
	$(CC) $(MODULE_CFLAGS) -c $< -o $@

MODULE_OBJ += $(BUILD)/obj/gen/ui_assets.o
