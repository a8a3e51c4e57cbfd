# The generator that tests put in the place of docgen-generate.

.PHONY: fake-generator
fake-generator: $(BUILD)/fake-generator

$(BUILD)/fake-generator: tests/tools/fake-generator.c
	@mkdir -p $(@D)
	$(CC) $(filter-out -fPIC,$(CORE_CFLAGS)) $< -o $@ $(call pkg_l,jansson)
