/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ACQREL_COMPAT_LINUX_SEQLOCK_H
#define ACQREL_COMPAT_LINUX_SEQLOCK_H

#include_next <linux/seqlock.h>

/* 6.13 split the latch's calls into raw ones and ones that KCSAN knows */
#ifndef HAVE_WRITE_SEQCOUNT_LATCH
#define read_seqcount_latch(s)		raw_read_seqcount_latch(s)
#define write_seqcount_latch_begin(s)	raw_write_seqcount_latch(s)
#define write_seqcount_latch(s)		raw_write_seqcount_latch(s)
#define write_seqcount_latch_end(s)	do { } while (0)
#endif

/* which it was called from 6.5 on and is called again */
#ifndef HAVE_READ_SEQCOUNT_LATCH_RETRY
#define read_seqcount_latch_retry(s, start) \
	raw_read_seqcount_latch_retry(s, start)
#endif

#endif
