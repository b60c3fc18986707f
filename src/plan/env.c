/*
 * plan/env.c - the environment of the container's program.
 *
 * Runtime process only; pure.
 */
#include <string.h>

#include "plan/builder.h"

#define NOTIFY_ENV "NOTIFY_SOCKET=/run/notify/notify.sock"

/* Which names have been seen: a hash of their places in the list, so that thousands of variables stay cheap. */
struct env_names { size_t *places; size_t capacity; };

static size_t hash_name(const char *name, size_t length)
{
	size_t hash = 5381;
	for (size_t i = 0; i < length; i++)
		hash = hash * 33 + (unsigned char)name[i];
	return hash;
}

/* The place + 1 of the variable with entry's name, 0 and free when there is none yet. */
static size_t *find_name(const struct env_names *names, const struct str_list *list, const char *entry)
{
	size_t length = strcspn(entry, "=");
	size_t at = hash_name(entry, length) & (names->capacity - 1);

	while (names->places[at] != 0) {
		const char *known = list->items[names->places[at] - 1];
		if (strncmp(known, entry, length) == 0 && known[length] == '=')
			break;
		at = (at + 1) & (names->capacity - 1);
	}
	return &names->places[at];
}

/* A later value replaces an earlier one in its place, as setenv(3) does and as runc does. */
static void env_set(const struct env_names *names, struct str_list *list, char *entry)
{
	size_t *place = find_name(names, list, entry);

	if (*place != 0) {
		list->items[*place - 1] = entry;
		return;
	}
	list->items[list->count++] = entry;
	*place = list->count;
}

static void env_names_open(struct plan_builder *b, size_t count, struct env_names *names)
{
	names->capacity = 16;
	while (names->capacity < count * 2)
		names->capacity *= 2;
	names->places = arena_alloc_array(b->arena, names->capacity, sizeof(*names->places));
}

/* What is found out from the finished list; an empty HOME is left out, as init adds the right one. */
static void env_finish(struct plan_env *env)
{
	size_t kept = 0;

	env->needs_home = true;
	for (size_t i = 0; i < env->list.count; i++) {
		char *entry = env->list.items[i];
		if (strncmp(entry, "PATH=", 5) == 0)
			env->path = entry + 5;
		if (strcmp(entry, "HOME=") == 0)
			continue;
		if (strncmp(entry, "HOME=", 5) == 0)
			env->needs_home = false;
		env->list.items[kept++] = entry;
	}
	env->list.count = kept;
	env->list.items[kept] = NULL;
}

int plan_build_env(struct plan_builder *b, struct plan_env *env)
{
	const struct str_list *config = &b->spec->process->env;
	struct env_names names;

	*env = (struct plan_env){ 0 };
	env_names_open(b, config->count + 2, &names);
	env->list.items = arena_alloc_array(b->arena, config->count + 3, sizeof(*env->list.items));
	for (size_t i = 0; i < config->count; i++) {
		const char *equals = strchr(config->items[i], '=');
		if (equals == NULL || equals == config->items[i])
			return err_set(b->err, ERR_CONFIG, "process.env[%zu]: %s: want NAME=VALUE", i,
			               config->items[i]);
		env_set(&names, &env->list, config->items[i]);
	}
	if (b->options->listen_fds > 0)
		env_set(&names, &env->list, arena_printf(b->arena, "LISTEN_FDS=%u", b->options->listen_fds));
	if (b->options->notify_dir != NULL)
		env_set(&names, &env->list, arena_strdup(b->arena, NOTIFY_ENV));
	env_finish(env);
	return 0;
}
