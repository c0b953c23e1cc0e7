// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink over a plain socket
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/socket.h>

#include "nl.h"

#ifndef SOL_NETLINK
#define SOL_NETLINK	270
#endif

#define NL_ANSWER_SIZE	65536

static const char *attr_data(const struct nlattr *attr)
{
	return (const char *)attr + NLA_HDRLEN;
}

static size_t attr_len(const struct nlattr *attr)
{
	return attr->nla_len - NLA_HDRLEN;
}

/* Walks a stream of attributes; a length that does not fit ends the walk. */
static const struct nlattr *attr_step(const char *pos, const char *end)
{
	const struct nlattr *attr = (const struct nlattr *)pos;

	if (end - pos < NLA_HDRLEN || attr->nla_len < NLA_HDRLEN ||
	    attr->nla_len > end - pos)
		return NULL;
	return attr;
}

static void attr_parse(const char *pos, const char *end,
		       const struct nlattr **tb)
{
	const struct nlattr *attr;

	memset(tb, 0, sizeof(*tb) * NL_ATTR_MAX);
	while ((attr = attr_step(pos, end))) {
		__u16 type = attr->nla_type & NLA_TYPE_MASK;

		if (type < NL_ATTR_MAX)
			tb[type] = attr;
		pos += NLA_ALIGN(attr->nla_len);
	}
}

/**
 * nl_next() - the next attribute in a nest
 * @nest: the nest
 * @prev: the one before it, NULL for the first
 *
 * Return: the attribute, NULL after the last.
 */
const struct nlattr *nl_next(const struct nlattr *nest,
			     const struct nlattr *prev)
{
	const char *pos = attr_data(nest);

	if (prev)
		pos = (const char *)prev + NLA_ALIGN(prev->nla_len);
	return attr_step(pos, attr_data(nest) + attr_len(nest));
}

static int nl_number(const struct nlattr *attr, void *value, size_t size)
{
	if (!attr || attr_len(attr) != size)
		return -EBADMSG;
	memcpy(value, attr_data(attr), size);
	return 0;
}

int nl_u8(const struct nlattr *attr, __u8 *value)
{
	return nl_number(attr, value, sizeof(*value));
}

int nl_u32(const struct nlattr *attr, __u32 *value)
{
	return nl_number(attr, value, sizeof(*value));
}

int nl_u64(const struct nlattr *attr, __u64 *value)
{
	return nl_number(attr, value, sizeof(*value));
}

int nl_str(const struct nlattr *attr, char *value, size_t size)
{
	if (!attr || attr_len(attr) < 1 || attr_len(attr) > size ||
	    attr_data(attr)[attr_len(attr) - 1])
		return -EBADMSG;
	memcpy(value, attr_data(attr), attr_len(attr));
	return 0;
}

/**
 * nl_msg_init() - begin a request
 * @msg: the request
 * @type: message type, nl->family
 * @flags: NLM_F_* besides NLM_F_REQUEST
 * @cmd: command
 */
void nl_msg_init(struct nl_msg *msg, __u16 type, __u16 flags, __u8 cmd)
{
	struct genlmsghdr *genl = NLMSG_DATA(&msg->hdr);

	memset(msg, 0, sizeof(*msg));
	msg->hdr.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	msg->hdr.nlmsg_type = type;
	msg->hdr.nlmsg_flags = NLM_F_REQUEST | flags;
	genl->cmd = cmd;
	genl->version = 1;
}

void nl_put(struct nl_msg *msg, __u16 type, const void *data, size_t len)
{
	struct nlattr *attr = (void *)(msg->data + msg->hdr.nlmsg_len);

	if (msg->hdr.nlmsg_len + NLA_HDRLEN + NLA_ALIGN(len) > NL_MSG_SIZE)
		abort();
	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	memcpy((char *)attr + NLA_HDRLEN, data, len);
	msg->hdr.nlmsg_len += NLA_HDRLEN + NLA_ALIGN(len);
}

void nl_put_u32(struct nl_msg *msg, __u16 type, __u32 value)
{
	nl_put(msg, type, &value, sizeof(value));
}

void nl_put_u64(struct nl_msg *msg, __u16 type, __u64 value)
{
	nl_put(msg, type, &value, sizeof(value));
}

void nl_put_str(struct nl_msg *msg, __u16 type, const char *value)
{
	nl_put(msg, type, value, strlen(value) + 1);
}

