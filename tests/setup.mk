# What a person does before the module runs: packages, installation, demo.

SUITES += setup
.PHONY: check-setup
#: check-setup     missing packages are said, and what is installed has the right modes
check-setup: all
	BUILD=$(abspath $(BUILD)) tests/tools/tally $(wildcard tests/setup/*.sh)
