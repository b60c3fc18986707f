/*
 * spec/cpu_list.c - lists of CPUs: "0-3,7".  Runtime process only; pure.
 */
#include "spec/cpu_list.h"

#include <string.h>

#include "base/num.h"

static int parse_cpu(const char *text, size_t length, uint64_t *cpu)
{
	while (length > 0 && *text == ' ') {
		text++;
		length--;
	}
	while (length > 0 && text[length - 1] == ' ')
		length--;
	return num_parse_u64_n(text, length, SPEC_CPU_COUNT_MAX - 1, cpu);
}

/* "3" or "0-3". */
static int add_item(const char *item, size_t length, struct spec_cpus *cpus)
{
	const char *dash = memchr(item, '-', length);
	size_t first_length = dash ? (size_t)(dash - item) : length;
	uint64_t first, last;

	if (parse_cpu(item, first_length, &first) < 0)
		return -1;
	last = first;
	if (dash && parse_cpu(dash + 1, length - first_length - 1, &last) < 0)
		return -1;
	if (last < first)
		return -1;
	for (uint64_t cpu = first; cpu <= last; cpu++)
		cpus->bits[cpu / 8] |= (uint8_t)(1u << cpu % 8);
	/* The kernel takes whole words. */
	if (last / 64 * 8 + 8 > cpus->size)
		cpus->size = last / 64 * 8 + 8;
	return 0;
}

int spec_cpu_list_parse(const char *text, struct spec_cpus *cpus)
{
	memset(cpus, 0, sizeof(*cpus));
	for (;;) {
		size_t length = strcspn(text, ",");

		if (add_item(text, length, cpus) < 0)
			return -1;
		if (text[length] == '\0')
			return 0;
		text += length + 1;
	}
}
