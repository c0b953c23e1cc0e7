# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# What setup.sh, setup-herd, codegen, vm, demo.sh and check.sh share. Sourced,
# with $top set to the top of the repository.

cache=${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/acqrel

say() {
	printf '%s\n' "$*" >&2
}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# Run a command as root.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "not root and no sudo; run as root: $*"
	fi
}

# The newest installed headers of Debian's cloud kernel, as a kernel release.
# The same choice as the Makefile's.
kernel_release() {
	for headers in /usr/src/linux-headers-*-cloud-amd64; do
		[ ! -d "$headers" ] || printf '%s\n' "${headers#*/linux-headers-}"
	done | sort -V | tail -n 1
}

# The version of the package that those headers came from.
kernel_version() {
	dpkg-query -W -f '${Version}' "linux-headers-$(kernel_release)"
}

# Where setup.sh puts the kernel image and the parts of the kernel source
# that match the headers.
kernel_dir() {
	printf '%s\n' "$cache/kernels/$(kernel_release)_$(kernel_version)"
}

kernel_source_dir() {
	printf '%s\n' "$cache/source/linux_$(kernel_version)"
}

# The parts that refscale-check builds.
refscale_dir() {
	printf '%s\n' "$cache/source/refscale_$(kernel_version)"
}

# The part that herd7 reads.
memory_model_dir() {
	printf '%s\n' "$cache/source/memory-model_$(kernel_version)"
}

kselftest_dir() {
	printf '%s\n' \
	"${KSELFTEST_DIR:-$(kernel_source_dir)/tools/testing/selftests}"
}

# Fill a directory of the cache by a function that writes into the current
# directory. It appears under its name only when it is complete.
fill_cache() {
	dir=$1
	shift
	[ ! -d "$dir" ] || return 0
	mkdir -p "${dir%/*}"
	# What an interrupted run may have left; the lock keeps others out.
	rm -rf "$dir".??????
	partial=$(mktemp -d "$dir.XXXXXX")
	trap 'rm -rf "$partial"' EXIT
	trap 'exit 1' HUP INT TERM
	(cd "$partial" && "$@")
	chmod 755 "$partial"
	mv -T "$partial" "$dir"
	trap - EXIT HUP INT TERM
}

# git in this repository, also if it belongs to somebody else.
repository() {
	git -c safe.directory="$top" -C "$top" "$@"
}

# apt with lists, cache and status of its own, but the machine's proxies. The
# current directory holds them, and sources.list.
private_apt() {
	apt-get -qq -o Dir::Etc::SourceList="$PWD/sources.list" \
		-o Dir::Etc::SourceParts=/dev/null \
		-o Dir::State="$PWD/state" -o Dir::State::status="$PWD/status" \
		-o Dir::Cache="$PWD/cache" -o APT::Sandbox::User="$(id -un)" \
		-o Acquire::Check-Valid-Until=false \
		-o Acquire::Languages=none \
		-o APT::Install-Recommends=false -o Acquire::Retries=2 "$@"
}

require_repository() {
	repository ls-files --error-unmatch tools/lib.sh >/dev/null 2>&1 ||
		die "git knows no files in $top; clone the repository instead"
}

# Whether a guest that ended with $1 deserves another run, which it does if the
# emulator broke down. Keeps its console log $2 as $2.1.
deserves_retry() {
	[ "$1" -eq 124 ] || return 1
	mv "$2" "$2.1"
	say "Once more, as the emulator broke down; the first log is $2.1"
}

# Print the arguments as words that sh reads back unchanged.
quote() {
	for word; do
		printf "'%s' " "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"
	done
}
