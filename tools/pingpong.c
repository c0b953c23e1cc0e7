// SPDX-License-Identifier: GPL-2.0-only
/*
 * A load of scheduler events: pairs of processes that hand a byte back and
 * forth over two pipes. Each hand-over puts one task to sleep and wakes one.
 *
 *	pingpong PAIRS SECONDS
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAIRS_MAX = 256 };

/* Returns when the other side is gone. */
static void echo(int in, int out)
{
	char byte;

	while (read(in, &byte, 1) == 1)
		if (write(out, &byte, 1) != 1)
			return;
}

static void serve(int in, int out, uint64_t *rounds)
{
	char byte = 0;

	while (write(out, &byte, 1) == 1 && read(in, &byte, 1) == 1)
		++*rounds;
}

/* Whoever dies first takes the others along. */
static pid_t start_process(void)
{
	pid_t pid = fork();

	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

static pid_t start_pair(uint64_t *rounds)
{
	int there[2], back[2];
	pid_t pid = start_process();

	if (pid)
		return pid;
	if (pipe(there) || pipe(back))
		_exit(1);
	pid = start_process();
	if (pid < 0)
		_exit(1);
	if (pid)
		serve(back[0], there[1], rounds);
	else
		echo(there[0], back[1]);
	_exit(1);
}

static void usage(void)
{
	fprintf(stderr, "Usage: pingpong PAIRS SECONDS, at most %d pairs\n",
		PAIRS_MAX);
	exit(2);
}

int main(int argc, char **argv)
{
	int pairs = argc == 3 ? atoi(argv[1]) : 0;
	int seconds = argc == 3 ? atoi(argv[2]) : 0;
	pid_t pids[PAIRS_MAX];
	uint64_t *rounds;
	uint64_t sum = 0;

	if (pairs < 1 || pairs > PAIRS_MAX || seconds < 1)
		usage();
	rounds = mmap(NULL, pairs * sizeof(*rounds), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (rounds == MAP_FAILED) {
		perror("pingpong: mmap");
		return 1;
	}
	for (int i = 0; i < pairs; i++) {
		pids[i] = start_pair(&rounds[i]);
		if (pids[i] < 0) {
			perror("pingpong: fork");
			pairs = i;
		}
	}
	sleep(seconds);
	for (int i = 0; i < pairs; i++)
		kill(pids[i], SIGKILL);
	for (int i = 0; i < pairs; i++) {
		waitpid(pids[i], NULL, 0);
		sum += rounds[i];
	}
	printf("%d pairs, %llu round trips\n", pairs, (unsigned long long)sum);
	return sum ? 0 : 1;
}
