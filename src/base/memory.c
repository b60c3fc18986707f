/*
 * base/memory.c - what happens when there is none left.
 *
 * Runtime process only; init allocates nothing.
 */
#include <unistd.h>

#include "base/memory.h"

void memory_exhausted(void)
{
	static const char line[] = "runlet: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, line, sizeof(line) - 1);

	(void)ignored;
	_exit(1);
}
