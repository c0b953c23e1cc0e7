# SPDX-License-Identifier: GPL-2.0-only
#
# Print what the YAML spec of a generic netlink family says, in the lines of
# policy-dump and policy-header.awk. Knows the YAML of our spec only: two
# spaces a level, a "-" on a line of its own before each entry. Any other line
# is an error, so that nothing is passed over.

function broken() {
	print FILENAME ":" FNR ": not understood: " $0 >"/dev/stderr"
	failed = 1
	exit 1
}

function upper(s) {
	s = toupper(s)
	gsub(/-/, "_", s)
	return s
}

# "key: value" into key and value; "- item" into item
function split_line() {
	key = $1
	value = $0
	sub(/^[^:]*: */, "", value)
	sub(/:.*/, "", key)
	if ($0 ~ /^ *- /) {
		key = "-"
		value = $2
	}
}

function entry(name) {
	print "enum ACQREL_" upper(def) "_" upper(name) " " entries[def]++
}

function definitions() {
	if (at == 4 && key == "name")
		def = value
	else if (at == 4 && key == "entries" && value ~ /^\[/) {
		gsub(/[][,]/, " ", value)
		n = split(value, names, " ")
		for (i = 1; i <= n; i++)
			entry(names[i])
	} else if (at == 6 && key == "-")
		entry(value)
	else if (!(at == 4 && key ~ /^(type|doc|entries)$/))
		broken()
}

function attribute_sets() {
	if (at == 4 && key == "name")
		set = value
	else if (at == 4 && key == "name-prefix") {
		prefix[set] = value
		number[set] = 0
	} else if (at == 8 && key == "name") {
		attr = set SUBSEP value
		names_of[++attrs] = attr
		number_of[attr] = ++number[set]
		symbol[attr] = upper(prefix[set] value)
	} else if (at == 8 && key == "type")
		type[attr] = value
	else if (at == 8 && key == "value") {
		number[set] = value
		number_of[attr] = value
	} else if (at == 8 && key == "nested-attributes")
		nested[attr] = value
	else if (at == 10 && key ~ /^(min|max|max-len|flags-mask)$/)
		check[attr, key] = value
	else if (!(at == 4 && key == "attributes") &&
		 !(at == 8 && key ~ /^(doc|checks|enum|enum-as-flags|multi-attr)$/))
		broken()
}

function operations() {
	if (at == 2 && key == "name-prefix")
		cmd_prefix = value
	else if (at == 6 && key == "name") {
		op = ++ops
		op_name[op] = value
		op_value[op] = op > 1 ? op_value[op - 1] + 1 : 1
		way = part = ""
	} else if (at == 6 && key == "value")
		op_value[op] = value
	else if (at == 6 && key == "attribute-set")
		op_set[op] = value
	else if (at == 6 && key == "flags")
		admin[op] = value == "[ admin-perm ]"
	else if (at == 6 && key ~ /^(do|dump|event)$/) {
		way = key
		ways[op] = ways[op] " " key
	} else if (at == 8 && key ~ /^(request|reply)$/)
		part = key
	else if (at == 12 && key == "-") {
		if (part == "request")
			takes[op] = takes[op] " " value
	} else if (!(at == 2 && key == "list") &&
		   !(at == 6 && key ~ /^(doc|notify|mcgrp)$/) &&
		   !(at ~ /^(8|10)$/ && key ~ /^(attributes|-)$/))
		broken()
}

function limit(attr, which, otherwise) {
	return (attr, which) in check ? check[attr, which] : otherwise
}

# what the kernel says of an attribute with these checks
function rule(attr,	text) {
	text = type[attr]
	if ((attr, "flags-mask") in check)
		return text " mask " 2 ^ entries[check[attr, "flags-mask"]] - 1
	if (text in largest)
		text = text " min " limit(attr, "min", 0) \
			    " max " limit(attr, "max", largest[text])
	if ((attr, "max-len") in check)
		text = text " max-len " check[attr, "max-len"]
	return text
}

function print_op(op,	n, i, j, attr, list) {
	print "cmd " upper(cmd_prefix op_name[op]) " " op_value[op]
	if (ways[op] ~ /do|dump/)
		print "op " op_value[op] ways[op] (admin[op] ? " admin" : "")
	n = split(takes[op], list, " ")
	for (i = 1; i <= n; i++) {
		attr = op_set[op] SUBSEP list[i]
		if (!(attr in type)) {
			print op_name[op] ": no attribute " list[i] >"/dev/stderr"
			failed = 1
		}
		print "attr " op_value[op] " " number_of[attr] " " rule(attr)
		for (j = 1; attr in nested && j <= attrs; j++)
			if (index(names_of[j], nested[attr] SUBSEP) == 1)
				print "attr " op_value[op] " " \
				      number_of[attr] "." \
				      number_of[names_of[j]] " " \
				      rule(names_of[j])
	}
}

BEGIN {
	largest["u8"] = "255"
	largest["u16"] = "65535"
	largest["u32"] = "4294967295"
	largest["u64"] = "18446744073709551615"
}

/^ *(#|$)/ { next }
{ match($0, /^ */); at = RLENGTH }
folded && at > fold_at { next }
{ folded = 0 }
/: \|$/ { folded = 1; fold_at = at }
/^[a-z]/ { section = $1; sub(/:.*/, "", section); next }
/^ *-$/ { next }
{ split_line() }

section == "definitions" { definitions(); next }
section == "attribute-sets" { attribute_sets(); next }
section == "operations" { operations(); next }
section == "mcast-groups" && at == 6 && key == "name" {
	print "group " value
	next
}
section == "mcast-groups" && key == "list" { next }
{ broken() }

END {
	if (failed)
		exit 1
	for (i = 1; i <= attrs; i++)
		print "attribute " symbol[names_of[i]] " " \
		      number_of[names_of[i]] " " type[names_of[i]]
	for (o = 1; o <= ops; o++)
		print_op(o)
	exit failed
}
