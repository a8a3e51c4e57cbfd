# Fault tests: the programs that stand between the module and its database.

.PHONY: fault-proxy
fault-proxy: $(BUILD)/fault-proxy

$(BUILD)/fault-proxy: tests/tools/fault-proxy.c
	@mkdir -p $(@D)
	$(CC) $(filter-out -fPIC,$(BASE_CFLAGS)) $< -o $@

# Programs that inject faults into real servers; they stand on the module tests' harness. One program for each line of
# FAULT_MAIN, from its own file and those named after it (storm_faults.c belongs to storm).
FAULT_MAIN := recovery storm
FAULT_BIN  := $(FAULT_MAIN:%=$(BUILD)/faults/%)
FAULT_OBJ  := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/faults/*.c))
FAULT_LIB  := $(patsubst %.c,$(BUILD)/obj/%.o,tests/faults/kit.c tests/faults/clients.c $(wildcard tests/module/harness*.c))

$(FAULT_OBJ): $(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -MMD -MP -c $< -o $@

.SECONDEXPANSION:
$(FAULT_BIN): $(BUILD)/faults/%: $$(addprefix $(BUILD)/obj/,$$(addsuffix .o,$$(basename $$(wildcard tests/faults/$$*.c tests/faults/$$*_*.c)))) \
              $(FAULT_LIB)
	@mkdir -p $(@D)
	$(CC) $(filter %.o,$^) -o $@ $(GEN_LIBS) $(call pkg_l,criterion libpq)

.PHONY: fault-tests recovery
fault-tests: all $(FAULT_BIN) $(BUILD)/fault-proxy $(BUILD)/fake-generator

#: recovery        [RUNS=30] [ONLY=name] [README=1]: time from each fault to the job's end, against what is promised
recovery: fault-tests
	BUILD=$(abspath $(BUILD)) RUNS=$(or $(RUNS),30) ONLY=$(ONLY) README=$(README) tests/faults/recovery-table

# As root in a mount namespace: what a storm mounts goes with it.
STORM = BUILD=$(abspath $(BUILD)) SEED=$(SEED) ONLY="$(ONLY)" $(if $(filter 0,$(shell id -u)),unshare -m) \
        tests/tools/with-servers $(BUILD)/faults/storm -j1
.PHONY: check-faults check-storm
#: check-faults    [MINUTES=10] [SEED=1] [ONLY=class]: a storm of faults over two httpds and one PostgreSQL
check-faults: fault-tests
	STORM_SECONDS=$$(( $(or $(MINUTES),10) * 60 )) $(STORM)
check-storm: fault-tests
	STORM_SECONDS=18 $(STORM)
