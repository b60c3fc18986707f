/*
 * runtime/ambient.c - keeps all capabilities over an exec.
 *
 * Runs in the runtime process' children between clone and exec: system calls only.
 */
#include "runtime/ambient.h"

#include <sys/prctl.h>

#include "sys/process.h"

int ambient_raise_all(void)
{
	uint64_t all = 0;
	int result;

	for (unsigned cap = 0; cap < 64 && sys_prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		all |= 1ull << cap;
	const struct __user_cap_data_struct data[2] = {
		{ (uint32_t)all, (uint32_t)all, (uint32_t)all },
		{ (uint32_t)(all >> 32), (uint32_t)(all >> 32), (uint32_t)(all >> 32) },
	};
	result = sys_capset(data);
	for (unsigned cap = 0; result == 0 && (all >> cap) != 0; cap++)
		result = sys_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0);
	return result;
}
