/*
 * runtime/stats.h - the numbers of `runlet events` as runc's JSON, and those of the network.
 *
 * Runtime process only.
 */
#ifndef RUNTIME_STATS_H
#define RUNTIME_STATS_H

#include <sys/types.h>

#include "base/buf.h"
#include "cgroup/stats.h"

/* One interface, as /proc/PID/net/dev counts it. */
struct stats_interface {
	const char *name;
	uint64_t rx_bytes, rx_packets, rx_errors, rx_dropped;
	uint64_t tx_bytes, tx_packets, tx_errors, tx_dropped;
};
struct stats_network { struct stats_interface *items; size_t count; };

/* Parses /proc/PID/net/dev; the loopback interface is left out.  Pure.  0, or -EINVAL. */
int stats_parse_network(struct arena *arena, const char *text, struct stats_network *network);

/*
 * The interfaces in the network namespace of a process, which pidfd pins; none when it is runlet's own namespace, whose
 * numbers are not the container's, or when the process is gone.  Errors: ERR_SYSTEM.
 */
int stats_read_network(struct arena *arena, pid_t pid, int pidfd, struct stats_network *network, struct err *err);

/* Appends a line {"type":"stats","id":...,"data":{...}}.  As in runc's, most numbers are left out when they are 0. */
void stats_emit(const char *id, const struct cgroup_stats *stats, const struct stats_network *network,
		struct buf *line);

#endif
