/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generic netlink over a plain socket
 *
 * No library stands between a test and the wire, so that a test can build
 * any message, well formed or not, and sees the answer as it came.
 */
#ifndef SELFTESTS_ACQREL_NL_H
#define SELFTESTS_ACQREL_NL_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/types.h>

#define NL_MSG_SIZE	4096
#define NL_ATTR_MAX	64

/**
 * struct nl - a connection to one generic netlink family
 * @fd: the socket
 * @seq: sequence number of the last request
 * @family: message type of the family
 * @interrupted: the last dump carried NLM_F_DUMP_INTR
 * @extack: message of the last refusal, empty if it had none
 * @bad_attr: offset of the attribute that the refusal points at, 0 if none
 * @miss_type: type of the attribute that is missing, 0 if none
 */
struct nl {
	int fd;
	__u32 seq;
	__u16 family;
	bool interrupted;
	char extack[256];
	__u32 bad_attr;
	__u32 miss_type;
};

/**
 * struct nl_msg - a request being built
 * @hdr: its header; nlmsg_len is the length so far
 * @data: the bytes
 */
struct nl_msg {
	union {
		struct nlmsghdr hdr;
		char data[NL_MSG_SIZE];
	};
};

/**
 * typedef nl_cb - takes one message of an answer
 * @tb: its attributes by type, NULL where absent
 * @arg: what the caller of nl_call() gave
 *
 * Return: 0, or a negative errno that nl_call() will return.
 */
typedef int (*nl_cb)(const struct nlattr **tb, void *arg);

int nl_open(struct nl *nl, const char *family);
void nl_close(struct nl *nl);
int nl_join(struct nl *nl, const char *family, const char *group);

void nl_msg_init(struct nl_msg *msg, __u16 type, __u16 flags, __u8 cmd);
void nl_put(struct nl_msg *msg, __u16 type, const void *data, size_t len);
void nl_put_u32(struct nl_msg *msg, __u16 type, __u32 value);
void nl_put_u64(struct nl_msg *msg, __u16 type, __u64 value);
void nl_put_str(struct nl_msg *msg, __u16 type, const char *value);
size_t nl_nest(struct nl_msg *msg, __u16 type);
void nl_nest_end(struct nl_msg *msg, size_t start);

int nl_send(struct nl *nl, struct nl_msg *msg);
int nl_receive(struct nl *nl, nl_cb cb, void *arg);
int nl_call(struct nl *nl, struct nl_msg *msg, nl_cb cb, void *arg);
int nl_wait_ntf(struct nl *nl, __u8 cmd, int timeout_ms, nl_cb cb, void *arg);

const struct nlattr *nl_next(const struct nlattr *nest,
			     const struct nlattr *prev);
int nl_u8(const struct nlattr *attr, __u8 *value);
int nl_u32(const struct nlattr *attr, __u32 *value);
int nl_u64(const struct nlattr *attr, __u64 *value);
int nl_str(const struct nlattr *attr, char *value, size_t size);

#endif
