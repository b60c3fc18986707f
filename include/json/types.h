/*
 * json/types.h - what decoded values are stored in.
 *
 * Everything decoded lives in the caller's arena; strings are NUL-terminated and contain no other NUL.
 */
#ifndef JSON_TYPES_H
#define JSON_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* Optional values: is_set tells a given 0 from an absent one. */
struct opt_u32 { bool is_set; uint32_t value; };
struct opt_u64 { bool is_set; uint64_t value; };
struct opt_i64 { bool is_set; int64_t value; };
struct opt_bool { bool is_set; bool value; };

/* items[count] is NULL, so that items can serve as argv or envp; items is NULL when the key is absent. */
struct str_list { char **items; size_t count; };

struct str_pair { char *key; char *value; };
/* In the order of the file. */
struct str_map { struct str_pair *items; size_t count; };

/* A piece of the source's text as it stands there, not NUL-terminated. */
struct json_text { const char *start; size_t length; };

struct u32_list { uint32_t *items; size_t count; };

/* Appends `text` (kept as it is, not copied) to a list that only this function and the decoder have filled. */
void str_list_add(struct arena *arena, struct str_list *list, char *text);

#endif
