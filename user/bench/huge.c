// SPDX-License-Identifier: GPL-2.0-only
/*
 * huge.c - huge pages under an address
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <acqrel/order.h>

#include "bench/internal.h"

#define LINE	512

/* "AnonHugePages:      2048 kB" and the like */
static double huge_kb(const char *line)
{
	static const char *const fields[] = {
		"AnonHugePages:", "ShmemPmdMapped:", "FilePmdMapped:",
		"Shared_Hugetlb:", "Private_Hugetlb:",
	};
	double kb;

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		size_t n = strlen(fields[i]);

		if (!strncmp(line, fields[i], n) &&
		    sscanf(line + n, "%lf", &kb) == 1)
			return kb;
	}
	return 0;
}

/**
 * huge_bytes() - huge pages in the mapping that an address is in
 * @at: the address
 *
 * Return: bytes, NAN if the kernel does not tell or NULL was asked for.
 */
double huge_bytes(const void *at)
{
	FILE *smaps = at ? fopen("/proc/self/smaps", "re") : NULL;
	uintptr_t address = (uintptr_t)at;
	bool inside = false, found = false;
	unsigned long from, to;
	char line[LINE];
	double kb = 0;

	while (smaps && fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2) {
			inside = address >= from && address < to;
			found |= inside;
		} else if (inside) {
			kb += huge_kb(line);
		}
	}
	if (smaps)
		fclose(smaps);
	return found ? kb * 1024 : NAN;
}
