/*
 * runtime/ps_filter.c - the lines of ps(1) that are about a container's processes.
 *
 * Pure.  The container chooses what some columns say: a line that can't be understood is left out, not an error.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "runtime/ps.h"

struct word { const char *text; size_t length; };

/* Cuts the next word between blanks off a line; false at its end. */
static bool word_next(struct word *rest, struct word *word)
{
	while (rest->length > 0 && (*rest->text == ' ' || *rest->text == '\t')) {
		rest->text++;
		rest->length--;
	}
	word->text = rest->text;
	while (rest->length > 0 && *rest->text != ' ' && *rest->text != '\t') {
		rest->text++;
		rest->length--;
	}
	word->length = (size_t)(rest->text - word->text);
	return word->length > 0;
}

static bool word_is(const struct word *word, const char *text)
{
	return word->length == strlen(text) && memcmp(word->text, text, word->length) == 0;
}

/* The number of the column "PID", from 0, or -1. */
static int pid_column(struct word line)
{
	struct word word;

	for (int column = 0; word_next(&line, &word); column++) {
		if (word_is(&word, "PID"))
			return column;
	}
	return -1;
}

static int compare_pids(const void *left, const void *right)
{
	const pid_t a = *(const pid_t *)left, b = *(const pid_t *)right;

	return (a > b) - (a < b);
}

/* was_wanted: the line before was. */
static bool is_wanted(struct word line, int column, const pid_t *pids, size_t count, bool was_wanted)
{
	struct word word = { NULL, 0 };
	uint64_t number;
	pid_t pid;

	for (int i = 0; i <= column; i++) {
		if (!word_next(&line, &word))
			return false;
	}
	if (word_is(&word, "-"))
		return was_wanted;
	if (count == 0 || num_parse_u64_n(word.text, word.length, INT32_MAX, &number) < 0)
		return false;
	pid = (pid_t)number;
	return bsearch(&pid, pids, count, sizeof(*pids), compare_pids) != NULL;
}

int ps_filter(const char *text, size_t length, const pid_t *pids, size_t count, struct buf *out)
{
	bool was_wanted = true;
	int column = -1;

	while (length > 0) {
		const char *end = memchr(text, '\n', length);
		struct word line = { text, end ? (size_t)(end - text) : length };
		size_t whole = line.length + (end ? 1 : 0);

		if (column < 0) {
			column = pid_column(line);
			if (column < 0)
				return -1;
		} else {
			was_wanted = is_wanted(line, column, pids, count, was_wanted);
		}
		if (was_wanted) {
			buf_add(out, line.text, line.length);
			buf_add_str(out, "\n");
		}
		text += whole;
		length -= whole;
	}
	return column < 0 ? -1 : 0;
}
