# Fuzz targets: libFuzzer with AddressSanitizer and UBSan on every reader of untrusted text. They are built by clang into
# a directory of their own.

FUZZ_SRC := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_BIN := $(FUZZ_SRC:tests/fuzz/fuzz_%.c=$(BUILD)/fuzz/%)

$(BUILD)/fuzz/%: tests/fuzz/fuzz_%.c tests/fuzz/fuzz.c tests/fuzz/fuzz.h $(BUILD)/libjobs.a $(BUILD)/libgenerator.a $(CORE_OBJ)
	@mkdir -p $(@D)
	$(CC) $(GEN_CFLAGS) -Itests -rdynamic -fsanitize=fuzzer $(filter %.c,$^) $(filter %.a,$^) $(CORE_OBJ) -o $@ $(GEN_LIBS)

LONG_SUITES += fuzz
.PHONY: fuzz-programs check-fuzz
fuzz-programs: $(FUZZ_BIN)

#: check-fuzz      [SECONDS=20] [ONLY=name]: each fuzz target for that long
check-fuzz:
	@tests/tools/deps all
	$(MAKE) --no-print-directory -j$(JOBS) fuzz-programs BUILD=build-fuzz CC=clang OPT="-O1 -g" \
	    SAN="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer"
	@FUZZ_DIR=build-fuzz SECONDS_EACH=$(or $(SECONDS),20) \
	    tests/fuzz/run $(patsubst $(BUILD)/%,build-fuzz/%,$(if $(ONLY),$(BUILD)/fuzz/$(ONLY),$(FUZZ_BIN)))
