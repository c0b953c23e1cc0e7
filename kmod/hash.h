/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * XXH64 in the kernel world: the kernel's own. user/hash.h is its mirror image.
 */
#ifndef ACQREL_KMOD_HASH_H
#define ACQREL_KMOD_HASH_H

#include <linux/xxhash.h>

#if !IS_ENABLED(CONFIG_XXHASH)
#error "acqrel needs CONFIG_XXHASH: digests are made with it"
#endif

#endif /* ACQREL_KMOD_HASH_H */
