/*
 * cgroup/stats_parse.c - parses the texts of cgroup files.
 *
 * Pure: no system calls.  Files differ between kernels, so that unknown keys are fine; a number that is none is not.
 */
#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "cgroup/stats.h"

/* More CPUs and memory nodes than any kernel has: a range is written out. */
#define RANGE_MAX 65536

/* A piece of the text. */
struct piece { const char *text; size_t length; };

/* The next piece of `rest` up to one of the separators, which is skipped too; false at the end. */
static bool piece_next(struct piece *rest, const char *separators, struct piece *piece)
{
	size_t length = 0;

	if (rest->length == 0)
		return false;
	while (length < rest->length && strchr(separators, rest->text[length]) == NULL)
		length++;
	*piece = (struct piece){ rest->text, length };
	length += length < rest->length;
	rest->text += length;
	rest->length -= length;
	return true;
}

/* The same, without empty pieces. */
static bool word_next(struct piece *rest, const char *separators, struct piece *word)
{
	while (piece_next(rest, separators, word)) {
		if (word->length > 0)
			return true;
	}
	return false;
}

static struct piece piece_of(const char *text)
{
	return (struct piece){ text, strlen(text) };
}

static bool piece_is(const struct piece *piece, const char *text)
{
	return piece->length == strlen(text) && memcmp(piece->text, text, piece->length) == 0;
}

static int number_max(const struct piece *piece, uint64_t max, uint64_t *value)
{
	return num_parse_u64_n(piece->text, piece->length, max, value) < 0 ? -EINVAL : 0;
}

static int number(const struct piece *piece, uint64_t *value)
{
	return number_max(piece, UINT64_MAX, value);
}

int stats_parse_number(const char *text, uint64_t *value)
{
	struct piece rest = piece_of(text), line;

	if (!piece_next(&rest, "\n", &line) || rest.length > 0)
		return -EINVAL;
	if (piece_is(&line, "max")) {
		*value = UINT64_MAX;
		return 0;
	}
	return number(&line, value);
}

/* --- keys and lists --- */

int stats_parse_pairs(struct arena *arena, const char *text, struct stats_pairs *pairs)
{
	struct piece rest = piece_of(text), line, key, value;

	*pairs = (struct stats_pairs){ NULL, 0 };
	while (word_next(&rest, "\n", &line)) {
		struct stats_pair *pair;

		if (!piece_next(&line, " ", &key) || key.length == 0 || !piece_next(&line, "", &value))
			return -EINVAL;
		pairs->items = arena_grow(arena, pairs->items, pairs->count, sizeof(*pairs->items));
		pair = &pairs->items[pairs->count];
		if (number(&value, &pair->value) < 0)
			return -EINVAL;
		pair->key = arena_strndup(arena, key.text, key.length);
		pairs->count++;
	}
	return 0;
}

uint64_t stats_pair_value(const struct stats_pairs *pairs, const char *key)
{
	for (size_t i = 0; i < pairs->count; i++) {
		if (strcmp(pairs->items[i].key, key) == 0)
			return pairs->items[i].value;
	}
	return 0;
}

static void list_add(struct arena *arena, struct stats_list *list, uint64_t value)
{
	list->items = arena_grow(arena, list->items, list->count, sizeof(*list->items));
	list->items[list->count++] = value;
}

int stats_parse_numbers(struct arena *arena, const char *text, struct stats_list *list)
{
	struct piece rest = piece_of(text), word;
	uint64_t value;

	*list = (struct stats_list){ NULL, 0 };
	while (word_next(&rest, " \n", &word)) {
		if (number(&word, &value) < 0)
			return -EINVAL;
		list_add(arena, list, value);
	}
	return 0;
}

