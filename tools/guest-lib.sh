# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the scripts that run in the guest share.

# The sum over all CPUs of one of the books: book offered
book() {
	acqrel --json ring show | numbers "$1"
}

# The sum of all numbers under one key of a JSON document.
numbers() {
	grep -o "\"$1\": *[0-9]*" | awk '{ sum += $NF } END { printf "%.0f\n", sum }'
}

# Wait until a command succeeds, $1 seconds at most.
wait_for() {
	left=$(($1 * 10))
	shift
	until "$@"; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || return 1
		usleep 100000
	done
}
