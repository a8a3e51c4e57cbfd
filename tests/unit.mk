# Unit tests: one Criterion program for each tests/unit/test_*.c, linked with core and the generator, without httpd.

UNIT_SRC := $(wildcard tests/unit/test_*.c)
UNIT_BIN += $(UNIT_SRC:tests/unit/%.c=$(BUILD)/unit/%)

# As a library, so that a test links only the part of the generator that it uses.
$(BUILD)/libgenerator.a: $(GEN_LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

# Other parts that need no httpd add their library to UNIT_LIBS before this file is read.
$(BUILD)/unit/%: tests/unit/%.c $(UNIT_LIBS) $(BUILD)/libgenerator.a $(CORE_OBJ) | need-criterion
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -MMD -MP -MF $@.d $< $(UNIT_LIBS) $(BUILD)/libgenerator.a $(CORE_OBJ) -o $@ $(GEN_LIBS) $(call pkg_l,criterion)

.PHONY: unit check-unit
unit: $(UNIT_BIN)

#: check-unit      unit tests: neither root nor a server
check-unit: unit $(BUILD)/docgen-generate
	tests/tools/tally $(UNIT_BIN)
