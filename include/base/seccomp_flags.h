/*
 * base/seccomp_flags.h - SECCOMP_FILTER_FLAG_* (seccomp(2)), also those that the kernel's headers may be too old for.
 */
#ifndef BASE_SECCOMP_FLAGS_H
#define BASE_SECCOMP_FLAGS_H

#include <linux/seccomp.h>

/* Linux 5.7. */
#ifndef SECCOMP_FILTER_FLAG_TSYNC_ESRCH
#define SECCOMP_FILTER_FLAG_TSYNC_ESRCH (1UL << 4)
#endif
/* Linux 5.19. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

#endif
