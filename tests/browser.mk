# Browser tests: the pages in Debian's Chromium, on a real httpd, PostgreSQL and generator.

BROWSER_NPM := $(BUILD)/npm/node_modules/.package-lock.json

# playwright-core and axe-core at fixed versions, below build/ only.
$(BROWSER_NPM): tests/browser/package.json tests/browser/package-lock.json
	@mkdir -p $(BUILD)/npm
	cp $^ $(BUILD)/npm/
	cd $(BUILD)/npm && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: check-browser
#: check-browser   the pages in a real browser
check-browser: $(BROWSER_NPM) $(BUILD)/mod_docgen.so $(BUILD)/docgen-generate $(BUILD)/fake-generator
	BUILD=$(abspath $(BUILD)) tests/tools/with-servers tests/browser/run
