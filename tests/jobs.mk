# The generator that tests put in the place of docgen-generate, and the parts of src/jobs that need no httpd, for unit tests.

.PHONY: fake-generator
fake-generator: $(BUILD)/fake-generator

$(BUILD)/fake-generator: tests/tools/fake-generator.c
	@mkdir -p $(@D)
	$(CC) $(filter-out -fPIC,$(CORE_CFLAGS)) $< -o $@ $(call pkg_l,jansson)

JOBS_UNIT_OBJ := $(patsubst %,$(BUILD)/obj/src/jobs/%.o,batch board events generator leftover owner workdir)
UNIT_LIBS     += $(BUILD)/libjobs.a

$(BUILD)/libjobs.a: $(JOBS_UNIT_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

# The tests of a running generator run this one.
$(BUILD)/unit/test_jobs_generator: $(BUILD)/fake-generator

# These stand between the module and its database.
$(BUILD)/module/test_faults_database: $(BUILD)/fault-proxy
$(BUILD)/module/test_faults_database $(BUILD)/module/test_faults_end: $(BUILD)/obj/tests/faults/kit.o
$(BUILD)/module/test_faults_database $(BUILD)/module/test_faults_end: MODULE_TEST_LIB += $(BUILD)/obj/tests/faults/kit.o
