# SPDX-License-Identifier: GPL-2.0-only
#
# insn-x86.awk - what an x86-64 instruction does, as objdump -d spells it
#
# class_of() returns words with a space after each: load, store, locked, fence,
# branch, call, division; none for what only computes. Left out are endbr, the
# padding, and what a compiler keeps on the stack for want of registers.

# AT&T order: the last operand is the one that is written
function class_of(op, args,    last)
{
	if (op ~ /^(lea|nop|data16|prefetch|endbr|cs|xchg.*%ax,%ax)/)
		return ""
	if (op ~ /^j/)
		return "branch "
	if (op ~ /^call/)
		return "call "
	if (op ~ /^[mls]fence/ || (op == "lock" && args ~ /\$0x0,.*\(%rsp\)/))
		return "fence "
	if (op == "lock" || (op ~ /^xchg/ && args ~ /\(/))
		return "locked "
	if (op ~ /^i?div/)
		return "division "
	if (args !~ /\(/ || args ~ /\(%rsp/)
		return ""
	match(args, /[-0-9a-fx]*\([^)]*\)/)
	last = RSTART + RLENGTH - 1 == length(args)
	if (!last || op ~ /^(cmp|test|bt|pop)/)
		return "load "
	return op ~ /^mov/ ? "store " : "load store "
}
