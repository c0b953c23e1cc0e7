// SPDX-License-Identifier: GPL-2.0-only
/*
 * An arm: an object to measure with, and the threads that do.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "bench/arm.h"
#include "bench/pool.h"
#include "bench/variants.h"

/**
 * acqrel_case_at() - a case
 * @i: index
 * @c: where it goes
 *
 * Return: false after the last.
 */
bool acqrel_case_at(unsigned int i, struct acqrel_case *c)
{
	const struct acqrel_variant *const *v;
	const struct acqrel_op *op;

	for (v = acqrel_variants; *v; v++) {
		for (op = (*v)->ops; op->name; op++) {
			if (i--)
				continue;
			c->variant = *v;
			c->op = op;
			return true;
		}
	}
	return false;
}

static bool acqrel_case_is(const struct acqrel_case *c, const char *name)
{
	size_t len = strlen(c->variant->name);

	return !strncmp(name, c->variant->name, len) && name[len] == ':' &&
	       !strcmp(name + len + 1, c->op->name);
}

static bool acqrel_case_find(const char *name, struct acqrel_case *c)
{
	unsigned int i;

	for (i = 0; acqrel_case_at(i, c); i++)
		if (acqrel_case_is(c, name))
			return true;
	return false;
}

static bool acqrel_arm_repeats_cpu(const struct acqrel_arm_request *rq)
{
	u32 i, j;

	for (i = 1; i < rq->threads; i++)
		for (j = 0; j < i; j++)
			if (rq->cpus[i] == rq->cpus[j])
				return true;
	return false;
}

/* Return: why the operation cannot be measured like that, or NULL */
static const char *acqrel_arm_check(const struct acqrel_op *op,
				    const struct acqrel_arm_request *rq)
{
	u32 threads = rq->threads - rq->writes;

	if (rq->writes && !op->writer)
		return "the case has no writer";
	if (!threads || threads < op->threads)
		return "the case needs more CPUs";
	if (op->threads_max && threads > op->threads_max)
		return "the case does not take so many CPUs";
	if (rq->payload && !op->payload)
		return "the case has no payload";
	if (rq->payload % sizeof(u64))
		return "the payload is no multiple of 8";
	if (rq->payload > (op->payload_max ?: op->payload))
		return "the payload is more than the case takes";
	if (acqrel_arm_repeats_cpu(rq))
		return "a CPU is named twice";
	return NULL;
}

static void acqrel_arm_free_memory(struct acqrel_arm *arm)
{
	kvfree(arm->workers);
	kvfree(arm->threads);
	kfree(arm);
}

static struct acqrel_arm *acqrel_arm_alloc(const struct acqrel_arm_request *rq)
{
	struct acqrel_arm *arm = kzalloc(sizeof(*arm), GFP_KERNEL);

	if (!arm)
		return NULL;
	arm->threads = kvcalloc(rq->threads, sizeof(*arm->threads), GFP_KERNEL);
	arm->workers = kvcalloc(rq->threads, sizeof(*arm->workers), GFP_KERNEL);
	if (arm->threads && arm->workers)
		return arm;
	acqrel_arm_free_memory(arm);
	return NULL;
}

static void acqrel_arm_put_threads(struct acqrel_arm *arm)
{
	while (arm->nr_threads)
		acqrel_pool_put(arm->threads[--arm->nr_threads].pool);
}

static int acqrel_arm_get_threads(struct acqrel_arm *arm,
				  const struct acqrel_arm_request *rq,
				  const char **why)
{
	struct acqrel_pool_thread *pool;
	u32 i;

	for (i = 0; i < rq->threads; i++) {
		pool = acqrel_pool_get(rq->cpus[i], why);
		if (IS_ERR(pool)) {
			acqrel_arm_put_threads(arm);
			return PTR_ERR(pool);
		}
		arm->threads[i].pool = pool;
		arm->nr_threads++;
	}
	return 0;
}

/* an arm to make the object of */
struct acqrel_arm_making {
	struct acqrel_arm *arm;
	struct acqrel_arm_params p;
};

static long acqrel_arm_make_object(void *arg)
{
	struct acqrel_arm_making *m = arg;

	return m->arm->c.variant->create(&m->p, &m->arm->object);
}

static int acqrel_arm_create(struct acqrel_arm *arm,
			     const struct acqrel_arm_request *rq,
			     const char **why)
{
	struct acqrel_arm_making m = {
		.arm = arm,
		.p = {
			.threads = rq->threads,
			.payload = rq->payload ?: arm->c.op->payload,
		},
	};
	int err;
	u32 i;

	/* memory comes from the node of the CPU that asks for it */
	err = work_on_cpu_safe(rq->cpus[0], acqrel_arm_make_object, &m);
	if (err) {
		*why = "the object cannot be made";
		return err;
	}
	arm->has_writer = rq->writes;
	for (i = 0; i < rq->threads; i++) {
		struct acqrel_worker *w = &arm->workers[i];

		arm->threads[i].worker = w;
		w->object = arm->object;
		w->threads = rq->threads;
		w->thread = i;
		w->payload = m.p.payload;
	}
	return 0;
}

/**
 * acqrel_arm_new() - make an arm
 * @rq: what it is to be; checked here
 * @why: where a sentence goes if it cannot be
 *
 * Context: may sleep.
 * Return: the arm or -ENOENT, -EINVAL, -ENOMEM, or why no thread could be made.
 */
struct acqrel_arm *acqrel_arm_new(const struct acqrel_arm_request *rq,
				  const char **why)
{
	struct acqrel_arm *arm;
	struct acqrel_case c;
	int err;

	if (!acqrel_case_find(rq->name, &c)) {
		*why = "there is no case of that name";
		return ERR_PTR(-ENOENT);
	}
	*why = acqrel_arm_check(c.op, rq);
	if (*why)
		return ERR_PTR(-EINVAL);
	arm = acqrel_arm_alloc(rq);
	if (!arm)
		return ERR_PTR(-ENOMEM);
	arm->c = c;
	err = acqrel_arm_get_threads(arm, rq, why);
	if (err)
		goto err_threads;
	err = acqrel_arm_create(arm, rq, why);
	if (err)
		goto err_create;
	return arm;

err_create:
	acqrel_arm_put_threads(arm);
err_threads:
	acqrel_arm_free_memory(arm);
	return ERR_PTR(err);
}

/**
 * acqrel_arm_free() - the end of an arm
 * @arm: no slice of it runs
 *
 * Context: may sleep, for the grace periods that the variant waits for.
 */
void acqrel_arm_free(struct acqrel_arm *arm)
{
	acqrel_arm_put_threads(arm);
	arm->c.variant->destroy(arm->object);
	acqrel_arm_free_memory(arm);
}
