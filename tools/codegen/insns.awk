# SPDX-License-Identifier: GPL-2.0-only
#
# insns.awk - the instructions of the fast paths, from objdump -tdlr --inlines
#
# Comes after a file that has class_of(). Given is -v target=NAME. Prints, with
# a tab between, for each instruction of each function codegen_PATH:
#
#	TARGET PATH NUMBER FILE:LINE CLASSES TEXT
#
# NUMBER counts from 1 in each path. FILE:LINE is the innermost place in the
# repository, or "-". Addresses become numbers and symbols. Left out are the
# padding, what signs and checks where a jump or a return goes (endbr, paciasp),
# and the kernel's call to __fentry__; a jump to its return thunk is a ret, one
# that leaves is a call.

# "FILE:LINE" as in the repository, or nothing
function place_of(text)
{
	sub(/ \(.*/, "", text)
	if (match(text, /(include\/acqrel|user|kmod)\/[a-z_\/]*\.[ch]:[0-9]+/) ||
	    match(text, /tools\/codegen\/[a-z_]*\.c:[0-9]+/))
		return substr(text, RSTART, RLENGTH)
	# kbuild compiles a copy
	if (match(text, /kernel[-a-z0-9]*\/paths\.c:[0-9]+/)) {
		sub(/.*\//, "", text)
		return "tools/codegen/" text
	}
	return ""
}

function hex(text,    i, value)
{
	for (i = 1; i <= length(text); i++)
		value = value * 16 + index("123456789abcdef", substr(text, i, 1))
	return value
}

function left_out(op, text)
{
	return text ~ /__fentry__/ ||
	       op ~ /^(nop[lw]?|endbr64|data16|cs|int3|bti|(pac|aut)iasp)$/ ||
	       text ~ /^xchg +%ax,%ax/
}

function finish(    i)
{
	for (i = 1; i <= n; i++)
		number[i] = left_out(ops[i], texts[i]) ? 0 : ++numbers
	for (i = 1; i <= n; i++)
		if (number[i])
			show(i)
	n = numbers = 0
	path = ""
	split("", at)
	split("", goes)
}

function show(i,    text, class, j)
{
	text = texts[i]
	class = class_of(ops[i], operands[i])
	if (goes[i] in at) {
		# a target that is padding is what follows
		for (j = at[goes[i]]; !number[j] && j < n; j++)
			;
		sub(/[0-9a-f]+ <[^>]*>$/, number[j], text)
	} else if (goes[i] != "" && class ~ /branch/) {
		class = "call "
	}
	sub(/[0-9a-f]+ <[^>]*>$/, outer[i], text)
	sub(/ $/, "", class)
	printf "%s\t%s\t%s\t%s\t%s\t%s\n", target, path, number[i],
		place[i] == "" ? "-" : place[i], class == "" ? "-" : class, text
}

# the symbols come first
NF > 3 && $(NF - 3) == "F" && $NF ~ /^(codegen|acqrel)_/ {
	size[$NF] = hex($(NF - 1))
	next
}

/^[0-9a-f]+ <.*>:$/ || /^Disassembly of section/ {
	if (path != "")
		finish()
	path = $2
	gsub(/[<>:]/, "", path)
	end = hex($1) + size[path]
	sub(/\.cold$/, "", path)
	if (!sub(/^codegen_/, "", path) && path != "acqrel_counter_add_locked")
		path = ""
	sub(/^acqrel_/, "", path)
	place_now = ""
	n = 0
	next
}

path == "" {
	next
}

/^(\/|\.\/|[a-z]).*:[0-9]+( \(discriminator [0-9]+\))?$/ && !/^inlined by/ {
	place_first = place_now = place_of($0)
	next
}

# the line is given once, its callers before each instruction
/^inlined by/ {
	if (place_now == "")
		place_now = place_of($0)
	next
}

/^ *[0-9a-f]+:\t/ {
	line = $0
	sub(/^ *[0-9a-f]+:\t/, "", line)
	sub(/[ \t]+(#|\/\/) .*/, "", line)
	gsub(/[ \t]+/, " ", line)
	sub(/ $/, "", line)
	address = $1
	sub(/:$/, "", address)
	# behind the last function may be what alternatives are made of
	if (hex(address) >= end) {
		finish()
		next
	}
	at[address] = ++n
	texts[n] = line
	split(line, words, " ")
	ops[n] = words[1]
	operands[n] = line
	sub(/^[^ ]+ ?/, "", operands[n])
	if (ops[n] ~ /^(lock|rep|notrack|bnd)/)
		sub(/^[^ ]+ ?/, "", operands[n])
	goes[n] = ""
	if (match(line, /[0-9a-f]+ <[^>]*>$/)) {
		goes[n] = substr(line, RSTART, RLENGTH)
		# a name stays if no relocation gives it
		name = goes[n]
		sub(/^[^<]*</, "", name)
		sub(/[+>].*/, "", name)
		sub(/ <.*/, "", goes[n])
		outer[n] = name
	}
	place[n] = place_now
	place_now = place_first
	next
}

# a symbol takes the place of the zeros
/R_(X86_64|AARCH64)_/ {
	symbol = $3
	sub(/[-+]0x[0-9a-f]+$/, "", symbol)
	if (symbol == "__x86_return_thunk") {
		texts[n] = ops[n] = "ret"
		operands[n] = goes[n] = ""
	} else if (sub(/[0-9a-f]+ <[^>]*>$/, symbol, texts[n])) {
		if ($2 ~ /PLT|PC32|CALL26|JUMP26/)
			goes[n] = symbol
		else
			goes[n] = ""
	} else {
		sub(/0x0\(%rip\)/, symbol "(%rip)", texts[n])
	}
	next
}

END {
	if (path != "")
		finish()
}
