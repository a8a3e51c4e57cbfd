# What runs in which check. Every suite is a target check-NAME of its own; a suite counts once its files are there.

JOBS   ?= $(shell nproc 2>/dev/null || echo 2)
SUITES := unit $(patsubst tests/%.mk,%,$(wildcard tests/sql.mk)) module \
          $(if $(wildcard tests/browser.mk),browser) $(if $(and $(wildcard tests/tools/check-docs),$(wildcard README.md)),docs) \
          $(if $(wildcard tests/model.mk),model)

# The packages come first, and the variables of this Makefile ask them: hence a make of its own afterwards.
.PHONY: deps deps-dev check check-parts check-all check-asan check-valgrind check-mpms check-docs need-criterion

#: deps            the Debian packages that building and running need, servers as Debian starts them (root; else prints the line)
deps:
	@tests/tools/deps install

#: deps-dev        and those that tests and development need; starts no server and enables none at boot
deps-dev:
	@tests/tools/deps all

# What tests are built with.
need-criterion:
	@$(PKG_CONFIG) --exists criterion || { echo "The tests need Criterion: run make deps-dev first." >&2; exit 1; }

#: check           everything that guards a change; installs what is missing
check:
	@tests/tools/deps check
	@$(MAKE) --no-print-directory -j$(JOBS) all unit module-tests fault-tests
	@tests/tools/suites $(SUITES)

#: check-all       the long ones too: sanitizers, valgrind, all MPMs, every fault
check-all:
	@tests/tools/deps all
	@$(MAKE) --no-print-directory -j$(JOBS) all unit module-tests fault-tests
	@tests/tools/suites $(SUITES) mpms asan valgrind $(LONG_SUITES)

#: check-docs      code, conf and README say the same
check-docs:
	@tests/tools/check-docs

# The same module tests on the other MPMs.
check-mpms: module-tests
	@tests/tools/suites module-worker module-prefork
check-module-%: module-tests
	HARNESS_MPM=$* $(MAKE) --no-print-directory check-module

# httpd itself is not instrumented, so the run time comes first by LD_PRELOAD. Pools keep memory until a process ends,
# hence no leak reports; leaks of the unit tests are valgrind's.
ASAN_ENV = BUILD=build-asan SAN="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer" \
    HTTPD_PRELOAD="$$($(CC) -print-file-name=libasan.so):$$($(CC) -print-file-name=libubsan.so)" \
    ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1
#: check-asan      unit and module tests with AddressSanitizer and UBSan
check-asan:
	$(ASAN_ENV) $(MAKE) --no-print-directory -j$(JOBS) all unit module-tests
	$(ASAN_ENV) tests/tools/suites unit module

# Criterion runs each test in a process of its own, so children are followed; what tests start is not.
VALGRIND_SKIP = */git,*/git-*,*/ctags*,*/dot,*/bwrap,*/sh,*/dash,*/bash,*/python3*,*/sleep,*/cat,*/docgen-generate,*/psql,*/runuser,*/brotli,*/gzip
# Debian 12's valgrind knows no pidfd_open, without which no generator is started: those tests are the sanitizers'.
VALGRIND_BIN = $(filter-out %/test_jobs_generator,$(UNIT_BIN))
#: check-valgrind  unit tests under valgrind
check-valgrind: unit $(BUILD)/docgen-generate
	UNDER_VALGRIND=1 TALLY_WRAP="valgrind -q --error-exitcode=99 --suppressions=tests/tools/valgrind.supp --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite --trace-children=yes --trace-children-skip=$(VALGRIND_SKIP)" \
	    tests/tools/tally $(VALGRIND_BIN)
