#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What only the whole thing can show, in a guest: the command with the module
# under a real load. Prints KTAP.

set -u
# shellcheck source=tools/guest-lib.sh
. ./guest-lib.sh
# shellcheck source=tools/guest-record.sh
. ./guest-record.sh
: "${vm_accel:?this runs in tools/vm}"

number=0

# Run a command as the test $1.
try() {
	name=$1
	shift
	number=$((number + 1))
	if "$@" >output 2>&1; then
		echo "ok $number $name"
	else
		echo "not ok $number $name"
		sed 's/^/# | /' output
	fi
}

# Whether a command ends with status $1.
ends_with() {
	want=$1
	shift
	rc=0
	"$@" || rc=$?
	[ "$rc" -eq "$want" ] || {
		echo "$* ended with $rc, not $want"
		return 1
	}
}

exit_statuses() {
	try 'no module gives 3' ends_with 3 acqrel config show
	try 'no module gives 3 for the state' ends_with 3 acqrel
	modprobe acqrel
	try 'an unknown object gives 2' ends_with 2 acqrel nonsense
	try 'a missing value gives 2' ends_with 2 acqrel config set sample_every
	try 'a value out of range gives 2' \
		ends_with 2 acqrel config set sample_every 0
}

# The host looks at what is in json/.
json() {
	mkdir -p json
	for object in version 'config show' 'stats show' 'counter show' \
		      'counter show --per-cpu' 'ring show --checks 16' \
		      'source list' '' 'pipeline run --count 1000' \
		      'pipeline verify --count 1000' 'ring drain --duration 1'
	do
		file=json/$(printf '%s' "${object:-state}" | tr -c 'a-z\n' _)
		# shellcheck disable=SC2086 # words
		acqrel --quiet --json $object >"$file.json"
		try "--json $object" test -s "$file.json"
	done
}

same_in_both_worlds() {
	for threads in 1 2; do
		try "ten million events in both worlds, user threads: $threads" \
			acqrel --quiet pipeline verify --seed 42 \
			--count 10000000 --threads $threads
	done
}

above_zero() {
	read_books || return
	for filter; do
		[ "$(book "$filter")" -gt 0 ] || {
			echo "$filter is 0"
			return 1
		}
	done
}

verify_a_million() {
	acqrel --quiet pipeline verify --seed 43 --count 1000000
}

# Each filter takes some of the generator's events, which have 1024 thread ids,
# and what only sampling thins out overflows the rings.
same_under_filters() {
	acqrel config set kinds sched_switch,sched_wakeup sample_every 3 \
		min_value_ns 1000 pids "$(seq -s , 40)"
	try 'a million events in both worlds, every filter' verify_a_million
	try 'every filter took some' above_zero filtered_kind \
		filtered_sample filtered_pid filtered_value pushed
	acqrel config set kinds all sample_every 2 min_value_ns 0 pids none \
		policy overwrite
	try 'a million events in both worlds, overwrite' verify_a_million
	try 'some were overwritten' above_zero filtered_sample overwritten
	acqrel config set sample_every 1 policy drop
}

# Wait until a condition holds, a minute at most.
wait_for() {
	for _ in $(seq 600); do
		! "$@" || return 0
		usleep 100000
	done
	echo "in vain: $*"
	return 1
}

watches_config() {
	acqrel --json config watch >watched &
	watcher=$!
	wait_for test -s watched &&
	acqrel config set sample_every 77 &&
	wait_for grep -q '"sample_every": *77' watched
	rc=$?
	kill $watcher
	wait $watcher
	cat watched
	acqrel config set sample_every 1
	return $rc
}

# Emulated, it measures but gives no verdict.
measures() {
	rc=0
	acqrel --quiet "$@" >measured || rc=$?
	cut -c 1-200 measured
	[ "$rc" -eq 0 ] || [ "$rc" -eq 5 ] || return 1
	grep -q spsc measured
}

# What was measured in whole blocks stays; the run would take minutes.
is_interrupted() {
	acqrel bench run ring/spsc --blocks 1000 -o interrupted.json \
		>measured 2>progress &
	runner=$!
	wait_for grep -q 'block 3 of 1000' progress && kill -TERM $runner
	rc=0
	wait $runner || rc=$?
	tail -n 3 progress
	[ "$rc" -eq 1 ] && [ -s interrupted.json ] &&
	grep -q 'warning: interrupted' measured
}

