# The parts of src/web that need no httpd: unit tests, linked with the objects of the module.

WEB_TEST_CFLAGS := $(MODULE_CFLAGS) $(call pkg_c,criterion)
WEB_TEST_OBJ    := $(patsubst %,$(BUILD)/obj/src/web/%.o,docs_html docs_nav shared_status)
WEB_TEST_BIN    := $(patsubst tests/web/%.c,$(BUILD)/web/%,$(wildcard tests/web/test_*.c))

$(BUILD)/web/%: tests/web/%.c $(WEB_TEST_OBJ) $(CORE_OBJ) | need-criterion
	@mkdir -p $(@D)
	$(CC) $(WEB_TEST_CFLAGS) -MMD -MP -MF $@.d $< $(WEB_TEST_OBJ) $(CORE_OBJ) -o $@ \
	    $(CORE_LIBS) $(call pkg_l,criterion)

UNIT_BIN += $(WEB_TEST_BIN)
unit: $(WEB_TEST_BIN)
check-unit: $(WEB_TEST_BIN)
