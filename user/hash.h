/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * XXH64 in the user world: libxxhash under the kernel's names, inlined.
 * kmod/hash.h is its mirror image.
 */
#ifndef ACQREL_USER_HASH_H
#define ACQREL_USER_HASH_H

#define XXH_INLINE_ALL
#include <xxhash.h>

#define xxh64_state			XXH64_state_s
#define xxh64(data, size, seed)		XXH64(data, size, seed)
#define xxh64_reset(state, seed)	((void)XXH64_reset(state, seed))
#define xxh64_update(state, data, size)	((void)XXH64_update(state, data, size))
#define xxh64_digest(state)		XXH64_digest(state)

#endif /* ACQREL_USER_HASH_H */
