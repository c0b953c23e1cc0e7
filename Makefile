# SPDX-License-Identifier: GPL-2.0-only
#
#	make			the command, the library and the module
#	make modules KDIR=DIR	the module for the kernel whose build tree is DIR
#	make check		everything that can be checked (tools/check.sh)
#	make check-unit		the unit tests alone
#	make fuzz		trace files, for FUZZ_SECONDS a target; wants clang
#	make litmus		the litmus tests of all barriers (tools/litmus/check)
#	make codegen		the instructions of the fast paths (tools/codegen/check)
#	make bench-selftest	how often verdicts are wrong, on an idle machine
#	make demo		the tour (tools/demo.sh)
#	make install		the command, the library, headers, man page
#	make modules_install	the module
#
# V=1 shows the commands. DESTDIR and PREFIX are honoured.

.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules --no-print-directory

# Neither make nor the kernel's build system can work there.
ifneq ($(words $(CURDIR)),1)
$(error the path of this directory has a space in it: move it elsewhere)
endif

VERSION := 0.1.0
O := build
PREFIX ?= /usr/local
CC := gcc
AR := ar
CFLAGS ?= -O2 -g -Wall -Wextra
override CFLAGS += -std=gnu11
CPPFLAGS += -Iinclude -Iinclude/uapi -Iuser -D_GNU_SOURCE \
	    -DACQREL_VERSION='"$(VERSION)"'

Q := $(if $(filter 1,$(V)),,@)
quiet = $(if $(Q),@printf '  %-7s %s\n' $(1) $(2))

# Debian's cloud kernel, which the virtual machine boots; else the running one.
KDIR ?= $(or $(shell ls -d /usr/src/linux-headers-*-cloud-amd64 2>/dev/null | \
	       sort -V | tail -n 1),/lib/modules/$(shell uname -r)/build)
KBUILD = -C $(KDIR) M=$(CURDIR)

include user/build.mk tests/build.mk tests/fuzz/build.mk

.PHONY: all demo check check-unit litmus codegen bench-selftest modules \
	install modules_install clean

all: $(O)/acqrel $(O)/libacqrel.a
ifneq ($(wildcard $(KDIR)/Makefile),)
all: modules
endif

# Static, for guests.
$(O)/pingpong: tools/pingpong.c
	$(Q)mkdir -p $(@D)
	$(call quiet,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -static -o $@ $<

# What it is given: make bench-selftest SELFTEST='--runs 10 --only equal-ring'
bench-selftest: $(O)/bench-selftest
	$(Q)$< $(SELFTEST)

$(O)/bench-selftest: tools/bench-selftest.c \
		$(filter-out %/main.o,$(cmd_objs)) $(O)/libacqrel.a
	$(call quiet,LD,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(USER_CFLAGS) -o $@ $^ $(USER_LIBS)

modules:
	$(Q)test -e $(KDIR)/Makefile || \
		{ echo "No kernel build tree in $(KDIR); name one: make KDIR=DIR" >&2; \
		  exit 1; }
	$(Q)$(MAKE) $(KBUILD) modules

demo:
	$(Q)sh tools/demo.sh

check:
	$(Q)sh tools/check.sh

litmus:
	$(Q)tools/litmus/check $(abspath $(O))/litmus

codegen:
	$(Q)CC='$(CC)' KDIR='$(KDIR)' tools/codegen/check $(abspath $(O))/codegen

prefix := $(DESTDIR)$(PREFIX)
headers := $(prefix)/include
# bench_*.h are no part of the library: they need a world.
install: $(O)/acqrel $(O)/libacqrel.a
	$(call quiet,INSTALL,$(prefix))
	$(Q)install -D -m 755 $(O)/acqrel $(prefix)/sbin/acqrel
	$(Q)install -D -m 644 $(O)/libacqrel.a $(prefix)/lib/libacqrel.a
	$(Q)install -d $(headers)/acqrel $(headers)/acqrel-user $(headers)/linux
	$(Q)install -m 644 $(filter-out $(wildcard include/acqrel/bench_*.h),$(wildcard include/acqrel/*.h)) \
		$(headers)/acqrel
	$(Q)install -m 644 $(lib_headers) $(headers)/acqrel-user
	$(Q)install -m 644 include/uapi/linux/acqrel*.h $(headers)/linux
	$(Q)install -D -m 644 Documentation/acqrel.8 \
		$(prefix)/share/man/man8/acqrel.8

modules_install:
	$(Q)$(MAKE) $(KBUILD) INSTALL_MOD_PATH=$(DESTDIR) modules_install

clean:
	$(call quiet,CLEAN,$(O))
	$(Q)rm -rf $(O)
	$(Q)if test -e $(KDIR)/Makefile; then $(MAKE) $(KBUILD) clean; fi
