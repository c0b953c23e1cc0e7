// SPDX-License-Identifier: GPL-2.0-only
/*
 * Print what the kernel says about a generic netlink family, a line each:
 *
 *	group NAME
 *	op ID do|dump [admin]
 *	attr OP NUMBER[.NUMBER] TYPE [min N max N] [mask N] [max-len N]
 *
 * An attribute that is not printed is refused by that command.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#define OPS_MAX		256
#define POLICIES_MAX	32
#define NUMBERS_MAX	64

/**
 * struct rule - what a policy says of one attribute
 * @text: type and limits, empty if the attribute is refused
 * @nest: policy inside it, or -1
 */
struct rule {
	char text[128];
	int nest;
};

static struct rule rules[POLICIES_MAX][NUMBERS_MAX];
static int policy_of[OPS_MAX];		/* index, or -1 */

static const char *const types[] = {
	[NL_ATTR_TYPE_FLAG] = "flag",
	[NL_ATTR_TYPE_U8] = "u8",
	[NL_ATTR_TYPE_U16] = "u16",
	[NL_ATTR_TYPE_U32] = "u32",
	[NL_ATTR_TYPE_U64] = "u64",
	[NL_ATTR_TYPE_S8] = "s8",
	[NL_ATTR_TYPE_S16] = "s16",
	[NL_ATTR_TYPE_S32] = "s32",
	[NL_ATTR_TYPE_S64] = "s64",
	[NL_ATTR_TYPE_BINARY] = "binary",
	[NL_ATTR_TYPE_STRING] = "unterminated-string",
	[NL_ATTR_TYPE_NUL_STRING] = "string",
	[NL_ATTR_TYPE_NESTED] = "nest",
	[NL_ATTR_TYPE_NESTED_ARRAY] = "array-nest",
	[NL_ATTR_TYPE_BITFIELD32] = "bitfield32",
};

static const char *type_name(unsigned int type)
{
	if (type <= NL_ATTR_TYPE_BITFIELD32 && types[type])
		return types[type];
	return "unknown";
}

static void add(struct rule *rule, const char *what, unsigned long long n)
{
	size_t len = strlen(rule->text);

	snprintf(rule->text + len, sizeof(rule->text) - len, " %s %llu", what,
		 n);
}

static void take_rule(struct rule *rule, struct nlattr *nest)
{
	struct nlattr *tb[NL_POLICY_TYPE_ATTR_MAX + 1];

	nla_parse_nested(tb, NL_POLICY_TYPE_ATTR_MAX, nest, NULL);
	if (!tb[NL_POLICY_TYPE_ATTR_TYPE])
		return;
	strcpy(rule->text,
	       type_name(nla_get_u32(tb[NL_POLICY_TYPE_ATTR_TYPE])));
	if (tb[NL_POLICY_TYPE_ATTR_MIN_VALUE_U])
		add(rule, "min",
		    nla_get_u64(tb[NL_POLICY_TYPE_ATTR_MIN_VALUE_U]));
	if (tb[NL_POLICY_TYPE_ATTR_MAX_VALUE_U])
		add(rule, "max",
		    nla_get_u64(tb[NL_POLICY_TYPE_ATTR_MAX_VALUE_U]));
	if (tb[NL_POLICY_TYPE_ATTR_MASK])
		add(rule, "mask", nla_get_u64(tb[NL_POLICY_TYPE_ATTR_MASK]));
	if (tb[NL_POLICY_TYPE_ATTR_MIN_LENGTH])
		add(rule, "min-len",
		    nla_get_u32(tb[NL_POLICY_TYPE_ATTR_MIN_LENGTH]));
	if (tb[NL_POLICY_TYPE_ATTR_MAX_LENGTH])
		add(rule, "max-len",
		    nla_get_u32(tb[NL_POLICY_TYPE_ATTR_MAX_LENGTH]));
	if (tb[NL_POLICY_TYPE_ATTR_POLICY_IDX])
		rule->nest = nla_get_u32(tb[NL_POLICY_TYPE_ATTR_POLICY_IDX]);
}

