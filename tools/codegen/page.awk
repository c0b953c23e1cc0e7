# SPDX-License-Identifier: GPL-2.0-only
#
# page.awk - the page of the fast paths, from the rules and the instructions
#
# Given is -v compilers=TEXT. Reads the rules and the output of insns.awk, and
# from the top of the repository the lines of C that these name.

function repeat(c, n,    s)
{
	while (n-- > 0)
		s = s c
	return s
}

# line "FILE:LINE" of the source, without what surrounds it
function source(place,    part, i, line)
{
	if (place == "-")
		return "(enter and return)"
	split(place, part, ":")
	if (!(part[1] in have)) {
		have[part[1]]
		for (i = 1; (getline line <part[1]) > 0; i++)
			lines[part[1], i] = line
		close(part[1])
	}
	line = lines[part[1], part[2] + 0]
	gsub(/\t/, " ", line)
	gsub(/^ +| +\\?$/, "", line)
	gsub(/ +/, " ", line)
	# where a path itself begins and ends
	if (line ~ /^[{}]?$/ || line ~ /[a-z0-9] \*?codegen_[a-z0-9_]*\(/)
		return "(enter and return)"
	return line
}

# what is in each cell of the table of @path: cell[row, column, line]
function collect(path,    c, i, n, r, row_of, key, line)
{
	split("", cell)
	split("", height)
	rows = 0
	for (c = 1; c <= columns; c++) {
		n = insns[path, column[c]]
		for (i = 1; i <= n; i++) {
			line = source(place[path, column[c], i])
			key = place[path, column[c], i]
			if (line ~ /^\(/)
				key = "-"
			if (!(key in row_of)) {
				row_of[key] = ++rows
				cell[rows, 0, height[rows, 0] = 1] = line
			}
			r = row_of[key]
			cell[r, c, ++height[r, c]] = text[path, column[c], i]
		}
	}
}

function rule_off(c, with,    s, i)
{
	s = "+"
	for (i = 0; i <= columns; i++)
		s = s repeat(with, width[i] + 2) "+"
	print s
}

function line_of(r, c, i)
{
	return i <= height[r, c] ? "| ``" cell[r, c, i] "``" : ""
}

function table(path,    c, i, r, high, s)
{
	collect(path)
	for (c = 0; c <= columns; c++) {
		width[c] = length(c ? column[c] : "C")
		for (r = 1; r <= rows; r++)
			for (i = 1; i <= height[r, c]; i++)
				if (length(cell[r, c, i]) + 6 > width[c])
					width[c] = length(cell[r, c, i]) + 6
	}
	rule_off(0, "-")
	s = "|"
	for (c = 0; c <= columns; c++)
		s = s sprintf(" %-" width[c] "s |", c ? column[c] : "C")
	print s
	rule_off(0, "=")
	for (r = 1; r <= rows; r++) {
		high = 0
		for (c = 0; c <= columns; c++)
			if (height[r, c] > high)
				high = height[r, c]
		for (i = 1; i <= high; i++) {
			s = "|"
			for (c = 0; c <= columns; c++)
				s = s sprintf(" %-" width[c] "s |", line_of(r, c, i))
			print s
		}
		rule_off(0, "-")
	}
	print ""
}

# the targets that match @pattern and have @path
function choose(path, pattern,    i)
{
	columns = 0
	for (i = 1; i <= n_targets; i++)
		if (target_names[i] ~ pattern &&
		    insns[path, target_names[i]])
			column[++columns] = target_names[i]
	return columns
}

function title(s, with)
{
	print s
	print repeat(with, length(s)) "\n"
}

function number(path, target)
{
	return insns[path, target] ? insns[path, target] : "\\-"
}

function counts(    i, j, s, off)
{
	s = repeat("=", 28)
	for (j = 1; j <= n_targets; j++)
		s = s "  =============="
	off = s
	s = sprintf("%-28s", "path")
	for (j = 1; j <= n_targets; j++)
		s = s sprintf("  %-14s", target_names[j])
	sub(/ +$/, "", s)
	print off "\n" s "\n" off
	for (i = 1; i <= n_paths; i++) {
		s = sprintf("%-28s", paths[i] "_")
		for (j = 1; j <= n_targets; j++)
			s = s sprintf("  %-14s", number(paths[i], target_names[j]))
		sub(/ +$/, "", s)
		print s
	}
	print off "\n"
}

function intro()
{
	print ".. SPDX-License-Identifier: GPL-2.0-only"
	print ".. Made by tools/codegen/check --update. Changes here are lost.\n"
	print repeat("=", 15)
	title("Code generation", "=")
	print "The instructions of the fast paths, as ``make codegen`` finds and"
	print "checks them: on x86-64 no locked instruction and no fence where the"
	print "source asks for acquire and release, on arm64 the instructions that"
	print "order and no other, no call, no division, and no more instructions"
	print "than are recorded in ``tools/codegen/ceilings``.  What is expected,"
	print "and each exception with its reason, is in ``tools/codegen/rules``.\n"
	print "``armv8.0`` is the base of the architecture, ``armv8.3`` has atomic"
	print "instructions.  Instructions stand beside the line of C that they were"
	print "made for.  Their numbers are their order, and where a branch goes."
	print "Left out are the call to ``__fentry__``, padding, and what signs and"
	print "checks where a jump or a return goes; a jump to the kernel's return"
	print "thunk is a ``ret``.  The kernel on arm64 has two forms of each atomic"
	print "operation and chooses at boot.\n"
	print "Made with"
	print compilers ".\n"
	title("Instructions", "=")
}

FNR == 1 {
	file++
}

/^#/ || /^$/ {
	next
}

file == 1 {
	if (!($1 in order)) {
		paths[++n_paths] = $1
		order[$1] = $3
	} else if (order[$1] != $3) {
		order[$1] = "kernel: " order[$1] "; user: " $3
	}
	if (match($0, / -- .*/))
		reason[$1] = reason[$1] " " toupper(substr($0, RSTART + 4, 1)) \
			     substr($0, RSTART + 5) "."
	next
}

{
	split($0, field, "\t")
	target = field[1]
	if (!(target in targets)) {
		targets[target]
		target_names[++n_targets] = target
	}
	n = ++insns[field[2], target]
	place[field[2], target, n] = field[4]
	text[field[2], target, n] = sprintf("%-3d %s", field[3], field[6])
}

END {
	intro()
	counts()
	for (i = 1; i <= n_paths; i++) {
		title(paths[i], "=")
		gsub(/,/, ", ", order[paths[i]])
		if (order[paths[i]] != "-")
			print "Order: " order[paths[i]] "." reason[paths[i]] "\n"
		else if (reason[paths[i]] != "")
			print substr(reason[paths[i]], 2) "\n"
		if (choose(paths[i], "x86-64$"))
			table(paths[i])
		if (choose(paths[i], "arm"))
			table(paths[i])
	}
}
