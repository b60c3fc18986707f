/*
 * base/words.h - lists of words in one string: "cpu,cpuacct", "cpu io memory".
 *
 * Any process may use it; it allocates nothing.
 */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* True when one of the items between separators is exactly the `length` bytes at `word`. */
bool words_have(const char *list, char separator, const char *word, size_t length);

#endif
