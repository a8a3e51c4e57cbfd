# Static checks: the house's format, two compilers' warnings, gcc's analyzer, clang-tidy, shell syntax. Every file's
# result is a stamp below build-lint, so that a second run looks at what changed only.

LINT         := build-lint
LINT_C       := $(MODULE_SRC) $(CORE_SRC) $(GEN_SRC)
LINT_TEST_C  := $(wildcard tests/*/*.c)
LINT_H       := $(wildcard src/*.h src/*/*.h src/*/*/*.h src/*/*/*/*.h tests/*/*.h)
LINT_FLAGS    = $(filter-out -f% -D_FORTIFY_SOURCE=2 -U_FORTIFY_SOURCE,$(TEST_CFLAGS) $(MODULE_CFLAGS))
# The generator reads text with pointers that the analyzer cannot follow through APR; clang-tidy sees it all the same.
LINT_ANALYZE := $(MODULE_SRC) $(CORE_SRC)
# The hash holds the slot by the key inside it, which the analyzer takes for a lost pointer.
$(LINT)/analyzer/src/web/shared_status: LINT_FLAGS += -Wno-analyzer-malloc-leak

$(LINT)/analyzer/%: %.c $(LINT_H)
	@mkdir -p $(@D)
	@gcc $(LINT_FLAGS) -fanalyzer -S $< -o /dev/null
	@touch $@
$(LINT)/clang/%: %.c $(LINT_H)
	@mkdir -p $(@D)
	@clang $(LINT_FLAGS) -fsyntax-only $<
	@touch $@
$(LINT)/tidy/%: %.c $(LINT_H) .clang-tidy
	@mkdir -p $(@D)
	@clang-tidy --quiet $< -- $(LINT_FLAGS) 2> $@.log || { cat $@.log >&2; exit 1; }
	@rm -f $@.log
	@touch $@

LONG_SUITES += lint
.PHONY: lint lint-format lint-shell lint-clang lint-analyzer lint-tidy check-lint
lint-format:
	@clang-format --dry-run -Werror $(LINT_C) $(LINT_TEST_C) $(LINT_H)
lint-shell:
	@for f in .ci/run $$(grep -lE '^#!/(usr/)?bin/(env )?bash' sql/* tests/*/* 2>/dev/null); do bash -n "$$f" || exit 1; done
lint-clang:    $(patsubst %.c,$(LINT)/clang/%,$(LINT_C) $(LINT_TEST_C))
lint-analyzer: $(patsubst %.c,$(LINT)/analyzer/%,$(LINT_ANALYZE))
lint-tidy:     $(patsubst %.c,$(LINT)/tidy/%,$(LINT_C))

#: lint            format, clang's warnings, gcc -fanalyzer, clang-tidy, bash -n
lint:
	@tests/tools/deps all
	@$(MAKE) --no-print-directory -k -j$(JOBS) lint-format lint-shell lint-clang lint-analyzer lint-tidy
check-lint: lint