int stats_parse_ranges(struct arena *arena, const char *text, struct stats_list *list)
{
	struct piece rest = piece_of(text), range;

	*list = (struct stats_list){ NULL, 0 };
	while (word_next(&rest, ",\n", &range)) {
		const char *dash = memchr(range.text, '-', range.length);
		struct piece from = { range.text, dash ? (size_t)(dash - range.text) : range.length };
		struct piece to = dash ? (struct piece){ dash + 1, range.length - from.length - 1 } : from;
		uint64_t first, last;

		if (number_max(&from, RANGE_MAX, &first) < 0 || number_max(&to, RANGE_MAX, &last) < 0 || last < first)
			return -EINVAL;
		/* Repeated ranges would add up to any number. */
		if (list->count + (last - first) > RANGE_MAX)
			return -EINVAL;
		for (; first <= last; first++)
			list_add(arena, list, first);
	}
	return 0;
}

int stats_parse_usage_all(struct arena *arena, const char *text, struct stats_list *user, struct stats_list *system)
{
	struct piece rest = piece_of(text), line, word;

	*user = *system = (struct stats_list){ NULL, 0 };
	if (!piece_next(&rest, "\n", &line) || !piece_is(&line, "cpu user system"))
		return -EINVAL;
	while (word_next(&rest, "\n", &line)) {
		uint64_t values[3];

		for (size_t i = 0; i < 3; i++) {
			if (!word_next(&line, " ", &word) || number(&word, &values[i]) < 0)
				return -EINVAL;
		}
		list_add(arena, user, values[1]);
		list_add(arena, system, values[2]);
	}
	return 0;
}

/* --- block devices --- */

static int device(struct piece word, struct stats_io *io)
{
	uint64_t major, minor;
	struct piece part;

	if (!piece_next(&word, ":", &part) || number_max(&part, UINT32_MAX, &major) < 0 ||
	    number_max(&word, UINT32_MAX, &minor) < 0)
		return -EINVAL;
	io->major = (uint32_t)major;
	io->minor = (uint32_t)minor;
	return 0;
}

static void io_add(struct arena *arena, struct stats_io_list *list, const struct stats_io *io)
{
	list->items = arena_grow(arena, list->items, list->count, sizeof(*list->items));
	list->items[list->count++] = *io;
}

int stats_parse_io_v1(struct arena *arena, const char *text, struct stats_io_list *list)
{
	struct piece rest = piece_of(text), line, first, second, third;

	*list = (struct stats_io_list){ NULL, 0 };
	while (word_next(&rest, "\n", &line)) {
		struct stats_io io = { .op = "" };

		if (!word_next(&line, " ", &first) || !word_next(&line, " ", &second))
			return -EINVAL;
		if (piece_is(&first, "Total"))
			continue;
		if (device(first, &io) < 0)
			return -EINVAL;
		if (word_next(&line, " ", &third)) {
			io.op = arena_strndup(arena, second.text, second.length);
			second = third;
		}
		if (number(&second, &io.value) < 0)
			return -EINVAL;
		io_add(arena, list, &io);
	}
	return 0;
}

struct io_key { const char *key; const char *op; size_t target; };

#define IO_TARGET(member) offsetof(struct stats_block_io, member)

/* "Count" is what runc calls the numbers of io.cost. */
static const struct io_key io_keys[] = {
	{ "rbytes", "Read", IO_TARGET(service_bytes) },
	{ "wbytes", "Write", IO_TARGET(service_bytes) },
	{ "dbytes", "Discard", IO_TARGET(service_bytes) },
	{ "rios", "Read", IO_TARGET(serviced) },
	{ "wios", "Write", IO_TARGET(serviced) },
	{ "dios", "Discard", IO_TARGET(serviced) },
	{ "cost.usage", "Count", IO_TARGET(cost_usage) },
	{ "cost.wait", "Count", IO_TARGET(cost_wait) },
	{ "cost.indebt", "Count", IO_TARGET(cost_indebt) },
	{ "cost.indelay", "Count", IO_TARGET(cost_indelay) },
};

static const struct io_key *io_key_find(const struct piece *key)
{
	for (size_t i = 0; i < sizeof(io_keys) / sizeof(io_keys[0]); i++) {
		if (piece_is(key, io_keys[i].key))
			return &io_keys[i];
	}
	return NULL;
}