/**
 * nl_nest() - begin a nest
 * @msg: the request
 * @type: its type
 *
 * Return: what nl_nest_end() needs to end it.
 */
size_t nl_nest(struct nl_msg *msg, __u16 type)
{
	size_t start = msg->hdr.nlmsg_len;

	nl_put(msg, type | NLA_F_NESTED, "", 0);
	return start;
}

void nl_nest_end(struct nl_msg *msg, size_t start)
{
	struct nlattr *attr = (void *)(msg->data + start);

	attr->nla_len = msg->hdr.nlmsg_len - start;
}

/**
 * nl_send() - send a request and leave the answer in the socket
 * @nl: connection
 * @msg: request
 *
 * Return: 0 or a negative errno.
 */
int nl_send(struct nl *nl, struct nl_msg *msg)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	msg->hdr.nlmsg_seq = ++nl->seq;
	if (sendto(nl->fd, msg->data, msg->hdr.nlmsg_len, 0,
		   (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return -errno;
	return 0;
}

static void nl_read_extack(struct nl *nl, const struct nlmsghdr *hdr,
			   size_t skip)
{
	const struct nlattr *tb[NL_ATTR_MAX];

	if (!(hdr->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	attr_parse((const char *)NLMSG_DATA(hdr) + skip,
		   (const char *)hdr + hdr->nlmsg_len, tb);
	nl_str(tb[NLMSGERR_ATTR_MSG], nl->extack, sizeof(nl->extack));
	nl_u32(tb[NLMSGERR_ATTR_OFFS], &nl->bad_attr);
	nl_u32(tb[NLMSGERR_ATTR_MISS_TYPE], &nl->miss_type);
}

static int nl_read_error(struct nl *nl, const struct nlmsghdr *hdr)
{
	const struct nlmsgerr *err = NLMSG_DATA(hdr);
	size_t skip = sizeof(*err);

	if (!(hdr->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(err->msg.nlmsg_len) - sizeof(err->msg);
	nl_read_extack(nl, hdr, skip);
	return err->error;
}

static int nl_read_message(const struct nlmsghdr *hdr, nl_cb cb, void *arg)
{
	const struct nlattr *tb[NL_ATTR_MAX];

	attr_parse((const char *)NLMSG_DATA(hdr) + GENL_HDRLEN,
		   (const char *)hdr + hdr->nlmsg_len, tb);
	return cb ? cb(tb, arg) : 0;
}

/* Takes one datagram of an answer. Return: 1 if more is to come. */
static int nl_read_answer(struct nl *nl, char *buf, int len, nl_cb cb,
			  void *arg)
{
	struct nlmsghdr *hdr;
	int ret;

	for (hdr = (void *)buf; NLMSG_OK(hdr, (__u32)len);
	     hdr = NLMSG_NEXT(hdr, len)) {
		if (hdr->nlmsg_seq != nl->seq)
			continue;
		if (hdr->nlmsg_flags & NLM_F_DUMP_INTR)
			nl->interrupted = true;
		if (hdr->nlmsg_type == NLMSG_ERROR)
			return nl_read_error(nl, hdr);
		if (hdr->nlmsg_type == NLMSG_DONE) {
			nl_read_extack(nl, hdr, sizeof(int));
			return *(int *)NLMSG_DATA(hdr);
		}
		ret = nl_read_message(hdr, cb, arg);
		if (ret)
			return ret;
	}
	return 1;
}

/**
 * nl_receive() - take the whole answer to the last request
 * @nl: connection
 * @cb: called for each message of the answer, may be NULL
 * @arg: for @cb
 *
 * Return: 0, the negative errno of the refusal, or what @cb returned.
 */
int nl_receive(struct nl *nl, nl_cb cb, void *arg)
{
	char *buf = malloc(NL_ANSWER_SIZE);
	int ret;

	nl->extack[0] = '\0';
	nl->bad_attr = 0;
	nl->miss_type = 0;
	nl->interrupted = false;
	do {
		ret = recv(nl->fd, buf, NL_ANSWER_SIZE, 0);
		ret = ret < 0 ? -errno : nl_read_answer(nl, buf, ret, cb, arg);
	} while (ret > 0);
	free(buf);
	return ret;
}

/**
 * nl_call() - send a request and take the whole answer
 * @nl: connection
 * @msg: request; NLM_F_ACK is added unless it is a dump
 * @cb: called for each message of the answer, may be NULL
 * @arg: for @cb
 *
 * Return: as nl_receive().
 */
int nl_call(struct nl *nl, struct nl_msg *msg, nl_cb cb, void *arg)
{
	int ret;

	if ((msg->hdr.nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
		msg->hdr.nlmsg_flags |= NLM_F_ACK;
	ret = nl_send(nl, msg);
	return ret ?: nl_receive(nl, cb, arg);
}

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/**
 * nl_wait_ntf() - wait for one notification
 * @nl: connection that has joined the group
 * @cmd: the notification; others are skipped
 * @timeout_ms: how long to wait
 * @cb: called for it, may be NULL
 * @arg: for @cb
 *
 * Return: 0, -ETIMEDOUT, another negative errno, or what @cb returned.
 */
int nl_wait_ntf(struct nl *nl, __u8 cmd, int timeout_ms, nl_cb cb, void *arg)
{
	long long deadline = now_ms() + timeout_ms;
	char buf[NL_MSG_SIZE];
	struct nlmsghdr *hdr = (void *)buf;
	struct genlmsghdr *genl = NLMSG_DATA(hdr);

	for (;;) {
		struct pollfd pfd = { .fd = nl->fd, .events = POLLIN };
		long long left = deadline - now_ms();

		if (left < 0 || poll(&pfd, 1, left) == 0)
			return -ETIMEDOUT;
		if (recv(nl->fd, buf, sizeof(buf), 0) < 0)
			return -errno;
		if (hdr->nlmsg_type == nl->family && genl->cmd == cmd)
			return nl_read_message(hdr, cb, arg);
	}
}

struct family {
	__u16 id;
	const char *group;
	__u32 group_id;
};

static int family_cb(const struct nlattr **tb, void *arg)
{
	const struct nlattr *groups = tb[CTRL_ATTR_MCAST_GROUPS];
	struct family *family = arg;
	const struct nlattr *one;

	if (nl_number(tb[CTRL_ATTR_FAMILY_ID], &family->id, 2))
		return -EBADMSG;
	for (one = groups ? nl_next(groups, NULL) : NULL; one && family->group;
	     one = nl_next(groups, one)) {
		const struct nlattr *grp[NL_ATTR_MAX];

		attr_parse(attr_data(one), attr_data(one) + attr_len(one), grp);
		if (grp[CTRL_ATTR_MCAST_GRP_NAME] &&
		    !strcmp(attr_data(grp[CTRL_ATTR_MCAST_GRP_NAME]),
			    family->group))
			nl_u32(grp[CTRL_ATTR_MCAST_GRP_ID], &family->group_id);
	}
	return 0;
}

static int nl_resolve(struct nl *nl, const char *name, struct family *family)
{
	struct nl_msg msg;

	nl_msg_init(&msg, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY);
	nl_put_str(&msg, CTRL_ATTR_FAMILY_NAME, name);
	return nl_call(nl, &msg, family_cb, family);
}

/**
 * nl_open() - connect to a family
 * @nl: the connection
 * @family: name of the family
 *
 * The socket asks for strict checks and full extacks.
 *
 * Return: 0, or a negative errno with nothing left open: -ENOENT if there is
 * no such family.
 */
int nl_open(struct nl *nl, const char *family)
{
	struct family found = { 0 };
	int one = 1;
	int ret;

	memset(nl, 0, sizeof(*nl));
	nl->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (nl->fd < 0)
		return -errno;
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one,
		   sizeof(one));
	ret = nl_resolve(nl, family, &found);
	if (ret)
		nl_close(nl);
	nl->family = found.id;
	return ret;
}

void nl_close(struct nl *nl)
{
	close(nl->fd);
	nl->fd = -1;
}

/**
 * nl_join() - join a multicast group of the family
 * @nl: connection
 * @family: name of the family
 * @group: name of the group
 *
 * Return: 0, -ENOENT if the family has no such group, or another errno.
 */
int nl_join(struct nl *nl, const char *family, const char *group)
{
	struct family found = { .group = group };
	int ret = nl_resolve(nl, family, &found);

	if (ret)
		return ret;
	if (!found.group_id)
		return -ENOENT;
	if (setsockopt(nl->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
		       &found.group_id, sizeof(found.group_id)))
		return -errno;
	return 0;
}
