// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config behind a pthread rwlock, glibc's default: readers before writers.
 */
#include <pthread.h>

#include "bench/variants.h"

#define CONFIG_LOCK_BOUND	"floor/cpu:add_locked"
#define CONFIG_LOCK_SHARED	2000
#define CONFIG_LOCK_ALONE	1000

struct config_lock {
	pthread_rwlock_t rwlock;
};

static inline void config_lock_init(struct config_lock *lock)
{
	pthread_rwlock_init(&lock->rwlock, NULL);
}

static inline void config_lock_exit(struct config_lock *lock)
{
	pthread_rwlock_destroy(&lock->rwlock);
}

static inline void config_lock_shared(struct config_lock *lock)
{
	pthread_rwlock_rdlock(&lock->rwlock);
}

static inline void config_lock_shared_end(struct config_lock *lock)
{
	pthread_rwlock_unlock(&lock->rwlock);
}

static inline void config_lock_alone(struct config_lock *lock)
{
	pthread_rwlock_wrlock(&lock->rwlock);
}

static inline void config_lock_alone_end(struct config_lock *lock)
{
	pthread_rwlock_unlock(&lock->rwlock);
}

#include "bench/config_locked.h"

const struct acqrel_variant acqrel_variant_config_rwlock = {
	.name = "config/rwlock",
	.ops = config_locked_ops,
	.create = config_locked_create,
	.destroy = config_locked_destroy,
};
