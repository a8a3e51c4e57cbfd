# Tests of the store without httpd: the gate alone, and every statement against a real PostgreSQL through a pool that
# behaves as mod_dbd's does.

STORE_TEST_CFLAGS := $(MODULE_CFLAGS) $(call pkg_c,criterion) -Itests
STORE_TEST_OBJ    := $(patsubst %,$(BUILD)/obj/src/store/%.o,connection_limiter connection call report reason incident explain row state work maintenance read)
STORE_TEST_LIB    := tests/store/pool.c tests/store/world.c
STORE_TEST_BIN    := $(BUILD)/store/test_store $(BUILD)/store/test_failures

$(BUILD)/store/%: tests/store/%.c $(STORE_TEST_LIB) $(wildcard tests/store/*.h) $(STORE_TEST_OBJ) $(CORE_OBJ) | need-criterion
	@mkdir -p $(@D)
	$(CC) $(STORE_TEST_CFLAGS) -MMD -MP -MF $@.d $< $(STORE_TEST_LIB) $(STORE_TEST_OBJ) $(CORE_OBJ) -o $@ \
	    $(CORE_LIBS) $(call pkg_l,criterion libpq)

# The gate needs no server: it belongs to the unit tests.
UNIT_BIN += $(BUILD)/store/test_connection_limiter
unit: $(BUILD)/store/test_connection_limiter
check-unit: $(BUILD)/store/test_connection_limiter
module-tests: $(STORE_TEST_BIN)

.PHONY: check-store
#: check-store     every statement of the store on a real PostgreSQL, and the directives
check-store: $(BUILD)/store/test_connection_limiter $(STORE_TEST_BIN) $(BUILD)/mod_docgen.so
	BUILD=$(abspath $(BUILD)) tests/tools/tally $(BUILD)/store/test_connection_limiter tests/module/test_store.sh tests/module/test_config.sh
