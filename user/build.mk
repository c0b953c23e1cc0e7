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
	hash.h \
	latency.h \
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
	client_get.o \
	client_litmus.o

cmd_objs := \
	args.o \
	bars.o \
	cgroup.o \
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
	env_cpu.o \
	env_kernel.o \
	env_limits.o \
	env_read.o \
	env_warn.o \
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
	bench_args.o \
	bench_columns.o \
	bench_head.o \
	bench_status.o \
	bench_table.o \
	cmd_bench_floor.o \
	cmd_bench_list.o \
	cmd_bench_run.o \
	cmd_compare.o \
	columns.o \
	compare_files.o \
	compare_pairs.o \
	compare_print.o \
	latency.o \
	measure.o \
	measure_run.o \
	terminal.o

# What to measure, and who else used the machine.
cmd_objs += \
	load.o \
	placement.o \
	placement_measure.o \
	plan_block.o \
	plan_cells.o \
	plan_judge.o \
	plan_make.o \
	plan_probe.o \
	plan_run.o \
	plan_support.o \
	plan_warm.o

# Results.
cmd_objs += \
	estimate.o \
	figures.o \
	ratio.o \
	result.o \
	result_json.o \
	result_read.o \
	result_verdicts.o \
	result_write.o \
	run_effect.o \
	save.o \
	verdict.o

# What is made of results.
cmd_objs += \
	chart.o \
	chart_bars.o \
	chart_cdf.o \
	chart_lines.o \
	cmd_export.o \
	cmd_report.o \
	export.o \
	export_csv.o \
	export_markdown.o \
	export_openmetrics.o \
	figure_list.o \
	figure_text.o \
	report.o \
	report_charts.o \
	report_entry.o \
	report_facts.o \
	report_lines.o \
	report_tables.o \
	report_verdicts.o \
	svg.o

# Traces: recorded, replayed, shown.
cmd_objs += \
	cmd_record.o \
	cmd_replay.o \
	cmd_trace.o \
	cmd_trace_dump.o \
	cmd_trace_export.o \
	cmd_trace_show.o \
	cmd_trace_stat.o \
	record.o \
	record_cost.o \
	replay.o \
	replay_compare.o \
	replay_kernel.o \
	replay_print.o \
	trace_chunk.o \
	trace_read.o \
	trace_scan.o \
	trace_sums.o \
	trace_walk.o \
	trace_write.o

# Litmus tests.
cmd_objs += \
	cmd_litmus.o \
	cmd_litmus_run.o \
	litmus.o \
	litmus_kernel.o \
	litmus_print.o \
	litmus_run.o \
	litmus_tests.o

# The measuring engine.
cmd_objs += \
	bench/clock.o \
	bench/dispatch.o \
	bench/engine.o \
	bench/huge.o \
	bench/kernel.o \
	bench/pool.o \
	bench/thunk.o \
	bench/variants.o \
	bench/world.o

# The loops of both worlds, laid out as a kernel has them: tools/check-loops.
loop_cflags := -mfunction-return=thunk-extern -fcf-protection=none -mno-sse \
	       -ftrivial-auto-var-init=zero -fstack-protector-strong \
	       -fno-strict-aliasing -fno-strict-overflow -fno-jump-tables \
	       -fno-allow-store-data-races -fno-delete-null-pointer-checks \
	       -fconserve-stack
ifeq ($(shell $(CC) $(loop_cflags) -c -x c -o /dev/null /dev/null 2>/dev/null && \
		echo y),y)
$(O)/user/bench/variants.o: OBJ_CFLAGS := $(loop_cflags)
endif

# The variants of the user world.
cmd_objs += \
	bench/config_cell.o \
	bench/config_mutex.o \
	bench/config_rcu.o \
	bench/config_refcount.o \
	bench/config_rwlock.o \
	bench/config_spinlock.o \
	bench/config_urcu_bp.o \
	bench/config_urcu_mb.o \
	bench/config_urcu_memb.o \
	bench/config_urcu_qsbr.o \
	bench/counter_atomic.o \
	bench/counter_getcpu.o \
	bench/counter_mutex.o \
	bench/counter_percpu.o \
	bench/counter_thread.o \
	bench/floor_clock.o \
	bench/floor_debugfs.o \
	bench/floor_membarrier.o \
	bench/floor_netlink.o \
	bench/floor_switch.o \
	bench/floor_syscall.o \
	bench/ring_mutex.o \
	bench/ring_wfcqueue.o \
	bench/stats_mutex.o \
	bench/stats_rwlock.o

