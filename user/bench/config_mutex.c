// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config behind a pthread mutex.
 */
#include <pthread.h>

#include "bench/variants.h"

#define CONFIG_LOCK_BOUND	"floor/cpu:cas"
#define CONFIG_LOCK_SHARED	2000
#define CONFIG_LOCK_ALONE	2000

struct config_lock {
	pthread_mutex_t mutex;
};

static inline void config_lock_init(struct config_lock *lock)
{
	pthread_mutex_init(&lock->mutex, NULL);
}

static inline void config_lock_exit(struct config_lock *lock)
{
	pthread_mutex_destroy(&lock->mutex);
}

static inline void config_lock_shared(struct config_lock *lock)
{
	pthread_mutex_lock(&lock->mutex);
}

static inline void config_lock_shared_end(struct config_lock *lock)
{
	pthread_mutex_unlock(&lock->mutex);
}

static inline void config_lock_alone(struct config_lock *lock)
{
	pthread_mutex_lock(&lock->mutex);
}

static inline void config_lock_alone_end(struct config_lock *lock)
{
	pthread_mutex_unlock(&lock->mutex);
}

#include "bench/config_locked.h"

const struct acqrel_variant acqrel_variant_config_mutex = {
	.name = "config/mutex",
	.ops = config_locked_ops,
	.create = config_locked_create,
	.destroy = config_locked_destroy,
};
