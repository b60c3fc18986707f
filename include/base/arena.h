/*
 * base/arena.h - memory that is freed all at once.
 *
 * One arena holds the decoded config and the plan.  Allocation can't fail from the caller's view: when the kernel
 * refuses memory, the process prints one line and exits with 1, which leaves nothing worse than a killed runlet does
 * (delete cleans it).  Runtime process only; init has no allocator.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *newest;
};

#define ARENA_INIT { NULL }

/* Zeroed memory, aligned to 16 bytes, valid until arena_free().  size may be 0. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((returns_nonnull));

/* `count` members of `size` bytes, with the multiplication checked. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size) __attribute__((returns_nonnull));

/*
 * Grows an array that is filled one item at a time: returns an array with room for at least count + 1 members that
 * starts with the old ones.  Capacities double, so a list of n costs O(n).  `items` may be NULL when count is 0.
 */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t size) __attribute__((returns_nonnull));

/* A NUL-terminated copy of `length` bytes. */
char *arena_strndup(struct arena *arena, const char *text, size_t length) __attribute__((returns_nonnull));
char *arena_strdup(struct arena *arena, const char *text) __attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3), returns_nonnull));

/* Frees everything; the arena is empty and usable after it. */
void arena_free(struct arena *arena);

#define _cleanup_arena_ __attribute__((cleanup(arena_free)))

#endif
