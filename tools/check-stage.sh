#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Run one stage of check.sh, which has set up what it needs:
#
#	sh tools/check-stage.sh STAGE
#
# Prints KTAP. The first failure ends it unless the stage says otherwise.

set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
. tools/lib.sh

results=build/check
installed=$PWD/$results/tree
selftests_built=$PWD/$results/kselftest

# Run a command as test "$1" of the running stage; its output explains a
# failure.
number=0
try() {
	name=$1
	shift
	number=$((number + 1))
	if "$@" >"$results/output" 2>&1; then
		echo "ok $number $name"
	else
		echo "not ok $number $name"
		sed 's/^/# | /' "$results/output"
		return 1
	fi
}

# The files of the repository that match, also those not committed yet.
files() {
	repository ls-files --cached --others --exclude-standard -- "$@" |
	while read -r file; do
		[ ! -f "$file" ] || printf '%s\n' "$file"
	done
}

scripts() {
	for file in $(files tools .ci selftests tests); do
		case $(head -n 1 "$file") in
		'#!/bin/sh'*|'#!/bin/busybox sh'*) echo "$file" ;;
		esac
	done
	echo tools/lib.sh
}

# A command that succeeds and has nothing to complain about.
silent() {
	"$@" >$results/silent 2>&1 || {
		cat $results/silent
		return 1
	}
	! grep -i -E '(warning|error):' $results/silent
}

build() {
	try 'command and library without a warning' \
		make -j2 O=$results/werror 'CFLAGS=-O2 -g -Wall -Wextra -Werror' \
		$results/werror/acqrel $results/werror/libacqrel.a
	try 'command and library' \
		make -j2 build/acqrel build/libacqrel.a build/pingpong
	# What modpost warns of, it says only when there is something to link.
	rm -f kmod/*.o kmod/bench/*.o kmod/*.mod
	try 'module without a warning at W=1' silent \
		make -j2 modules W=1 KCFLAGS=-Werror
	try 'no indirect call in the handlers' no_indirect_call || :
	try 'the timed loops of both worlds are the same' tools/check-loops || :
}

# The handlers of the scheduler's tracepoints call through no pointer. What goes
# through pv_ops is patched when the module is loaded.
no_indirect_call() {
	objdump -dr --no-show-raw-insn kmod/source_sched.o | awk '
	/^[0-9a-f]+ <.*>:$/ {
		handler = /<acqrel_on_/
		handlers += handler
	}
	!handler { next }
	patched && !/pv_ops/ { print "not through pv_ops: " $0; bad = 1 }
	{ patched = 0 }
	/(call|jmp) +\*0x[0-9a-f]+\(%rip\)/ { patched = 1; next }
	/(call|jmp) +\*/ || /indirect_thunk/ { print; bad = 1 }
	END {
		print handlers + 0, "handlers"
		exit bad || handlers < 3
	}'
}

sparse() {
	try 'sparse on the module' silent \
		make modules W=1 KCFLAGS=-Werror C=2 CF=-D__CHECK_ENDIAN__
}

has_spdx() {
	head -n 3 "$1" | grep -q 'SPDX-License-Identifier: '
}

checkpatch() {
	ignore=EMAIL_SUBJECT
	while read -r pattern types; do
		# shellcheck disable=SC2254 # it is a pattern
		case $1 in
		$pattern) ignore=$ignore,$types ;;
		esac
	done <tools/checkpatch-ignore
	"$(kernel_source_dir)/scripts/checkpatch.pl" --no-tree --strict \
		--terse --no-summary --show-types --ignore "$ignore" -f "$1"
}

style() {
	for file in $(files '*.c' '*.h'); do
		try "checkpatch $file" checkpatch "$file" || :
	done
	for file in $(scripts | sort -u); do
		try "shellcheck $file" shellcheck -x "$file" || :
	done
	for file in $(files | grep -v -e '^COPYING$' -e '^LICENSES/' \
			-e '^tests/fixtures/'); do
		try "licence of $file" has_spdx "$file" || :
	done
}

words() {
	# shellcheck disable=SC2046 # a list of files
	try 'spelling' codespell $(files | grep -v -e '^COPYING$')
}

# Run a guest with the console log $1, once more if it was the emulator that
# broke down.
in_guest() {
	console=$1
	shift
	rc=0
	run_guest "$@" || rc=$?
	if deserves_retry "$rc" "$console"; then
		rc=0
		run_guest "$@" || rc=$?
	fi
	cat $results/guest.out
	return "$rc"
}

run_guest() {
	setpriv --pdeathsig TERM tools/vm run --log "$console" "$@" \
		>$results/guest.out
}

# What a stage needs that may be run alone.
up_to_date() {
	make -s all build/pingpong >&2
}

