# The bench: figures to look at, not a test.

$(BUILD)/bench/mod_constant.so: tests/bench/mod_constant.c
	@mkdir -p $(@D)
	$(CC) $(MODULE_CFLAGS) -shared $< -o $@

.PHONY: bench bench-search bench-generate bench-reader
#: bench           rates and latencies of this machine, with the ratios that are wanted
bench:
	@tests/tools/deps all
	@$(MAKE) --no-print-directory -s -j$(JOBS) all $(BUILD)/bench/mod_constant.so
	@BUILD=$(abspath $(BUILD)) tests/tools/with-servers tests/bench/run
	@$(MAKE) --no-print-directory -s bench-generate
	@$(MAKE) --no-print-directory -s bench-search

#: bench-generate  [REPOS="dir…"]: the generator on this checkout and on those, against git, ctags and Doxygen (part of bench)
bench-generate:
	@tests/tools/deps all
	@$(MAKE) --no-print-directory -s -j$(JOBS) $(BUILD)/docgen-generate
	@BUILD=$(abspath $(BUILD)) tests/bench/generate . $(REPOS)

#: bench-search    search over a million pages and symbols (part of bench; minutes, and two gigabytes of /tmp)
bench-search:
	@tests/tools/deps all
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	@BUILD=$(abspath $(BUILD)) tests/tools/with-servers tests/bench/search

#: bench-reader    MIRRORS=dir [NAMES="…"]: questions written before the pages, asked of public repositories that lie in MIRRORS
bench-reader:
	@tests/tools/deps all
	@$(MAKE) --no-print-directory -s -j$(JOBS) $(BUILD)/docgen-generate
	@tests/reader/ask $(abspath $(BUILD))/docgen-generate "$(or $(MIRRORS),$(BUILD)/mirrors)" $(NAMES)
