# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the scripts that run in the guest share.

# Read the books, summed over all CPUs, into $books: a name and a number a
# line. book takes one out.
read_books() {
	books=$(acqrel --json ring show | tr -d '\n' |
		sed 's/.*"total": *{\([^}]*\)}.*/\1/' | tr -d '" ' | tr ',:' '\n ')
	[ -n "$books" ]
}

book() {
	printf '%s\n' "$books" | sed -n "s/^$1 //p"
}

# The books hold exactly when sources are stopped and the rings drained.
books_hold() {
	[ "$(book offered)" -eq $(($(book filtered_kind) +
		$(book filtered_sample) + $(book filtered_pid) +
		$(book filtered_value) + $(book pushed) + $(book dropped))) ] &&
	[ "$(book pushed)" -eq $(($(book overwritten) + $(book popped))) ]
}
