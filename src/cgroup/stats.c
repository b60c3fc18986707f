/*
 * cgroup/stats.c - reads what the kernel counts for a container.
 *
 * Runs in the runtime process; changes nothing.  The container may end and its cgroup go at any moment.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/fd.h"
#include "stats_reader.h"
#include "sys/file.h"
#include "tree.h"

/* memory.stat has 4 to 8 KiB; io.stat and the files with a number a CPU grow with the machine. */
#define TEXT_SIZE 16384
#define TEXT_SIZE_MAX (16u << 20)

int stats_read(struct stats_reader *reader, const char *file)
{
	for (;;) {
		int result = sys_file_read_at(reader->dirfd, file, reader->text, reader->size, NULL);

		if (result == 0)
			return 1;
		if (result == -ENOENT || result == -ENODEV || result == -EOPNOTSUPP)
			return 0;
		if (result != -EFBIG || reader->size >= TEXT_SIZE_MAX)
			return err_sys(reader->err, result, "read %s/%s", reader->path, file);
		reader->size *= 4;
		reader->text = arena_alloc(reader->arena, reader->size);
	}
}

int stats_fail_parse(const struct stats_reader *reader, const char *file)
{
	return err_set(reader->err, ERR_SYSTEM, "%s/%s has an unknown form", reader->path, file);
}

int stats_read_rows(struct stats_reader *reader, const struct stats_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t *target = (uint64_t *)((char *)reader->stats + rows[i].target);
		int result = stats_read(reader, rows[i].file);

		if (result < 0)
			return -1;
		if (result == 1 && stats_parse_number(reader->text, target) < 0)
			return stats_fail_parse(reader, rows[i].file);
	}
	return 0;
}

int stats_read_pairs(struct stats_reader *reader, const char *file, struct stats_pairs *pairs)
{
	int result = stats_read(reader, file);

	*pairs = (struct stats_pairs){ NULL, 0 };
	if (result == 1 && stats_parse_pairs(reader->arena, reader->text, pairs) < 0)
		return stats_fail_parse(reader, file);
	return result < 0 ? -1 : 0;
}

int stats_read_numbers(struct stats_reader *reader, const char *file, struct stats_list *list)
{
	int result = stats_read(reader, file);

	if (result == 1 && stats_parse_numbers(reader->arena, reader->text, list) < 0)
		return stats_fail_parse(reader, file);
	return result < 0 ? -1 : 0;
}

int stats_read_ranges(struct stats_reader *reader, const char *file, struct stats_list *list)
{
	int result = stats_read(reader, file);

	if (result == 1 && stats_parse_ranges(reader->arena, reader->text, list) < 0)
		return stats_fail_parse(reader, file);
	return result < 0 ? -1 : 0;
}

/* "max" is no limit, which runc's JSON has as 0. */
int stats_read_pids(struct stats_reader *reader)
{
	static const struct stats_row rows[] = {
		STATS_ROW("pids.current", pids.current),
		STATS_ROW("pids.max", pids.limit),
	};

	if (stats_read_rows(reader, rows, sizeof(rows) / sizeof(rows[0])) < 0)
		return -1;
	if (reader->stats->pids.limit == UINT64_MAX)
		reader->stats->pids.limit = 0;
	return 0;
}

static int read_rdma_file(struct stats_reader *reader, const char *file, struct stats_rdma_list *list)
{
	int result = stats_read(reader, file);

	if (result == 1 && stats_parse_rdma(reader->arena, reader->text, list) < 0)
		return stats_fail_parse(reader, file);
	return result < 0 ? -1 : 0;
}

int stats_read_rdma(struct stats_reader *reader)
{
	if (read_rdma_file(reader, "rdma.current", &reader->stats->rdma.current) < 0)
		return -1;
	return read_rdma_file(reader, "rdma.max", &reader->stats->rdma.limit);
}

/* "2MB" of "hugetlb.2MB.current"; the length is 0 for any other name, also for "hugetlb.2MB.rsvd.current". */
static size_t hugetlb_size_length(const char *name, const char *suffix)
{
	size_t length;

	if (strncmp(name, "hugetlb.", strlen("hugetlb.")) != 0)
		return 0;
	name += strlen("hugetlb.");
	length = strcspn(name, ".");
	return strcmp(name + length, suffix) == 0 ? length : 0;
}

int stats_list_hugetlb(struct stats_reader *reader, const char *suffix)
{
	_cleanup_fd_ int fd = sys_openat(reader->dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	struct stats_hugetlb_list *list = &reader->stats->hugetlb;
	char buffer[4096] __attribute__((aligned(8)));
	ssize_t length;

	if (fd < 0)
		return fd == -ENOENT ? 0 : err_sys(reader->err, fd, "open %s", reader->path);
	while ((length = sys_getdents64(fd, buffer, sizeof(buffer))) > 0) {
		for (ssize_t at = 0; at < length;) {
			const struct sys_dirent *entry = (const struct sys_dirent *)(buffer + at);
			size_t size_length = hugetlb_size_length(entry->name, suffix);

			at += entry->length;
			if (size_length == 0)
				continue;
			list->items = arena_grow(reader->arena, list->items, list->count, sizeof(*list->items));
			list->items[list->count++] = (struct stats_hugetlb){
				.size = arena_strndup(reader->arena, entry->name + strlen("hugetlb."), size_length),
			};
		}
	}
	return length < 0 && length != -ENOENT ? err_sys(reader->err, (int)length, "list %s", reader->path) : 0;
}

static int read_dir(struct stats_reader *reader, const struct cgroup_dir *dir)
{
	_cleanup_fd_ int fd = cgroup_dir_open(dir->path);

	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return err_sys(reader->err, fd, "open %s", dir->path);
	reader->path = dir->path;
	reader->dirfd = fd;
	return dir->version == 2 ? stats_read_v2(reader) : stats_read_v1(reader, dir->controllers);
}

int cgroup_stats_read(struct arena *arena, const struct cgroup *cgroup, struct cgroup_stats *stats, struct err *err)
{
	struct stats_reader reader = {
		.arena = arena,
		.dirfd = -1,
		.text = arena_alloc(arena, TEXT_SIZE),
		.size = TEXT_SIZE,
		.stats = stats,
		.err = err,
	};

	*stats = (struct cgroup_stats){ 0 };
	/* On a hybrid host v2 has some of the numbers too; those of a v1 controller are more, and count. */
	for (uint32_t version = 2; version >= 1; version--) {
		for (size_t i = 0; i < cgroup->dir_count; i++) {
			if (cgroup->dirs[i].version == version && read_dir(&reader, &cgroup->dirs[i]) < 0)
				return -1;
		}
	}
	return 0;
}
