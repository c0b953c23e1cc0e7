# SPDX-License-Identifier: GPL-2.0-only
#
# The marks of a litmus test, or one of its weakened twins:
#
#	awk -f weaken.awk TEST				"breaks|spare NAME" a line
#	awk -v twin=NAME -f weaken.awk TEST		the twin
#
# A mark is a comment behind a statement of a process:
#
#	// breaks: NAME			weakened, the verdict must change
#	// spare: NAME			weakened, it must not; the comment at
#					the head says why
#	... NAME -> STATEMENT		what the twin has in its place
#
# Statements with the same NAME are weakened together. A statement that orders
# something but has no mark, or that has one and cannot be weakened, is an
# error.

function orders(text) {
	return text ~ /smp_[a-z_]+\(|rcu_[a-z_]+\(|spin_|_(acquire|release)\(/ ||
	       text ~ /[^a-z_]c?m?p?xchg\(|_and_test\(|atomic_fetch_[a-z]+\(/ ||
	       text ~ /memory_order_(acquire|release|acq_rel|seq_cst)/
}

# The statement with its order taken away; nothing is left of a fence.
function weaker(text) {
	if (text ~ /^\t+(smp_[a-z]*mb|[a-z]*rcu_[a-z_]*(lock|rcu)|synchronize_[a-z]*|spin_[a-z]*|atomic_thread_fence)\([^()]*\);$/)
		return ""
	if (sub(/smp_store_release\(/, "WRITE_ONCE(*", text) ||
	    sub(/smp_load_acquire\(/, "READ_ONCE(*", text) ||
	    sub(/(rcu_assign_pointer|smp_store_mb)\(/, "WRITE_ONCE(", text) ||
	    sub(/rcu_dereference\(/, "READ_ONCE(", text) ||
	    sub(/_(acquire|release)\(/, "_relaxed(", text) ||
	    sub(/xchg\(/, "xchg_relaxed(", text) ||
	    gsub(/memory_order_(acquire|release|acq_rel|seq_cst)/,
		 "memory_order_relaxed", text))
		return text
	if (match(text, /atomic_fetch_[a-z]+\(/))
		return substr(text, 1, RSTART + RLENGTH - 2) "_relaxed" \
		       substr(text, RSTART + RLENGTH - 1)
	return text
}

function complain(what) {
	print FILENAME ":" FNR ": " what > "/dev/stderr"
	status = 1
}

/^P[0-9]/ { process = 1 }
/^}/ { process = 0 }

!process {
	if (twin && /^C /)
		$0 = $0 "+no-" twin
	if (twin)
		print
	next
}

{
	text = $0
	mark = ""
	if (match(text, /[ \t]*\/\/ /)) {
		mark = substr(text, RSTART + RLENGTH)
		text = substr(text, 1, RSTART - 1)
	}
	if (mark !~ /^(breaks|spare): /) {
		if (orders(text))
			complain("no mark on" text)
		if (twin)
			print
		next
	}
	kind = substr(mark, 1, index(mark, ":") - 1)
	split(mark, word, " ")
	name = word[2]
	instead = weaker(text)
	if (at = index(mark, " -> "))
		instead = substr(mark, at + 4)
	if (instead == text)
		complain("there is no weaker form of" text)
	if (!(name in marks)) {
		marks[name] = kind
		if (!twin)
			print kind, name
	} else if (marks[name] != kind) {
		complain(name " is both")
	}
	if (twin)
		print name == twin ? instead : text
}

END { exit status }
