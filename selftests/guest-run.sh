#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Run the installed tests on a machine without make, such as a busybox guest:
#
#	guest-run.sh [-d DIR] [TEST]...
#
# DIR is where "make install" put them (default: /kselftest, or the directory
# of this script if they are there). Prints one KTAP stream, each program a
# test with its own tests nested. The exit status is 0 if nothing failed.

set -u

dir=$(dirname "$0")
[ -x "$dir/config_test" ] || dir=/kselftest
while getopts d: option; do
	case $option in
	d) dir=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))

cd "$dir" || exit 2
[ $# -gt 0 ] || set -- *_test
timeout=$(sed -n 's/^timeout=//p' settings 2>/dev/null)

failed=0
number=0
echo 'KTAP version 1'
echo "1..$#"
for test; do
	number=$((number + 1))
	begin=$(cut -d . -f 1 /proc/uptime)
	echo "# $test"
	{
		timeout "${timeout:-45}" "./$test" 2>&1
		echo "exit $?"
	} | {
		rc=1
		while IFS= read -r line; do
			case $line in
			'exit '*) rc=${line#exit } ;;
			'TAP version 13') echo '    KTAP version 1' ;;
			*) printf '    %s\n' "$line" ;;
			esac
		done
		exit "$rc"
	}
	rc=$?
	seconds=$(($(cut -d . -f 1 /proc/uptime) - begin))
	case $rc in
	0) echo "ok $number $test # $seconds s" ;;
	4) echo "ok $number $test # SKIP" ;;
	*)
		failed=$((failed + 1))
		echo "not ok $number $test # exit $rc after $seconds s"
		;;
	esac
done
[ "$failed" -eq 0 ]
