/*
 * json/key_set.h - the keys that one JSON object has had so far, to find a key that is given twice.
 *
 * Lives in an arena.  Runtime process only.
 */
#ifndef SRC_JSON_KEY_SET_H
#define SRC_JSON_KEY_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct key_slot {
	const char *text;
	size_t length;
};

/* All zeros is an empty set. */
struct key_set {
	struct key_slot *slots; /* open addressing; the capacity is a power of two */
	size_t capacity;
	size_t count;
};

/* Adds a key, whose bytes must stay valid; false when it is there already. */
bool key_set_add(struct key_set *set, struct arena *arena, const char *text, size_t length);

#endif