/* "rbytes=1", of the device that `entry` names already. */
static int io_value(struct arena *arena, struct piece word, struct stats_io entry, struct stats_block_io *io)
{
	const struct io_key *key;
	struct piece name;

	if (!piece_next(&word, "=", &name))
		return 0;
	key = io_key_find(&name);
	if (key == NULL)
		return 0;
	if (number(&word, &entry.value) < 0)
		return -EINVAL;
	entry.op = key->op;
	io_add(arena, (struct stats_io_list *)((char *)io + key->target), &entry);
	return 0;
}

int stats_parse_io_v2(struct arena *arena, const char *text, struct stats_block_io *io)
{
	struct piece rest = piece_of(text), line, word;

	while (word_next(&rest, "\n", &line)) {
		struct stats_io entry;

		/* Some kernels join the line of a device without numbers to the next one: "8:0 8:16 rbytes=1". */
		if (!word_next(&line, " ", &word) || device(word, &entry) < 0)
			return -EINVAL;
		while (word_next(&line, " ", &word)) {
			if (device(word, &entry) < 0 && io_value(arena, word, entry, io) < 0)
				return -EINVAL;
		}
	}
	return 0;
}

/* --- pressure and RDMA --- */

/* "12.34" in hundredths. */
static int hundredths(struct piece word, uint32_t *value)
{
	uint64_t whole, part;
	struct piece digits;

	if (!piece_next(&word, ".", &digits) || number_max(&digits, 1000, &whole) < 0 || word.length != 2 ||
	    number_max(&word, 99, &part) < 0)
		return -EINVAL;
	*value = (uint32_t)(100 * whole + part);
	return 0;
}

static int pressure_line(struct piece line, struct stats_pressure_line *values)
{
	struct piece word, key;

	while (word_next(&line, " ", &word)) {
		int result = 0;

		if (!piece_next(&word, "=", &key))
			return -EINVAL;
		if (piece_is(&key, "avg10"))
			result = hundredths(word, &values->avg10);
		else if (piece_is(&key, "avg60"))
			result = hundredths(word, &values->avg60);
		else if (piece_is(&key, "avg300"))
			result = hundredths(word, &values->avg300);
		else if (piece_is(&key, "total"))
			result = number(&word, &values->total_us);
		if (result < 0)
			return -EINVAL;
	}
	return 0;
}

int stats_parse_pressure(const char *text, struct stats_pressure *pressure)
{
	struct piece rest = piece_of(text), line, kind;
	int result = 0;

	*pressure = (struct stats_pressure){ .is_set = false };
	while (result == 0 && word_next(&rest, "\n", &line)) {
		if (!word_next(&line, " ", &kind))
			return -EINVAL;
		if (piece_is(&kind, "some"))
			result = pressure_line(line, &pressure->some);
		else if (piece_is(&kind, "full"))
			result = pressure_line(line, &pressure->full);
		pressure->is_set = true;
	}
	return result;
}

static int rdma_value(const struct piece *word, uint32_t *value)
{
	uint64_t wide = UINT32_MAX;

	if (!piece_is(word, "max") && number_max(word, UINT32_MAX, &wide) < 0)
		return -EINVAL;
	*value = (uint32_t)wide;
	return 0;
}

int stats_parse_rdma(struct arena *arena, const char *text, struct stats_rdma_list *list)
{
	struct piece rest = piece_of(text), line, word, key;

	*list = (struct stats_rdma_list){ NULL, 0 };
	while (word_next(&rest, "\n", &line)) {
		struct stats_rdma rdma = { 0 };
		int result = 0;

		if (!word_next(&line, " ", &word))
			return -EINVAL;
		rdma.device = arena_strndup(arena, word.text, word.length);
		while (result == 0 && word_next(&line, " ", &word)) {
			if (!piece_next(&word, "=", &key))
				return -EINVAL;
			if (piece_is(&key, "hca_handle"))
				result = rdma_value(&word, &rdma.hca_handles);
			else if (piece_is(&key, "hca_object"))
				result = rdma_value(&word, &rdma.hca_objects);
		}
		if (result < 0)
			return result;
		list->items = arena_grow(arena, list->items, list->count, sizeof(*list->items));
		list->items[list->count++] = rdma;
	}
	return 0;
}
