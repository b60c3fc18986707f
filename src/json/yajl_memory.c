/*
 * json/yajl_memory.c - what yajl allocates with.  Runtime process only; never returns NULL, because yajl doesn't check.
 */
#include "yajl_memory.h"

#include <stdio.h>
#include <stdlib.h>

static void *memory_or_exit(void *memory)
{
	if (memory)
		return memory;
	fputs("runlet: out of memory\n", stderr);
	exit(1);
}

static void *memory_allocate(void *context, size_t size)
{
	(void)context;
	return memory_or_exit(malloc(size ? size : 1));
}

static void *memory_reallocate(void *context, void *memory, size_t size)
{
	(void)context;
	return memory_or_exit(realloc(memory, size ? size : 1));
}

static void memory_free(void *context, void *memory)
{
	(void)context;
	free(memory);
}

yajl_alloc_funcs json_yajl_memory(void)
{
	return (yajl_alloc_funcs){
		.malloc = memory_allocate,
		.realloc = memory_reallocate,
		.free = memory_free,
		.ctx = NULL,
	};
}
