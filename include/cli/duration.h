/*
 * cli/duration.h - times as engines written in Go pass them: "5s", "1m30s", "1.5h", "100ms".
 *
 * Runtime process only.
 */
#ifndef CLI_DURATION_H
#define CLI_DURATION_H

#include <stdint.h>

/*
 * Numbers with units (ns us ms s m h), which add up; a fraction of a nanosecond is dropped.  "0" needs no unit.
 * Returns 0 and *ns, or -1: also for a negative time, and one of more than 292 years.
 */
int duration_parse(const char *text, uint64_t *ns);

#endif
