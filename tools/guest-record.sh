# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# What check-guest.sh has of recording and replaying. Sourced, with the module
# loaded.

number_in() {
	sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" "$2"
}

# A reader beside the recorder, and the load of the demo.
start_traffic() {
	pingpong 4 600 &
	load=$!
	acqrel --quiet ring drain -o /dev/null &
	reader=$!
	acqrel source start sched >/dev/null
}

stop_traffic() {
	acqrel source stop sched >/dev/null
	kill "$reader" "$load"
	wait "$reader"
	! wait "$load" 2>/dev/null
}

# Another filter each second, as long as process $1 lives.
change_configs() {
	pids=$(pidof pingpong | tr ' ' ',' | cut -d , -f 1-5)
	round=0
	while kill -0 "$1" 2>/dev/null; do
		case $((round % 5)) in
		0) words='sample_every 2' ;;
		1) words='min_value_ns 20000 policy overwrite' ;;
		2) words="sample_every 3 min_value_ns 0 pids $pids" ;;
		3) words='sample_every 1 pids none kinds sched_switch' ;;
		4) words='kinds all policy drop' ;;
		esac
		# shellcheck disable=SC2086 # words
		acqrel config set $words >/dev/null || return
		round=$((round + 1))
		sleep 1
	done
}

# The first seconds are without a recorder, to compare costs with.
records_a_million() {
	acqrel reset || return
	start_traffic
	sleep 3
	acqrel --json record -o million.trace --buffer 262144 -n 1000000 \
		--duration 500 >recorded 2>progress &
	recorder=$!
	change_configs $recorder
	rc=0
	wait $recorder || rc=$?
	stop_traffic
	cat recorded
	tail -n 3 progress
	cp recorded json/record.json
	[ $rc -eq 0 ] && [ "$(number_in events recorded)" -ge 1000000 ] &&
	[ "$(number_in lost recorded)" -eq 0 ] &&
	[ $(($(number_in last_generation recorded) -
		$(number_in first_generation recorded))) -ge 2 ]
}

replays() {
	acqrel --quiet "$@" >replayed
	rc=$?
	tail -n 20 replayed
	return $rc
}

every_filter_took_some() {
	above_zero filtered_kind filtered_sample filtered_pid filtered_value \
		pushed
}

# Start a recorder in the background; returns when it has got something.
start_recorder() {
	rm -f progress
	acqrel --json record "$@" >recorded 2>progress &
	recorder=$!
	wait_for grep -q '^[1-9][0-9]* events' progress
}

# A recorder that stands still cannot keep a small ring from filling up.
records_with_losses() {
	start_traffic
	start_recorder -o lossy.trace --buffer 1024 || return
	for _ in 1 2 3; do
		kill -STOP $recorder
		acqrel config set sample_every 2 >/dev/null
		sleep 1
		kill -CONT $recorder
		acqrel config set sample_every 1 >/dev/null
		usleep 300000
	done
	kill -TERM $recorder
	wait "$recorder"
	rc=$?
	stop_traffic
	cat recorded
	tail -n 1 progress
	[ $rc -eq 0 ] && [ "$(number_in lost recorded)" -gt 0 ] &&
	grep -q 'warning: .*--buffer' progress
}

records_nothing() {
	acqrel record -o empty.trace --duration 1 >recorded 2>progress || return
	cat recorded progress
	grep -q 'no source runs' progress &&
	acqrel --quiet replay empty.trace --world both --verify
}

refuses_a_second() {
	start_traffic
	start_recorder -o first.trace || return
	rm -f second.trace
	ends_with 1 acqrel record -o second.trace --duration 1 &&
	[ ! -e second.trace ] &&
	! modprobe -r acqrel
}

# Goes on where refuses_a_second() ended. The file has no end, the module is
# free for the next.
survives_a_kill() {
	kill -KILL "$recorder"
	wait "$recorder"
	ends_with 5 acqrel replay first.trace --verify || return
	acqrel --quiet record -o next.trace --duration 1 &&
	acqrel --quiet replay next.trace --verify
	rc=$?
	stop_traffic
	return $rc
}

fills_a_disk() {
	mkdir -p small
	mount -t tmpfs -o size=1m none small || return
	start_traffic
	rc=0
	acqrel record -o small/trace --duration 60 >recorded 2>progress || rc=$?
	stop_traffic
	tail -n 2 progress
	[ $rc -eq 1 ] && grep -q 'No space left.*can be read' progress &&
	ends_with 5 acqrel replay small/trace --verify
	rc=$?
	umount small
	return $rc
}

test_recording() {
	acqrel --quiet config set kinds all sample_every 1 min_value_ns 0 \
		pids none policy drop
	mkdir -p json
	try 'a million real events are recorded, none lost' records_a_million
	try 'every filter took some of them' every_filter_took_some
	for threads in 1 2; do
		try "they replay equal in both worlds, user threads: $threads" \
			replays replay million.trace --world both --verify \
			--threads $threads
	done
	acqrel --quiet --json replay million.trace --verify >json/replay.json
	try 'trace show' replays trace show million.trace
	try 'events are lost where the ring is small' records_with_losses
	try 'kernel = replay + lost, in both worlds' \
		replays replay lossy.trace --world both --verify
	try 'a recording without a source is whole' records_nothing
	try 'a second recorder is refused' refuses_a_second
	try 'a killed recorder leaves what it had' survives_a_kill
	try 'a full disk leaves what it had' fills_a_disk
	rm -f ./*.trace
}
