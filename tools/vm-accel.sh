# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
#
# The part of tools/vm that chooses between hardware virtualisation and
# emulation and knows the faults of both. Sourced, uses what tools/vm sets.

# KVM may open and then hang the guest or kill it. Only a guest that has run to
# its end shows that it works. It is one of its own: that the caller's script
# fails or takes long, or asks for more memory than there is, says nothing.
probe_kvm() {
	echo 'exit 0' >"$work/probe"
	ACQREL_ACCEL=kvm setpriv --pdeathsig TERM "$top/tools/vm" run \
		--kernel "$image" --timeout "$BOOT_KVM" -- "$work/probe" \
		>/dev/null 2>&1 &
	wait $!
}

# Set $accel. What the probe said is good for this host kernel, this qemu and
# this guest kernel.
choose_accel() {
	accel=tcg
	if [ -n "${ACQREL_ACCEL-}" ]; then
		accel=$ACQREL_ACCEL
		return
	fi
	(: <>/dev/kvm) 2>/dev/null || return 0
	key="$(uname -r) $(qemu-system-x86_64 --version | head -n 1) $release"
	known=$cache/accel/$(printf '%s' "$key" | cksum | tr ' ' -)
	if [ ! -s "$known" ]; then
		mkdir -p "$cache/accel"
		accel=kvm
		if ! probe_kvm; then
			say "vm: /dev/kvm is there but the guest does not" \
			    "run under it; using emulation from now on"
			accel=tcg
		fi
		echo "$accel" >"$work/accel"
		mv "$work/accel" "$known"
	fi
	read -r accel <"$known"
}

# QEMU before 8.1 can translate an instruction while another CPU patches it
# and keep what was there before. When the kernel patches code, a breakpoint
# stays for ever: the CPU takes it, the kernel sees that it is gone and tries
# again. Sets $emulator if a CPU spends its time so.
look_for_lost_patch() {
	[ -p "$monitor.in" ] && [ "$accel" = tcg ] || return 0
	timeout 5 cat "$monitor.out" >"$work/registers" &
	# Opened so, it blocks nobody if QEMU is dead.
	exec 4<>"$monitor.in"
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		echo 'info registers -a' >&4
		sleep 0.1
	done
	exec 4>&-
	wait $! || :
	grep -a 'acqrel-vm: address' "$console" | tr -d '\r' |
		cat - "$work/registers" >"$work/addresses"
	! runs_int3 "$work/addresses" || emulator=yes
}

# Whether at least two of the RIPs in a file lie in the handlers of int3, each
# of which is shorter than 256 bytes.
runs_int3() {
	awk '
	function low(address,  i, value) {
		for (i = 12; i <= 16; i++)
			value = value * 16 + index("123456789abcdef",
						   substr(address, i, 1))
		return value
	}
	/acqrel-vm: address/ {
		start[NR] = low($(NF - 2))
		high = substr($(NF - 2), 1, 11)
	}
	match($0, /RIP=[0-9a-f]+/) {
		rip = substr($0, RSTART + 4, 16)
		for (i in start)
			if (substr(rip, 1, 11) == high &&
			    low(rip) >= start[i] && low(rip) < start[i] + 256)
				seen++
	}
	END { exit seen < 2 }
	' "$1"
}
