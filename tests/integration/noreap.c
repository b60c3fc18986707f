/*
 * noreap.c - a parent that doesn't look after its children, for tests.
 *
 * noreap COMMAND...: becomes a subreaper, runs the command to its end, and then leaves what it gets alone until it is
 * killed.
 */
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	pid_t pid;

	if (argc < 2 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return 2;
	pid = fork();
	if (pid == 0) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	for (;;)
		pause();
}
