# Line coverage of our own C by the unit and module tests, in a build of its own. httpd's children write their counts
# when they exit, as the user they run as; those that a test kills write none, and neither does the generator's worker
# where its sandbox keeps it from writing. execve stays the plain one: gcov's own writes the counts in the child of a vfork,
# after which the parent, whose memory that is, writes none.

COVERAGE_ARGS = BUILD=build-cov OPT="-O0 -g" SAN="--coverage -fprofile-update=atomic -fno-builtin-execve"

.PHONY: coverage coverage-report
#: coverage        line coverage of src/ by the unit and module tests [SUITES="unit module"]
coverage: COVERED = $(if $(filter command line,$(origin SUITES)),$(SUITES),unit module)
coverage:
	@tests/tools/deps all
	@$(MAKE) --no-print-directory -j$(JOBS) all unit module-tests $(COVERAGE_ARGS)
	@find build-cov -name '*.gcda' -delete
	@find build-cov/obj -name '*.gcno' | sed 's/gcno$$/gcda/' | xargs touch
	@find build-cov/obj -name '*.gcda' -exec chmod a+rw {} +
	@MAKEFLAGS= BUILD=build-cov OPT="-O0 -g" SAN="--coverage -fprofile-update=atomic -fno-builtin-execve" \
	    tests/tools/suites $(COVERED)
	@$(MAKE) --no-print-directory coverage-report
coverage-report:
	@find build-cov -name '*.gcda' -empty -delete
	@gcovr --root . --object-directory build-cov/obj --filter 'src/' --filter mod_docgen.c --sort-uncovered \
	    --txt build-cov/coverage.txt --html-details build-cov/coverage.html build-cov/obj > build-cov/gcovr.log
	@sort -k2n -k3nr build-cov/coverage.txt | awk '$$2 - $$3 > 40 { printf "%-50s %5d of %5d lines are not covered\n", $$1, $$2 - $$3, $$2 }'
	@awk '$$1 ~ /^(src|mod_)/ { part = $$1 ~ /generator/ ? 2 : 1; all[part] += $$2; hit[part] += $$3 } \
	    END { for (i = 1; i <= 2; i++) printf "%s: %.1f %% of %d lines\n", i == 1 ? "module" : "generator", 100 * hit[i] / all[i], all[i] }' \
	    build-cov/coverage.txt
