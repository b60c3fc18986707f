/*
 * base/arena.c - memory that is freed all at once: a chain of blocks, filled from the front.
 *
 * Runtime process only; init has no allocator.
 */
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"

/* One block holds the spec and the plan of a usual container; untouched pages of it cost nothing. */
#define BLOCK_SIZE ((size_t)64 * 1024)
#define ALIGNMENT ((size_t)16)
#define FIRST_CAPACITY ((size_t)4)

struct arena_block {
	struct arena_block *older;
	size_t used;
	size_t size;
	alignas(16) unsigned char data[];
};

static struct arena_block *arena_add_block(struct arena *arena, size_t size)
{
	struct arena_block *block = malloc(sizeof(*block) + size);
	if (block == NULL)
		memory_exhausted();
	block->older = arena->newest;
	block->used = 0;
	block->size = size;
	arena->newest = block;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX / 2)
		memory_exhausted();
	size_t rounded = size == 0 ? ALIGNMENT : (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	struct arena_block *block = arena->newest;
	if (block == NULL || block->size - block->used < rounded)
		block = arena_add_block(arena, rounded > BLOCK_SIZE ? rounded : BLOCK_SIZE);
	void *memory = block->data + block->used;
	block->used += rounded;
	return memset(memory, 0, rounded);
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		memory_exhausted();
	return arena_alloc(arena, bytes);
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t size)
{
	/* Arrays are filled one by one, so the count alone says how large the array is: full at 4, 8, 16 ... */
	bool is_full = count == 0 || (count >= FIRST_CAPACITY && (count & (count - 1)) == 0);
	if (!is_full)
		return items;
	size_t capacity = count == 0 ? FIRST_CAPACITY : count * 2;
	void *grown = arena_alloc_array(arena, capacity, size);
	if (count > 0)
		memcpy(grown, items, count * size);
	return grown;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	if (length == SIZE_MAX)
		memory_exhausted();
	char *copy = arena_alloc(arena, length + 1);
	if (length > 0)
		memcpy(copy, text, length);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0)
		memory_exhausted();
	char *text = arena_alloc(arena, (size_t)length + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)length + 1, format, args);
	va_end(args);
	return text;
}

void arena_free(struct arena *arena)
{
	while (arena->newest != NULL) {
		struct arena_block *block = arena->newest;
		arena->newest = block->older;
		free(block);
	}
}
