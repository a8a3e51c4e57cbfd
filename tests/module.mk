# Module tests: Criterion programs that drive real httpds with the module loaded and a real PostgreSQL.

MODULE_TEST_LIB := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/module/harness*.c))
MODULE_TEST_SRC := $(wildcard tests/module/test_*.c)
MODULE_TEST_BIN := $(MODULE_TEST_SRC:tests/module/%.c=$(BUILD)/module/%)
MODULE_TEST_SH  := $(wildcard tests/module/test_*.sh)
# What runs beside the tests; HARNESS_MPM=worker or prefork chooses another MPM.
MODULE_NEEDS    := $(BUILD)/mod_docgen.so $(BUILD)/docgen-generate $(BUILD)/fake-generator

$(MODULE_TEST_LIB): $(BUILD)/obj/%.o: %.c | need-criterion
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/module/%: tests/module/%.c $(MODULE_TEST_LIB) | need-criterion
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -MMD -MP -MF $@.d $< $(MODULE_TEST_LIB) -o $@ $(GEN_LIBS) $(call pkg_l,criterion libpq libcurl)

.PHONY: module-tests check-module
module-tests: $(MODULE_TEST_BIN) $(MODULE_NEEDS)

#: check-module    the module in real httpds on a real PostgreSQL
check-module: module-tests
	BUILD=$(abspath $(BUILD)) tests/tools/with-servers tests/tools/tally $(MODULE_TEST_BIN) $(MODULE_TEST_SH)
