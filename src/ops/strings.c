/*
 * ops/strings.c - argv and envp for execve, built from lists of the plan.
 *
 * Init process only.  There is no allocator: arrays are taken and never given back.
 */
#include "ops/strings.h"

#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

#include "sys/process.h"

static bool is_replaced(const char *item, const struct strings_extra *extra, size_t extra_count)
{
	for (size_t i = 0; i < extra_count; i++) {
		if (strncmp(item, extra[i].entry, extra[i].name_length) == 0)
			return true;
	}
	return false;
}

/* Pages of their own for long lists; most fit into what init has anyway, without a system call. */
static const char **take_array(size_t count)
{
	static const char *few[128];
	static size_t used;

	if (count <= sizeof(few) / sizeof(few[0]) - used) {
		used += count;
		return few + used - count;
	}
	return sys_mmap(NULL, count * sizeof(const char *), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
	                0);
}

char **strings_from_list(const struct plan_view *view, struct plan_list list, const struct strings_extra *extra,
                         size_t extra_count, struct err *err)
{
	size_t wanted = (size_t)list.count + extra_count + 1;
	const char **strings = take_array(wanted);
	size_t count = 0;

	if (sys_is_error(strings)) {
		err_sys(err, (int)(intptr_t)strings, "mmap for %zu arguments", wanted);
		return NULL;
	}
	for (uint32_t i = 0; i < list.count; i++) {
		const char *item = plan_view_item(view, list, i);

		if (!is_replaced(item, extra, extra_count))
			strings[count++] = item;
	}
	for (size_t i = 0; i < extra_count; i++)
		strings[count++] = extra[i].entry;
	strings[count] = NULL;
	/* execve takes char *const[] for history's sake and writes to none of them. */
	return (char **)strings;
}
