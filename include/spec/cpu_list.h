/*
 * spec/cpu_list.h - lists of CPUs as the kernel and config.json write them: "0-3,7" (cpuset(7), "List format").
 *
 * Pure; runtime process only.
 */
#ifndef SPEC_CPU_LIST_H
#define SPEC_CPU_LIST_H

#include <stddef.h>
#include <stdint.h>

/* As many as any kernel is built for. */
#define SPEC_CPU_COUNT_MAX 8192u

/* Bit n of byte n / 8 is CPU n, as sched_setaffinity(2) takes it; `size` is a multiple of 8. */
struct spec_cpus { uint8_t bits[SPEC_CPU_COUNT_MAX / 8]; size_t size; };

/*
 * Parses a list; blanks around numbers are good, an empty list, an empty item and a range that goes down aren't.
 * Returns 0, or -1 with *cpus undefined.
 */
int spec_cpu_list_parse(const char *text, struct spec_cpus *cpus);

#endif
