# The generator that tests put in the place of docgen-generate, and the parts of src/jobs that need no httpd, for unit tests.

.PHONY: fake-generator
fake-generator: $(BUILD)/fake-generator

$(BUILD)/fake-generator: tests/tools/fake-generator.c
	@mkdir -p $(@D)
	$(CC) $(filter-out -fPIC,$(CORE_CFLAGS)) $< -o $@ $(call pkg_l,jansson)

JOBS_UNIT_OBJ := $(patsubst %,$(BUILD)/obj/src/jobs/%.o,batch event_artifacts events generator orphan_processes scoreboard worker_process workdir)
UNIT_LIBS     += $(BUILD)/libjobs.a

$(BUILD)/libjobs.a: $(JOBS_UNIT_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

# The tests of a running generator run this one.
$(BUILD)/unit/test_jobs_generator: $(BUILD)/fake-generator

# The jobs side in real httpds under ThreadSanitizer. httpd is not instrumented, so the run time comes first by
# LD_PRELOAD; its findings are lines of the error log, which every test's end looks at. httpd logs, and
# prefork runs all cleanups, inside signal handlers by its own design: that report is off. Where the kernel shuffles
# addresses further than the run time knows, it must not.
TSAN_BUILD := $(BUILD)-tsan
TSAN_TESTS  = $(addprefix $(BUILD)/module/test_,faults_database faults_end faults_generator api)
LONG_SUITES += tsan
.PHONY: tsan-build check-tsan
tsan-build:
	@$(MAKE) --no-print-directory BUILD=$(TSAN_BUILD) SAN=-fsanitize=thread $(TSAN_BUILD)/mod_docgen.so
	@$(MAKE) --no-print-directory BUILD=$(TSAN_BUILD) $(TSAN_BUILD)/fake-generator $(TSAN_BUILD)/fault-proxy
#: check-tsan      the tests of the jobs side with ThreadSanitizer, on event and on prefork
check-tsan: module-tests tsan-build
	@tests/tools/suites tsan-event tsan-prefork
check-tsan-%: module-tests tsan-build
	@nm -D $(TSAN_BUILD)/mod_docgen.so | grep -q __tsan_write || { echo "the module is not instrumented" >&2; exit 1; }
	BUILD=$(abspath $(TSAN_BUILD)) HARNESS_MPM=$* HARNESS_PATIENCE=6 UNDER_TSAN=1 \
	    HTTPD_PRELOAD="$$($(CC) -print-file-name=libtsan.so)" \
	    TSAN_OPTIONS="suppressions=$(abspath tests/tools/tsan.supp) report_signal_unsafe=0" \
	    $(shell setarch -R true 2> /dev/null && echo setarch -R) tests/tools/with-servers tests/tools/tally $(TSAN_TESTS)

# These stand between the module and its database.
$(BUILD)/module/test_faults_database: $(BUILD)/fault-proxy
KIT_TESTS := $(addprefix $(BUILD)/module/,test_faults_database test_faults_end test_health)
$(KIT_TESTS): $(BUILD)/obj/tests/faults/kit.o
$(KIT_TESTS): MODULE_TEST_LIB += $(BUILD)/obj/tests/faults/kit.o
