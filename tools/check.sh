#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Set up what is needed and check everything:
#
#	sh tools/check.sh [STAGE]...
#
# Each stage (tools/check-stage.sh) prints KTAP into build/check/STAGE.log; here
# appear what failed and the sums. The last line is "N passed, N failed[, N
# skipped]"; the exit status is 0 only if nothing failed. A stage that fails
# without naming a test, or in which none passed, counts as one failure.

set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
. tools/lib.sh

stages="build sparse style words docs tools lab install unit policy litmus"
stages="$stages codegen kselftest guest measuring report"
results=build/check

# Run a stage as a process group, which ends with this shell.
run_stage() {
	stage=$1
	log=$results/$stage.log
	begin=$(date +%s)
	failed_before=$failed
	rc=0
	setpriv --pdeathsig TERM setsid sh tools/check-stage.sh "$stage" \
		>"$log" 2>&1 </dev/null &
	running=$!
	wait "$running" || rc=$?
	running=
	read -r p f s <<-END
	$(tools/ktap-count $results/failures <"$log")
	END
	if [ $((p + f + s)) -eq 0 ]; then
		f=1
		echo "not ok - $stage has no result" >>$results/failures
	elif [ "$rc" -ne 0 ] && [ "$f" -eq 0 ]; then
		f=1
		echo "not ok - $stage ended with $rc" >>$results/failures
	elif [ $((p + f)) -eq 0 ]; then
		f=1
		echo "not ok - $stage skipped all its tests" >>$results/failures
	fi
	passed=$((passed + p))
	failed=$((failed + f))
	skipped=$((skipped + s))
	printf '%-10s %4d passed, %d failed, %d skipped  (%d s)\n' "$stage" \
		"$p" "$f" "$s" $(($(date +%s) - begin))
	[ "$failed" -eq "$failed_before" ] || show_failures
}

# The failed results with their explanations; without one, how the stage ended.
show_failures() {
	sed 's/^/  /' $results/failures
	awk '
		# kselftest explains itself before the result
		/# [^ ]+:[0-9]+:/ { before = before $0 "\n" }
		/not ok/ { printf "%s", before; left = 12 }
		/(^| )ok [0-9]/ { before = "" }
		/^vm: / { left = 12; print "# " $0 }
		/^(# |  )\|/ && left-- > 0
	' "$log" | sed 's/^ *# /  /' >$results/explanation
	if [ -s $results/explanation ]; then
		cat $results/explanation
	else
		tail -n 15 "$log" | sed 's/^/  : /'
	fi
	echo "  Everything is in $log"
}

stop() {
	[ -n "$running" ] || return 0
	kill -TERM "-$running" 2>/dev/null || :
	wait "$running" || :
}

require_repository
sh tools/setup.sh build vm check
running=
trap stop EXIT
trap 'exit 130' HUP INT TERM
mkdir -p $results

passed=0
failed=0
skipped=0
# shellcheck disable=SC2086 # a list of words
[ $# -gt 0 ] || set -- $stages
for stage; do
	case " $stages " in
	*" $stage "*) run_stage "$stage" ;;
	*) die "there is no stage '$stage'; there are: $stages" ;;
	esac
done

line="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
echo "$line"
[ "$failed" -eq 0 ]
