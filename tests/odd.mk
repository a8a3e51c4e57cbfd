# Very large repositories through the real generator; the smaller odd ones are unit tests (test_odd.c).

$(BUILD)/odd/heavy: tests/odd/heavy.c $(BUILD)/libgenerator.a $(CORE_OBJ) | need-criterion
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -MMD -MP -MF $@.d $< $(BUILD)/libgenerator.a $(CORE_OBJ) -o $@ $(GEN_LIBS) $(call pkg_l,criterion)

LONG_SUITES += odd
.PHONY: check-odd
#: check-odd       a file of 200 MB and 100,000 files: time and memory of the generator
check-odd: $(BUILD)/odd/heavy $(BUILD)/docgen-generate
	$(BUILD)/odd/heavy -j1
