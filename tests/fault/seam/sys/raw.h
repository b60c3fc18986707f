/*
 * sys/raw.h of the fault builds - stands before include/sys/raw.h in the search path of tests/fault/runlet-fault and of
 * the init program in it, so that each system call of the layer sys goes through fault_call() (tests/fault/seam.c).
 *
 * Test programs only.  The product is compiled with include/sys/raw.h alone and has no trace of this.
 */
#ifndef FAULT_SYS_RAW_H
#define FAULT_SYS_RAW_H

/* The real instruction, under another name. */
#define sys_call0 made_call0
#define sys_call1 made_call1
#define sys_call2 made_call2
#define sys_call3 made_call3
#define sys_call4 made_call4
#define sys_call5 made_call5
#define sys_call6 made_call6
#include "../../../../include/sys/raw.h"
#undef sys_call0
#undef sys_call1
#undef sys_call2
#undef sys_call3
#undef sys_call4
#undef sys_call5
#undef sys_call6

/* Makes the call, or does what the sweep has armed for it. */
long fault_call(long number, long a, long b, long c, long d, long e, long f);

#define sys_call6(number, a, b, c, d, e, f) fault_call(number, a, b, c, d, e, f)
#define sys_call5(number, a, b, c, d, e) fault_call(number, a, b, c, d, e, 0)
#define sys_call4(number, a, b, c, d) fault_call(number, a, b, c, d, 0, 0)
#define sys_call3(number, a, b, c) fault_call(number, a, b, c, 0, 0, 0)
#define sys_call2(number, a, b) fault_call(number, a, b, 0, 0, 0, 0)
#define sys_call1(number, a) fault_call(number, a, 0, 0, 0, 0, 0)
#define sys_call0(number) fault_call(number, 0, 0, 0, 0, 0, 0)

#endif
