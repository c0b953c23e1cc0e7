// SPDX-License-Identifier: GPL-2.0-only
/*
 * client.c - requests and answers over generic netlink
 *
 * Nothing that comes in is trusted: sender, family, command and sizes are
 * checked before a decoder sees it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "client_internal.h"

#define DUMP_TRIES	16	/* a dump that changed under our hands */
#define REQUEST_MAX	8192	/* bytes: a CPU for each of 1024 threads */

static const char nonsense[] =
	"the answer makes no sense; command and module differ in version";
static const char unsteady[] = "the list kept changing while it was read";

/* One request under way and what came back so far. */
struct exchange {
	struct acqrel_client *client;
	const struct acqrel_call *call;
	const struct nlmsghdr *request;
	char *items;
	size_t n;
	size_t room;
	int error;
	bool done;
	bool interrupted;
};

/**
 * acqrel_client_fail() - note why a call fails
 * @client: the handle
 * @error: -errno
 * @text: the reason, without a full stop
 *
 * Return: @error.
 */
int acqrel_client_fail(struct acqrel_client *client, int error,
		       const char *text)
{
	snprintf(client->message, sizeof(client->message), "%s", text);
	return error;
}

/**
 * acqrel_client_fail_nl() - note why a call of libnl failed
 * @client: the handle
 * @nlerr: what libnl returned; it has error numbers of its own
 *
 * Return: -errno.
 */
int acqrel_client_fail_nl(struct acqrel_client *client, int nlerr)
{
	int error = -EIO;

	if (nlerr < 0)
		nlerr = -nlerr;
	if (nlerr == NLE_PERM || nlerr == NLE_NOACCESS)
		error = -EPERM;
	else if (nlerr == NLE_OBJ_NOTFOUND)
		error = -ENOENT;
	else if (nlerr == NLE_NOMEM)
		error = -ENOMEM;
	return acqrel_client_fail(client, error, nl_geterror(nlerr));
}

/**
 * acqrel_client_message() - why the last call failed
 * @client: the handle
 *
 * Return: a sentence without a full stop, never NULL.
 */
const char *acqrel_client_message(const struct acqrel_client *client)
{
	return client->message;
}

static const char *attribute_at(const struct exchange *exchange, __u32 offset)
{
	const struct nlmsghdr *request = exchange->request;
	const struct acqrel_space *space = exchange->call->space;
	const struct nlattr *attr;
	int type;

	if (!space || !space->names ||
	    offset < NLMSG_HDRLEN + GENL_HDRLEN || offset % NLA_ALIGNTO ||
	    offset + sizeof(*attr) > request->nlmsg_len)
		return NULL;
	attr = (const void *)((const char *)request + offset);
	type = nla_type(attr);
	return type <= space->max ? space->names[type] : NULL;
}

