/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * names.h - the words for the numbers of the ABI
 */
#ifndef ACQREL_USER_NAMES_H
#define ACQREL_USER_NAMES_H

const char *acqrel_kind_name(unsigned int kind);
int acqrel_kind_number(const char *name);
const char *acqrel_policy_name(unsigned int policy);
int acqrel_policy_number(const char *name);
const char *acqrel_filter_name(unsigned int filter);
const char *acqrel_verdict_name(unsigned int verdict);
const char *acqrel_counter_name(unsigned int counter);

#endif /* ACQREL_USER_NAMES_H */
