/*
 * base/num.h - numbers from text, whole and in range, by one function.
 *
 * "1" is a number; "", "1x", " 1", "+1", "1:0" and what does not fit are errors (CVE-2026-30892, CVE-2026-46680).
 * Any process may use it; it allocates nothing.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stddef.h>
#include <stdint.h>

/* Decimal digits only; 0 and *value, or -1 with *value untouched. */
int num_parse_u64(const char *text, uint64_t max, uint64_t *value);
int num_parse_u32(const char *text, uint32_t *value);

/* Decimal with an optional leading '-', within [min, max]. */
int num_parse_i64(const char *text, int64_t min, int64_t max, int64_t *value);

/* As num_parse_u64() for a piece of text that need not be NUL-terminated. */
int num_parse_u64_n(const char *text, size_t length, uint64_t max, uint64_t *value);

/* Hexadecimal digits in lower case, as the kernel prints masks. */
int num_parse_hex_n(const char *text, size_t length, uint64_t *value);

#endif
