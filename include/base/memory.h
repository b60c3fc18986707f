/*
 * base/memory.h - what happens when there is none left.
 *
 * Runtime process only; init allocates nothing.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

/* Says so on stderr and exits with 1: nothing here goes on after a failed malloc(3), and an error would need memory. */
void memory_exhausted(void) __attribute__((noreturn));

#endif
