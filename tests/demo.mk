# The demo: `make demo [REPO=URL-or-path] [ID=name] [PORT=8080] [DIR=build/demo] [GENERATOR=program]`.

PORT      ?= 8080
DIR       ?= $(BUILD)/demo
REPO      ?=
ID        ?=
GENERATOR ?=
DEMO       = BUILD="$(abspath $(BUILD))" tests/tools/demo

.PHONY: demo demo-stop demo-crash
# In the environment, not pasted into a recipe: an address may hold what means something to make or to the shell.
demo demo-stop demo-crash: override export REPO := $(value REPO)
demo demo-stop demo-crash: export ID := $(ID)
demo demo-stop demo-crash: export PORT := $(PORT)
demo demo-stop demo-crash: export DIR := $(DIR)
demo demo-stop demo-crash: export GENERATOR := $(GENERATOR)
#: demo            [REPO=URL-or-path] [ID=name] [PORT=8080] [DIR=build/demo]: a running server and one generation, watched
demo:
	@$(DEMO) plan
	@tests/tools/deps demo
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	@$(DEMO) start

#: demo-stop       [DIR=build/demo]: stops it and removes what it made
demo-stop:
	@$(DEMO) stop

#: demo-crash      kills the server process that runs a job, and shows what becomes of the job
demo-crash: DIR := $(BUILD)/demo-crash
demo-crash: ID  := crash
demo-crash:
	@tests/tools/deps demo
	@$(MAKE) --no-print-directory -s -j$(JOBS) all fake-generator
	@$(DEMO) crash
