#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Install and download what the named sets need:
#
#	sh tools/setup.sh [build] [vm] [check] [refscale] [litmus]
#
# Packages come through apt. Kernel images and kernel source come through apt
# as well but are only unpacked, into the cache. What is there already is not
# touched: a second run changes nothing and takes a second.

set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/tools/lib.sh"

packages_build='build-essential pkg-config liburcu-dev libnl-genl-3-dev
	libjansson-dev libxxhash-dev linux-headers-cloud-amd64 kmod'
# Libraries that are only measured: what is missing is left out of the build.
packages_peers='libck-dev libdpdk-dev'
packages_vm='qemu-system-x86 busybox-static cpio rsync'
packages_check='sparse shellcheck mandoc codespell jq xz-utils libxml2-utils
	python3-jsonschema python3-prometheus-client'
# the instructions for another architecture are looked at with it
packages_cross='gcc-aarch64-linux-gnu libc6-dev-arm64-cross'
# the reports are looked at with it
packages_browser='chromium'
packages_refscale='xz-utils'
packages_litmus='xz-utils'

# What check needs of the kernel source: checkpatch and its word lists, and
# the kselftest framework.
source_parts='scripts/checkpatch.pl
	scripts/spelling.txt
	scripts/const_structs.checkpatch
	tools/testing/selftests/lib.mk
	tools/testing/selftests/kselftest.h
	tools/testing/selftests/kselftest_harness.h
	tools/testing/selftests/kselftest_install.sh
	tools/testing/selftests/run_kselftest.sh
	tools/testing/selftests/kselftest'

# What refscale-check needs of it.
refscale_parts='kernel/torture.c
	kernel/rcu/refscale.c
	kernel/rcu/rcu.h'

# What herd7 needs of it.
litmus_parts='tools/memory-model'

missing_packages() {
	for package; do
		status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) ||
			status=none
		[ "$status" = 'install ok installed' ] ||
			printf '%s ' "$package"
	done
}

# Only Debian's packages are known to work; elsewhere say what is wanted.
require_debian() {
	id=unknown
	[ ! -r /etc/os-release ] || id=$(. /etc/os-release && echo "$ID")
	if [ "$id" != debian ] || [ "$(dpkg --print-architecture)" != amd64 ]
	then
		say "acqrel sets itself up on Debian for amd64 only. Packages" \
		    "it needs, by their Debian names:"
		printf '  %s\n' "$@" >&2
		die "install these by hand on $id, then use make"
	fi
}

install_packages() {
	missing=$(missing_packages "$@")
	[ -n "$missing" ] || return 0
	say "Installing: $missing"
	as_root apt-get -qq update
	# Another apt, such as the daily one of a new machine, ends soon.
	# shellcheck disable=SC2086 # a list of words
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
		-o DPkg::Lock::Timeout=300 --no-install-recommends $missing </dev/null >&2
}

# One by one, as what there is of one must not hang on the others.
install_optional() {
	for package; do
		(install_packages "$package") ||
			say "Without $package: there will be less to compare with"
	done
}

# Download one package of one version into the current directory.
download() {
	set -- apt-get -qq -o APT::Sandbox::User="$(id -un)" download "$1=$2"
	"$@" 2>/dev/null || {
		as_root apt-get -qq update
		"$@"
	} || die "apt cannot download $6; upgrade linux-headers-cloud-amd64" \
		 "and try again"
}

unpack_kernel() {
	say "Downloading the kernel image $release"
	download "linux-image-$release" "$version"
	dpkg-deb --fsys-tarfile ./*.deb | tar -x ./boot
	rm ./*.deb
}

# The parts of the kernel source that are named.
unpack_source() {
	series=$(echo "$release" | cut -d . -f 1,2)
	say "Downloading the kernel source $version (once, 140 MB)"
	download "linux-source-$series" "$version"
	# shellcheck disable=SC2046 # a list of words
	dpkg-deb --fsys-tarfile ./*.deb |
		tar -x -O "./usr/src/linux-source-$series.tar.xz" |
		tar -x -J --strip-components=1 \
		    $(printf "linux-source-$series/%s " "$@")
	rm ./*.deb
}

sets='build, vm, check, refscale, litmus'
packages=
optional=
for set; do
	case $set in
	build)
		packages="$packages $packages_build"
		optional="$optional $packages_peers"
		;;
	vm) packages="$packages $packages_vm" ;;
	check)
		packages="$packages $packages_check"
		optional="$optional $packages_cross $packages_browser"
		;;
	refscale) packages="$packages $packages_refscale" ;;
	litmus) packages="$packages $packages_litmus" ;;
	*) die "unknown set '$set'; there are: $sets" ;;
	esac
done
[ -n "$packages" ] || die "name a set: $sets"

# shellcheck disable=SC2086 # a list of words
require_debian $packages
# shellcheck disable=SC2086
install_packages $packages
# shellcheck disable=SC2086
install_optional $optional

release=$(kernel_release)
version=$(kernel_version)
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
# shellcheck disable=SC2086 # lists of words
for set; do
	case $set in
	vm) fill_cache "$(kernel_dir)" unpack_kernel ;;
	check) fill_cache "$(kernel_source_dir)" unpack_source $source_parts ;;
	refscale) fill_cache "$(refscale_dir)" unpack_source $refscale_parts ;;
	litmus) fill_cache "$(memory_model_dir)" unpack_source $litmus_parts ;;
	esac
done
