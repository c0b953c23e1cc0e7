// SPDX-License-Identifier: GPL-2.0-only
/*
 * interrupt.c - Ctrl-C and SIGTERM end a loop instead of the program
 *
 * The signals are blocked except while interrupt_poll() waits, so none can
 * slip in between a look at the flag and the wait.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "cmd.h"

static sig_atomic_t seen;
static sigset_t outside;

static void on_signal(int signal)
{
	(void)signal;
	WRITE_ONCE(seen, 1);
}

/**
 * interrupt_catch() - note the signals from now on
 */
void interrupt_catch(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &outside);
	sigdelset(&outside, SIGINT);
	sigdelset(&outside, SIGTERM);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/**
 * interrupt_seen() - whether a signal came
 *
 * Return: true if so, also when it came just now.
 */
bool interrupt_seen(void)
{
	if (!READ_ONCE(seen))
		interrupt_poll(-1, 0);
	return READ_ONCE(seen);
}

/**
 * interrupt_poll() - wait until a descriptor is readable
 * @fd: the descriptor, or -1
 * @timeout_ms: -1: forever
 *
 * Return: 1 if it is readable, 0 after the timeout or a signal, or -errno.
 */
int interrupt_poll(int fd, int timeout_ms)
{
	struct pollfd poll = { .fd = fd, .events = POLLIN };
	struct timespec timeout = {
		.tv_sec = timeout_ms / 1000,
		.tv_nsec = timeout_ms % 1000 * 1000000L,
	};
	int rc;

	rc = ppoll(&poll, 1, timeout_ms < 0 ? NULL : &timeout, &outside);
	if (rc < 0)
		return errno == EINTR ? 0 : -errno;
	return rc;
}
