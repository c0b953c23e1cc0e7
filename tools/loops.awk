# SPDX-License-Identifier: GPL-2.0-only
#
# loops.awk - what the loops of each function do, from objdump -dr
#
# An instruction is in a loop if it can be reached from itself. Counted are
# loads, stores, locked operations, fences, branches and calls, as insn-x86.awk,
# which must come first, tells them; left out is what only a kernel has: the
# call to __fentry__ and the thunks that stand for a return or an indirect jump.
#
# Prints "FUNCTION load L store S locked K fence F branch B call C".

function reach(from,    stack, top, i, j)
{
	split("", seen)
	top = 0
	stack[top++] = from
	while (top) {
		i = stack[--top]
		for (j = 1; j <= 2; j++) {
			if (!((i, j) in next_of) || next_of[i, j] in seen)
				continue
			seen[next_of[i, j]] = 1
			stack[top++] = next_of[i, j]
		}
	}
	return from in seen
}

function finish(    i, j, n, words, counts)
{
	if (name == "")
		return
	for (i = 1; i <= n_insns; i++) {
		if (ops[i] ~ /^j/) {
			if (targets[i] in at)
				next_of[i, 1] = at[targets[i]]
			if (ops[i] !~ /^jmp/)
				next_of[i, 2] = i + 1
		} else if (ops[i] !~ /^(ret|ud2)/ && i < n_insns)
			next_of[i, 1] = i + 1
	}
	split("", counts)
	for (i = 1; i <= n_insns; i++) {
		if (!reach(i))
			continue
		n = split(class_of(ops[i], operands[i]), words, " ")
		for (j = 1; j <= n; j++)
			counts[words[j]]++
	}
	printf "%s load %d store %d locked %d fence %d branch %d call %d\n",
		name, counts["load"], counts["store"], counts["locked"],
		counts["fence"], counts["branch"], counts["call"]
	name = ""
}

/^[0-9a-f]+ <.*>:$/ {
	finish()
	name = $2
	gsub(/[<>:]/, "", name)
	n_insns = 0
	split("", at)
	split("", next_of)
	split("", ops)
	split("", operands)
	split("", targets)
	next
}

/^ *[0-9a-f]+:\t/ && $2 !~ /^R_/ {
	address = $1
	sub(/:$/, "", address)
	ops[++n_insns] = $2
	at[address] = n_insns
	operands[n_insns] = ""
	if ($2 == "lock" || $2 ~ /^(rep|notrack|bnd)/)
		operands[n_insns] = $4
	else if (NF > 2)
		operands[n_insns] = $3
	targets[n_insns] = $3
	next
}

# a return by way of a thunk
/R_.*__x86_return_thunk/ {
	ops[n_insns] = "ret"
}

END {
	finish()
}
