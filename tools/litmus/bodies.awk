# SPDX-License-Identifier: GPL-2.0-only
#
# The statements of litmus tests in one form, whether they come from the headers
# that run them (include/acqrel/litmus_*.h) or from tests in the kernel's
# form, one a line: "SHAPE+VARIANT THREAD, LINE:
# STATEMENT", and their questions, "SHAPE exists CONDITION".
#
# A pointer is r3 there; whether it led to the new data is what r3 is, here r0.

function one_form(text) {
	gsub(/\(u64\)|^[ \t]+|;.*| \{$/, "", text)
	gsub(/atomic64_/, "atomic_", text)
	sub(/smp_acquire__after_ctrl_dep/, "smp_rmb", text)
	sub(/^if \(r0\)/, "if (r0 == 1)", text)
	sub(/^(u64 \*)?p = /, "r3 = ", text)
	gsub(/\*p\)/, "*r3)", text)
	while (match(text, /LITMUS_[A-Z]+\([x-z]\)/))
		text = substr(text, 1, RSTART - 1) \
		       substr(text, RSTART + RLENGTH - 2, 1) \
		       substr(text, RSTART + RLENGTH)
	return text
}

function one_question(text) {
	while (match(text, /p[0-3]\.r/))
		text = substr(text, 1, RSTART - 1) substr(text, RSTART + 1, 1) \
		       ":r" substr(text, RSTART + RLENGTH)
	gsub(/_last/, "", text)
	gsub(/==/, "=", text)
	gsub(/&&/, "/\\", text)
	gsub(/\|\|/, "\\/", text)
	gsub(/[() \t]/, "", text)
	sub(/1:r3=x/, "1:r0=1", text)
	return text
}

/^LITMUS_EXISTS\(/ {
	question = $0
	while (gsub(/\(/, "(", question) > gsub(/\)/, ")", question) &&
	       (getline line) > 0)
		question = question line
	sub(/^LITMUS_EXISTS\(/, "", question)
	name = substr(question, 1, index(question, ",") - 1)
	sub(/^W2W2/, "2+2W", name)
	print name, "exists", one_question(substr(question, index(question, ",") + 1))
	next
}

/^exists / {
	shape = name
	sub(/\+[a-z-]*$/, "", shape)
	print shape, "exists", one_question(substr($0, 8))
}

/^LITMUS_THREAD\(/ {
	split($0, word, /[(, ]+/)
	name = word[2]
	thread = word[3]
	sub(/_/, "+", name)
	gsub(/_/, "-", name)
	sub(/^W2W2/, "2+2W", name)
	inside = 1
	next
}

/^C / {
	name = $2
	sub(/\+lkmm$/, "", name)
}

/^P[0-9]/ {
	thread = substr($1, 2, 1)
	next
}

/^\{$/ { inside = 1; next }
/^\}/ { inside = 0 }

!inside || /^\t(int|u64 \*p;)/ || /r0 = p == x/ || /^\t?\}?$/ { next }

{ print name, thread ", " ++lines[name, thread] ": " one_form($0) }
