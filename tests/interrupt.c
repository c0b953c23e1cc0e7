// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ctrl-C, SIGTERM and SIGHUP: they are noted, they end a write that blocks, and they
 * end the program again when nobody asks for them any more.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "cmd.h"
#include "ktap.h"

/* a child runs it; true makes it exit with 0 */
typedef bool child(int pipe);

static pid_t start(child *run, int *reader)
{
	int ends[2];
	pid_t pid;

	if (!check_eq(pipe(ends), 0))
		return -1;
	pid = fork();
	if (!pid)
		_exit(!run(ends[1]));
	check(pid > 0);
	close(ends[1]);
	*reader = ends[0];
	return pid;
}

static int end(pid_t pid, int reader)
{
	int status = -1;

	check_eq(waitpid(pid, &status, 0), pid);
	close(reader);
	return status;
}

static bool noted(int pipe)
{
	(void)pipe;
	interrupt_catch();
	if (interrupt_seen())
		return false;
	raise(SIGTERM);
	return interrupt_seen() && interrupt_poll(-1, -1) == 0;
}

static bool hang_up_noted(int pipe)
{
	(void)pipe;
	/* this test may have been started by nohup itself */
	signal(SIGHUP, SIG_DFL);
	interrupt_catch();
	raise(SIGHUP);
	return interrupt_seen();
}

/* as nohup starts a program */
static bool hang_up_ignored(int pipe)
{
	(void)pipe;
	signal(SIGHUP, SIG_IGN);
	interrupt_catch();
	raise(SIGHUP);
	return !interrupt_seen();
}

static void hang_up(void)
{
	int reader;
	pid_t pid = start(hang_up_noted, &reader);

	check_eq(end(pid, reader), 0);
	pid = start(hang_up_ignored, &reader);
	check_eq(end(pid, reader), 0);
}

static void signal_is_noted(void)
{
	int reader;
	pid_t pid = start(noted, &reader);

	check_eq(end(pid, reader), 0);
}

/* until the write fails, which blocks when the pipe is full */
static bool write_until_interrupted(int pipe)
{
	char block[4096] = "";

	while (write(pipe, block, sizeof(block)) >= 0)
		;
	return errno == EINTR && interrupt_seen();
}

static bool blocked(int pipe)
{
	interrupt_catch();
	interrupt_allow(true);
	return write_until_interrupted(pipe);
}

static void signal_ends_a_write(void)
{
	int reader, room, fill = 0;
	pid_t pid = start(blocked, &reader);

	room = fcntl(reader, F_GETPIPE_SZ);
	while (fill < room && !ioctl(reader, FIONREAD, &fill))
		sched_yield();
	kill(pid, SIGTERM);
	check_eq(end(pid, reader), 0);
}

static bool blocked_later(int pipe)
{
	interrupt_catch();
	raise(SIGINT);
	interrupt_allow(true);
	return write_until_interrupted(pipe);
}

static void signal_ends_a_later_write(void)
{
	int reader;
	pid_t pid = start(blocked_later, &reader);

	check_eq(end(pid, reader), 0);
}

static bool released(int pipe)
{
	(void)pipe;
	interrupt_catch();
	interrupt_release();
	raise(SIGTERM);
	return true;
}

static bool released_late(int pipe)
{
	(void)pipe;
	interrupt_catch();
	raise(SIGTERM);
	interrupt_release();
	return true;
}

static void check_killed(child *run)
{
	int reader, status;
	pid_t pid = start(run, &reader);

	status = end(pid, reader);
	check(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

static void signal_kills_again(void)
{
	check_killed(released);
	check_killed(released_late);
}

static const struct ktap_test tests[] = {
	{ "a signal is noted", signal_is_noted },
	{ "the end of a session is noted, unless it is ignored", hang_up },
	{ "a signal ends a write that blocks", signal_ends_a_write },
	{ "a signal ends a write that comes later", signal_ends_a_later_write },
	{ "a signal kills again after the release", signal_kills_again },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