static int take_policy(struct nl_msg *msg, void *unused)
{
	struct nlattr *tb[CTRL_ATTR_MAX + 1], *op[CTRL_ATTR_POLICY_MAX + 1];
	struct nlattr *outer, *inner;
	int i, j;

	(void)unused;
	genlmsg_parse(nlmsg_hdr(msg), 0, tb, CTRL_ATTR_MAX, NULL);
	if (tb[CTRL_ATTR_OP_POLICY])
		nla_for_each_nested(outer, tb[CTRL_ATTR_OP_POLICY], i) {
			nla_parse_nested(op, CTRL_ATTR_POLICY_MAX, outer, NULL);
			inner = op[CTRL_ATTR_POLICY_DO] ?:
				op[CTRL_ATTR_POLICY_DUMP];
			if (inner && nla_type(outer) < OPS_MAX)
				policy_of[nla_type(outer)] = nla_get_u32(inner);
		}
	if (!tb[CTRL_ATTR_POLICY])
		return NL_OK;
	nla_for_each_nested(outer, tb[CTRL_ATTR_POLICY], i)
		nla_for_each_nested(inner, outer, j)
			if (nla_type(outer) < POLICIES_MAX &&
			    nla_type(inner) < NUMBERS_MAX)
				take_rule(&rules[nla_type(outer)]
						[nla_type(inner)], inner);
	return NL_OK;
}

static void print_op(struct nlattr *nest)
{
	struct nlattr *tb[CTRL_ATTR_OP_MAX + 1];
	unsigned int flags;

	nla_parse_nested(tb, CTRL_ATTR_OP_MAX, nest, NULL);
	if (!tb[CTRL_ATTR_OP_ID] || !tb[CTRL_ATTR_OP_FLAGS])
		return;
	flags = nla_get_u32(tb[CTRL_ATTR_OP_FLAGS]);
	printf("op %u%s%s%s\n", nla_get_u32(tb[CTRL_ATTR_OP_ID]),
	       flags & GENL_CMD_CAP_DO ? " do" : "",
	       flags & GENL_CMD_CAP_DUMP ? " dump" : "",
	       flags & GENL_ADMIN_PERM ? " admin" : "");
}

static int print_family(struct nl_msg *msg, void *unused)
{
	struct nlattr *tb[CTRL_ATTR_MAX + 1], *nest, *name;
	int left;

	(void)unused;
	genlmsg_parse(nlmsg_hdr(msg), 0, tb, CTRL_ATTR_MAX, NULL);
	if (tb[CTRL_ATTR_OPS])
		nla_for_each_nested(nest, tb[CTRL_ATTR_OPS], left)
			print_op(nest);
	if (tb[CTRL_ATTR_MCAST_GROUPS])
		nla_for_each_nested(nest, tb[CTRL_ATTR_MCAST_GROUPS], left) {
			name = nla_find(nla_data(nest), nla_len(nest),
					CTRL_ATTR_MCAST_GRP_NAME);
			if (name)
				printf("group %s\n", nla_get_string(name));
		}
	return NL_OK;
}

static void print_rules(int op, int policy)
{
	for (int i = 0; i < NUMBERS_MAX; i++) {
		const struct rule *rule = &rules[policy][i];

		if (!*rule->text)
			continue;
		printf("attr %d %d %s\n", op, i, rule->text);
		for (int j = 0; rule->nest >= 0 && j < NUMBERS_MAX; j++)
			if (*rules[rule->nest][j].text)
				printf("attr %d %d.%d %s\n", op, i, j,
				       rules[rule->nest][j].text);
	}
}

static int ask(struct nl_sock *sock, __u8 cmd, int flags, const char *family,
	       nl_recvmsg_msg_cb_t take)
{
	struct nl_msg *msg = nlmsg_alloc();
	int err;

	if (!msg)
		return -NLE_NOMEM;
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, take, NULL);
	genlmsg_put(msg, 0, 0, GENL_ID_CTRL, 0, flags, cmd, 1);
	nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, family);
	err = nl_send_auto(sock, msg);
	nlmsg_free(msg);
	return err < 0 ? err : nl_recvmsgs_default(sock);
}

int main(int argc, char **argv)
{
	struct nl_sock *sock = nl_socket_alloc();
	int err;

	if (argc != 2 || !sock)
		return 2;
	for (int i = 0; i < OPS_MAX; i++)
		policy_of[i] = -1;
	for (int i = 0; i < POLICIES_MAX; i++)
		for (int j = 0; j < NUMBERS_MAX; j++)
			rules[i][j].nest = -1;
	/* an answer is one message or a dump, which has an end of its own */
	nl_socket_disable_auto_ack(sock);
	err = genl_connect(sock);
	if (!err)
		err = ask(sock, CTRL_CMD_GETFAMILY, 0, argv[1], print_family);
	if (!err)
		err = ask(sock, CTRL_CMD_GETPOLICY, NLM_F_DUMP, argv[1],
			  take_policy);
	nl_socket_free(sock);
	if (err) {
		fprintf(stderr, "policy-dump: %s: %s\n", argv[1],
			nl_geterror(err));
		return 1;
	}
	for (int i = 0; i < OPS_MAX; i++)
		if (policy_of[i] >= 0 && policy_of[i] < POLICIES_MAX)
			print_rules(i, policy_of[i]);
	return 0;
}