links_lead_somewhere() {
	dir=$(dirname "$1")
	grep -o '](\([^)#:]*\)[^):]*)' "$1" |
	sed 's/^](\([^)#]*\).*/\1/; /^$/d' | {
		lost=0
		while read -r link; do
			[ -e "$dir/$link" ] || {
				echo "no $link"
				lost=1
			}
		done
		return $lost
	}
}

docs() {
	up_to_date
	try 'manual page' mandoc -Tlint -Wwarning Documentation/acqrel.8 || :
	for file in $(files '*.md'); do
		try "links in $file" links_lead_somewhere "$file" || :
	done
	sh tools/check-docs.sh
}

install() {
	up_to_date
	rm -rf "$installed"
	try 'make install' make install DESTDIR="$installed" PREFIX=/usr
	try 'make modules_install' make modules_install DESTDIR="$installed"
	try 'installed lib/modules/*/acqrel.ko' has_module || :
	for file in sbin/acqrel lib/libacqrel.a include/linux/acqrel.h \
		    share/man/man8/acqrel.8
	do
		try "installed $file" test -s "$installed/usr/$file" || :
	done
	try 'installed command runs' "$installed/usr/sbin/acqrel" version || :
	try 'a program links with what is installed' links_with_the_library || :
}

# A program that has nothing but what is installed.
links_with_the_library() {
	cat >$results/program.c <<-END
		#include <acqrel-user/client.h>
		#include <acqrel-user/config.h>
		#include <acqrel-user/pipeline.h>
		int main(void)
		{
			struct acqrel_pipeline_params params = {
				.count = 1000, .streams = 1, .threads = 1,
				.ring_entries = 16,
			};
			struct acqrel_pipeline_result result;
			struct acqrel_client *client;
			int rc;

			acqrel_config_defaults(&params.config);
			acqrel_client_open(&client);
			acqrel_client_close(client);
			rc = acqrel_pipeline_run(&params, &result);
			return rc || result.streams[0].ring.account.offered != 1000;
		}
	END
	# shellcheck disable=SC2046 # words
	gcc -Wall -Wextra -Werror -I"$installed/usr/include" \
		-o $results/program $results/program.c \
		-L"$installed/usr/lib" -lacqrel -pthread \
		$(pkg-config --cflags --libs liburcu libnl-genl-3.0) &&
	$results/program
}

has_module() {
	find "$installed/lib/modules" -name acqrel.ko | grep .
}

tools() {
	sh tools/check-tools.sh
}

lab() {
	sh tools/check-lab.sh
}

unit() {
	make -j2 check-unit
}

policy() {
	sh tools/check-policy.sh
}

litmus() {
	make -s litmus
}

codegen() {
	make -s codegen
}

# In a kernel tree with the headers installed, the directory builds as it is.
builds_in_a_kernel_tree() {
	tree=$PWD/$results/tree
	tests=$tree/tools/testing/selftests
	rm -rf "$tree"
	mkdir -p "$tests" "$tree/usr/include/linux"
	cp "$(kselftest_dir)"/*.mk "$(kselftest_dir)"/*.h "$tests"
	cp include/uapi/linux/acqrel*.h "$tree/usr/include/linux"
	for file in $(files selftests); do
		name=$tests/acqrel/${file#selftests/}
		mkdir -p "${name%/*}"
		cp "$file" "$name"
	done
	make -C "$tests/acqrel" "$tests/acqrel/config_test"
}

measuring() {
	make -s build/bench-selftest >&2
	build/bench-selftest --quick
}

report() {
	up_to_date
	sh tools/check-report
}

kselftest() {
	up_to_date
	try 'builds in a kernel tree' builds_in_a_kernel_tree || :
	rm -rf "$selftests_built.d"
	mkdir -p "$selftests_built"
	make -s -C selftests install KSELFTEST_DIR="$(kselftest_dir)" \
		KDIR="/usr/src/linux-headers-$(kernel_release)" \
		OUTPUT="$selftests_built" INSTALL_PATH="$selftests_built.d" >&2
	in_guest $results/kselftest.console --timeout 900 \
		--file "$selftests_built.d:/kselftest" \
		--file build/acqrel:/usr/bin/acqrel \
		-- selftests/guest-run.sh
}

guest() {
	up_to_date
	make -s build/tests/plain/limits >&2
	in_guest $results/guest.console --timeout 600 \
		--file build/acqrel:/usr/bin/acqrel \
		--file build/pingpong:/usr/bin/pingpong \
		--file build/tests/plain/limits:/usr/bin/limits \
		--file tools/guest-lib.sh --file tools/guest-record.sh \
		--get /home/json:$results/json \
		-- tools/check-guest.sh
	echo 'KTAP version 1'
	for file in "$results"/json/*.json; do
		try "JSON in ${file##*/}" jq -e .schema "$file" || :
	done
}

"$1"
