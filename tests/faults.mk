# Fault tests: the programs that stand between the module and its database.

.PHONY: fault-proxy
fault-proxy: $(BUILD)/fault-proxy

$(BUILD)/fault-proxy: tests/tools/fault-proxy.c
	@mkdir -p $(@D)
	$(CC) $(filter-out -fPIC,$(BASE_CFLAGS)) $< -o $@

# Programs that inject faults into real servers; they stand on the module tests' harness. One program for each line of
# FAULT_MAIN, from its own file and those named after it (storm_faults.c belongs to storm).
FAULT_MAIN := recovery storm switches fence upgrade endurance
FAULT_BIN  := $(FAULT_MAIN:%=$(BUILD)/faults/%)
FAULT_OBJ  := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/faults/*.c))
FAULT_LIB  := $(patsubst %.c,$(BUILD)/obj/%.o,tests/faults/kit.c tests/faults/clients.c $(wildcard tests/module/harness*.c))

$(FAULT_OBJ): $(BUILD)/obj/%.o: %.c | need-criterion
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -MMD -MP -c $< -o $@

.SECONDEXPANSION:
$(FAULT_BIN): $(BUILD)/faults/%: $$(addprefix $(BUILD)/obj/,$$(addsuffix .o,$$(basename $$(wildcard tests/faults/$$*.c tests/faults/$$*_*.c)))) \
              $(FAULT_LIB)
	@mkdir -p $(@D)
	$(CC) $(filter %.o,$^) -o $@ $(GEN_LIBS) $(call pkg_l,criterion libpq libcurl)

SUITES      += fence storm
LONG_SUITES += switches upgrade mutants endurance recovery $(foreach mpm,worker prefork,storm-$(mpm) recovery-$(mpm))

# MPM=worker or prefork: the same on another MPM.
FAULT_MPM = $(if $(MPM),HARNESS_MPM=$(MPM))

.PHONY: fault-tests recovery check-recovery
fault-tests: all $(FAULT_BIN) $(BUILD)/fault-proxy $(BUILD)/fake-generator

#: recovery        [RUNS=30] [ONLY=name] [MPM=event] [README=1]: time from each fault to the job's end, against what is promised
recovery: fault-tests
	$(FAULT_MPM) BUILD=$(abspath $(BUILD)) RUNS=$(or $(RUNS),30) ONLY=$(ONLY) README=$(README) tests/faults/recovery-table

check-recovery:
	@$(MAKE) --no-print-directory recovery RUNS=5
check-recovery-%:
	@$(MAKE) --no-print-directory recovery RUNS=3 MPM=$*

# As root in a mount namespace: what a storm mounts goes with it.
STORM = $(FAULT_MPM) BUILD=$(abspath $(BUILD)) SEED=$(SEED) ONLY="$(ONLY)" $(shell unshare -m true 2> /dev/null && echo unshare -m) \
        tests/tools/with-servers $(BUILD)/faults/storm -j1
.PHONY: check-faults check-storm
#: check-faults    [MINUTES=10] [SEED=1] [ONLY=class] [MPM=event]: a storm of faults over two httpds and one PostgreSQL
check-faults: fault-tests
	STORM_SECONDS=$$(( $(or $(MINUTES),10) * 60 )) $(STORM)
#: check-storm     the same in short; check-storm-worker and check-storm-prefork on another MPM
check-storm: fault-tests
	STORM_SECONDS=18 $(STORM)
check-storm-%:
	@$(MAKE) --no-print-directory check-storm MPM=$*

# The module with its test switches has a build directory of its own; the other one must hold nothing of them.
FAULTS_BUILD := $(BUILD)-faults
.PHONY: check-switches faults-build
faults-build:
	@$(MAKE) --no-print-directory BUILD=$(FAULTS_BUILD) OPT="-O2 -g -DDOCGEN_FAULTS" $(FAULTS_BUILD)/mod_docgen.so $(FAULTS_BUILD)/fake-generator
#: check-switches  [ONLY=statement]: a crash, a hang and a lost reply at every statement of the state machine
check-switches: fault-tests faults-build
	@! nm $(BUILD)/mod_docgen.so | grep docgen_fault && ! strings $(BUILD)/mod_docgen.so | grep DOCGEN_FAULT || \
	    { echo "the normal build holds test switches" >&2; exit 1; }
	@nm $(FAULTS_BUILD)/mod_docgen.so | grep -q ' docgen_fault$$' || { echo "the test build holds no switches" >&2; exit 1; }
	BUILD=$(abspath $(FAULTS_BUILD)) ONLY=$(ONLY) tests/tools/with-servers $(BUILD)/faults/switches -j1

FAULT_RUN = BUILD=$(abspath $(BUILD)) tests/tools/with-servers
.PHONY: check-fence check-upgrade check-endurance check-mutants
check-fence: fault-tests
	$(FAULT_RUN) $(BUILD)/faults/fence -j1

# The module of a later release, as far as the version that it needs.
NEXT_BUILD := $(BUILD)-next
NEXT_VERSION = $(shell awk '/define DOCGEN_SCHEMA_VERSION/ { print $$3 + 1 }' src/store/store.h)
#: check-upgrade   the next schema under load, with both versions of the module at work
check-upgrade: fault-tests
	@$(MAKE) --no-print-directory BUILD=$(NEXT_BUILD) OPT="-O2 -g -DDOCGEN_SCHEMA_VERSION=$(NEXT_VERSION)" $(NEXT_BUILD)/mod_docgen.so $(NEXT_BUILD)/fake-generator
	tests/faults/next-schema $(NEXT_BUILD)/sql
	NEXT_BUILD=$(abspath $(NEXT_BUILD)) NEXT_SQL=$(abspath $(NEXT_BUILD))/sql $(FAULT_RUN) $(BUILD)/faults/upgrade -j1

#: check-endurance [JOBS_IN_A_ROW=1000]: memory, descriptors and tables stay flat
check-endurance: fault-tests
	JOBS_IN_A_ROW=$(JOBS_IN_A_ROW) $(FAULT_RUN) $(BUILD)/faults/endurance -j1

#: check-mutants   [ONLY=regex]: the code without one of its guards turns the tests red
check-mutants: all module-tests unit
	BUILD=$(abspath $(BUILD)) tests/faults/mutants "$(or $(ONLY),.)"
