/*
 * trycall.c - makes the system call whose number is its argument, with -1 for every argument, and prints the error.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long number = argc > 1 ? strtol(argv[1], NULL, 10) : -1;

	errno = 0;
	(void)syscall(number, -1, -1, -1, -1, -1, -1);
	puts(strerror(errno));
	return 0;
}
