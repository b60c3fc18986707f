/*
 * base/utc.c - points in time as text.  Runtime process only; pure.
 */
#include "base/utc.h"

#include <stdio.h>

#define SECONDS_PER_DAY 86400

/* The proleptic Gregorian calendar, counted from 1 March so that the leap day is the last of its year. */
static void split_days(int64_t days, int *year, int *month, int *day)
{
	int64_t shifted = days + 719468; /* from 0000-03-01 to 1970-01-01 */
	int64_t era = shifted / 146097;  /* 400 years */
	int64_t of_era = shifted % 146097;
	int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted_month = (5 * of_year + 2) / 153;

	*day = (int)(of_year - (153 * shifted_month + 2) / 5 + 1);
	*month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
	*year = (int)(year_of_era + era * 400 + (*month <= 2));
}

/* "2026-01-02T03:04:05": what both forms begin with. */
static int format_start(int64_t seconds, char text[UTC_TEXT_SIZE])
{
	int of_day = (int)(seconds % SECONDS_PER_DAY);
	int year, month, day;

	split_days(seconds / SECONDS_PER_DAY, &year, &month, &day);
	return snprintf(text, UTC_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day, of_day / 3600,
	                of_day / 60 % 60, of_day % 60);
}

void utc_format_seconds(int64_t seconds, char text[UTC_TEXT_SIZE])
{
	int length = format_start(seconds, text);

	snprintf(text + length, UTC_TEXT_SIZE - (size_t)length, "Z");
}

void utc_format(int64_t seconds, long nanoseconds, char text[UTC_TEXT_SIZE])
{
	int length = format_start(seconds, text);

	snprintf(text + length, UTC_TEXT_SIZE - (size_t)length, ".%09ldZ", nanoseconds);
}
