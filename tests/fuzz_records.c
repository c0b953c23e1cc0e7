// SPDX-License-Identifier: GPL-2.0-only
/*
 * What fuzzing of records starts from, without a fuzzer.
 */
#include "fuzz/records.c"
#include "fuzz_corpus.h"

static void inputs_pass(void)
{
	fuzz_corpus("tests/fixtures/fuzz/records");
}

static const struct ktap_test tests[] = {
	{ "every input of the corpus passes", inputs_pass },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
