/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ACQREL_COMPAT_NET_GENETLINK_H
#define ACQREL_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>

/* 6.7 gave dumps a genl_info; before, only ->attrs can be had */
#ifndef HAVE_GENL_INFO_DUMP
#define genl_info_dump(cb)	genl_dumpit_info(cb)
#endif

#endif
