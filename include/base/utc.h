/*
 * base/utc.h - points in time as RFC 3339 text, in UTC.
 *
 * Not gmtime(3): that reads the time zone's file, which UTC has no need of.  Runtime process only.
 */
#ifndef BASE_UTC_H
#define BASE_UTC_H

#include <stdint.h>

#define UTC_TEXT_SIZE 64

/* "2026-01-02T03:04:05Z".  seconds: since 1970, not negative. */
void utc_format_seconds(int64_t seconds, char text[UTC_TEXT_SIZE]);

/* "2026-01-02T03:04:05.000000006Z".  nanoseconds: 0 .. 999999999. */
void utc_format(int64_t seconds, long nanoseconds, char text[UTC_TEXT_SIZE]);

#endif