/* What the kernel said: the errno text, its own words, the attribute. */
static void say_why(struct exchange *exchange, int error, char *tlvs, int len)
{
	static const struct nla_policy policy[NLMSGERR_ATTR_MAX + 1] = {
		[NLMSGERR_ATTR_MSG]	= { .type = NLA_STRING },
		[NLMSGERR_ATTR_OFFS]	= { .type = NLA_U32 },
	};
	struct nlattr *attrs[NLMSGERR_ATTR_MAX + 1] = { NULL };
	struct acqrel_client *client = exchange->client;
	const char *text = NULL, *attribute = NULL;
	__u32 offset;

	if (len > 0 && nla_parse(attrs, NLMSGERR_ATTR_MAX,
				 (struct nlattr *)tlvs, len, policy))
		memset(attrs, 0, sizeof(attrs));
	if (attrs[NLMSGERR_ATTR_MSG])
		text = nla_get_string(attrs[NLMSGERR_ATTR_MSG]);
	if (attrs[NLMSGERR_ATTR_OFFS]) {
		offset = nla_get_u32(attrs[NLMSGERR_ATTR_OFFS]);
		attribute = attribute_at(exchange, offset);
	}
	snprintf(client->message, sizeof(client->message), "%s%s%s%s%s%s",
		 strerror(-error), text ? ": " : "", text ? text : "",
		 attribute ? " (" : "", attribute ? attribute : "",
		 attribute ? ")" : "");
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *err, void *arg)
{
	struct nlmsghdr *hdr = (void *)((char *)err - NLMSG_HDRLEN);
	struct exchange *exchange = arg;
	int skip = sizeof(*err);

	if (from->nl_pid)
		return NL_SKIP;
	if (!(hdr->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(err->msg.nlmsg_len) - NLMSG_HDRLEN;
	exchange->error = err->error;
	exchange->done = true;
	if (hdr->nlmsg_flags & NLM_F_ACK_TLVS && skip <= nlmsg_datalen(hdr))
		say_why(exchange, err->error, (char *)err + skip,
			nlmsg_datalen(hdr) - skip);
	else
		say_why(exchange, err->error, NULL, 0);
	return NL_STOP;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct exchange *exchange = arg;

	(void)msg;
	exchange->done = true;
	return NL_STOP;
}

/* The end of a dump carries the dump's error, if there was one. */
static int on_finish(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *hdr = nlmsg_hdr(msg);
	struct exchange *exchange = arg;
	int error = 0, left;

	exchange->done = true;
	if (nlmsg_datalen(hdr) >= (int)sizeof(error))
		memcpy(&error, nlmsg_data(hdr), sizeof(error));
	if (error >= 0)
		return NL_STOP;
	exchange->error = error;
	left = hdr->nlmsg_flags & NLM_F_ACK_TLVS ?
		nlmsg_datalen(hdr) - (int)NLMSG_ALIGN(sizeof(error)) : 0;
	say_why(exchange, error,
		(char *)nlmsg_data(hdr) + NLMSG_ALIGN(sizeof(error)), left);
	return NL_STOP;
}

static int on_interrupted(struct nl_msg *msg, void *arg)
{
	struct exchange *exchange = arg;

	(void)msg;
	exchange->interrupted = true;
	return NL_OK;
}

static void *next_item(struct exchange *exchange)
{
	size_t size = exchange->call->size;
	char *item;

	if (exchange->n == exchange->room) {
		size_t room = exchange->room ? 2 * exchange->room : 16;
		char *items = reallocarray(exchange->items, room, size);

		if (!items)
			return NULL;
		exchange->items = items;
		exchange->room = room;
	}
	item = exchange->items + exchange->n * size;
	return memset(item, 0, size);
}

static int decode_into(struct exchange *exchange, struct nlmsghdr *hdr)
{
	struct acqrel_client *client = exchange->client;
	const struct acqrel_space *space = exchange->call->space;
	struct nlattr *attrs[ACQREL_ATTRS_MAX];
	void *item;

	if (genlmsg_parse(hdr, 0, attrs, space->max,
			  (struct nla_policy *)space->policy))
		return acqrel_client_fail(client, -EBADMSG, nonsense);
	item = next_item(exchange);
	if (!item)
		return acqrel_client_fail(client, -ENOMEM, strerror(ENOMEM));
	if (exchange->call->decode(attrs, item))
		return acqrel_client_fail(client, -EBADMSG, nonsense);
	exchange->n++;
	return 0;
}

static int on_message(struct nl_msg *msg, void *arg)
{
	struct exchange *exchange = arg;
	struct nlmsghdr *hdr = nlmsg_hdr(msg);
	struct genlmsghdr *genl = nlmsg_data(hdr);

	if (nlmsg_get_src(msg)->nl_pid || exchange->error ||
	    hdr->nlmsg_type != exchange->client->family ||
	    nlmsg_datalen(hdr) < (int)GENL_HDRLEN ||
	    genl->cmd != exchange->call->cmd || !exchange->call->decode)
		return NL_SKIP;
	exchange->error = decode_into(exchange, hdr);
	return NL_OK;
}

static struct nl_msg *build(struct acqrel_client *client,
			    const struct acqrel_call *call)
{
	struct nl_msg *msg = nlmsg_alloc_size(REQUEST_MAX);

	if (!msg)
		return NULL;
	if (genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, client->family, 0,
			NLM_F_REQUEST | (call->dump ? NLM_F_DUMP : NLM_F_ACK),
			call->cmd, ACQREL_GENL_VERSION) &&
	    (!call->fill || !call->fill(msg, call->arg)))
		return msg;
	nlmsg_free(msg);
	return NULL;
}

static struct nl_cb *callbacks(struct exchange *exchange)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	if (!cb)
		return NULL;
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_message, exchange);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, exchange);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, exchange);
	nl_cb_set(cb, NL_CB_DUMP_INTR, NL_CB_CUSTOM, on_interrupted, exchange);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, exchange);
	return cb;
}

