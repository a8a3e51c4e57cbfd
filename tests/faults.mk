# Fault tests: the programs that stand between the module and its database.

.PHONY: fault-proxy
fault-proxy: $(BUILD)/fault-proxy

$(BUILD)/fault-proxy: tests/tools/fault-proxy.c
	@mkdir -p $(@D)
	$(CC) $(filter-out -fPIC,$(BASE_CFLAGS)) $< -o $@

# Programs that inject faults into real servers; they stand on the module tests' harness.
FAULT_LIB := $(BUILD)/obj/tests/faults/kit.o
FAULT_SRC := $(filter-out tests/faults/kit.c,$(wildcard tests/faults/*.c))
FAULT_BIN := $(FAULT_SRC:tests/faults/%.c=$(BUILD)/faults/%)

$(FAULT_LIB): $(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/faults/%: tests/faults/%.c $(FAULT_LIB) $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/module/harness*.c))
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -MMD -MP -MF $@.d $< $(filter %.o,$^) -o $@ $(GEN_LIBS) $(call pkg_l,criterion libpq)

.PHONY: fault-tests recovery
fault-tests: all $(FAULT_BIN) $(BUILD)/fault-proxy $(BUILD)/fake-generator

#: recovery        [RUNS=30] [ONLY=name] [README=1]: time from each fault to the job's end, against what is promised
recovery: fault-tests
	BUILD=$(abspath $(BUILD)) RUNS=$(or $(RUNS),30) ONLY=$(ONLY) README=$(README) tests/faults/recovery-table
