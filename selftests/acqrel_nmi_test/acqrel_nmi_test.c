// SPDX-License-Identifier: GPL-2.0-only
/*
 * acqrel_nmi_test - call acqrel's handlers where they must refuse
 *
 * The module finds the tracepoint sched_wakeup and calls everything attached
 * to it, as the scheduler would, from two places where the scheduler never is:
 * an NMI handler, and the inside of a handler of acqrel. For the latter a
 * kprobe sits on what irq_work_queue() calls, for that is how acqrel wakes a
 * reader; it is placed by ftrace and so does not look like an NMI itself. Now
 * and then somebody else queues a work; that call is not refused.
 *
 * Writing a number N to the parameter "nmis" sends N NMIs to another CPU and
 * returns when they have been handled. "reentries" counts the calls made by
 * the kprobe.
 */
#include <linux/atomic.h>
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <asm/apic.h>
#include <asm/nmi.h>

typedef int (*acqrel_wakeup_iterator)(void *data, struct task_struct *p);

static struct tracepoint *acqrel_wakeup_tp;
static atomic_t acqrel_nmis_due;
static atomic_t acqrel_reentries;

static void acqrel_call_probes(void)
{
	acqrel_wakeup_iterator iterator = acqrel_wakeup_tp->iterator;

	iterator(NULL, current);
}

static int acqrel_nmi(unsigned int type, struct pt_regs *regs)
{
	if (atomic_dec_if_positive(&acqrel_nmis_due) < 0)
		return NMI_DONE;
	acqrel_call_probes();
	return NMI_HANDLED;
}

static int acqrel_send_nmi(int cpu)
{
	unsigned long end = jiffies + HZ;

	atomic_set(&acqrel_nmis_due, 1);
	apic->send_IPI(cpu, NMI_VECTOR);
	while (atomic_read(&acqrel_nmis_due)) {
		if (time_after(jiffies, end)) {
			atomic_set(&acqrel_nmis_due, 0);
			return -ETIMEDOUT;
		}
		usleep_range(50, 200);
	}
	return 0;
}

static int acqrel_nmis_set(const char *text, const struct kernel_param *kp)
{
	unsigned int n, cpu;
	int err;

	err = kstrtouint(text, 0, &n);
	if (err)
		return err;
	cpus_read_lock();
	cpu = cpumask_any_but(cpu_online_mask, raw_smp_processor_id());
	if (cpu >= nr_cpu_ids)
		cpu = raw_smp_processor_id();
	while (n-- && !err)
		err = acqrel_send_nmi(cpu);
	cpus_read_unlock();
	return err;
}

static const struct kernel_param_ops acqrel_nmis_ops = {
	.set = acqrel_nmis_set,
};
module_param_cb(nmis, &acqrel_nmis_ops, NULL, 0200);
MODULE_PARM_DESC(nmis, "write N to send N NMIs");

static int acqrel_reentries_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%d\n", atomic_read(&acqrel_reentries));
}

static const struct kernel_param_ops acqrel_reentries_ops = {
	.get = acqrel_reentries_get,
};
module_param_cb(reentries, &acqrel_reentries_ops, NULL, 0400);
MODULE_PARM_DESC(reentries, "calls made where works are queued");

static int acqrel_in_raise(struct kprobe *kp, struct pt_regs *regs)
{
	atomic_inc(&acqrel_reentries);
	acqrel_call_probes();
	return 0;
}

static struct kprobe acqrel_raise_probe = {
	.symbol_name = "arch_irq_work_raise",
	.pre_handler = acqrel_in_raise,
};

static void acqrel_match(struct tracepoint *tp, void *data)
{
	if (!strcmp(tp->name, "sched_wakeup"))
		acqrel_wakeup_tp = tp;
}

static int __init acqrel_nmi_test_init(void)
{
	int err;

	for_each_kernel_tracepoint(acqrel_match, NULL);
	if (!acqrel_wakeup_tp)
		return -EOPNOTSUPP;
	err = register_nmi_handler(NMI_LOCAL, acqrel_nmi, 0, "acqrel_nmi_test");
	if (err)
		return err;
	err = register_kprobe(&acqrel_raise_probe);
	if (err)
		goto err_nmi;
	/* A breakpoint would itself count as an NMI. */
	if (!kprobe_ftrace(&acqrel_raise_probe)) {
		err = -EOPNOTSUPP;
		goto err_kprobe;
	}
	return 0;

err_kprobe:
	unregister_kprobe(&acqrel_raise_probe);
err_nmi:
	unregister_nmi_handler(NMI_LOCAL, "acqrel_nmi_test");
	return err;
}
module_init(acqrel_nmi_test_init);

static void __exit acqrel_nmi_test_exit(void)
{
	unregister_kprobe(&acqrel_raise_probe);
	unregister_nmi_handler(NMI_LOCAL, "acqrel_nmi_test");
}
module_exit(acqrel_nmi_test_exit);

MODULE_DESCRIPTION("Calls acqrel's handlers from NMI and from inside a handler");
MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");
