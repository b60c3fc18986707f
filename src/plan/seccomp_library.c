/*
 * plan/seccomp_library.c - finds libseccomp's functions.
 *
 * Runtime process only.  It must not be called where no profile is asked for.
 */
#include "seccomp_library.h"

#include "config.h"

#ifdef RUNLET_STATIC

int seccomp_library_open(struct seccomp_library *library, struct err *err)
{
	(void)err;
#define SECCOMP_LINKED(name) .name = seccomp_##name,
	*library = (struct seccomp_library){ SECCOMP_FUNCTIONS(SECCOMP_LINKED) };
#undef SECCOMP_LINKED
	return 0;
}

const char *seccomp_library_path(void)
{
	return "";
}

#else

#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include <string.h>

/* The ABI that seccomp.h of version 2 describes. */
#define LIBRARY "libseccomp.so.2"

static const struct {
	const char *name;
	size_t offset;
} functions[] = {
#define SECCOMP_ROW(name) { "seccomp_" #name, offsetof(struct seccomp_library, name) },
	SECCOMP_FUNCTIONS(SECCOMP_ROW)
#undef SECCOMP_ROW
};
_Static_assert(sizeof(functions) / sizeof(functions[0]) * sizeof(void *) == sizeof(struct seccomp_library),
	       "every function needs its row");

int seccomp_library_open(struct seccomp_library *library, struct err *err)
{
	void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (handle == NULL)
		return err_set(err, ERR_UNSUPPORTED, "linux.seccomp: load " LIBRARY ": %s", dlerror());
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *function = dlsym(handle, functions[i].name);

		if (function == NULL)
			return err_set(err, ERR_UNSUPPORTED, "linux.seccomp: " LIBRARY " has no %s", functions[i].name);
		memcpy((char *)library + functions[i].offset, &function, sizeof(function));
	}
	return 0;
}

const char *seccomp_library_path(void)
{
	void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
	struct link_map *map;

	if (handle == NULL || dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0)
		return "";
	return map->l_name;
}

#endif
