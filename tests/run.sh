#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Run test programs one after another and print one KTAP document:
#
#	tests/run.sh PROGRAM...
#
# The exit status is 1 if one failed.

set -u

dir=$(dirname "$0")
export TSAN_OPTIONS="suppressions=$dir/tsan.supp history_size=7"
export ASAN_OPTIONS="detect_stack_use_after_return=1"

# Sanitizers cannot live with as much randomness as vm.mmap_rnd_bits=32 gives.
fixed="setarch $(uname -m) -R"
$fixed true 2>/dev/null || fixed=

echo 'KTAP version 1'
echo "1..$#"

number=0
status=0
for program; do
	number=$((number + 1))
	name=$(basename "$(dirname "$program")")/$(basename "$program")
	$fixed "$program" >"$program.log" 2>&1
	rc=$?
	sed 's/^/    /' "$program.log"
	if [ "$rc" -eq 0 ]; then
		echo "ok $number $name"
	else
		echo "not ok $number $name"
		echo "# it ended with status $rc"
		status=1
	fi
done
exit $status
