# Fault tests: the programs that stand between the module and its database.

.PHONY: fault-proxy
fault-proxy: $(BUILD)/fault-proxy

$(BUILD)/fault-proxy: tests/tools/fault-proxy.c
	@mkdir -p $(@D)
	$(CC) $(filter-out -fPIC,$(BASE_CFLAGS)) $< -o $@
