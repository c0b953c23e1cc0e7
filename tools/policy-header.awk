# SPDX-License-Identifier: GPL-2.0-only
#
# Print what the UAPI header says of commands, attributes and enums, in the
# lines of policy-spec.awk. An attribute's type is the first word of its
# comment.

function value_of_line(	v) {
	if (match($0, /= *[0-9]+/)) {
		v = substr($0, RSTART, RLENGTH)
		sub(/= */, "", v)
		next_value = v
	}
	return next_value++
}

/^enum/ || /^};/ { next_value = 0 }
!/^\t(ACQREL_CMD|ACQREL_A|ACQREL_KIND|ACQREL_POLICY|ACQREL_COUNTER)_/ { next }
{
	name = $1
	sub(/,.*/, "", name)
}

/ = __/ { next }

name ~ /^ACQREL_CMD_/ { print "cmd " name " " value_of_line(); next }

name ~ /^ACQREL_A_/ {
	type = "pad"
	if (match($0, /\/\* [a-z0-9]+/))
		type = substr($0, RSTART + 3, RLENGTH - 3)
	print "attribute " name " " value_of_line() " " type
	next
}

{ print "enum " name " " value_of_line() }
