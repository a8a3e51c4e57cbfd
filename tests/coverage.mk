# Line coverage of our own C by the unit and module tests, in a build of its own. httpd's children write their counts
# when they exit, as the user they run as; those that a test kills write none. The generator's worker writes them through
# a hole in its sandbox, except where httpd started it, whose path is the plain one. execve stays the plain one: gcov's
# own writes the counts in the child of a vfork, after which the parent, whose memory that is, writes none.

COVERAGE_ARGS = BUILD=build-cov OPT="-O0 -g" SAN="--coverage -fprofile-update=atomic -fno-builtin-execve"
COVERAGE_LEAST ?= 90

.PHONY: coverage coverage-report
#: coverage        line coverage of src/ by the unit and module tests, at least 90 % [SUITES="unit module"]
coverage: COVERED = $(if $(filter command line,$(origin SUITES)),$(SUITES),unit module)
coverage:
	@tests/tools/deps all
	@$(MAKE) --no-print-directory -j$(JOBS) all unit module-tests $(COVERAGE_ARGS)
	@find build-cov -name '*.gcda' -delete
	@find build-cov/obj -name '*.gcno' | sed 's/gcno$$/gcda/' | xargs touch
	@find build-cov/obj -name '*.gcda' -exec chmod a+rw {} +
	@mkdir -p build-cov/bin && ln -sf ../../tests/tools/bwrap-counted build-cov/bin/bwrap
	@MAKEFLAGS= PATH="$(abspath build-cov/bin):$$PATH" BUILD=build-cov OPT="-O0 -g" \
	    SAN="--coverage -fprofile-update=atomic -fno-builtin-execve" tests/tools/suites $(COVERED)
	@$(MAKE) --no-print-directory coverage-report
coverage-report:
	@find build-cov -name '*.gcda' -empty -delete
	@gcovr --root . --object-directory build-cov/obj --filter 'src/' --filter mod_docgen.c --csv build-cov/coverage.csv \
	    --txt build-cov/coverage.txt --html-details build-cov/coverage.html build-cov/obj > build-cov/gcovr.log
	@tail -n +2 build-cov/coverage.csv | sort -t, -k2n | awk -F, -v least=$(COVERAGE_LEAST) ' \
	    { part = $$1 ~ /generator/ ? "generator" : "module"; all[part] += $$2; hit[part] += $$3; lines += $$2; ran += $$3 } \
	    $$2 - $$3 > 40 { printf "%-50s %5d of %5d lines are not covered\n", $$1, $$2 - $$3, $$2 } \
	    END { for (part in all) printf "%s: %.1f %% of %d lines\n", part, 100 * hit[part] / all[part], all[part]; \
	        printf "all: %.1f %% of %d lines, %d %% are wanted\n", 100 * ran / lines, lines, least; exit 100 * ran < least * lines }'
