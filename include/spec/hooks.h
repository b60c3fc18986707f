/*
 * spec/hooks.h - `hooks` of config.json (runtime-spec, config.md#posix-platform-hooks).
 */
#ifndef SPEC_HOOKS_H
#define SPEC_HOOKS_H

#include "spec/types.h"

/* The index into spec_hooks.kinds; the order is the order of the spec's life cycle. */
enum spec_hook_kind {
	HOOK_PRESTART = 0,
	HOOK_CREATE_RUNTIME,
	HOOK_CREATE_CONTAINER,
	HOOK_START_CONTAINER,
	HOOK_POSTSTART,
	HOOK_POSTSTOP,
	HOOK_KIND_COUNT
};

struct spec_hook {
	char *path;              /* absolute */
	struct str_list args;    /* includes argv[0]; empty: argv is { path } */
	struct str_list env;
	struct opt_u32 timeout_s; /* > 0 when set */
};

struct spec_hook_list { struct spec_hook *items; size_t count; };

struct spec_hooks { struct spec_hook_list kinds[HOOK_KIND_COUNT]; };

/* "prestart", "createRuntime" ... : the key in config.json. */
const char *spec_hook_kind_name(enum spec_hook_kind kind);

#endif
