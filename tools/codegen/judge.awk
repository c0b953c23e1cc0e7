# SPDX-License-Identifier: GPL-2.0-only
#
# judge.awk - hold instructions against the rules
#
# Reads the rules, the ceilings, and the output of insns.awk, in this order.
# Prints "ok NAME" or "not ok NAME" and, after the latter, lines of "# REASON".

function reasons(text)
{
	why = why "# | " text "\n"
}

function result(name)
{
	printf "%s %s\n%s", why == "" ? "ok" : "not ok", name, why
	why = ""
}

function expect_arm(target, word,    kernel)
{
	kernel = target ~ /^kernel/
	if (word == "consume") {
		# a compiler knows no weaker order that keeps it
		want["acquire"] += !kernel
	} else if (word == "wmb" && !kernel) {
		# a release fence orders loads too
		want["mb"]++
	} else if (word !~ /^rmw/) {
		want[word]++
	} else if (word == "rmw_full") {
		# a loop of exclusive accesses is no full barrier without one
		want["rmw_acquire_release"] += target !~ /armv8\.0/
		want["rmw_release"] += kernel || target ~ /armv8\.0/
		want["mb"] += kernel || target ~ /armv8\.0/
	} else if (word == "rmw_acquire") {
		# a loop has it where it loads
		want["rmw_acquire"] += target !~ /armv8\.0/
		want["rmw"] += kernel || target ~ /armv8\.0/
		want["acquire"] += kernel || target ~ /armv8\.0/
	} else {
		# the kernel has two forms and chooses at boot
		want[word] += 1 + kernel
	}
}

# what a target makes of ORDER, as counts of kinds
function expect(target, order,    n, i, words)
{
	split("", want)
	n = split(order, words, ",")
	for (i = 1; i <= n; i++) {
		if (words[i] == "-")
			continue
		if (target ~ /arm/)
			expect_arm(target, words[i])
		else if (words[i] == "mb")
			want["fence"]++
		else if (words[i] ~ /^rmw/)
			want["locked"]++
	}
}

function apply(target, exceptions,    n, i, words, part)
{
	split("", may_call)
	n = split(exceptions, words, " ")
	for (i = 1; i <= n; i++) {
		split(words[i], part, /[:=]/)
		gsub(/\*/, ".*", part[1])
		if (target !~ "^" part[1] "$")
			continue
		if (part[2] == "call")
			may_call["," part[3] ","]
		else
			want[part[2]] = part[3]
	}
}

function allowed(name,    list)
{
	for (list in may_call)
		if (index(list, "," name ","))
			return 1
	return 0
}

function judge(path, target, world,    i, n, name)
{
	expect(target, order[path, world])
	apply(target, exceptions[path, world])
	for (i = 1; i <= n_kinds; i++)
		if (count[target, path, kinds[i]] + 0 != want[kinds[i]] + 0)
			reasons(sprintf("%s: %d, expected %d", kinds[i],
					count[target, path, kinds[i]],
					want[kinds[i]]))
	n = split(calls[target, path], name, " ")
	for (i = 1; i <= n; i++)
		if (!allowed(name[i]))
			reasons("call of " name[i])
	n = count[target, path, "all"] + 0
	if (!n)
		reasons("there is no codegen_" path "()")
	if (!((path, target) in ceiling))
		reasons(n " instructions, no ceiling")
	else if (n > ceiling[path, target])
		reasons(n " instructions, ceiling " ceiling[path, target])
	result(path " on " target)
}

function summary(target, path,    i, text)
{
	for (i = 1; i <= n_same; i++)
		text = text " " same[i] " " count[target, path, same[i]] + 0
	return text
}

function compare(path,    kernel, user)
{
	kernel = summary("kernel/x86-64", path)
	user = summary("user/x86-64", path)
	if (kernel != user) {
		reasons("kernel:" kernel)
		reasons("user:  " user)
	}
	result(path " is the same in both worlds")
}

BEGIN {
	n_kinds = split("fence locked acquire release rmb wmb mb rmw " \
			"rmw_acquire rmw_release rmw_acquire_release division", kinds, " ")
	n_same = split("load store locked fence branch call", same, " ")
}

FNR == 1 {
	file++
}

/^#/ || /^$/ {
	next
}

file == 1 {
	n_rules++
	rule_path[n_rules] = $1
	rule_world[n_rules] = $2
	sub(/ -- .*/, "")
	rest = ""
	for (i = 4; i <= NF; i++)
		rest = rest " " $i
	n_worlds = split($2 == "both" ? "kernel user" : $2, worlds, " ")
	for (i = 1; i <= n_worlds; i++) {
		order[$1, worlds[i]] = $3
		exceptions[$1, worlds[i]] = rest
	}
	next
}

file == 2 {
	ceiling[$1, $2] = $3
	next
}

{
	split($0, field, "\t")
	target = field[1]
	path = field[2]
	if (!(target in targets)) {
		targets[target]
		target_names[++n_targets] = target
	}
	world = target
	sub(/\/.*/, "", world)
	if (!((path, world) in order) && !((path, world) in unknown)) {
		unknown[path, world]
		reasons("there is no rule")
		result(path " on " target)
	}
	count[target, path, "all"]++
	n = split(field[5], class, " ")
	for (i = 1; i <= n; i++) {
		count[target, path, class[i]]++
		if (class[i] == "call") {
			sub(/.* /, "", field[6])
			calls[target, path] = calls[target, path] " " field[6]
		}
	}
}

END {
	for (i = 1; i <= n_rules; i++) {
		path = rule_path[i]
		for (j = 1; j <= n_targets; j++) {
			world = target_names[j]
			sub(/\/.*/, "", world)
			if (rule_world[i] == world || rule_world[i] == "both")
				judge(path, target_names[j], world)
		}
		if (rule_world[i] == "both" &&
		    exceptions[path, "user"] !~ /differs/ &&
		    "kernel/x86-64" in targets && "user/x86-64" in targets)
			compare(path)
	}
}
