#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Set up what is needed and check everything:
#
#	sh tools/check.sh [STAGE]...
#
# Each stage prints KTAP into build/check/STAGE.log; here appear what failed
# and the sums. The last line is "N passed, N failed[, N skipped]"; the exit
# status is 0 only if nothing failed. A stage that fails without naming a test,
# or that has no result at all, counts as one failure.

set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
. tools/lib.sh

stages='build sparse style words docs install unit policy kselftest guest'
results=build/check
installed=$PWD/$results/root
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
	git ls-files --cached --others --exclude-standard -- "$@" |
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
	! grep -E '(warning|error):' $results/silent
}

build() {
	try 'command and library without a warning' \
		make -j2 O=$results/werror 'CFLAGS=-O2 -g -Wall -Wextra -Werror' \
		$results/werror/acqrel $results/werror/libacqrel.a
	try 'command and library' \
		make -j2 build/acqrel build/libacqrel.a build/pingpong
	try 'module without a warning at W=1' \
		make -j2 modules W=1 KCFLAGS=-Werror
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
	for file in $(files | grep -v -e '^COPYING$' -e '^LICENSES/'); do
		try "licence of $file" has_spdx "$file" || :
	done
}

words() {
	# shellcheck disable=SC2046 # a list of files
	try 'spelling' codespell $(files | grep -v -e '^COPYING$')
}

# Run a guest, once more if it was the emulator that broke down.
in_guest() {
	rc=0
	tools/vm run "$@" >$results/guest.out || rc=$?
	if [ "$rc" -eq 124 ]; then
		rc=0
		tools/vm run "$@" >$results/guest.out || rc=$?
	fi
	cat $results/guest.out
	return "$rc"
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
	try 'manual page' mandoc -Tlint -Wwarning Documentation/acqrel.8 || :
	for file in $(files '*.md'); do
		try "links in $file" links_lead_somewhere "$file" || :
	done
	sh tools/check-docs.sh
}

install() {
	rm -rf "$installed"
	try 'make install' make install DESTDIR="$installed" PREFIX=/usr
	try 'make modules_install' make modules_install DESTDIR="$installed"
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

unit() {
	make check-unit
}

policy() {
	sh tools/check-policy.sh
}

kselftest() {
	rm -rf "$selftests_built.d"
	mkdir -p "$selftests_built"
	make -s -C selftests install KSELFTEST_DIR="$(kselftest_dir)" \
		KDIR="/usr/src/linux-headers-$(kernel_release)" \
		OUTPUT="$selftests_built" INSTALL_PATH="$selftests_built.d" >&2
	in_guest --timeout 900 --log $results/kselftest.console \
		--file "$selftests_built.d:/kselftest" \
		--file build/acqrel:/usr/bin/acqrel \
		-- selftests/guest-run.sh
}

guest() {
	in_guest --timeout 600 --log $results/guest.console \
		--file build/acqrel:/usr/bin/acqrel \
		--file build/pingpong:/usr/bin/pingpong \
		--file tools/guest-lib.sh --get /root/json:$results/json \
		-- tools/check-guest.sh
	echo 'KTAP version 1'
	for file in "$results"/json/*.json; do
		try "JSON in ${file##*/}" jq -e .schema "$file" || :
	done
}

# Run a stage in a shell of its own, where the first failure ends it unless
# the stage says otherwise.
run_stage() {
	stage=$1
	log=$results/$stage.log
	begin=$(date +%s)
	failed_before=$failed
	set +e
	(set -e; "$stage") >"$log" 2>&1 </dev/null
	rc=$?
	set -e
	read -r p f s <<-END
	$(tools/ktap-count $results/failures <"$log")
	END
	if [ $((p + f + s)) -eq 0 ]; then
		f=1
		echo "not ok - $stage has no result" >>$results/failures
	elif [ "$rc" -ne 0 ] && [ "$f" -eq 0 ]; then
		f=1
		echo "not ok - $stage ended with $rc" >>$results/failures
	fi
	passed=$((passed + p))
	failed=$((failed + f))
	skipped=$((skipped + s))
	printf '%-10s %4d passed, %d failed, %d skipped  (%d s)\n' "$stage" \
		"$p" "$f" "$s" $(($(date +%s) - begin))
	[ "$failed" -eq "$failed_before" ] || show_failures
}

# The failed results with their explanations; without one, how the stage ended.
show_failures() {
	sed 's/^/  /' $results/failures
	awk '
		# kselftest explains itself before the result
		/# [^ ]+:[0-9]+:/ { before = before $0 "\n" }
		/not ok/ { printf "%s", before; left = 12 }
		/(^| )ok [0-9]/ { before = "" }
		/^vm: / { left = 12; print "# " $0 }
		/^(# |  )\|/ && left-- > 0
	' "$log" | sed 's/^ *# /  /' >$results/explanation
	if [ -s $results/explanation ]; then
		cat $results/explanation
	else
		tail -n 15 "$log" | sed 's/^/  : /'
	fi
	echo "  Everything is in $log"
}

sh tools/setup.sh build vm check
mkdir -p $results

passed=0
failed=0
skipped=0
# shellcheck disable=SC2086 # a list of words
[ $# -gt 0 ] || set -- $stages
for stage; do
	case " $stages " in
	*" $stage "*) run_stage "$stage" ;;
	*) die "there is no stage '$stage'; there are: $stages" ;;
	esac
done

line="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
echo "$line"
[ "$failed" -eq 0 ]
