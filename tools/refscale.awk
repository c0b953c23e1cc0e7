# SPDX-License-Identifier: GPL-2.0-only
#
# Judge what refscale-guest.sh measured:
#
#	awk -v seed=N -v types="rcu ..." -f tools/refscale.awk FIGURES
#
# A round gives a log-ratio for each type, from two figures of each side, and a
# control for each side, from its two figures. The ratio is the median over the
# rounds with a 95 % bootstrap interval, the floor is the wider control, 1 % at
# least. The sides agree if the interval has 1 in it or is within 3 % of it, and
# is no wider than 20 %, or if the ratio is within a floor of 5 % at most: then
# equal arms differ as much, and acqrel compare would show no difference either.
# They differ if the interval, wider by a floor of 10 % at most, has no 1 in it.
# Anything else cannot tell.

function median(v, n,  i, j, x, s) {
	for (i = 1; i <= n; i++) {
		x = v[i]
		for (j = i; j > 1 && s[j - 1] > x; j--)
			s[j] = s[j - 1]
		s[j] = x
	}
	return (s[int((n + 1) / 2)] + s[int(n / 2) + 1]) / 2
}

# Sets low and high.
function bootstrap(v, n,  again, i, draw, medians) {
	for (again = 1; again <= 2000; again++) {
		for (i = 1; i <= n; i++)
			draw[i] = v[1 + int(n * rand())]
		medians[again] = median(draw, n)
	}
	sort(medians, 2000)
	low = medians[50]
	high = medians[1951]
}

# Shell sort, as not every awk can sort.
function sort(v, n,  gap, i, j, x) {
	for (gap = int(n / 2); gap; gap = int(gap / 2))
		for (i = gap + 1; i <= n; i++) {
			x = v[i]
			for (j = i; j > gap && v[j - gap] > x; j -= gap)
				v[j] = v[j - gap]
			v[j] = x
		}
}

# Half of the width of the interval, around 0, of what should be 0.
function spread(v, n) {
	bootstrap(v, n)
	return high > -low ? high : -low
}

function log_ratio(type, round, who, i, other, j) {
	return log(ns[type, round, who, i] / ns[type, round, other, j])
}

function verdict(low, mid, high, floor) {
	if (high - low > 0.2 || floor > 0.1)
		return 5
	if ((low <= 0 && high >= 0) || (low >= log(0.97) && high <= log(1.03)))
		return 0
	if (floor <= 0.05 && mid <= floor && mid >= -floor)
		return 0
	return low > floor || high < -floor ? 1 : 5
}

function judge(type,  n, i, d, a, b, both, own, floor, mid, word) {
	for (i = 1; i <= rounds; i++) {
		if (count[type, i, "acqrel"] != 2 ||
		    count[type, i, "refscale"] != 2)
			continue
		n++
		a[n] = log_ratio(type, i, "acqrel", 1, "acqrel", 2)
		b[n] = log_ratio(type, i, "refscale", 1, "refscale", 2)
		d[n] = (log_ratio(type, i, "acqrel", 1, "refscale", 1) + \
			log_ratio(type, i, "acqrel", 2, "refscale", 2)) / 2
	}
	if (n < 6) {
		printf "%-7s fewer than 6 rounds have figures\n", type
		return 5
	}
	floor = spread(a, n)
	own = spread(b, n)
	if (own > floor)
		floor = own
	if (floor < 0.01)
		floor = 0.01
	mid = median(d, n)
	bootstrap(d, n)
	status = verdict(low, mid, high, floor)
	word = status == 0 ? "agree" : status == 1 ? "differ" : "cannot tell"
	printf "%-7s %9s %9s   %.3f [%.3f %.3f]  %5.1f %%  %s\n", type,
	       absolute(type, "acqrel"), absolute(type, "refscale"), exp(mid),
	       exp(low), exp(high), 100 * floor, word
	return status
}

# Nanoseconds of one side over all rounds; none if they are emulated.
function absolute(type, who,  n, i, v) {
	if (accelerator == "tcg")
		return "-"
	for (i = 1; i <= rounds; i++)
		if (count[type, i, who] == 2)
			v[++n] = (ns[type, i, who, 1] + ns[type, i, who, 2]) / 2
	return sprintf("%.2f", median(v, n))
}

$1 == "accelerator" {
	accelerator = $2
	next
}

$4 ~ /^[0-9.e+-]+$/ && $4 > 0 {
	if ($1 > rounds)
		rounds = $1
	ns[$2, $1, $3, ++count[$2, $1, $3]] = $4
}

END {
	srand(seed)
	print "An empty read-side section, one reader, acqrel over refscale; seed " \
	      seed
	if (accelerator == "tcg")
		print "The CPU is emulated: the ratio says whether both count the" \
		      " same, not how long it takes."
	print "Corrected in refscale: a loop goes round n + 1 times, its empty" \
	      " loop was not"
	print "subtracted (nor there, once compiled), its summary takes a wrong" \
	      " median."
	print "Not corrected: its threads do not wait for each other, which one" \
	      " reader has no"
	print "use for; it keeps interrupts off, acqrel does not."
	print ""
	printf "%-7s %9s %9s   %-21s  %7s\n", "type", "acqrel ns",
	       "refsc. ns", "ratio [95 % interval]", "floor"
	n = split(types, type)
	for (i = 1; i <= n; i++) {
		status = judge(type[i])
		differ += status == 1
		unclear += status == 5
	}
	print ""
	print n - differ - unclear " of " n " agree, " differ " differ, " \
	      unclear " cannot be told"
	exit differ ? 1 : unclear ? 5 : 0
}
