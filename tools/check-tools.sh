#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Test the tools that judge: tools/vm with a fake QEMU, tools/console-check,
# tools/ktap-count and tools/refscale.awk. Prints KTAP.
#
#	sh tools/check-tools.sh

set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
. tools/lib.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
number=0
failed=0

# Run a command as the test $1; its output explains a failure.
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

skip() {
	number=$((number + 1))
	echo "ok $number $1 # SKIP $2"
}

# Run tools/vm with the fake QEMU as the case $1; the other arguments are
# settings for it. Its status and what it says go into files named after the
# case.
vm() {
	case=$1
	shift
	rc=0
	env -u ACQREL_ACCEL "$@" PATH="$work/bin:$PATH" \
		tools/vm run --timeout 2 --kernel "$work" \
		--log "$work/$case.log" -- "$work/$case.sh" \
		>"$work/$case.out" 2>&1 || rc=$?
	echo "$rc" >"$work/$case.rc"
}

script() {
	printf '%s\n' "$2" >"$work/$1.sh"
}

# The case $1 ended with $2 and, if there is a $3, said it.
came_to() {
	cat "$work/$1.rc" "$work/$1.out"
	[ "$(cat "$work/$1.rc")" -eq "$2" ] &&
	{ [ $# -lt 3 ] || grep -q "$3" "$work/$1.out"; }
}

said_nothing() {
	cat "$work/$1.out"
	[ ! -s "$work/$1.out" ]
}

remembered() {
	cat "$work/$1"/acqrel/accel/*
	[ "$(cat "$work/$1"/acqrel/accel/*)" = "$2" ]
}

breakpoint() {
	echo 'acqrel-vm: address ffffffff81000000 t exc_int3'
	echo 'rcu: INFO: rcu_preempt self-detected stall on CPU'
	echo ' Call Trace:'
}

# All at once: most of them wait for something that hangs.
run_vm_cases() {
	mkdir "$work/bin"
	ln -s "$top/tools/fake-qemu" "$work/bin/qemu-system-x86_64"
	: >"$work/vmlinuz-0"
	breakpoint >"$work/stall"
	{ breakpoint; echo 'BUG: unable to handle page fault'; } >"$work/bug"
	script fails 'exit 7'
	for case in works again hangs remembers shutdown stall bug; do
		script $case 'exit 0'
	done
	if [ -n "$kvm" ]; then
		{ vm fails XDG_CACHE_HOME="$work/kvm"
		  vm again XDG_CACHE_HOME="$work/kvm"
		} &
		{ vm hangs XDG_CACHE_HOME="$work/tcg" \
			FAKE_KVM=hangs
		  vm remembers XDG_CACHE_HOME="$work/tcg" \
			FAKE_KVM=hangs
		} &
	fi
	vm works ACQREL_ACCEL=tcg &
	vm shutdown ACQREL_ACCEL=tcg FAKE_END=hangs &
	vm stall ACQREL_ACCEL=tcg FAKE_END=loops FAKE_CONSOLE="$work/stall" &
	vm bug ACQREL_ACCEL=tcg FAKE_END=loops FAKE_CONSOLE="$work/bug" &
	wait
}

# When tools/vm is told to end, so is the guest.
ends_its_guest() {
	script killed 'sleep 5'
	mkfifo "$work/pid"
	PATH="$work/bin:$PATH" ACQREL_ACCEL=tcg FAKE_PID=$work/pid \
		tools/vm run --kernel "$work" -- "$work/killed.sh" &
	vm=$!
	read -r guest <"$work/pid"
	kill -TERM "$vm"
	rc=0
	wait "$vm" || rc=$?
	echo "ended with $rc"
	[ "$rc" -eq 130 ] &&
	timeout 4 tail -f --pid="$guest" /dev/null
}

test_vm() {
	kvm=yes
	(: <>/dev/kvm) 2>/dev/null || kvm=
	run_vm_cases
	try 'vm: a script that succeeds' came_to works 0
	try 'vm: a guest that hangs while shutting down' \
		came_to shutdown 125 'did not shut down'
	try 'vm: a stall by a lost patch is the fault of the emulator' \
		came_to stall 124 'lost a patch'
	try 'vm: a bug beside it is not' came_to bug 125 'BUG: unable'
	try 'vm: takes its guest along when it ends' ends_its_guest
	if [ -n "$kvm" ]; then
		try 'vm: a script that fails under KVM' came_to fails 7
		try 'vm: KVM is taken without a word' said_nothing again
		try 'vm: KVM that works is remembered' remembered kvm kvm
		try 'vm: KVM that hangs is noticed' \
			came_to hangs 0 'using emulation'
		try 'vm: KVM that hangs is remembered' remembered tcg tcg
		try 'vm: and said once' said_nothing remembers
	else
		skip 'vm: KVM' 'no access to /dev/kvm'
	fi
}

# The lines in $2, of which console-check prints those that match $1, and only
# those.
complains() {
	printf '%b\n' "$2" >"$work/console"
	tools/console-check "$work/console" >"$work/bad" || :
	grep -E "$1" "$work/console" >"$work/expected" || :
	diff "$work/expected" "$work/bad"
}

test_console_check() {
	try 'console: nothing to complain about' \
		complains NOTHING '[ 1.0] Linux version\n[ 2.0] BUGS: none'
	for line in 'WARNING: CPU: 0 PID: 1 at x.c:1' 'kernel BUG at x.c:1!' \
		'BUG: unable to handle page fault' 'Watchdog: hard LOCKUP' \
		'invalid opcode: 0000 [#1] PREEMPT SMP' 'Kernel panic - not' \
		'rcu: INFO: rcu_sched detected stalls on CPUs' 'Call Trace:'
	do
		try "console: $line" complains . "[ 1.0] $line"
	done
	asked='NMI backtrace for cpu 1\n[ 1.0] CPU: 1 PID: 0\n[ 1.0] RSP: 0018:ff'
	trace='\n[ 1.0] Call Trace:'
	try 'console: a backtrace that was asked for' \
		complains NOTHING "$asked$trace"
	try 'console: one after it that was not' \
		complains one "$asked$trace\n[ 1.0] one Call Trace:"
	try 'console: a backtrace that was skipped hides none' \
		complains one "NMI backtrace for cpu 1 skipped: idling
[ 1.0] one Call Trace:"
	try 'console: one without a trace hides none' \
		complains one "$asked\n[ 1.0] acqrel: on\n[ 1.0] one Call Trace:"
}

# tools/ktap-count makes "$1" of the lines in $2.
counts() {
	count=$(printf '%b\n' "$2" | tools/ktap-count "$work/failures")
	echo "$count, not $1"
	cat "$work/failures"
	[ "$count" = "$1" ]
}

test_ktap_count() {
	head='KTAP version 1\n'
	two='    ok 1 a\n    ok 2 b\n'
	try 'ktap: a result each' \
		counts '1 1 1' "${head}1..3\nok 1 a\nnot ok 2 b\nok 3 c # SKIP"
	try 'ktap: fewer than announced' counts '1 1 0' "${head}1..2\nok 1 a"
	try 'ktap: more than announced' \
		counts '2 1 0' "${head}1..1\nok 1 a\nok 2 b"
	try 'ktap: leaves only' counts '2 0 0' "$head    1..2\n${two}ok 1 c\n1..1"
	try 'ktap: fewer below than announced' \
		counts '2 1 0' "$head    1..5\n${two}ok 1 c\n1..1"
	try 'ktap: the same in the next test' \
		counts '4 1 0' "$head$two\nok 1 c\n    1..5\n${two}ok 2 d\n1..2"
	try 'ktap: a plan that comes last' \
		counts '2 1 0' "$head$two    1..3\nok 1 c\n1..1"
	try 'ktap: no result after those below' counts '2 1 0' "$head$two"
	try 'ktap: a test that ends badly counts once' \
		counts '2 1 0' "$head    1..5\n${two}not ok 1 c\n1..1"
}

# Eight rounds in which acqrel takes $2 times as long as refscale, each figure
# off by a share of up to $3, come to $1.
judged() {
	awk -v ratio="$2" -v off="$3" '
	function figure(round, who, ns) {
		print round, "rcu", who, ns * (1 + off * (rand() - 0.5) * 2)
	}
	BEGIN {
		srand(1)
		for (round = 1; round <= 8; round++) {
			figure(round, "acqrel", 10 * ratio)
			figure(round, "refscale", 10)
			figure(round, "refscale", 10)
			figure(round, "acqrel", 10 * ratio)
		}
	}' >"$work/figures"
	rc=0
	awk -v seed=1 -v types=rcu -f tools/refscale.awk "$work/figures" ||
		rc=$?
	echo "ended with $rc, not $1"
	[ "$rc" -eq "$1" ]
}

test_refscale() {
	try 'refscale: the same' judged 0 1 0.01
	try 'refscale: half a percent is none' judged 0 1.005 0.001
	try 'refscale: as much as equal arms differ' judged 0 1.02 0.03
	try 'refscale: slower' judged 1 1.05 0.01
	try 'refscale: faster' judged 1 0.95 0.01
	try 'refscale: noise hides no eight percent' judged 5 0.92 0.06
	try 'refscale: too noisy to tell' judged 5 1 0.4
	try 'refscale: not a figure' judged 5 0 0
}

echo 'KTAP version 1'
test_refscale
test_ktap_count
test_console_check
test_vm
echo "1..$number"
[ "$failed" -eq 0 ]
