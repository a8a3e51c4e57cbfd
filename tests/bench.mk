# The bench: figures to look at, not a test.

$(BUILD)/bench/mod_constant.so: tests/bench/mod_constant.c
	@mkdir -p $(@D)
	$(CC) $(MODULE_CFLAGS) -shared $< -o $@

.PHONY: bench
#: bench           rates and latencies of this machine, with the ratios that are wanted
bench:
	@tests/tools/deps all
	@$(MAKE) --no-print-directory -s -j$(JOBS) all $(BUILD)/bench/mod_constant.so
	@BUILD=$(abspath $(BUILD)) tests/tools/with-servers tests/bench/run
