// SPDX-License-Identifier: GPL-2.0-only
/*
 * Inspection for people. Read only; the stable interface is netlink.
 */
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <acqrel/names.h>

#include "debugfs.h"
#include "pipeline.h"
#include "source.h"

static struct dentry *acqrel_debugfs;

static void acqrel_format(struct seq_file *m, const char *what)
{
	seq_printf(m, "acqrel %s format 1\n", what);
}

static int config_show(struct seq_file *m, void *unused)
{
	struct acqrel_config_values v;
	u64 generation;
	unsigned int i;

	acqrel_config_snapshot(&acqrel_live_config, &v, &generation);
	acqrel_format(m, "config");
	seq_printf(m, "generation %llu\n", generation);
	seq_printf(m, "kinds %#x\n", v.kinds);
	seq_printf(m, "sample_every %u\n", v.sample_every);
	seq_printf(m, "min_value_ns %llu\n", v.min_value_ns);
	seq_printf(m, "policy %s\n",
		   v.policy == ACQREL_POLICY_OVERWRITE_OLDEST ? "overwrite" :
								"drop");
	seq_puts(m, "pids");
	for (i = 0; i < v.nr_pids; i++)
		seq_printf(m, " %d", v.pids[i]);
	seq_putc(m, '\n');
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(config);

static void acqrel_show_stats(struct seq_file *m, unsigned int cpu,
			      unsigned int kind)
{
	struct acqrel_aggregate agg;
	unsigned int b;

	acqrel_pipeline_stats(cpu, kind, &agg);
	seq_printf(m, "cpu %u %s count %llu sum_ns %llu", cpu,
		   acqrel_kind_names[kind], agg.count, agg.sum);
	if (agg.count)
		seq_printf(m, " min_ns %llu max_ns %llu", agg.min, agg.max);
	seq_puts(m, " hist");
	for (b = 0; b < ACQREL_HIST_BUCKETS; b++)
		if (agg.hist[b])
			seq_printf(m, " %u:%llu", b, agg.hist[b]);
	seq_putc(m, '\n');
}

static int stats_show(struct seq_file *m, void *unused)
{
	unsigned int cpu, kind;

	acqrel_format(m, "stats");
	for_each_possible_cpu(cpu)
		for (kind = 0; kind < __ACQREL_KIND_COUNT; kind++)
			acqrel_show_stats(m, cpu, kind);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static int counters_show(struct seq_file *m, void *unused)
{
	unsigned int cpu, id;

	acqrel_format(m, "counters");
	for (id = 0; id < __ACQREL_COUNTER_COUNT; id++) {
		seq_printf(m, "%s %llu per_cpu", acqrel_counter_names[id],
			   acqrel_counter_sum(id));
		for_each_possible_cpu(cpu)
			seq_printf(m, " %u:%llu", cpu,
				   acqrel_counter_read(id, cpu));
		seq_putc(m, '\n');
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(counters);

static int rings_show(struct seq_file *m, void *unused)
{
	const struct acqrel_lane *lane;
	struct acqrel_account acc;
	unsigned int cpu;
	u64 popped;

	acqrel_format(m, "rings");
	for_each_possible_cpu(cpu) {
		lane = acqrel_lane_of(cpu);
		acqrel_pipeline_books(cpu, &acc, &popped);
		seq_printf(m, "cpu %u capacity %llu fill %llu offered %llu filtered_kind %llu filtered_sample %llu filtered_pid %llu filtered_value %llu pushed %llu dropped %llu overwritten %llu popped %llu\n",
			   cpu, lane->ring.mask + 1,
			   acqrel_oring_fill(&lane->ring), acc.offered,
			   acc.filtered[ACQREL_FILTER_KIND],
			   acc.filtered[ACQREL_FILTER_SAMPLE],
			   acc.filtered[ACQREL_FILTER_PID],
			   acc.filtered[ACQREL_FILTER_VALUE], acc.pushed,
			   acc.dropped, acc.overwritten, popped);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(rings);

static int sources_show(struct seq_file *m, void *unused)
{
	struct acqrel_source_info src;
	unsigned int i;

	acqrel_format(m, "sources");
	for (i = 0; i < acqrel_source_count(); i++) {
		acqrel_source_read(i, &src);
		seq_printf(m, "%s %s offered %llu\n", src.name,
			   src.running ? "running" : "stopped",
			   src.cost.offered);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(sources);

static int rcu_show(struct seq_file *m, void *unused)
{
	struct acqrel_grace *g = kmalloc(sizeof(*g), GFP_KERNEL);

	if (!g)
		return -ENOMEM;
	acqrel_grace_read(&acqrel_live_config, g);
	acqrel_format(m, "rcu");
	seq_printf(m, "grace_periods %llu\n", g->count);
	if (g->count)
		seq_printf(m, "last_ns %llu\nmin_ns %llu\nmedian_ns %llu\nmax_ns %llu\n",
			   g->last_ns, g->min_ns, acqrel_grace_median(g),
			   g->max_ns);
	kfree(g);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(rcu);

/**
 * acqrel_debugfs_init() - make the files appear
 *
 * No error matters: the module works without them.
 */
void acqrel_debugfs_init(void)
{
	static const struct {
		const char *name;
		const struct file_operations *fops;
	} files[] = {
		{ "config", &config_fops },
		{ "stats", &stats_fops },
		{ "counters", &counters_fops },
		{ "rings", &rings_fops },
		{ "sources", &sources_fops },
		{ "rcu", &rcu_fops },
	};
	unsigned int i;

	acqrel_debugfs = debugfs_create_dir("acqrel", NULL);
	for (i = 0; i < ARRAY_SIZE(files); i++)
		debugfs_create_file(files[i].name, 0400, acqrel_debugfs, NULL,
				    files[i].fops);
}

/**
 * acqrel_debugfs_exit() - make them disappear
 *
 * Context: may sleep; an open file would have held the module.
 */
void acqrel_debugfs_exit(void)
{
	debugfs_remove(acqrel_debugfs);
}
