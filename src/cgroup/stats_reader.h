/*
 * cgroup/stats_reader.h - reads the files of one cgroup directory into struct cgroup_stats; for cgroup/stats_*.c.
 */
#ifndef CGROUP_STATS_READER_H
#define CGROUP_STATS_READER_H

#include "cgroup/stats.h"

struct stats_reader {
	struct arena *arena;
	const char *path;       /* of the directory */
	int dirfd;
	char *text;             /* of the file that was read last */
	size_t size;            /* of that buffer */
	struct cgroup_stats *stats;
	struct err *err;
};

/*
 * Reads a file into reader->text.  1; 0 when there is none, when the kernel has switched it off, or when the cgroup is
 * gone; -1.
 */
int stats_read(struct stats_reader *reader, const char *file);

/* Fails for a file that could be read but not parsed. */
int stats_fail_parse(const struct stats_reader *reader, const char *file);

/* A file with one number, and the uint64_t of struct cgroup_stats that it goes to. */
struct stats_row { const char *file; size_t target; };

#define STATS_ROW(name, member) \
	{ (name), offsetof(struct cgroup_stats, member) + \
		  0 * sizeof(&((struct cgroup_stats *)0)->member == (uint64_t *)0) }

/* Missing files leave their numbers as they are. */
int stats_read_rows(struct stats_reader *reader, const struct stats_row *rows, size_t count);

/* Files that have a parser of their own. */
int stats_read_pairs(struct stats_reader *reader, const char *file, struct stats_pairs *pairs);
int stats_read_numbers(struct stats_reader *reader, const char *file, struct stats_list *list);
int stats_read_ranges(struct stats_reader *reader, const char *file, struct stats_list *list);

/* What is the same in both versions. */
int stats_read_pids(struct stats_reader *reader);
int stats_read_rdma(struct stats_reader *reader);

/* The sizes of huge pages that the directory has files for, from the names hugetlb.SIZE.usage_in_bytes or .current. */
int stats_list_hugetlb(struct stats_reader *reader, const char *suffix);

/* Reads what the v1 controllers of this directory count. */
int stats_read_v1(struct stats_reader *reader, const char *names);
/* Reads whatever a v2 directory has. */
int stats_read_v2(struct stats_reader *reader);

#endif
