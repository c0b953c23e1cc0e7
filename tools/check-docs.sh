#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Hold the documentation against the code. Prints KTAP.
#
#	sh tools/check-docs.sh [COMMAND]
#
# COMMAND is the built command (default: build/acqrel). Checked are the pair
# tags of the barriers, the map in the README, and that the manual page has
# every command and option that the command's own help has, and no other.

set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
. tools/lib.sh
require_repository
acqrel=${1:-build/acqrel}
man=Documentation/acqrel.8
number=0
failed=0

[ -x "$acqrel" ] || die "there is no $acqrel; run make $acqrel"

try() {
	name=$1
	shift
	number=$((number + 1))
	if output=$("$@"); then
		echo "ok $number $name"
	else
		failed=$((failed + 1))
		echo "not ok $number $name"
		printf '%s\n' "$output" | sed 's/^/# | /'
	fi
}

code() {
	cat include/acqrel/*.h kmod/*.[ch] kmod/*/*.[ch] user/*.[ch] user/*/*.[ch]
}

# A tag in the list of edges at the top of a header stands after " *<tab>"; an
# edge of one world only is explained after " * TAG: ".
listed_tags() {
	{
		sed -n 's/^ \*\t\([a-z]*\.[a-z]*\)\t.*/\1/p' include/acqrel/*.h kmod/*.[ch]
		sed -n 's/^ \* \([a-z]*\.[a-z]*\): .*/\1/p' kmod/*.[ch] kmod/*/*.[ch] user/*.[ch] user/*/*.[ch]
	} | sort -u
}

# A tag in the code ends a comment that names its partner.
used_tags() {
	code | tr -s '\n\t ' '   ' | grep -o 'pairs with [^*]*\*/' |
		sed -n 's/.*: \([a-z]*\.[a-z]*\) \*\/$/\1/p'
}

tags_are_listed() {
	bad=$(used_tags | sort -u | while read -r tag; do
		listed_tags | grep -qx "$tag" ||
			echo "$tag is in a comment but in no list of edges"
	done)
	echo "$bad"
	[ -z "$bad" ]
}

# A comment that speaks of a partner and has no tag proves nothing.
partners_have_tags() {
	bad=$(code | tr -s '\n\t ' '   ' | grep -o 'pairs with [^*]*\*/' |
		grep -v ': [a-z]*\.[a-z]* \*/$') || :
	echo "$bad"
	[ -z "$bad" ]
}

has_both_ends() {
	ends=$(used_tags | grep -cx "$1") || :
	! code | grep -q "pairs with itself.*: $1 \*/" || ends=$((ends + 1))
	echo "$1 is at $ends places in the code"
	[ "$ends" -ge 2 ]
}

