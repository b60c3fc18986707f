/*
 * runtime/network_stats.c - what a container's network interfaces have sent and received.
 *
 * Runtime process only.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "base/num.h"
#include "runtime/process.h"
#include "runtime/stats.h"
#include "sys/file.h"

/* A line has about 130 bytes, so that this holds thousands of interfaces. */
#define TEXT_SIZE_MIN 4096
#define TEXT_SIZE_MAX (4u << 20)

/* proc(5): "face |bytes packets errs drop fifo frame compressed multicast|bytes packets errs drop ..." */
#define COLUMN_COUNT 12
#define TX_COLUMN 8

static int parse_columns(const char *text, size_t length, uint64_t columns[COLUMN_COUNT])
{
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		size_t blanks = 0, digits = 0;

		while (blanks < length && text[blanks] == ' ')
			blanks++;
		text += blanks;
		length -= blanks;
		while (digits < length && text[digits] != ' ')
			digits++;
		if (num_parse_u64_n(text, digits, UINT64_MAX, &columns[i]) < 0)
			return -EINVAL;
		text += digits;
		length -= digits;
	}
	return 0;
}

static int parse_line(struct arena *arena, const char *line, size_t length, struct stats_network *network)
{
	const char *colon = memchr(line, ':', length);
	uint64_t columns[COLUMN_COUNT];
	struct stats_interface *interface;

	while (length > 0 && *line == ' ') {
		line++;
		length--;
	}
	if (colon == NULL || colon <= line)
		return -EINVAL;
	if (parse_columns(colon + 1, (size_t)(line + length - colon - 1), columns) < 0)
		return -EINVAL;
	if (colon - line == 2 && memcmp(line, "lo", 2) == 0)
		return 0;
	network->items = arena_grow(arena, network->items, network->count, sizeof(*network->items));
	interface = &network->items[network->count++];
	*interface = (struct stats_interface){
		.name = arena_strndup(arena, line, (size_t)(colon - line)),
		.rx_bytes = columns[0], .rx_packets = columns[1],
		.rx_errors = columns[2], .rx_dropped = columns[3],
		.tx_bytes = columns[TX_COLUMN], .tx_packets = columns[TX_COLUMN + 1],
		.tx_errors = columns[TX_COLUMN + 2], .tx_dropped = columns[TX_COLUMN + 3],
	};
	return 0;
}

int stats_parse_network(struct arena *arena, const char *text, struct stats_network *network)
{
	*network = (struct stats_network){ NULL, 0 };
	for (unsigned number = 0; *text != '\0'; number++) {
		size_t length = strcspn(text, "\n");

		/* Two lines of titles. */
		if (number >= 2 && parse_line(arena, text, length, network) < 0)
			return -EINVAL;
		text += length;
		text += *text == '\n';
	}
	return 0;
}

static bool is_own_namespace(int procfd)
{
	struct stat theirs, own;

	return sys_fstatat(procfd, "ns/net", &theirs, 0) < 0 ||
	       sys_fstatat(AT_FDCWD, "/proc/self/ns/net", &own, 0) < 0 ||
	       (theirs.st_dev == own.st_dev && theirs.st_ino == own.st_ino);
}

int stats_read_network(struct arena *arena, pid_t pid, int pidfd, struct stats_network *network, struct err *err)
{
	_cleanup_fd_ int procfd = -1;
	char path[32];
	char *text;
	int result = -EFBIG;

	*network = (struct stats_network){ NULL, 0 };
	snprintf(path, sizeof(path), "/proc/%d", pid);
	procfd = sys_openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	/* As long as the process lives, the pid and so the directory are its. */
	if (procfd < 0 || process_wait_end(pidfd, 0) || is_own_namespace(procfd))
		return 0;
	for (size_t size = TEXT_SIZE_MIN; result == -EFBIG && size <= TEXT_SIZE_MAX; size *= 4) {
		text = arena_alloc(arena, size);
		result = sys_file_read_at(procfd, "net/dev", text, size, NULL);
	}
	if (result == -ENOENT || result == -ESRCH || result == -EINVAL)
		return 0;
	if (result < 0)
		return err_sys(err, result, "read %s/net/dev", path);
	if (stats_parse_network(arena, text, network) < 0)
		return err_set(err, ERR_SYSTEM, "%s/net/dev has an unknown form", path);
	return 0;
}
