# What a person does before the module runs: packages, installation, demo.

SUITES += setup
LONG_SUITES += install trixie
.PHONY: check-setup check-install check-trixie
#: check-setup     missing packages are said, what is installed has the right modes, the demo reads a repository anew
check-setup: all
	BUILD=$(abspath $(BUILD)) tests/tools/tally $(wildcard tests/setup/*.sh)

#: check-install   the README's installation, typed in a fresh Debian 12 as root and as a user with sudo (root; some minutes)
check-install:
	@tests/tools/deps all
	tests/setup/install bookworm

#: check-trixie    make check in a fresh Debian 13 (root; as long as make check)
check-trixie:
	@tests/tools/deps all
	tests/setup/other-debian trixie