# The comments "pairs with X in FUNCTION(): TAG" of a world as lines: "at TAG
# FUNCTION" for where one stands, "to TAG FUNCTION" for what it names.
ends() {
	awk '
	/^[a-z_].*\(/ && !/;$/ {
		function_name = $0
		sub(/\(.*/, "", function_name)
		sub(/.*[ *]/, "", function_name)
	}
	/\/\*/ { comment = "" }
	{ comment = comment " " $0 }
	/\*\// && comment ~ /pairs with/ {
		tag = comment
		sub(/ *\*\/.*/, "", tag)
		sub(/.*[ \t]/, "", tag)
		print "at", tag, function_name
		while (match(comment, /acqrel_[a-z_]*\(\)/)) {
			print "to", tag, substr(comment, RSTART, RLENGTH - 2)
			comment = substr(comment, RSTART + RLENGTH)
		}
	}
	/\*\// { comment = "" }' include/acqrel/*.h "$1"/*.[ch]
}

# Where a comment says that its partner is, there is a comment with that tag.
partners_are_there() {
	ends "$1" >build/docs.ends
	bad=$(grep '^to ' build/docs.ends | sort -u | while read -r _ tag name; do
		grep -qx "at $tag $name" build/docs.ends ||
			echo "$tag names $name(), where it is not"
	done)
	echo "$bad"
	[ -z "$bad" ] && [ -s build/docs.ends ]
}

is_explained() {
	echo "no page in Documentation/ has \`\`$1\`\` as an entry"
	grep -qx "\`\`$1\`\`" Documentation/*.rst
}

# shellcheck disable=SC2016 # backquotes of the text
pages_have_no_other_tags() {
	bad=$(sed -n 's/^``\([a-z]*\.[a-z]*\)``$/\1/p' Documentation/*.rst |
		while read -r tag; do
			listed_tags | grep -qx "$tag" || echo "$tag is no tag"
		done)
	echo "$bad"
	[ -z "$bad" ]
}

# The map is the block after "## Map"; the first word of a line is a path.
# shellcheck disable=SC2016 # backquotes of the text
mapped() {
	sed -n '/^## Map/,/^## /p' README.md |
		sed -n '/^```/,/^```/s/^\([A-Za-z.][^ ]*\).*/\1/p'
}

map_is_true() {
	bad=$(mapped | while read -r path; do
		[ -e "$path" ] || echo "there is no $path"
	done)
	echo "$bad"
	[ -z "$bad" ] && [ -n "$(mapped)" ]
}

map_is_whole() {
	bad=$(repository ls-files | sed 's/\/.*/\//' | grep -v '^README.md$' | sort -u |
		while read -r path; do
			mapped | grep -q "^$path" || echo "the map lacks $path"
		done)
	echo "$bad"
	[ -z "$bad" ]
}

# The words of a help text that stand first in an indented line.
commands_of() {
	"$acqrel" "$@" help | sed -n '/^Everywhere/q; s/^  \([a-z][a-z]*\).*/\1/p'
}

options_of() {
	"$acqrel" "$@" --help |
		sed -n '/^Everywhere/q; s/^  \(-[-a-z]*\).*/\1/p'
}

# Every command, its object first.
all_commands() {
	for object in $(commands_of); do
		if "$acqrel" "$object" --help | grep -q '^Usage: .* COMMAND'; then
			for command in $(commands_of "$object"); do
				echo "$object $command"
			done
		else
			echo "$object"
		fi
	done
}

# The entry of a command in the manual page, from its .It line to the next.
entry_of() {
	awk -v name="$1" '
	/^\.It Cm / {
		line = substr($0, 8)
		sub(/ Ar .*/, "", line)
		on = line == name
	}
	/^\.S[hs] / { on = 0 }
	on' $man
}

documented_commands() {
	sed -n '/^\.Sh DESCRIPTION/,/^\.Sh FILES/s/^\.It Cm //p' $man |
		sed 's/ Ar .*//'
}

# The synopsis names it, and an entry describes it with its options, no more.
command_is_documented() {
	entry=$(entry_of "$1")
	[ -n "$entry" ] || { echo "no entry"; return 1; }
	# shellcheck disable=SC2086 # words
	options_of $1 | sort >build/docs.help
	printf '%s\n' "$entry" | sed -n 's/^\.\(It \)*Fl \([^ ]*\).*/-\2/p' |
		sort -u >build/docs.man
	diff build/docs.help build/docs.man
}

no_other_commands() {
	all_commands | sort >build/docs.help
	documented_commands | grep -v -e '^sample_every$' -e '^min_value_ns$' \
		-e '^policy$' -e '^kinds$' -e '^pids$' | sort >build/docs.man
	diff build/docs.help build/docs.man
}

fields_are_documented() {
	"$acqrel" config set nonsense 1 2>&1 | tr -s ', ' '\n' |
		grep -x -e '[a-z]*_[a-z_]*' -e policy -e kinds -e pids |
		sort >build/docs.help
	documented_commands | grep -x -e sample_every -e min_value_ns \
		-e policy -e kinds -e pids | sort >build/docs.man
	diff build/docs.help build/docs.man && [ -s build/docs.man ]
}

echo 'KTAP version 1'
try 'comments that name a partner have a tag' partners_have_tags
try 'tags in comments are in a list of edges' tags_are_listed
for world in kmod user; do
	try "partners are where comments say, $world" partners_are_there $world
done
for tag in $(listed_tags); do
	try "$tag has both ends" has_both_ends "$tag"
	try "$tag is explained" is_explained "$tag"
done
try 'pages have no tag that the code has not' pages_have_no_other_tags
try 'what the map of the README names is there' map_is_true
try 'the map names every directory and file at the top' map_is_whole
all_commands >build/docs.commands
while read -r command; do
	try "manual page: $command" command_is_documented "$command"
done <build/docs.commands
try 'manual page: no command that is not there' no_other_commands
try 'manual page: the fields of a config' fields_are_documented
echo "1..$number"
[ "$failed" -eq 0 ]
