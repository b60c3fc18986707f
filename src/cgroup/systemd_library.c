/*
 * cgroup/systemd_library.c - finds the functions of libsystemd.
 *
 * Runtime process only.  It must not be called for other cgroup managers.
 */
#include "systemd_library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

/* The ABI that the headers of sd-bus describe since systemd 221. */
#define LIBRARY "libsystemd.so.0"

static const struct {
	const char *name;
	size_t offset;
} functions[] = {
#define SYSTEMD_ROW(name) { "sd_bus_" #name, offsetof(struct systemd_library, name) },
	SYSTEMD_FUNCTIONS(SYSTEMD_ROW)
#undef SYSTEMD_ROW
};
_Static_assert(sizeof(functions) / sizeof(functions[0]) * sizeof(void *) == sizeof(struct systemd_library),
	       "every function needs its row");

int systemd_library_open(struct systemd_library *library, struct err *err)
{
	void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (handle == NULL)
		return err_set(err, ERR_UNSUPPORTED, "the systemd cgroup manager: load " LIBRARY ": %s", dlerror());
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *function = dlsym(handle, functions[i].name);

		if (function == NULL)
			return err_set(err, ERR_UNSUPPORTED, "the systemd cgroup manager: " LIBRARY " has no %s",
				       functions[i].name);
		memcpy((char *)library + functions[i].offset, &function, sizeof(function));
	}
	return 0;
}
