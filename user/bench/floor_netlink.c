// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it costs to ask the module something over netlink: its config, by the
 * same client that the command uses.
 */
#include <acqrel/bench_empty.h>

#include "client.h"
#include "bench/variants.h"

static u64 floor_netlink_burst(struct acqrel_worker *w, u64 n)
{
	struct acqrel_client *client = w->object;
	struct acqrel_config_state config;
	u64 failed = 0;

	for (; n; n--)
		failed += acqrel_client_config_get(client, &config) != 0;
	return failed;
}

static int floor_netlink_create(const struct acqrel_arm_params *p,
				void **object)
{
	struct acqrel_client *client;
	int rc = acqrel_client_open(&client);

	if (rc == -ENOMEM)
		return rc;
	if (rc) {
		acqrel_client_close(client);
		return -EOPNOTSUPP;
	}
	*object = client;
	return 0;
}

static void floor_netlink_destroy(void *object)
{
	acqrel_client_close(object);
}

static const struct acqrel_op floor_netlink_ops[] = {
	{
		.name = "netlink",
		.burst = floor_netlink_burst,
		.flags = ACQREL_OP_SLEEPS,
		.threads_max = 1,
		.chunk = 2,
		.bound = "floor/call:syscall",
		.bound_times = 2000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_floor_netlink = {
	.name = "floor/call",
	.ops = floor_netlink_ops,
	.create = floor_netlink_create,
	.destroy = floor_netlink_destroy,
};