static int converse(struct exchange *exchange, struct nl_msg *msg)
{
	struct acqrel_client *client = exchange->client;
	struct nl_cb *cb = callbacks(exchange);
	int rc;

	if (!cb)
		return acqrel_client_fail(client, -ENOMEM, strerror(ENOMEM));
	rc = nl_send_auto(client->sk, msg);
	exchange->request = nlmsg_hdr(msg);
	while (rc >= 0 && !exchange->done)
		rc = nl_recvmsgs(client->sk, cb);
	nl_cb_put(cb);
	if (exchange->error)
		return exchange->error;
	return rc < 0 ? acqrel_client_fail_nl(client, rc) : 0;
}

static int exchange_once(struct exchange *exchange)
{
	struct nl_msg *msg = build(exchange->client, exchange->call);
	int rc;

	if (!msg)
		return acqrel_client_fail(exchange->client, -ENOMEM, strerror(ENOMEM));
	exchange->n = 0;
	exchange->done = false;
	exchange->interrupted = false;
	rc = converse(exchange, msg);
	nlmsg_free(msg);
	return rc;
}

/**
 * acqrel_call_one() - a request that one message or an ack answers
 * @client: the handle
 * @call: the request
 * @out: room for the decoded answer; unused without a decoder
 *
 * Return: 0 or -errno.
 */
int acqrel_call_one(struct acqrel_client *client,
		    const struct acqrel_call *call, void *out)
{
	struct exchange exchange = { .client = client, .call = call };
	int rc = exchange_once(&exchange);

	if (!rc && call->decode && exchange.n != 1)
		rc = acqrel_client_fail(client, -EBADMSG, "the module did not answer");
	if (!rc && call->decode)
		memcpy(out, exchange.items, call->size);
	free(exchange.items);
	return rc;
}

/**
 * acqrel_call_dump() - a request that a list answers
 * @client: the handle
 * @call: the request
 * @items: set to the list; free() it
 * @n: set to its length
 *
 * A dump that changed while it was taken is taken again.
 *
 * Return: 0 or -errno; -EINTR if it kept changing.
 */
int acqrel_call_dump(struct acqrel_client *client,
		     const struct acqrel_call *call, void **items, size_t *n)
{
	struct exchange exchange = { .client = client, .call = call };
	int rc, tries = DUMP_TRIES;

	do
		rc = exchange_once(&exchange);
	while (!rc && exchange.interrupted && --tries);
	if (!rc && exchange.interrupted)
		rc = acqrel_client_fail(client, -EINTR, unsteady);
	if (rc) {
		free(exchange.items);
		return rc;
	}
	*items = exchange.items;
	*n = exchange.n;
	return 0;
}

static int connect_socket(struct acqrel_client *client)
{
	int one = 1, rc;

	client->sk = nl_socket_alloc();
	if (!client->sk)
		return acqrel_client_fail(client, -ENOMEM, strerror(ENOMEM));
	rc = genl_connect(client->sk);
	if (rc)
		return acqrel_client_fail_nl(client, rc);
	/* Both are comfort: without them errors are only less well worded. */
	setsockopt(nl_socket_get_fd(client->sk), SOL_NETLINK, NETLINK_EXT_ACK,
		   &one, sizeof(one));
	setsockopt(nl_socket_get_fd(client->sk), SOL_NETLINK, NETLINK_CAP_ACK,
		   &one, sizeof(one));
	rc = genl_ctrl_resolve(client->sk, ACQREL_GENL_NAME);
	if (rc < 0)
		return acqrel_client_fail_nl(client, rc);
	client->family = rc;
	return 0;
}

/**
 * acqrel_client_open() - connect to the module
 * @client: set to the handle, or to NULL without memory; close it in any case
 *
 * Return: 0, -ENOENT if there is no such family (the module is not loaded,
 * or this is not the initial network namespace), or another -errno.
 */
int acqrel_client_open(struct acqrel_client **client)
{
	*client = calloc(1, sizeof(**client));
	if (!*client)
		return -ENOMEM;
	return connect_socket(*client);
}

/**
 * acqrel_client_close() - release a handle
 * @client: the handle, or NULL
 */
void acqrel_client_close(struct acqrel_client *client)
{
	if (!client)
		return;
	if (client->events)
		nl_socket_free(client->events);
	if (client->sk)
		nl_socket_free(client->sk);
	free(client);
}
