#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Test tools/lab with a made-up acqrel and a made-up LAVA. Prints KTAP.
#
#	sh tools/check-lab.sh

set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
number=0
failed=0

try() {
	name=$1
	shift
	number=$((number + 1))
	if "$@" >"$work/output" 2>&1; then
		echo "ok $number $name"
	else
		failed=$((failed + 1))
		echo "not ok $number $name"
		sed 's/^/# | /' "$work/output"
	fi
}

mkdir "$work/bin"

# bench run ends with the status in the file "ends"; export prints the file
# "csv"; a report is a file.
cat >"$work/bin/acqrel" <<END
#!/bin/sh
while [ \$# -gt 0 ]; do
	case \$1 in
	run) action=run ;;
	--csv) cat "$work/csv"; exit ;;
	report) action=report ;;
	-o) echo made >"\$2" ;;
	esac
	shift
done
[ "\$action" != run ] || exit "\$(cat "$work/ends")"
END

cat >"$work/bin/lava-test-case" <<END
#!/bin/sh
echo "\$*" >>"$work/told"
END
chmod +x "$work/bin/acqrel" "$work/bin/lava-test-case"

head=world,case,threads,writes_per_s,net_ns,net_low_ns,net_high_ns,emulated
head=$head,trusted,violations,lost_items

# The suite with the rows $2 and a run that ends with $1; the rest must be in
# what it prints.
suite() {
	echo "$1" >"$work/ends"
	printf '%s\n%s\n' "$head" "$2" >"$work/csv"
	rc=0
	tools/lab/suite -c "$work/bin/acqrel" -o "$work/out" \
		>"$work/ktap" 2>&1 || rc=$?
	shift 2
	cat "$work/ktap"
	for line; do
		grep -qxF -- "$line" "$work/ktap" || {
			echo "not there: $line"
			return 1
		}
	done
	return "$rc"
}

fails() {
	! "$@"
}

told() {
	rm -f "$work/told"
	printf '%s\n' "$1" | PATH="$work/bin:$PATH" tools/lab/to-lava
	cat "$work/told"
	[ "$(cat "$work/told")" = "$2" ]
}

echo 'KTAP version 1'
good='user,a/b:c,2,0,2.5,2,3,false,true,0,0'
try 'suite: a cell and its time' suite 0 "$good" \
	'# measurement user a/b:c, threads: 2 = 2.5 ns, 95 % 2 to 3' \
	'ok 2 user a/b:c, threads: 2' '1..2'
try 'suite: a wrong result fails' fails suite 1 \
	'user,a/b:c,2,0,2.5,2,3,false,true,1,0'
try 'suite: what was lost fails' fails suite 1 \
	'user,a/b:c,2,0,2.5,2,3,false,true,0,7'
try 'suite: a doubtful time is skipped' suite 5 \
	'user,a/b:c,1,1000,2.5,2,3,false,false,0,0' \
	'ok 1 measure # SKIP not to be trusted here' \
	'ok 2 user a/b:c, threads: 1, writes/s: 1000 # SKIP not to be trusted'
try 'suite: an emulated time is skipped' suite 0 \
	'kernel,a/b:c,1,0,2.5,2,3,true,true,0,0' \
	'ok 2 kernel a/b:c, threads: 1 # SKIP emulated: no time'
try 'suite: a run that cannot be fails' fails suite 3 "$good"
try 'LAVA: a test with its measurement' told \
	'# measurement user a/b:c, threads: 2 = 2.5 ns, 95 % 2 to 3
ok 2 user a/b:c, threads: 2' \
	'user-a-b-c-threads-2 --result pass --measurement 2.5 --units ns'
try 'LAVA: failed and skipped' told \
	'not ok 1 x
ok 2 y # SKIP none
    ok 1 nested' \
	'x --result fail
y --result skip'
echo "1..$number"
[ "$failed" -eq 0 ]
