// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config behind a pthread spinlock.
 */
#include <pthread.h>

#include "bench/variants.h"

#define CONFIG_LOCK_BOUND	"floor/cpu:cas"
#define CONFIG_LOCK_SHARED	1000
#define CONFIG_LOCK_ALONE	1000

struct config_lock {
	pthread_spinlock_t spin;
};

static inline void config_lock_init(struct config_lock *lock)
{
	pthread_spin_init(&lock->spin, PTHREAD_PROCESS_PRIVATE);
}

static inline void config_lock_exit(struct config_lock *lock)
{
	pthread_spin_destroy(&lock->spin);
}

static inline void config_lock_shared(struct config_lock *lock)
{
	pthread_spin_lock(&lock->spin);
}

static inline void config_lock_shared_end(struct config_lock *lock)
{
	pthread_spin_unlock(&lock->spin);
}

static inline void config_lock_alone(struct config_lock *lock)
{
	pthread_spin_lock(&lock->spin);
}

static inline void config_lock_alone_end(struct config_lock *lock)
{
	pthread_spin_unlock(&lock->spin);
}

#include "bench/config_locked.h"

const struct acqrel_variant acqrel_variant_config_spinlock = {
	.name = "config/spinlock",
	.ops = config_locked_ops,
	.create = config_locked_create,
	.destroy = config_locked_destroy,
};
