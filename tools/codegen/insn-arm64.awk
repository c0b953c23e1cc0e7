# SPDX-License-Identifier: GPL-2.0-only
#
# insn-arm64.awk - what an arm64 instruction does, as objdump -d spells it
#
# class_of() returns words with a space after each: load, store, branch, call,
# division, and what orders: acquire, release, rmb, wmb, mb, and for an atomic
# operation rmw, rmw_acquire or rmw_release; none for what only computes. A loop
# of exclusive accesses counts where it stores; an acquire in one also where it
# loads. What a compiler keeps on the stack is left out.

function class_of(op, args)
{
	if (op ~ /^(b|b\..*|cbn?z|tbn?z)$/)
		return "branch "
	if (op ~ /^blr?$/)
		return "call "
	if (op ~ /^[us]div$/)
		return "division "
	if (op ~ /^(dmb|dsb)$/)
		return args ~ /ld$/ ? "rmb " : args ~ /st$/ ? "wmb " : "mb "
	if (op ~ /^(cas|swp|ld(add|clr|eor|set)|st(add|clr|eor|set))/) {
		sub(/^(cas|swp|(ld|st)(add|clr|eor|set))/, "", op)
		return atomic(op ~ /a/, op ~ /l/)
	}
	if (op ~ /^lda?xp?r/)
		return op ~ /^lda/ ? "load acquire " : "load "
	if (op ~ /^stl?xp?r/)
		return "store " atomic(0, op ~ /^stl/)
	if (op ~ /^(ldar|ldapr|ldapur)/)
		return "load acquire "
	if (op ~ /^(stlr|stlur)/)
		return "store release "
	if (args ~ /\[sp/)
		return ""
	return op ~ /^ld/ ? "load " : op ~ /^st/ ? "store " : ""
}

function atomic(acquires, releases)
{
	return "rmw" (acquires ? "_acquire" : "") (releases ? "_release" : "") " "
}
