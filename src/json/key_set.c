/*
 * json/key_set.c - a hash set of keys in an arena.  Runtime process only.
 */
#include "key_set.h"

#include <stdint.h>
#include <string.h>

#define FIRST_CAPACITY 16

/* FNV-1a. */
static uint64_t key_hash(const char *text, size_t length)
{
	uint64_t hash = 0xcbf29ce484222325u;
	size_t i;

	for (i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
	return hash ^ hash >> 32;
}

/* The slot that holds the key, or the free one where it belongs. */
static struct key_slot *key_set_find(const struct key_set *set, const char *text, size_t length)
{
	size_t at = key_hash(text, length) & (set->capacity - 1);

	while (set->slots[at].text &&
	       (set->slots[at].length != length || memcmp(set->slots[at].text, text, length) != 0))
		at = (at + 1) & (set->capacity - 1);
	return &set->slots[at];
}

static void key_set_grow(struct key_set *set, struct arena *arena)
{
	struct key_set grown = { .capacity = set->capacity ? set->capacity * 2 : FIRST_CAPACITY, .count = set->count };
	size_t i;

	grown.slots = arena_alloc_array(arena, grown.capacity, sizeof(*grown.slots));
	for (i = 0; i < set->capacity; i++)
		if (set->slots[i].text)
			*key_set_find(&grown, set->slots[i].text, set->slots[i].length) = set->slots[i];
	*set = grown;
}

bool key_set_add(struct key_set *set, struct arena *arena, const char *text, size_t length)
{
	struct key_slot *slot;

	if (2 * (set->count + 1) > set->capacity)
		key_set_grow(set, arena);
	slot = key_set_find(set, text, length);
	if (slot->text)
		return false;
	*slot = (struct key_slot){ text, length };
	set->count++;
	return true;
}
