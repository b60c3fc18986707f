/*
 * base/words.c - looks for a word in a list.
 *
 * Runs in any process.  It must not match parts of words: "cpu" is not in "cpuset,cpuacct".
 */
#include "base/words.h"

#include <string.h>

bool words_have(const char *list, char separator, const char *word, size_t length)
{
	while (*list != '\0') {
		const char *end = strchr(list, separator);
		size_t item = end != NULL ? (size_t)(end - list) : strlen(list);

		if (item == length && memcmp(list, word, length) == 0)
			return true;
		list += item + (end != NULL);
	}
	return false;
}
