// SPDX-License-Identifier: GPL-2.0-only
/*
 * interrupt.c - Ctrl-C, SIGTERM and SIGHUP end a loop instead of the program
 *
 * The signals are blocked except while interrupt_poll() waits, so none can
 * slip in between a look at the flag and the wait. Nothing like that is there
 * for a write that blocks, which interrupt_allow() lets them end: an alarm
 * each second from then on ends the one that began just after the signal.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM };

static sig_atomic_t seen;
static sigset_t ours;		/* the signals */
static sigset_t outside;	/* the mask without them */
static sigset_t before;		/* the mask before interrupt_catch() */

static void on_signal(int signal)
{
	if (signal != SIGALRM)
		WRITE_ONCE(seen, 1);
	alarm(1);
}

static void dispose(void (*handler)(int signal))
{
	/* no SA_RESTART: a write must end */
	struct sigaction action = { .sa_handler = handler };

	struct sigaction now;

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		/* what nohup ignores stays ignored */
		if (signals[i] == SIGHUP && !sigaction(SIGHUP, NULL, &now) &&
		    now.sa_handler == SIG_IGN)
			continue;
		sigaction(signals[i], &action, NULL);
	}
}

/**
 * interrupt_catch() - note the signals from now on
 */
void interrupt_catch(void)
{
	sigemptyset(&ours);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaddset(&ours, signals[i]);
	sigprocmask(SIG_BLOCK, &ours, &before);
	outside = before;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigdelset(&outside, signals[i]);
	dispose(on_signal);
}

/**
 * interrupt_allow() - whether the signals may come in outside a wait
 * @allow: true: they end a write that blocks, with EINTR
 */
void interrupt_allow(bool allow)
{
	sigprocmask(allow ? SIG_UNBLOCK : SIG_BLOCK, &ours, NULL);
}

/**
 * interrupt_release() - let the signals end the program again
 *
 * One that waits does so now.
 */
void interrupt_release(void)
{
	alarm(0);
	dispose(SIG_DFL);
	sigprocmask(SIG_SETMASK, &before, NULL);
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
