// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classes of distance between CPUs: what a topology says, what measured times
 * make of it, and which CPUs are chosen.
 */
#include <ftw.h>
#include <math.h>
#include <sys/stat.h>

#include "fake_bench.h"
#include "ktap.h"
#include "placement.h"

static char root[64];

/* Writes a file below the root, with its directories. */
static void put(unsigned int cpu, const char *file, const char *text)
{
	char path[256], *slash;
	FILE *f;

	snprintf(path, sizeof(path), "%s/sys/devices/system/cpu/cpu%u/%s",
		 root, cpu, file);
	for (slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	f = fopen(path, "we");
	if (!check(f))
		return;
	fprintf(f, "%s\n", text);
	fclose(f);
}

static int remove_one(const char *path, const struct stat *st, int flag,
		      struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void remove_all(void)
{
	nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/*
 * Eight CPUs: 0-3 and 4-7 are sockets; siblings are 0,1 2,3 ...; each socket
 * has one last cache, but the cores 4,5 and 6,7 have one each.
 */
static void put_machine(void)
{
	static const char *const siblings[] = {
		"0-1", "0-1", "2-3", "2-3", "4-5", "4-5", "6-7", "6-7",
	};
	static const char *const caches[] = {
		"0-3", "0-3", "0-3", "0-3", "4-5", "4-5", "6-7", "6-7",
	};

	remove_all();
	mkdir(root, 0700);
	for (unsigned int i = 0; i < 8; i++) {
		put(i, "topology/thread_siblings_list", siblings[i]);
		put(i, "topology/physical_package_id", i < 4 ? "0" : "1");
		put(i, "cache/index0/level", "1");
		put(i, "cache/index0/shared_cpu_list", siblings[i]);
		put(i, "cache/index1/level", "3");
		put(i, "cache/index1/shared_cpu_list", caches[i]);
	}
}

static void init(struct placement *p)
{
	static const unsigned int cpus[] = { 0, 1, 2, 3, 4, 5, 6, 7 };

	put_machine();
	check_eq(placement_init(p, cpus, ARRAY_SIZE(cpus), root), 0);
}

static const char *name_of(const struct placement *p, __u32 a, __u32 b)
{
	const __u32 cpus[] = { a, b };

	return placement_name(p, cpus, 2);
}

static void topology_is_read(void)
{
	struct placement p;

	init(&p);
	check_eq(p.nclasses, 4);
	check(!strcmp(name_of(&p, 0, 1), "smt"));
	check(!strcmp(name_of(&p, 1, 2), "cache"));
	check(!strcmp(name_of(&p, 4, 6), "socket"));
	check(!strcmp(name_of(&p, 0, 4), "node"));
	check(isnan(p.classes[0].ns));
	placement_release(&p);
}

static void one_class_is_any(void)
{
	static const unsigned int cpus[] = { 0, 2 };
	const __u32 one[] = { 2 };
	struct placement p;

	put_machine();
	check_eq(placement_init(&p, cpus, 2, root), 0);
	check_eq(p.nclasses, 1);
	check(!strcmp(name_of(&p, 0, 2), "any"));
	check(!strcmp(placement_name(&p, one, 1), "one"));
	placement_release(&p);
}

static void unreadable_topology_is_far(void)
{
	static const unsigned int cpus[] = { 0, 1, 8, 9 };
	struct placement p;

	put_machine();
	check_eq(placement_init(&p, cpus, 4, root), 0);
	check(!strcmp(name_of(&p, 0, 1), "smt"));
	check(!strcmp(name_of(&p, 0, 8), "node"));
	check(!strcmp(name_of(&p, 8, 9), "node"));
	placement_release(&p);
}

static void pairs_are_clustered_by_gaps(void)
{
	struct placement_pair pairs[] = {
		{ .ns = 300 }, { .ns = 50 }, { .ns = 62 }, { .ns = 100 },
		{ .ns = 75 }, { .ns = 120 },
	};

	/* 50 62 75 | 100 120 | 300 */
	check_eq(placement_cluster(pairs, 6), 3);
	check_eq(pairs[2].class, 0);
	check_eq(pairs[3].class, 1);
	check_eq(pairs[4].class, 1);
	check_eq(pairs[5].class, 2);
	check(pairs[5].ns > 299);
}

/* Times of the pairs of all CPUs, by topology. */
static unsigned int make_pairs(const struct placement *p, const double ns[4],
			       struct placement_pair *pairs)
{
	unsigned int n = 0;

	for (unsigned int a = 0; a < p->n; a++)
		for (unsigned int b = a + 1; b < p->n; b++) {
			unsigned int t = p->topology[a * p->n + b];

			pairs[n++] = (struct placement_pair){
				.a = a, .b = b, .topology = t,
				.ns = ns[t] * (1 + 0.001 * n),
			};
		}
	return n;
}

static void agreement_keeps_the_names(void)
{
	static const double ns[] = { 30, 60, 120, 240 };
	struct placement_pair pairs[28];
	struct placement p;

	init(&p);
	placement_apply(&p, pairs, make_pairs(&p, ns, pairs));
	check(!p.disagrees);
	check_eq(p.nclasses, 4);
	check(!strcmp(name_of(&p, 0, 1), "smt"));
	check(!strcmp(name_of(&p, 0, 4), "node"));
	check(p.classes[1].ns > 60 && p.classes[1].ns < 62);
	placement_release(&p);
}

/* A hypervisor that shows siblings which are none. */
static void equal_distances_disagree(void)
{
	static const double ns[] = { 60, 60, 60, 60 };
	struct placement_pair pairs[28];
	struct placement p;

	init(&p);
	placement_apply(&p, pairs, make_pairs(&p, ns, pairs));
	check(p.disagrees);
	check_eq(p.nclasses, 1);
	check(!strcmp(name_of(&p, 0, 1), "any"));
	placement_release(&p);
}

static void split_topology_disagrees(void)
{
	static const double ns[] = { 30, 60, 120, 240 };
	struct placement_pair pairs[28];
	struct placement p;
	unsigned int n;

	init(&p);
	n = make_pairs(&p, ns, pairs);
	for (unsigned int i = 0; i < n; i++)
		if (pairs[i].a == 0 && pairs[i].b == 4)
			pairs[i].ns = 500;
	placement_apply(&p, pairs, n);
	check(p.disagrees);
	check_eq(p.nclasses, 5);
	check(!strcmp(name_of(&p, 0, 4), "node2"));
	check(!strcmp(name_of(&p, 0, 5), "node"));
	placement_release(&p);
}

/* What was not measured is taken as its topology. */
static void unmeasured_pairs_follow(void)
{
	static const double ns[] = { 30, 60, 120, 240 };
	struct placement_pair pairs[28], some[4];
	unsigned int n, k = 0;
	struct placement p;

	init(&p);
	n = make_pairs(&p, ns, pairs);
	for (unsigned int t = 0; t < TOPOLOGY_COUNT; t++)
		for (unsigned int i = 0; i < n; i++)
			if (pairs[i].topology == t) {
				some[k++] = pairs[i];
				break;
			}
	placement_apply(&p, some, k);
	check(!p.disagrees);
	check(!strcmp(name_of(&p, 6, 7), "smt"));
	check(!strcmp(name_of(&p, 3, 7), "node"));
	placement_release(&p);
}

static void check_chosen(const struct placement *p, const char *class,
			 unsigned int n, const __u32 *expected)
{
	__u32 cpus[8];

	if (!check_eq(placement_choose(p, class, n, cpus), 0))
		return;
	for (unsigned int i = 0; i < n; i++)
		check_eq(cpus[i], expected[i]);
}

static void cpus_are_chosen(void)
{
	static const __u32 smt[] = { 0, 1 }, cache[] = { 0, 2 };
	static const __u32 socket[] = { 4, 6 }, node[] = { 0, 4, 1, 5 };
	static const __u32 come[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	__u32 cpus[9];
	struct placement p;

	init(&p);
	check_chosen(&p, "smt", 2, smt);
	check_chosen(&p, "cache", 2, cache);
	check_chosen(&p, "socket", 2, socket);
	check_chosen(&p, "node", 4, node);
	check_chosen(&p, NULL, 8, come);
	check_chosen(&p, "socket", 1, come);
	check_eq(placement_choose(&p, "smt", 3, cpus), -ERANGE);
	check_eq(placement_choose(&p, NULL, 9, cpus), -ERANGE);
	check_eq(placement_choose(&p, "moon", 2, cpus), -ENOENT);
	placement_release(&p);
}

static const struct fake_case pingpong[] = {
	{ .c = { .name = PLACEMENT_CASE, .threads = 2, .threads_max = 2 },
	  .partner = true },
	{ }
};

/* A line needs longer between the sockets, and now and then anywhere. */
static void distant(const struct bench_arm *arm,
		    const struct acqrel_slice_params *p,
		    struct acqrel_sample *samples)
{
	bool far = arm->cpus[0] / 4 != arm->cpus[1] / 4;

	(void)p;
	samples[0].did.busy_ns *= far ? 10 : 1;
	if (fake.slices % 9 == 0)
		samples[0].did.busy_ns *= 50;
}

static void distances_are_measured(void)
{
	struct bench bench = { WORLD_USER };
	struct placement p;

	fake.cases = pingpong;
	fake.hook = distant;
	init(&p);
	check_eq(placement_measure(&p, &bench, NULL), 0);
	check_eq(p.nclasses, 2);
	check(p.disagrees);
	check(!strcmp(name_of(&p, 0, 4), "node"));
	check(!strcmp(name_of(&p, 0, 1), name_of(&p, 0, 2)));
	check(strcmp(name_of(&p, 0, 1), "node"));
	check(fake.opened <= PLACEMENT_PAIRS_MAX);
	check_eq(fake.opened, fake.closed);
	placement_release(&p);
}

static void failure_keeps_the_topology(void)
{
	struct bench bench = { WORLD_USER };
	struct placement p;

	fake.cases = pingpong;
	fake.slices = 0;
	fake.fail_at = 7;
	init(&p);
	check_eq(placement_measure(&p, &bench, NULL), -EIO);
	check_eq(p.nclasses, 4);
	check_eq(fake.opened, fake.closed);
	fake.fail_at = 0;
	placement_release(&p);
}

static bool stop(void)
{
	return fake.slices == 5;
}

static void it_can_be_stopped(void)
{
	struct bench bench = { WORLD_USER };
	struct placement p;

	fake.cases = pingpong;
	fake.slices = 0;
	init(&p);
	check_eq(placement_measure(&p, &bench, stop), -ECANCELED);
	check_eq(fake.slices, 5);
	check_eq(p.nclasses, 4);
	check_eq(fake.opened, fake.closed);
	placement_release(&p);
}

static const struct ktap_test tests[] = {
	{ "topology is read", topology_is_read },
	{ "one class is any", one_class_is_any },
	{ "unreadable topology is far", unreadable_topology_is_far },
	{ "pairs are clustered by gaps", pairs_are_clustered_by_gaps },
	{ "agreement keeps the names", agreement_keeps_the_names },
	{ "equal distances disagree", equal_distances_disagree },
	{ "a split topology disagrees", split_topology_disagrees },
	{ "unmeasured pairs follow", unmeasured_pairs_follow },
	{ "CPUs are chosen", cpus_are_chosen },
	{ "distances are measured", distances_are_measured },
	{ "a failure keeps the topology", failure_keeps_the_topology },
	{ "it can be stopped", it_can_be_stopped },
};

int main(void)
{
	int status;

	strcpy(root, "/tmp/acqrel-placement-XXXXXX");
	if (!mkdtemp(root))
		return 1;
	status = ktap_run(tests, ARRAY_SIZE(tests));
	remove_all();
	return status;
}
