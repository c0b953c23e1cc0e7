/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM acqrel

#if !defined(ACQREL_KMOD_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define ACQREL_KMOD_TRACE_H

#include <linux/tracepoint.h>
#include <acqrel/config.h>

TRACE_EVENT(acqrel_config_publish,

	TP_PROTO(const struct acqrel_config *config),

	TP_ARGS(config),

	TP_STRUCT__entry(
		__field(u64, generation)
		__field(u64, min_value_ns)
		__field(u32, kinds)
		__field(u32, sample_every)
		__field(u32, policy)
		__field(u32, nr_pids)
	),

	TP_fast_assign(
		__entry->generation = config->generation;
		__entry->min_value_ns = config->min_value_ns;
		__entry->kinds = config->kinds;
		__entry->sample_every = config->sample_every;
		__entry->policy = config->policy;
		__entry->nr_pids = config->nr_pids;
	),

	TP_printk("generation=%llu kinds=%#x sample_every=%u min_value_ns=%llu policy=%u nr_pids=%u",
		  __entry->generation, __entry->kinds, __entry->sample_every,
		  __entry->min_value_ns, __entry->policy, __entry->nr_pids)
);

#endif /* ACQREL_KMOD_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
