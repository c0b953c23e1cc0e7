# SPDX-License-Identifier: GPL-2.0-only
#
# Print what orders memory in the C files that are given, one a line:
#
#	WORLD END TAG FILE:LINE PRIMITIVE
#
# WORLD is kernel, user or both, after the directory. END is give for what makes
# earlier accesses visible, take for what makes later ones wait, full for what
# does both, each for what pairs with the same line in another thread, and
# section for the bounds of a reader's critical section. TAG
# comes from the comment "pairs with ...: TAG" in the same line or one of the
# three before it; it is "nothing" for "no pair: REASON", where a cost is
# measured or the value is all that counts, and "-" if there is none. In a
# section's bounds the comment may also come later.
#
# A comment that stands near no such line is printed with the END "none".

function end_of(text) {
	if (text ~ /smp_store_release\(|rcu_assign_pointer\(|rcu_replace_pointer\(/ ||
	    text ~ /xchg_release\(|_unlock\(0,|smp_wmb\(|__ATOMIC_RELEASE/)
		return "give"
	if (text ~ /smp_load_acquire\(|rcu_dereference\(|smp_rmb\(|_bit_lock\(/ ||
	    text ~ /call_s?rcu\(|synchronize_s?rcu[a-z_]*\(|__ATOMIC_ACQUIRE/ ||
	    text ~ /tracepoint_synchronize_|xchg_acquire\(|rte_rcu_qsbr_check\(/)
		return "take"
	if (text ~ /dec_and_test\(/)
		return "each"
	if (text ~ /[^_]set_current_state\(/ || text ~ /smp_mb\(|smp_store_mb\(|rcu_barrier\(/ ||
	    text ~ /[^_]cmpxchg\(|[^a-z_]xchg\(|__ATOMIC_(ACQ_REL|SEQ_CST)/)
		return "full"
	if (text ~ /rcu_read_(un)?lock\(|rte_rcu_qsbr_(un)?lock\(/ ||
	    text ~ /rcu_quiescent_state\(|rte_rcu_qsbr_quiescent\(/)
		return "section"
	return ""
}

function primitive_of(text) {
	match(text, /[a-z_]*(smp_|rcu_|xchg|_bit_|_unlock|_and_test|_rcu|_srcu|__ATOMIC_|set_current|tracepoint_)[A-Za-z_]*/)
	return substr(text, RSTART, RLENGTH)
}

function world_of(name) {
	return name ~ /(^|\/)kmod\// ? "kernel" : name ~ /(^|\/)user\// ? "user" : "both"
}

# What was gathered of one file.
function flush(	line, at, tag) {
	for (line = 1; line <= lines; line++) {
		if (!(line in end))
			continue
		tag = "-"
		for (at = line; at >= line - 3; at--)
			if (at in comment)
				break
		if (at < line - 3 && end[line] == "section")
			for (at = line + 1; at <= line + 3; at++)
				if (at in comment)
					break
		if (at in comment) {
			tag = comment[at]
			used[at] = 1
		}
		print world_of(file), end[line], tag, file ":" line, primitive[line]
	}
	for (line = 1; line <= lines; line++)
		if (line in comment && !(line in used))
			print world_of(file), "none", comment[line], file ":" line, "-"
	split("", end)
	split("", comment)
	split("", used)
}

FNR == 1 {
	flush()
	file = FILENAME
	pending = defining = 0
}

{ lines = FNR }

# a comment of more than one line names the tag in its last
/\/\* no pair: / { comment[FNR] = "nothing"; next }
/pairs with / { pending = 1 }
pending && match($0, /: [a-z]+\.[a-z_]+ *(\*\/|$)/) {
	comment[FNR] = substr($0, RSTART + 2, RLENGTH - 2)
	sub(/ *(\*\/)?$/, "", comment[FNR])
	pending = 0
}
/\*\// { pending = 0 }

# prose, and what others are called that only look alike
/^[ \t]*(\/\*|\*)/ || /^ *\/\// { next }

# a definition is no use
/^#define/ || defining { defining = /\\$/; next }

{
	text = $0
	sub(/\/\*.*/, "", text)
	what = end_of(text)
	if (what) {
		end[FNR] = what
		primitive[FNR] = primitive_of(text)
	}
}

END { flush() }
