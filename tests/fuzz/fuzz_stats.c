/*
 * fuzz_stats.c - files of cgroups, /proc/PID/net/dev and what ps(1) prints: all that `events` and `ps` parse.
 *
 * The first byte chooses the parser.  Oracles: what was parsed and is written again parses to the same; the line of
 * JSON that is made of it decodes; ps_filter() passes on whole lines of what it was given, in their order.
 */
#include "base/buf.h"
#include "cgroup/stats.h"
#include "fuzz.h"
#include "json/decode.h"
#include "runtime/ps.h"
#include "runtime/stats.h"

static void check_lists(struct arena *arena, const char *text)
{
	struct stats_list list, again;
	_cleanup_buf_ struct buf out = BUF_INIT;

	if (stats_parse_numbers(arena, text, &list) == 0) {
		for (size_t i = 0; i < list.count; i++)
			buf_printf(&out, "%llu ", (unsigned long long)list.items[i]);
		FUZZ_REQUIRE(stats_parse_numbers(arena, buf_str(&out), &again) == 0 && again.count == list.count);
		FUZZ_REQUIRE(!list.count || memcmp(list.items, again.items, list.count * sizeof(*list.items)) == 0);
	}
	buf_free(&out);
	out = (struct buf)BUF_INIT;
	if (stats_parse_ranges(arena, text, &list) == 0) {
		FUZZ_REQUIRE(list.count <= 65537);
		for (size_t i = 0; i < list.count; i++)
			buf_printf(&out, "%llu,", (unsigned long long)list.items[i]);
		FUZZ_REQUIRE(stats_parse_ranges(arena, buf_str(&out), &again) == 0 && again.count == list.count);
		FUZZ_REQUIRE(!list.count || memcmp(list.items, again.items, list.count * sizeof(*list.items)) == 0);
	}
}

static void check_pairs(struct arena *arena, const char *text, struct cgroup_stats *stats)
{
	struct stats_pairs *pairs = &stats->memory.raw, again;
	_cleanup_buf_ struct buf out = BUF_INIT;
	uint64_t value;

	if (stats_parse_number(text, &value) == 0)
		stats->memory.usage.limit = value;
	if (stats_parse_pairs(arena, text, pairs) < 0) {
		*pairs = (struct stats_pairs){ NULL, 0 };
		return;
	}
	for (size_t i = 0; i < pairs->count; i++)
		buf_printf(&out, "%s %llu\n", pairs->items[i].key, (unsigned long long)pairs->items[i].value);
	FUZZ_REQUIRE(stats_parse_pairs(arena, buf_str(&out), &again) == 0 && again.count == pairs->count);
	for (size_t i = 0; i < pairs->count; i++) {
		FUZZ_REQUIRE(strcmp(again.items[i].key, pairs->items[i].key) == 0);
		FUZZ_REQUIRE(again.items[i].value == pairs->items[i].value);
	}
	if (pairs->count > 0)
		FUZZ_REQUIRE(stats_pair_value(pairs, pairs->items[0].key) == pairs->items[0].value);
}

static void parse_rest(struct arena *arena, unsigned choice, const char *text, struct cgroup_stats *stats)
{
	struct stats_cpu *cpu = &stats->cpu;

	switch (choice) {
	case 2:
		if (stats_parse_usage_all(arena, text, &cpu->percpu_user_ns, &cpu->percpu_kernel_ns) == 0)
			FUZZ_REQUIRE(cpu->percpu_user_ns.count == cpu->percpu_kernel_ns.count);
		break;
	case 3:
		if (stats_parse_io_v1(arena, text, &stats->block_io.service_bytes) < 0)
			stats->block_io.service_bytes.count = 0;
		break;
	case 4:
		if (stats_parse_io_v2(arena, text, &stats->block_io) < 0)
			memset(&stats->block_io, 0, sizeof(stats->block_io));
		break;
	case 5:
		if (stats_parse_pressure(text, &stats->memory.pressure) < 0)
			stats->memory.pressure.is_set = false;
		else
			FUZZ_REQUIRE(stats->memory.pressure.some.avg10 <= 100099);
		break;
	default:
		if (stats_parse_rdma(arena, text, &stats->rdma.current) < 0)
			stats->rdma.current.count = 0;
		break;
	}
}

struct line { char *type; char *id; };
static const struct json_row line_rows[] = {
	JSON_ROW_STRING(struct line, "type", type, JSON_REQUIRED),
	JSON_ROW_STRING(struct line, "id", id, JSON_REQUIRED),
};
JSON_TABLE(line_table, struct line, line_rows);

/* Keys that come twice are for whoever reads the line to judge; the kernel writes none. */
static void check_line(struct arena *arena, const struct cgroup_stats *stats, const struct stats_network *network)
{
	_cleanup_buf_ struct buf line = BUF_INIT;
	struct json_source source = { .name = "line", .size_max = SIZE_MAX };
	struct line decoded = { NULL };
	struct err err = ERR_INIT;

	stats_emit("fuzz", stats, network, &line);
	FUZZ_REQUIRE(line.length > 0 && memchr(line.data, '\n', line.length) == line.data + line.length - 1);
	source.text = line.data;
	source.size = line.length;
	if (json_decode(arena, &source, &line_table, &decoded, NULL, &err) == 0)
		FUZZ_REQUIRE(strcmp(decoded.type, "stats") == 0 && strcmp(decoded.id, "fuzz") == 0);
	else
		FUZZ_REQUIRE(strstr(err.text, "twice") || strstr(err.text, "duplicate"));
}

/* Every line of the output is the next one of the text that is equal to it. */
static void check_ps(struct fuzz_input input)
{
	static const pid_t pids[] = { 1, 7, 12, 1000, 4194304 };
	_cleanup_buf_ struct buf out = BUF_INIT;
	const char *from = input.data, *end = input.data + input.size;

	if (ps_filter(input.data, input.size, pids, sizeof(pids) / sizeof(pids[0]), &out) < 0)
		return;
	FUZZ_REQUIRE(out.length > 0 && out.data[out.length - 1] == '\n');
	for (const char *line = out.data; line < out.data + out.length;) {
		size_t length = (size_t)((const char *)memchr(line, '\n', SIZE_MAX / 2) - line);
		int is_found = 0;

		while (!is_found) {
			const char *stop;

			FUZZ_REQUIRE(from < end);
			stop = memchr(from, '\n', (size_t)(end - from));
			stop = stop ? stop : end;
			is_found = (size_t)(stop - from) == length && memcmp(from, line, length) == 0;
			from = stop < end ? stop + 1 : end;
		}
		line += length + 1;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct fuzz_input input = { (const char *)data, size };
	unsigned choice = fuzz_byte(&input) % 9;
	struct stats_network network = { NULL, 0 };
	struct cgroup_stats stats;
	char *text;

	memset(&stats, 0, sizeof(stats));
	if (choice == 8) {
		check_ps(input);
		return 0;
	}
	text = fuzz_text(input);
	if (choice == 0)
		check_lists(&arena, text);
	else if (choice == 1)
		check_pairs(&arena, text, &stats);
	else if (choice == 7)
		(void)stats_parse_network(&arena, text, &network);
	else
		parse_rest(&arena, choice, text, &stats);
	free(text);
	check_line(&arena, &stats, &network);
	return 0;
}
