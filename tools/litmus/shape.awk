# SPDX-License-Identifier: GPL-2.0-only
#
# One variant of a shape in the language of one model:
#
#	awk -v variant=VARIANT -v to=MODEL -f shape.awk SHAPE
#
# SHAPE is a litmus test with the kernel's primitives. MODEL is lkmm, c11, x86 or
# arm. The variant once is the text as it is; in ra each READ_ONCE() is an
# acquire and each WRITE_ONCE() a release. Comments behind a statement:
#
#	// only: VARIANT...	it is there in these variants
#	// as is		it is the same in ra
#
# For x86 and arm the text becomes instructions as gcc and the kernel make them
# (arm with the large system extensions; an acquire is LDAR). It understands no
# more than the shapes need, and exits with 3 for what has no instruction, as a
# grace period.

function fail(what) {
	print FILENAME ": " what > "/dev/stderr"
	status = 1
	exit
}

# What stands between parentheses in what match() found, split at commas.
function arguments(text,	inner, n, i) {
	inner = text
	sub(/^[^(]*\(/, "", inner)
	sub(/\);?$/, "", inner)
	n = split(inner, argument, /, */)
	for (i = 1; i <= n; i++)
		sub(/^\*/, "", argument[i])
	return n
}

function result_of(text) {
	return text ~ /^r[0-9] = / ? substr(text, 2, 1) : ""
}

function put(instruction) {
	code[process, ++rows[process]] = instruction
	if (rows[process] > longest)
		longest = rows[process]
}

# x86: r0 to r3 of the test, 32 or 64 bits; rax and rbp are for cmpxchg.
function x86_reg(n, wide,	names) {
	split("bx cx dx si", names, " ")
	return "%" (wide ? "r" : "e") names[n + 1]
}

function x86_place(name) {
	return name ~ /^r[0-9]$/ ? "(" x86_reg(substr(name, 2), 1) ")" : "(" name ")"
}

function x86_store(name, value) {
	if (value ~ /^[0-9]+$/) {
		put("movl $" value "," x86_place(name))
	} else {
		init = init " " process ":r10=" value ";"
		put("movq %r10," x86_place(name))
	}
}

function x86(text,	to_reg, wide) {
	to_reg = result_of(text)
	wide = (process, to_reg) in pointer
	sub(/^r[0-9] = /, "", text)
	arguments(text)
	if (text ~ /^(READ_ONCE|smp_load_acquire|rcu_dereference)\(/) {
		put("mov" (wide ? "q " : "l ") x86_place(argument[1]) "," \
		    x86_reg(to_reg, wide))
	} else if (text ~ /^(WRITE_ONCE|smp_store_release|rcu_assign_pointer)\(/) {
		x86_store(argument[1], argument[2])
	} else if (text ~ /^smp_mb\(/) {
		put("mfence")
	} else if (text ~ /^smp_store_mb\(/) {
		x86_store(argument[1], argument[2])
		put("mfence")
	} else if (text ~ /^smp_[rw]mb\(/) {
		return
	} else if (text ~ /^xchg/) {
		put("movl $" argument[2] "," x86_reg(to_reg))
		put("xchgl " x86_reg(to_reg) "," x86_place(argument[1]))
	} else if (text ~ /^cmpxchg/) {
		put("movl $" argument[2] ",%eax")
		put("movl $" argument[3] ",%ebp")
		put("lock cmpxchgl " x86_place(argument[1]) ",%ebp")
		put("movl %eax," x86_reg(to_reg))
	} else if (text ~ /^atomic_fetch_sub/) {
		put("lock decl " x86_place(argument[2]))
		flags = to_reg
	} else if (text ~ /^atomic_inc/) {
		put("lock incl " x86_place(argument[1]))
	} else if (text !~ /^rcu_read_(un)?lock/) {
		status = 3
	}
}

# Skip the next statement unless register n is value.
function x86_unless(n, value) {
	if (flags != n || value != 1)
		put("cmpl $" value "," x86_reg(n))
	put("jne LC0" process)
	if (flags == n)
		put("movl $" value "," x86_reg(n))
	flags = ""
}

# arm: rN of the test is WN or XN; W10 to W12 are scratch, X20 on are addresses.
function arm_place(name) {
	if (name ~ /^r[0-9]$/)
		return "[X" substr(name, 2) "]"
	if (!((process, name) in address)) {
		address[process, name] = 20 + addresses[process]++
		init = init " " process ":X" address[process, name] "=" name ";"
	}
	return "[X" address[process, name] "]"
}

function arm_store(store, name, value) {
	if (value ~ /^[0-9]+$/) {
		put("MOV W10,#" value)
		put(store " W10," arm_place(name))
	} else {
		init = init " " process ":X11=" value ";"
		put(store " X11," arm_place(name))
	}
}

function arm_order(text) {
	return text ~ /_relaxed\(|_inc\(/ ? "" : text ~ /_acquire\(/ ? "A" : \
	       text ~ /_release\(/ ? "L" : "AL"
}

function arm(text,	to_reg, load) {
	to_reg = result_of(text)
	sub(/^r[0-9] = /, "", text)
	arguments(text)
	if (text ~ /^(READ_ONCE|smp_load_acquire|rcu_dereference)\(/) {
		load = text ~ /^smp/ ? "LDAR " : "LDR "
		put(load ((process, to_reg) in pointer ? "X" : "W") to_reg "," \
		    arm_place(argument[1]))
	} else if (text ~ /^WRITE_ONCE\(/) {
		arm_store("STR", argument[1], argument[2])
	} else if (text ~ /^(smp_store_release|rcu_assign_pointer)\(/) {
		arm_store("STLR", argument[1], argument[2])
	} else if (text ~ /^smp_store_mb\(/) {
		arm_store("STR", argument[1], argument[2])
		put("DMB ISH")
	} else if (text ~ /^smp_r?w?mb\(/) {
		put("DMB ISH" (text ~ /rmb/ ? "LD" : text ~ /wmb/ ? "ST" : ""))
	} else if (text ~ /^xchg/) {
		put("MOV W10,#" argument[2])
		put("SWP" arm_order(text) " W10,W" to_reg "," arm_place(argument[1]))
	} else if (text ~ /^cmpxchg/) {
		put("MOV W" to_reg ",#" argument[2])
		put("MOV W10,#" argument[3])
		put("CAS" arm_order(text) " W" to_reg ",W10," arm_place(argument[1]))
	} else if (text ~ /^atomic_inc\(/) {
		put("MOV W10,#1")
		put("STADD W10," arm_place(argument[1]))
	} else if (text ~ /^atomic_(inc_return|fetch_sub)/) {
		put("MOV W10,#" (text ~ /sub/ ? "-1" : "1"))
		put("LDADD" arm_order(text) " W10,W" to_reg "," \
		    arm_place(argument[text ~ /sub/ ? 2 : 1]))
	} else if (text !~ /^rcu_read_(un)?lock/) {
		status = 3
	}
}

function arm_unless(n, value) {
	put("CMP W" n ",#" value)
	put("B.NE LC0" process)
}

function c11_order(text) {
	return "memory_order_" (text ~ /_relaxed\(|_inc\(/ ? "relaxed" : \
		text ~ /_acquire\(/ ? "acquire" : text ~ /_release\(/ ? "release" : \
		"seq_cst")
}

function c11(text,	to_reg, head, old) {
	to_reg = result_of(text)
	head = "\t" nested
	if (to_reg != "")
		head = head ((process, to_reg) in pointer ? "atomic_int *r" : "int r") \
		       to_reg " = "
	sub(/^r[0-9] = /, "", text)
	arguments(text)
	if (text ~ /^READ_ONCE\(/)
		print head "atomic_load_explicit(" argument[1] ", memory_order_relaxed);"
	else if (text ~ /^(smp_load_acquire|rcu_dereference)\(/)
		print head "atomic_load_explicit(" argument[1] ", memory_order_acquire);"
	else if (text ~ /^(WRITE_ONCE|smp_store_mb)\(/)
		print head "atomic_store_explicit(" argument[1] ", " argument[2] \
		      ", memory_order_relaxed);"
	else if (text ~ /^(smp_store_release|rcu_assign_pointer)\(/)
		print head "atomic_store_explicit(" argument[1] ", " argument[2] \
		      ", memory_order_release);"
	else if (text ~ /^xchg/)
		print head "atomic_exchange_explicit(" argument[1] ", " argument[2] \
		      ", " c11_order(text) ");"
	else if (text ~ /^atomic_inc\(/)
		print head "atomic_fetch_add_explicit(" argument[1] ", 1, " \
		      "memory_order_relaxed);"
	else if (text ~ /^cmpxchg/)
		print "\t*expected = " argument[2] ";\n" \
		      "\tint r9 = atomic_compare_exchange_strong_explicit(" \
		      argument[1] ", expected, " argument[3] ", " c11_order(text) \
		      ", memory_order_relaxed);\n" head "*expected;"
	else if (text ~ /^atomic_inc_return/)
		print head "atomic_fetch_add_explicit(" argument[1] ", 1, " \
		      c11_order(text) ");"
	else if (text ~ /^atomic_fetch_/)
		print head substr(text, 1, 16) "_explicit(" argument[2] ", " argument[1] \
		      ", " c11_order(text) ");"
	else if (text !~ /^(smp_r?w?mb|rcu_read_(un)?lock)\(/)
		status = 3
	if (text ~ /^smp_(store_)?r?w?mb\(/)
		print "\t" nested "atomic_thread_fence(memory_order_" \
		      (text ~ /rmb/ ? "acquire" : text ~ /wmb/ ? "release" : "seq_cst") ");"
}

function statement(text) {
	if (to == "x86")
		x86(text)
	else if (to == "arm")
		arm(text)
	else if (to == "c11")
		c11(text)
	else
		print "\t" nested text
}

function condition(text,	n, name, high, p) {
	if (to == "c11" || to == "lkmm")
		return text
	high = to == "arm" ? "X" : "r"
	n = split("bx cx dx si", name, " ")
	while (match(text, /[0-9]:r[0-9]/)) {
		p = substr(text, RSTART + 3, 1)
		text = substr(text, 1, RSTART + 1) high (to == "arm" ? p : name[p + 1]) \
		       substr(text, RSTART + 4)
	}
	return text
}

function print_code(	row, p, line) {
	print (to == "x86" ? "X86_64 " : "AArch64 ") name
	print "{" init " }"
	for (row = 0; row <= longest; row++) {
		line = ""
		for (p = 0; p <= process; p++)
			line = line (p ? " | " : " ") \
			       sprintf("%-24s", row ? code[p, row] : "P" p)
		print line ";"
	}
}

BEGIN { process = -1 }

/^C / {
	name = $2 "+" variant "+" to
	if (to == "lkmm" || to == "c11")
		print "C " name
}

/^\{.*\}$/ {
	init = substr($0, 2, length($0) - 2)
	sub(/ *$/, "", init)
	if (to == "lkmm" || to == "c11")
		print
}

/^P[0-9]/ {
	process++
	inside = 1
	if (to == "lkmm" || to == "c11") {
		if (to == "c11")
			gsub(/int \*|atomic_t \*/, "atomic_int *")
			sub(/atomic_int \*expected/, "int *expected")
		print
	}
	next
}

/^\{$/ && inside && (to == "lkmm" || to == "c11") { print }

/^}/ && inside {
	inside = 0
	if (to == "lkmm" || to == "c11")
		print
}

/^exists / {
	if (to == "x86" || to == "arm")
		print_code()
	print condition($0)
}

inside && /^\tint / {
	if (/int \*/)
		pointer[process, substr($2, 3, 1)] = 1
	if (to == "lkmm")
		print
	next
}

inside && /^\t/ {
	text = $0
	comment = ""
	if (match(text, /[ \t]*\/\/ /)) {
		comment = substr(text, RSTART + RLENGTH)
		text = substr(text, 1, RSTART - 1)
	}
	if (comment ~ /^only: / && (comment " ") !~ (" " variant " "))
		next
	if (variant == "ra" && comment !~ /^as is/ && comment !~ /^only/) {
		sub(/WRITE_ONCE\(\*/, "smp_store_release(", text)
		sub(/READ_ONCE\(\*/, "smp_load_acquire(", text)
	}
	nested = text ~ /^\t\t/ ? "\t" : ""
	sub(/^\t+/, "", text)
	if (match(text, /^if \(r[0-9] == [0-9]\)( \{)?$/)) {
		braces = text ~ /\{$/
		if (to == "x86")
			x86_unless(substr(text, 6, 1), substr(text, 11, 1))
		else if (to == "arm")
			arm_unless(substr(text, 6, 1), substr(text, 11, 1))
		else
			print "\t" text
		next
	}
	if (text != "}")
		statement(text)
	else if (to == "lkmm" || to == "c11")
		print "\t}"
	if ((to == "x86" || to == "arm") && (text == "}" || (nested && !braces)))
		put("LC0" process ":")
}

END { exit status }
