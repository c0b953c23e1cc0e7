#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Hold the netlink spec, Documentation/netlink/acqrel.yaml, against the UAPI
# header and against the family of the module running in a guest: every
# command, attribute, type and limit. Prints KTAP.
#
#	sh tools/check-policy.sh

set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
. tools/lib.sh

spec=Documentation/netlink/acqrel.yaml
header=include/uapi/linux/acqrel.h
work=build/policy
number=0
failed=0

# Lines of $work/$2 and of $work/$3 that begin like $4 are the same; there is
# at least one unless $5 is given.
same() {
	number=$((number + 1))
	grep "^$4" "$work/$2" | sort >$work/left || :
	grep "^$4" "$work/$3" | sort >$work/right || :
	if diff -U 0 $work/left $work/right >$work/diff &&
	   { [ -s $work/left ] || [ -n "${5-}" ]; }
	then
		echo "ok $number $1"
	else
		failed=$((failed + 1))
		echo "not ok $number $1"
		[ -s $work/left ] || echo "# | $2 has no line '$4'"
		sed -n "s/^-\([^-]\)/# | $2: \1/p; s/^+\([^+]\)/# | $3: \1/p" \
			$work/diff
	fi
}

run_guest() {
	setpriv --pdeathsig TERM tools/vm run --timeout 120 --log $work/console.log --modprobe '' \
		--file $work/policy-dump -- $work/guest.sh >$work/module
}

guest_script() {
	echo '# SPDX-License-Identifier: GPL-2.0-only'
	echo './policy-dump acqrel'
}

sh tools/setup.sh build vm
mkdir -p $work
make -s modules >&2
# shellcheck disable=SC2046 # lists of words
gcc -O2 -std=gnu11 -D_GNU_SOURCE -o $work/policy-dump tools/policy-dump.c \
	$(pkg-config --cflags --libs libnl-genl-3.0)
awk -f tools/policy-spec.awk $spec >$work/spec
awk -f tools/policy-header.awk $header >$work/header
guest_script >$work/guest.sh
rc=0
run_guest || rc=$?
if deserves_retry "$rc" $work/console.log; then
	run_guest
else
	[ "$rc" -eq 0 ] || exit "$rc"
fi

echo 'KTAP version 1'
same 'commands as in the header' spec header 'cmd '
same 'attributes as in the header' spec header 'attribute '
same 'enumerations as in the header' spec header 'enum '
same 'multicast groups as in the module' spec module 'group '
same 'commands as in the module' spec module 'op '
ids=$(sed -n 's/^op \([0-9]*\) .*/\1/p' $work/spec)
for id in $ids; do
	name=$(sed -n "s/^cmd \(.*\) $id\$/\1/p" $work/spec)
	same "request of $name as in the module" spec module "attr $id " or-none
done
echo "1..$number"
[ "$failed" -eq 0 ]
