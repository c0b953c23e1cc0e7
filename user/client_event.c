// SPDX-License-Identifier: GPL-2.0-only
/*
 * client_event.c - multicast messages
 *
 * They come on a socket of their own, so that they never mix with answers.
 */
#include <errno.h>
#include <string.h>
#include <linux/genetlink.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "client_internal.h"

#define EVENT_BUFFER	(1 << 20)

static int open_events(struct acqrel_client *client)
{
	int rc;

	client->events = nl_socket_alloc();
	if (!client->events)
		return acqrel_client_fail(client, -ENOMEM, strerror(ENOMEM));
	rc = genl_connect(client->events);
	if (!rc)
		rc = nl_socket_set_nonblocking(client->events);
	if (!rc)
		rc = nl_socket_set_buffer_size(client->events, EVENT_BUFFER, 0);
	return rc ? acqrel_client_fail_nl(client, rc) : 0;
}

/**
 * acqrel_client_subscribe() - join a multicast group
 * @client: the handle
 * @group: ACQREL_MCGRP_*
 *
 * Return: 0 or -errno.
 */
int acqrel_client_subscribe(struct acqrel_client *client, const char *group)
{
	int rc = 0, id;

	if (!client->events)
		rc = open_events(client);
	if (rc)
		return rc;
	id = genl_ctrl_resolve_grp(client->sk, ACQREL_GENL_NAME, group);
	if (id < 0)
		return acqrel_client_fail_nl(client, id);
	rc = nl_socket_add_membership(client->events, id);
	return rc ? acqrel_client_fail_nl(client, rc) : 0;
}

/**
 * acqrel_client_events_fd() - what to poll for events
 * @client: the handle, subscribed to a group
 *
 * Return: a file descriptor.
 */
int acqrel_client_events_fd(const struct acqrel_client *client)
{
	return nl_socket_get_fd(client->events);
}

struct event_exchange {
	struct acqrel_client *client;
	struct acqrel_notice *notice;
	bool filled;
};

static int decode_event(int cmd, struct nlmsghdr *hdr,
			struct acqrel_notice *notice)
{
	static const struct {
		int cmd;
		const struct acqrel_space *space;
		acqrel_decode_fn decode;
	} kinds[] = {
		{ ACQREL_CMD_CONFIG_NTF, &acqrel_config_space,
		  acqrel_decode_config },
		{ ACQREL_CMD_SOURCE_NTF, &acqrel_source_space,
		  acqrel_decode_source },
		{ ACQREL_CMD_BENCH_NTF, &acqrel_bench_space,
		  acqrel_decode_ended },
		{ ACQREL_CMD_LITMUS_NTF, &acqrel_litmus_space,
		  acqrel_decode_litmus_ended },
	};
	struct nlattr *attrs[ACQREL_ATTRS_MAX];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].cmd == cmd)
			break;
	if (i == ARRAY_SIZE(kinds) ||
	    genlmsg_parse(hdr, 0, attrs, kinds[i].space->max,
			  (struct nla_policy *)kinds[i].space->policy))
		return -EBADMSG;
	memset(notice, 0, sizeof(*notice));
	notice->cmd = cmd;
	if (cmd == ACQREL_CMD_BENCH_NTF || cmd == ACQREL_CMD_LITMUS_NTF)
		return kinds[i].decode(attrs, notice);
	return kinds[i].decode(attrs, &notice->config);
}

static int on_event(struct nl_msg *msg, void *arg)
{
	struct event_exchange *event = arg;
	struct nlmsghdr *hdr = nlmsg_hdr(msg);
	struct genlmsghdr *genl = nlmsg_data(hdr);

	if (nlmsg_get_src(msg)->nl_pid ||
	    hdr->nlmsg_type != event->client->family ||
	    nlmsg_datalen(hdr) < (int)GENL_HDRLEN)
		return NL_SKIP;
	event->filled = !decode_event(genl->cmd, hdr, event->notice);
	return NL_STOP;
}

/* Nobody asked for these messages, so they follow no request's number. */
static int any_sequence(struct nl_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;
	return NL_OK;
}

/**
 * acqrel_client_event() - take one multicast message, without waiting
 * @client: the handle, subscribed to a group
 * @notice: filled when the return value is 1
 *
 * Return: 1, 0 if there is none, -ENOBUFS if some were lost (read the state
 * again), or another -errno.
 */
int acqrel_client_event(struct acqrel_client *client,
			struct acqrel_notice *notice)
{
	struct event_exchange event = { .client = client, .notice = notice };
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int rc;

	if (!cb)
		return acqrel_client_fail(client, -ENOMEM, strerror(ENOMEM));
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_event, &event);
	nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, any_sequence, NULL);
	rc = nl_recvmsgs(client->events, cb);
	nl_cb_put(cb);
	if (rc == -NLE_NOMEM)
		return acqrel_client_fail(client, -ENOBUFS, "multicast messages were lost");
	if (rc < 0 && rc != -NLE_AGAIN)
		return acqrel_client_fail_nl(client, rc);
	return event.filled;
}
