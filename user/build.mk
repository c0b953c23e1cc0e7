# SPDX-License-Identifier: GPL-2.0-only
#
# The user world: libacqrel.a (structures and client) and the acqrel command.

# The structures and the pipeline, and what their users include.
lib_headers := \
	bench.h \
	client.h \
	clock.h \
	config.h \
	counter.h \
	pipeline.h \
	rcu.h \
	rseq.h \
	values.h

lib_objs := \
	config.o \
	counter.o \
	pipeline.o

# The module's netlink interface.
lib_objs += \
	client.o \
	client_bench.o \
	client_change.o \
	client_decode.o \
	client_event.o \
	client_get.o

cmd_objs := \
	args.o \
	bars.o \
	cmd_config.o \
	cmd_counter.o \
	cmd_drain.o \
	cmd_pipeline.o \
	cmd_reset.o \
	cmd_ring.o \
	cmd_source.o \
	cmd_stats.o \
	cmd_status.o \
	cmd_verify.o \
	cmd_version.o \
	config_words.o \
	env.o \
	histogram.o \
	interrupt.o \
	main.o \
	names.o \
	out.o \
	session.o \
	source_wait.o \
	statistics.o \
	sums.o \
	table.o \
	verify.o

# The commands that measure.
cmd_objs += \
	columns.o \
	terminal.o

# Results.
cmd_objs += \
	result.o \
	result_json.o \
	result_read.o \
	result_write.o

# The measuring engine, and the variants of the user world: a line for each.
cmd_objs += \
	bench/clock.o \
	bench/dispatch.o \
	bench/engine.o \
	bench/kernel.o \
	bench/pool.o \
	bench/variants.o \
	bench/world.o

lib_headers := $(addprefix user/,$(lib_headers))
lib_objs := $(addprefix $(O)/user/,$(lib_objs))
cmd_objs := $(addprefix $(O)/user/,$(cmd_objs))

USER_PKGS := liburcu libnl-genl-3.0 jansson
# Variants are written as in the kernel, which lets parameters be unused.
USER_CFLAGS := $(shell pkg-config --cflags $(USER_PKGS)) -pthread \
	       -Wno-unused-parameter \
	       -DACQREL_URCU_VERSION='"$(shell pkg-config --modversion liburcu)"'
USER_LIBS := $(shell pkg-config --libs $(USER_PKGS)) -pthread -lm

$(O)/user/%.o: user/%.c
	@mkdir -p $(@D)
	$(call quiet,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(USER_CFLAGS) -MMD -MP -c -o $@ $<

$(O)/libacqrel.a: $(lib_objs)
	$(call quiet,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

$(O)/acqrel: $(cmd_objs) $(O)/libacqrel.a
	$(call quiet,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(USER_LIBS)

-include $(wildcard $(O)/user/*.d $(O)/user/bench/*.d)
