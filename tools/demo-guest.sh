#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The part of demo.sh that runs in the guest.

set -eu
# shellcheck source=tools/guest-lib.sh
. ./guest-lib.sh
: "${vm_accel:?this runs in tools/vm}"

chapter() {
	printf '\n== %s\n' "$*"
}

# Show a command and run it.
run() {
	printf '\n# %s\n' "$*"
	"$@"
}

# What has to be true; the demo fails where it is not.
expect() {
	what=$1
	shift
	if "$@"; then
		echo "  yes: $what"
	else
		echo "  NO: $what"
		exit 1
	fi
}

# Watch the books for $1 seconds.
watch_books() {
	read_books
	last=$(book offered)
	printf '%8s %12s %12s %12s %12s %12s\n' second offered offered/s \
		pushed dropped overwritten
	second=0
	while [ "$second" -lt "$1" ]; do
		sleep 2
		second=$((second + 2))
		read_books
		now=$(book offered)
		printf '%8d %12d %12d %12d %12d %12d\n' "$second" "$now" \
			$(((now - last) / 2)) "$(book pushed)" \
			"$(book dropped)" "$(book overwritten)"
		last=$now
	done
}

start_load() {
	printf '\n# pingpong 4 600 &\n'
	pingpong 4 600 &
	load=$!
}

start_reader() {
	printf '\n# acqrel ring drain -o /dev/null &\n'
	acqrel --quiet ring drain -o /dev/null &
	reader=$!
}

# Take a few events now and then.
slow_reader() {
	trap 'exit 0' TERM
	while :; do
		acqrel --quiet ring drain -n 16 -o /dev/null
		usleep 200000
	done
}

# End the reader while there are events for it, then the source and the load,
# and empty the rings.
stop_all() {
	kill "$reader"
	wait "$reader" || :
	run acqrel source stop sched
	kill "$load"
	acqrel --quiet ring drain --duration 1 -o /dev/null
	read_books
}

at_rest() {
	expect 'at rest: offered = filtered + pushed + dropped,
       pushed = overwritten + popped' books_hold
}

real_events() {
	chapter 'Real scheduler events: four pairs of processes hand a byte to and fro'
	start_load
	run acqrel source start sched
	start_reader
	watch_books 8
	run acqrel counter show
	run acqrel stats show
	run acqrel source list
}

change_config() {
	chapter 'Change the config while they run'
	run acqrel config show
	before=$(book filtered_sample)
	run acqrel config set sample_every 10
	watch_books 4
	run acqrel config show
	expect 'sampling skips events now' \
		[ "$(book filtered_sample)" -gt "$before" ]
	run acqrel config set min_value_ns 10000 sample_every 3
	watch_books 4
	run acqrel ring show --checks 1024
	until [ "$(book offered)" -gt 1000000 ]; do
		watch_books 4
	done
	stop_all
	expect 'more than a million events went through' \
		[ "$(book offered)" -gt 1000000 ]
	at_rest
}

small_ring() {
	chapter 'A small ring, a slow reader, every filter'
	run modprobe -r acqrel
	run modprobe acqrel ring_entries=64
	start_load
	run acqrel source start sched
	slow_reader &
	reader=$!
	watch_books 2
	# Some of the load's processes, so that a part passes the pid filter.
	pids=$(pidof pingpong | tr ' ' ',' | cut -d , -f 1-3)
	run acqrel config set policy overwrite kinds sched_switch \
		sample_every 2 pids "$pids"
	watch_books 4
	run acqrel config set min_value_ns 1000000
	watch_books 2
	stop_all
	run acqrel ring show
	for name in filtered_kind filtered_sample filtered_pid filtered_value \
		    dropped overwritten
	do
		expect "$name is above zero" [ "$(book "$name")" -gt 0 ]
	done
	at_rest
}

# The config changes while the recorder runs; a reader drains beside it.
record_and_replay() {
	chapter 'Record what happens, and let it happen again in both worlds'
	run modprobe -r acqrel
	run modprobe acqrel
	start_load
	run acqrel source start sched
	start_reader
	printf '\n# acqrel record -o demo.trace --duration 6 &\n'
	acqrel --quiet record -o demo.trace --duration 6 >recorded &
	recorder=$!
	sleep 2
	run acqrel config set sample_every 3 policy drop
	sleep 2
	run acqrel config set sample_every 1 min_value_ns 50000
	wait $recorder
	cat recorded
	stop_all
	run acqrel trace show demo.trace
	# the demo ends here if they differ
	run acqrel replay demo.trace --world both --verify
}

same_in_both_worlds() {
	chapter 'One seed in both worlds'
	run modprobe -r acqrel
	run modprobe acqrel
	run acqrel pipeline verify --seed 42 --count 1000000
}

# A few cases, since every arm takes its time: one of each primitive.
compare() {
	chapter "Compare both worlds in this guest: $(uname -sr), under $vm_accel"
	[ "$vm_accel" != tcg ] || echo 'The CPU is emulated: what counts is that results are right,
that threads overlap and that both worlds take part; the times do not.'
	rc=0
	# into a file, as the console would have room for some columns only
	run acqrel -q compare --world both --threads 2 --no-bounds \
		--duration 10 config/rcu:read stats/seqcount:read \
		counter/percpu:add ring/spsc:push >compared || rc=$?
	cat compared
	# 5: a busy host; what is wrong in itself is another status
	[ "$rc" -eq 0 ] || [ "$rc" -eq 5 ]
}

chapter "The module on a stock kernel: $(uname -srv)"
run modprobe acqrel
run acqrel version
run acqrel
real_events
change_config
small_ring
record_and_replay
same_in_both_worlds
compare
