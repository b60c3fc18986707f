/*
 * fuzz_proc.c - texts of /proc, /etc/passwd and /etc/subuid: the parsers of sys/proc.c, and what host/parse.c makes of
 * them.
 *
 * Whoever may mount or name a process writes parts of these.  Oracles: a mount that is written as the kernel writes it
 * is read as it was; every string that is handed out lies in the text; hierarchies are what their mode says, ranges of
 * ids overflow nothing.
 */
#include "base/buf.h"
#include "base/num.h"
#include "base/path.h"
#include "fuzz.h"
#include "host/parse.h"
#include "sys/proc.h"

/* As seq_escape() of the kernel does for mountinfo. */
static void add_escaped(struct buf *line, const char *text)
{
	for (; *text; text++) {
		if (strchr(" \t\n\\#", *text))
			buf_printf(line, "\\%03o", (unsigned)(unsigned char)*text);
		else
			buf_add(line, text, 1);
	}
	buf_add_str(line, " ");
}

static void check_mount_again(const struct proc_mount *mount)
{
	_cleanup_buf_ struct buf line = BUF_INIT;
	struct proc_mount again;
	char *cursor;

	buf_printf(&line, "%u %u 0:1 ", mount->id, mount->parent);
	add_escaped(&line, mount->root);
	add_escaped(&line, mount->mountpoint);
	buf_printf(&line, "%s %s- ", mount->options, mount->is_shared ? "shared:1 " : "");
	add_escaped(&line, mount->fs_type);
	add_escaped(&line, mount->source);
	buf_printf(&line, "%s\n", mount->super_options);
	cursor = line.data;
	FUZZ_REQUIRE(proc_mount_next(&cursor, &again) == 1 && *cursor == '\0');
	FUZZ_REQUIRE(again.id == mount->id && again.parent == mount->parent && again.is_shared == mount->is_shared);
	FUZZ_REQUIRE(strcmp(again.root, mount->root) == 0 && strcmp(again.mountpoint, mount->mountpoint) == 0);
	FUZZ_REQUIRE(strcmp(again.fs_type, mount->fs_type) == 0 && strcmp(again.source, mount->source) == 0);
	FUZZ_REQUIRE(strcmp(again.options, mount->options) == 0);
	FUZZ_REQUIRE(strcmp(again.super_options, mount->super_options) == 0);
}

static void check_mounts(struct fuzz_input piece)
{
	char *text = fuzz_text(piece);
	char *cursor = text;
	struct proc_mount mount;

	while (proc_mount_next(&cursor, &mount) == 1) {
		FUZZ_REQUIRE(cursor >= text && cursor <= text + piece.size);
		check_mount_again(&mount);
	}
	free(text);
}

static void check_own_cgroups(struct fuzz_input piece)
{
	char *text = fuzz_text(piece);
	char *cursor = text;
	struct proc_cgroup cgroup;

	while (proc_cgroup_next(&cursor, &cgroup) == 1) {
		FUZZ_REQUIRE(cursor >= text && cursor <= text + piece.size);
		FUZZ_REQUIRE(cgroup.path[0] == '/' && !strchr(cgroup.path, '\n'));
		FUZZ_REQUIRE(!strchr(cgroup.controllers, ':') && !strchr(cgroup.controllers, '\n'));
	}
	free(text);
}

static void check_processes(const char *text)
{
	static const char *const keys[] = { "NSpid", "Uid", "CapBnd", "VmSize", "" };
	struct proc_stat status;
	size_t length;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *value = proc_status_field(text, keys[i], &length);

		if (!value)
			continue;
		FUZZ_REQUIRE(value >= text && value + length <= text + strlen(text));
		FUZZ_REQUIRE(!memchr(value, '\n', length));
	}
	if (proc_stat_parse(text, &status) == 0)
		FUZZ_REQUIRE(status.parent >= 0 && status.state != '\0' && status.exit_code >= -1);
}

static void check_host(struct fuzz_input mountinfo, struct fuzz_input own)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	char *mounts = fuzz_text(mountinfo), *cgroups = fuzz_text(own);
	bool has[3] = { false, false, false };
	struct host host = { .facts = 0 };
	struct err err = ERR_INIT;

	if (host_parse_cgroups(&arena, mounts, cgroups, &host, &err) < 0) {
		FUZZ_REQUIRE(err.kind == ERR_SYSTEM);
		host.hierarchy_count = 0;
		host.cgroup_mode = HOST_CGROUP_NONE;
	}
	/* Nothing may point into the texts any more. */
	free(mounts);
	free(cgroups);
	for (size_t i = 0; i < host.hierarchy_count; i++) {
		const struct host_hierarchy *row = &host.hierarchies[i];

		FUZZ_REQUIRE(row->version == 1 || row->version == 2);
		FUZZ_REQUIRE((row->controllers[0] == '\0') == (row->version == 2));
		FUZZ_REQUIRE(row->own_path[0] == '/' && strlen(row->mountpoint) + strlen(row->mount_root) < SIZE_MAX);
		has[row->version] = true;
		for (size_t k = 0; k < i; k++)
			FUZZ_REQUIRE(strcmp(host.hierarchies[k].controllers, row->controllers) != 0);
	}
	FUZZ_REQUIRE(host.cgroup_mode == (has[1] ? has[2] ? HOST_CGROUP_HYBRID : HOST_CGROUP_V1 :
						   has[2] ? HOST_CGROUP_V2 : HOST_CGROUP_NONE));
}

static void check_users(struct fuzz_input piece, uint32_t uid)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct host_id_range_list ranges = { NULL, 0 };
	char *text = fuzz_text(piece);
	uint64_t sum = 0;
	char *name;

	(void)host_parse_is_in_user_ns(text);
	(void)host_parse_owner_uid(text);
	name = host_parse_user_name(&arena, text, uid);
	free(text);
	if (name)
		FUZZ_REQUIRE(name[0] != '\0' && !strpbrk(name, ":\n"));
	text = fuzz_text(piece);
	host_parse_subids(&arena, text, name, uid, &ranges);
	free(text);
	for (size_t i = 0; i < ranges.count; i++) {
		FUZZ_REQUIRE(ranges.items[i].count > 0);
		FUZZ_REQUIRE((uint64_t)ranges.items[i].first + ranges.items[i].count <= UINT32_MAX);
		sum += ranges.items[i].count;
	}
	FUZZ_REQUIRE(sum < UINT32_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = { (const char *)data, size };
	struct fuzz_input first = fuzz_cut(&input), second = fuzz_cut(&input);
	char *text = fuzz_text(first);

	check_processes(text);
	free(text);
	check_mounts(first);
	check_own_cgroups(first);
	check_own_cgroups(second);
	check_host(first, second);
	check_users(first, second.size > 0 ? (uint8_t)second.data[0] : 1000);
	return 0;
}
