/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What libFuzzer calls and what it offers; there is no header of its own in C.
 */
#ifndef ACQREL_TESTS_FUZZ_LIBFUZZER_H
#define ACQREL_TESTS_FUZZ_LIBFUZZER_H

#include <acqrel/order.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t most,
			       unsigned int seed);
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t most);

#endif /* ACQREL_TESTS_FUZZ_LIBFUZZER_H */
