/*
 * fuzz.h - the entry that libFuzzer, or replay.c in its place, calls.  One fuzzer, one file that defines it.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
