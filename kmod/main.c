// SPDX-License-Identifier: GPL-2.0-only
/*
 * acqrel: the structures that live by a release on the writer and an acquire
 * on the reader, at work on real scheduler events.
 *
 * Init builds from the inside out, the interfaces last; exit is the exact
 * reverse.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/log2.h>
#include <linux/module.h>

#include "bench/engine.h"
#include "config.h"
#include "debugfs.h"
#include "device.h"
#include "litmus/engine.h"
#include "netlink.h"
#include "pipeline.h"
#include "reader.h"
#include "source.h"
#include "wakeup.h"

#if !defined(CONFIG_64BIT) || !defined(CONFIG_SMP)
#error "acqrel needs a 64-bit SMP kernel: its words are 64 bits wide"
#endif

#define ACQREL_RING_MAX		1048576U

static unsigned int ring_entries = 4096;
module_param(ring_entries, uint, 0444);
MODULE_PARM_DESC(ring_entries,
		 "Entries of each CPU's ring, a power of two, 2 to 1048576 (default 4096)");

static int __init acqrel_check_parameters(void)
{
	if (ring_entries >= 2 && ring_entries <= ACQREL_RING_MAX &&
	    is_power_of_2(ring_entries))
		return 0;
	pr_err("ring_entries=%u is refused: it must be a power of two, 2 to %u\n",
	       ring_entries, ACQREL_RING_MAX);
	return -EINVAL;
}

static int __init acqrel_init(void)
{
	int err;

	err = acqrel_check_parameters();
	if (err)
		return err;
	err = acqrel_config_cell_init(&acqrel_live_config);
	if (err)
		goto err_config;
	err = acqrel_pipeline_init(ring_entries);
	if (err)
		goto err_pipeline;
	err = acqrel_wakeup_init();
	if (err)
		goto err_wakeup;
	err = acqrel_reader_init();
	if (err)
		goto err_reader;
	err = acqrel_litmus_engine_init();
	if (err)
		goto err_litmus;
	err = acqrel_netlink_init();
	if (err)
		goto err_netlink;
	err = acqrel_device_init();
	if (err)
		goto err_device;
	acqrel_debugfs_init();
	return 0;

err_device:
	acqrel_netlink_exit();
	acqrel_bench_exit();
	acqrel_sources_exit();
err_netlink:
	acqrel_litmus_engine_exit();
err_litmus:
	acqrel_reader_exit();
err_reader:
	acqrel_wakeup_exit();
err_wakeup:
	acqrel_pipeline_exit();
err_pipeline:
	acqrel_config_cell_destroy(&acqrel_live_config);
err_config:
	pr_err("cannot load: error %d\n", err);
	return err;
}

static void __exit acqrel_exit(void)
{
	acqrel_debugfs_exit();
	acqrel_device_exit();
	acqrel_netlink_exit();
	acqrel_bench_exit();
	acqrel_sources_exit();
	acqrel_litmus_engine_exit();
	acqrel_reader_exit();
	acqrel_wakeup_exit();
	acqrel_pipeline_exit();
	acqrel_config_cell_destroy(&acqrel_live_config);
}

module_init(acqrel_init);
module_exit(acqrel_exit);

MODULE_DESCRIPTION("Safe publication: RCU, seqlock, per-CPU counters and lockless rings at work");
MODULE_AUTHOR("The acqrel authors");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
