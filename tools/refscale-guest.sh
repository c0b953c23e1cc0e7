#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The part of refscale-check that runs in the guest:
#
#	refscale-guest.sh LOOPS RUNS
#
# Does what ./schedule says and leaves in ./figures a line for each figure:
# round, type, acqrel or refscale, nanoseconds of an empty read-side section.

set -eu
: "${vm_accel:?this runs in tools/vm}"

loops=$1
runs=$2

die() {
	echo "$*" >&2
	exit 1
}

# The first cell of the result that is the case, without its empty loop. Slices
# are short, as refscale's experiments are: a busy host leaves some alone. A run
# on an emulated or a busy machine says so by status 5.
acqrel_ns() {
	acqrel -j -q bench run --world kernel --threads 1 --no-bounds \
		--blocks 8 --slice-ms 1 "floor/section:$1" >result.json 2>result.err || {
		[ $? -eq 5 ] || die "bench run: $(cat result.err)"
	}
	tr -d ' \n' <result.json | sed 's/[,{}]/\n/g' |
		awk -F : -v name="\"floor/section:$1\"" '
		/^"case":/ { found = $2 ":" $3 == name }
		found && /^"net_ns":/ { print $2; exit }'
}

# The raw times of the experiments of one kind of loop, their median.
refscale_loop_ns() {
	dmesg -c >/dev/null
	insmod ./refscale.ko scale_type="$1" nreaders=1 loops="$loops" \
		nruns="$runs"
	tries=600
	until dmesg | grep -q 'END OF TEST'; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || die "refscale does not end"
		sleep 0.1
	done
	rmmod refscale
	dmesg | sed -n 's/^\(.*\] \)\{0,1\}0: \([0-9]\{1,\}\)[[:space:]]*$/\2/p' |
		sort -n | awk -v runs="$runs" '
		{ ns[NR] = $1 }
		END {
			if (NR != runs)
				exit 1
			print (ns[int((NR + 1) / 2)] + ns[int(NR / 2) + 1]) / 2
		}'
}

# Less its empty loop. It goes round once more than it says.
refscale_ns() {
	empty=$(refscale_loop_ns rcu-tasks)
	full=$(refscale_loop_ns "$1")
	awk -v empty="$empty" -v full="$full" -v loops="$loops" \
		'BEGIN { print (full - empty) / (loops + 1) }'
}

turn() {
	case $3 in
	a) who=acqrel; ns=$(acqrel_ns "$2") ;;
	b) who=refscale; ns=$(refscale_ns "$2") ;;
	esac
	echo "$1 $2 $who $ns"
}

insmod ./torture.ko
echo "accelerator $vm_accel" >figures
while read -r round type order; do
	for side in $(echo "$order" | sed 's/./& /g'); do
		turn "$round" "$type" "$side" >>figures
	done
done <schedule