# Those that need a library which may be missing: then there is no row for them
# in bench/variants.c.
have = $(shell pkg-config --exists $(1) && echo y)
ifeq ($(call have,ck),y)
cmd_objs += \
	bench/ring_ck.o \
	bench/stats_ck.o
BENCH_CFLAGS += -DACQREL_HAVE_CK
endif
ifeq ($(call have,libdpdk),y)
cmd_objs += \
	bench/config_rte_qsbr.o \
	bench/ring_rte.o \
	bench/stats_rte.o
BENCH_CFLAGS += -DACQREL_HAVE_DPDK
BENCH_LIBS += $(shell pkg-config --libs-only-L libdpdk) -lrte_rcu -lrte_ring
# Only these files: it wants instructions that not every CPU has.
%/bench/config_rte_qsbr.o %/bench/ring_rte.o %/bench/stats_rte.o: \
	OBJ_CFLAGS := $(patsubst -I%,-isystem%,$(shell pkg-config --cflags \
				libdpdk)) -DALLOW_EXPERIMENTAL_API
endif

lib_headers := $(addprefix user/,$(lib_headers))
lib_objs := $(addprefix $(O)/user/,$(lib_objs))
cmd_objs := $(addprefix $(O)/user/,$(cmd_objs))

USER_PKGS := liburcu liburcu-bp liburcu-mb liburcu-qsbr libnl-genl-3.0 jansson
# Variants are written as in the kernel, which lets parameters be unused.
USER_CFLAGS := $(shell pkg-config --cflags $(USER_PKGS)) -pthread \
	       -Wno-unused-parameter $(BENCH_CFLAGS) \
	       -DACQREL_URCU_VERSION='"$(shell pkg-config --modversion liburcu)"'
USER_LIBS := $(shell pkg-config --libs $(USER_PKGS)) $(BENCH_LIBS) -pthread -lm

$(O)/user/%.o: user/%.c
	@mkdir -p $(@D)
	$(call quiet,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(USER_CFLAGS) $(OBJ_CFLAGS) \
		-MMD -MP -c -o $@ $<

# The style sheet of the report as a string.
$(O)/user/report_css.h: user/report.css
	@mkdir -p $(@D)
	$(call quiet,GEN,$@)
	$(Q)sed -e '1i static const char report_css[] =' -e 's/[\\"]/\\&/g' \
		-e 's/.*/"&\\n"/' -e '$$a ;' $< >$@

report_objs := $(addsuffix /report.o,$(O)/user \
		 $(foreach flavour,plain asan tsan,$(O)/tests/$(flavour)/user))
$(report_objs): $(O)/user/report_css.h
$(report_objs): OBJ_CFLAGS := -I$(O)/user

# What the models say, as a table of C.
$(O)/user/litmus_verdicts.h: tools/litmus/shapes/verdicts.tsv
	@mkdir -p $(@D)
	$(call quiet,GEN,$@)
	$(Q)awk 'BEGIN { print "static const struct { const char *name,", \
			 "*verdict[4]; } litmus_verdicts[] = {" } \
		 !/^(#|shape\t)/ { printf "{\"%s+%s\",{\"%s\",\"%s\",\"%s\",\"%s\"}},\n", \
				 $$1, $$2, $$3, $$4, $$5, $$6 } \
		 END { print "};" }' $< >$@

litmus_objs := $(addsuffix /litmus_tests.o,$(O)/user \
		 $(foreach flavour,plain asan tsan,$(O)/tests/$(flavour)/user))
$(litmus_objs): $(O)/user/litmus_verdicts.h
$(litmus_objs): OBJ_CFLAGS := -I$(O)/user

$(O)/libacqrel.a: $(lib_objs)
	$(call quiet,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

$(O)/acqrel: $(cmd_objs) $(O)/libacqrel.a
	$(call quiet,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(USER_LIBS)

-include $(wildcard $(O)/user/*.d $(O)/user/bench/*.d)
