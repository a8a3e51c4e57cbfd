# mod_docgen: everything is built below $(BUILD); `make help` lists the targets.
# SPDX-License-Identifier: Apache-2.0

BUILD   ?= build
PREFIX  ?= /usr
APXS    ?= apxs
CC      ?= gcc
PKG_CONFIG ?= pkg-config
WERROR  ?= -Werror
OPT     ?= -O2 -g
SAN     ?=

# The programs below are absent before `make deps`; a missing one must not break parsing.
apxs_q   = $(shell $(APXS) -q $(1) 2>/dev/null)
pkg_c    = $(shell $(PKG_CONFIG) --cflags $(1) 2>/dev/null)
pkg_l    = $(shell $(PKG_CONFIG) --libs $(1) 2>/dev/null)

BASE_CFLAGS   := -std=gnu11 -Wall -Wextra $(WERROR) $(OPT) $(SAN) -fPIC -fvisibility=hidden -fstack-protector-strong \
                 -D_GNU_SOURCE -Isrc -I$(BUILD)/gen
ifeq ($(SAN),)
BASE_CFLAGS   += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
endif
CORE_CFLAGS   := $(BASE_CFLAGS) $(call pkg_c,apr-1 apr-util-1 jansson)
MODULE_CFLAGS := $(CORE_CFLAGS) -I$(call apxs_q,INCLUDEDIR) $(call pkg_c,libpq)
GEN_CFLAGS    := $(CORE_CFLAGS) $(call pkg_c,md4c libxml-2.0 libcurl libseccomp yaml-0.1)
TEST_CFLAGS   := $(GEN_CFLAGS) $(call pkg_c,criterion libpq) -Itests

CORE_LIBS   := $(call pkg_l,apr-1 apr-util-1 jansson)
MODULE_LIBS := $(call pkg_l,jansson libpq)
# libcurl is loaded when it is needed (src/generator/fetch/web.c).
GEN_LIBS    := $(CORE_LIBS) $(call pkg_l,md4c libxml-2.0 libseccomp yaml-0.1) -lz
LDHARDEN    := -Wl,-z,relro,-z,now

CORE_SRC    := $(wildcard src/core/*.c)
MODULE_SRC  := mod_docgen.c $(wildcard src/config/*.c src/web/*.c src/jobs/*.c src/store/*.c)
GEN_SRC     := $(wildcard src/generator/*.c src/generator/*/*.c src/generator/*/*/*.c)

CORE_OBJ    := $(CORE_SRC:%.c=$(BUILD)/obj/%.o)
MODULE_OBJ  := $(MODULE_SRC:%.c=$(BUILD)/obj/%.o)
GEN_OBJ     := $(GEN_SRC:%.c=$(BUILD)/obj/%.o)
# What unit tests link: the generator without its main().
GEN_LIB_OBJ := $(filter-out $(BUILD)/obj/src/generator/main.o,$(GEN_OBJ))

.PHONY: all tools clean help install migrate
#: all             build/mod_docgen.so and build/docgen-generate (the default)
all: tools $(BUILD)/mod_docgen.so $(BUILD)/docgen-generate

tools:
	@command -v $(APXS) > /dev/null && command -v $(CC) > /dev/null && command -v brotli > /dev/null && \
	    $(PKG_CONFIG) --exists apr-1 apr-util-1 jansson libpq md4c libxml-2.0 libcurl libseccomp yaml-0.1 zlib || \
	    { echo "What the build needs is missing: run make deps first." >&2; exit 1; }

include src/ui/ui.mk $(wildcard tests/*.mk)

$(BUILD)/obj/src/core/%.o: src/core/%.c | tools
	@mkdir -p $(@D)
	$(CC) $(CORE_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/obj/src/generator/%.o: src/generator/%.c | tools
	@mkdir -p $(@D)
	$(CC) $(GEN_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/obj/%.o: %.c | tools
	@mkdir -p $(@D)
	$(CC) $(MODULE_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/mod_docgen.so: $(MODULE_OBJ) $(CORE_OBJ)
	$(CC) -shared $(SAN) $(LDHARDEN) -o $@ $^ $(MODULE_LIBS)

$(BUILD)/docgen-generate: $(GEN_OBJ) $(CORE_OBJ)
	$(CC) -pie $(SAN) $(LDHARDEN) -o $@ $^ $(GEN_LIBS)

#: migrate         DATABASE=conninfo: applies the files of sql/ that the database does not have yet
migrate:
	@test -n "$(DATABASE)" || { echo "Say which database: make migrate DATABASE='host=/run/postgresql dbname=docs'" >&2; exit 2; }
	@sql/migrate "$(DATABASE)"

# Debian's layout: afterwards `a2enmod dbd docgen`. docgen.conf will hold a password: only its owner and group read it. An
# edited one is never overwritten.
#: install         [DESTDIR=]: module, program, configuration and sql
install: all
	install -D -m 644 $(BUILD)/mod_docgen.so "$(DESTDIR)$(call apxs_q,LIBEXECDIR)/mod_docgen.so"
	install -D -m 755 $(BUILD)/docgen-generate "$(DESTDIR)$(PREFIX)/bin/docgen-generate"
	install -D -m 644 conf/docgen.load "$(DESTDIR)/etc/apache2/mods-available/docgen.load"
	test -e "$(DESTDIR)/etc/apache2/mods-available/docgen.conf" || \
	    install -D -m 640 conf/docgen.conf "$(DESTDIR)/etc/apache2/mods-available/docgen.conf"
	@test -z "$$(find "$(DESTDIR)/etc/apache2/mods-available/docgen.conf" -perm -o=r)" || \
	    echo "docgen.conf holds a password and everybody may read it: chmod 640 $(DESTDIR)/etc/apache2/mods-available/docgen.conf" >&2
	install -d "$(DESTDIR)$(PREFIX)/share/docgen/sql"
	install -m 644 sql/*.sql "$(DESTDIR)$(PREFIX)/share/docgen/sql/"
	install -m 755 sql/migrate "$(DESTDIR)$(PREFIX)/share/docgen/sql/migrate"

clean:
	@test ! -e $(BUILD)/demo || DIR=$(BUILD)/demo tests/tools/demo stop
	rm -rf $(BUILD) $(addprefix build-,asan cov faults fuzz lint next tsan)

help:
	@sed -n 's/^#: //p' Makefile tests/*.mk

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