# On the last of the CPUs, in both worlds.
keeps_to_its_cpu() {
	taskset 2 acqrel --quiet bench run counter/atomic:add --threads all \
		--no-bounds --blocks 1 --slice-ms 1 -o json/one_cpu.json ||
		return
	sed 's/[{}]/\n/g' json/one_cpu.json |
		grep -o '"world":.*"cpus":\[[^]]*\]' >cells
	cat cells
	! grep -v '"cpus":\[1\]' cells && grep -q kernel cells &&
	grep -q user cells
}

# The quota of a group of version 2, too, which not every host has.
is_limited() {
	mkdir -p /sys/fs/cgroup
	mount -t cgroup2 none /sys/fs/cgroup
	rc=0
	limits >limited || rc=$?
	cat limited
	[ $rc -eq 0 ] && grep -q '^ok .* a quota is noticed$' limited
}

test_measuring() {
	mkdir -p json
	try 'bench list' measures bench list 'ring/*'
	try 'bench list --json' measures --json bench list
	cp measured json/bench_list.json
	try 'bench run --dry-run' measures bench run --dry-run
	try 'bench run' measures --json bench run --blocks 2 ring/spsc
	cp measured json/bench_run.json
	try 'bench run, interrupted' is_interrupted
	cp interrupted.json json/interrupted.json
	try 'one CPU, both worlds' keeps_to_its_cpu
	try 'refusals and quotas' is_limited
	try 'compare' measures compare --blocks 2 ring/spsc:push
	try 'compare --json' measures --json compare --blocks 2 ring/spsc:push
	cp measured json/compare.json
	try 'compare files' measures compare json/bench_run.json \
		json/interrupted.json
}

# Until a million events were offered, change what happens to them.
a_million_events() {
	for round in $(seq 60); do
		for policy in drop overwrite; do
			acqrel config set policy $policy \
				sample_every $((round % 4 + 1)) \
				min_value_ns $((round % 3 * 1000)) || return
			sleep 1
		done
		read_books
		[ "$(book offered)" -lt 1000000 ] || return 0
	done
	return 1
}

# A reader that does not use the sequence counter sees books that do not add
# up, sooner or later; one that does never.
naive_fails() {
	for _ in $(seq 300); do
		acqrel --json ring show --checks 4096 >checks.json || return
		! grep -q '"naive_unbalanced": *[1-9]' checks.json || return 0
	done
	return 1
}

real_events() {
	acqrel reset
	pingpong 4 600 &
	load=$!
	acqrel --quiet ring drain -o /dev/null &
	reader=$!
	try 'source sched starts' acqrel source start sched
	try 'a million events with the config changing' a_million_events
	try 'books balance in each of 4096 snapshots, under load' \
		acqrel ring show --checks 4096
	try 'source generator starts beside it' acqrel source start generator
	try 'a naive snapshot fails' naive_fails
	try 'source generator stops' acqrel source stop generator
	try 'source sched stops' acqrel source stop sched
	kill $reader $load
	wait $reader
	acqrel --quiet ring drain --duration 1 -o /dev/null
	read_books
	try 'books hold at rest' books_hold
}

# A reader that blocks must not make the events that it reads.
quiet_when_idle() {
	acqrel reset || return
	acqrel config set sample_every 1 min_value_ns 0 policy drop || return
	acqrel --quiet ring drain -o /dev/null &
	reader=$!
	acqrel source start sched || return
	sleep 3
	read_books
	before=$(book offered)
	sleep 10
	read_books
	kill -0 $reader || return
	acqrel source stop sched || return
	kill $reader
	wait $reader
	rate=$((($(book offered) - before) / 10))
	echo "$before events, then $rate/s"
	[ "$before" -gt 0 ] && [ "$rate" -lt 200 ]
}

# An emulated CPU may take a little longer.
unload_under_load() {
	limit=2
	[ "$vm_accel" = kvm ] || limit=5
	pingpong 4 600 &
	load=$!
	acqrel source start sched && acqrel source start generator || return
	sleep 1
	begin=$(date +%s)
	modprobe -r acqrel || return
	took=$(($(date +%s) - begin))
	kill $load
	echo "took $took s"
	[ $took -le $limit ] && [ ! -e /dev/acqrel ]
}

echo 'KTAP version 1'
exit_statuses
json
same_in_both_worlds
same_under_filters
try 'config watch shows a new generation' watches_config
test_measuring
real_events
test_recording
try 'less than 200 events/s when idle with a reader' quiet_when_idle
try 'rmmod under load returns at once' unload_under_load
echo "1..$number"
