/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an input of the target "records" begins with.
 */
#ifndef ACQREL_TESTS_FUZZ_RECORDS_H
#define ACQREL_TESTS_FUZZ_RECORDS_H

#include <acqrel/order.h>

/**
 * struct fuzz_records - followed by records
 * @offered: of the OPEN
 * @head: same, and first position of its digest
 * @until: of the digest of the CLOSE
 * @order: binary logarithm of the ring's entries
 * @reserved: for records to be aligned
 */
struct fuzz_records {
	u64 offered;
	u64 head;
	u64 until;
	u8 order;
	u8 reserved[7];
};

#endif /* ACQREL_TESTS_FUZZ_RECORDS_H */
