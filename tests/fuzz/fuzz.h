/*
 * fuzz.h - the entry that libFuzzer, or replay.c in its place, calls, and what fuzzers share.  One fuzzer, one file
 * that defines the entry.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_require(int holds, const char *condition, const char *file, int line)
{
	if (holds)
		return;
	fprintf(stderr, "%s:%d: a finding: not %s\n", file, line, condition);
	abort();
}

/* An oracle: what doesn't hold is a finding. */
#define FUZZ_REQUIRE(condition) fuzz_require((condition) != 0, #condition, __FILE__, __LINE__)

/* What is left of an input. */
struct fuzz_input { const char *data; size_t size; };

/* Cuts off the piece up to the next NUL, which is skipped. */
static inline struct fuzz_input fuzz_cut(struct fuzz_input *input)
{
	const char *end = input->size ? memchr(input->data, '\0', input->size) : NULL;
	struct fuzz_input piece = { input->data, end ? (size_t)(end - input->data) : input->size };
	size_t used = piece.size + (end ? 1 : 0);

	if (used > 0)
		input->data += used;
	input->size -= used;
	return piece;
}

/* Cuts off one byte; 0 at the end. */
static inline uint8_t fuzz_byte(struct fuzz_input *input)
{
	uint8_t byte;

	if (input->size == 0)
		return 0;
	byte = (uint8_t)*input->data++;
	input->size--;
	return byte;
}

/* A copy of a piece, with a NUL and not a byte more, so that the sanitizer sees who reads on.  free() it. */
static inline char *fuzz_text(struct fuzz_input piece)
{
	char *text = malloc(piece.size + 1);

	if (!text)
		abort();
	if (piece.size > 0)
		memcpy(text, piece.data, piece.size);
	text[piece.size] = '\0';
	return text;
}

static inline char *fuzz_cut_text(struct fuzz_input *input)
{
	return fuzz_text(fuzz_cut(input));
}

#endif
