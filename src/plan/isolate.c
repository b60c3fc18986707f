/*
 * isolate.c - what belongs to the container's namespaces as such: session, names, loopback, sysctl, keyring.
 *
 * Runtime process only; pure.
 */
#include <string.h>

#include "plan/builder.h"

static int build_name(struct plan_builder *b, const char *name, enum plan_op_kind kind, const char *key)
{
	if (name == NULL || *name == '\0')
		return 0;
	if (b->ns.wishes[NS_UTS] == NS_WISH_NONE)
		return err_set(b->err, ERR_CONFIG, "%s: needs a uts namespace in linux.namespaces", key);
	struct plan_str text = builder_str(b, name);
	builder_op(b, kind, PHASE_ISOLATE, "%s", key)->u.name.name = text;
	return 0;
}

/* Where a sysctl belongs; `is_prefix` for the start of a name, in slashes. */
struct sysctl_row { const char *name; bool is_prefix; enum plan_ns_kind ns; };

static const struct sysctl_row sysctl_rows[] = {
	{ "kernel/msgmax", false, NS_IPC },
	{ "kernel/msgmnb", false, NS_IPC },
	{ "kernel/msgmni", false, NS_IPC },
	{ "kernel/sem", false, NS_IPC },
	{ "kernel/shmall", false, NS_IPC },
	{ "kernel/shmmax", false, NS_IPC },
	{ "kernel/shmmni", false, NS_IPC },
	{ "kernel/shm_rmid_forced", false, NS_IPC },
	{ "fs/mqueue/", true, NS_IPC },
	{ "net/", true, NS_NET },
	{ "kernel/domainname", false, NS_UTS },
	{ "user/", true, NS_USER },
};

static const struct sysctl_row *find_sysctl(const char *path)
{
	for (size_t i = 0; i < sizeof(sysctl_rows) / sizeof(sysctl_rows[0]); i++) {
		const struct sysctl_row *row = &sysctl_rows[i];
		if (row->is_prefix ? strncmp(path, row->name, strlen(row->name)) == 0 : strcmp(path, row->name) == 0)
			return row;
	}
	return NULL;
}

/* sysctl(8)'s rule: the first separator says which one separates; the other is then part of a name ("eth0.100"). */
static char *sysctl_path(struct plan_builder *b, const char *key)
{
	char *path = arena_strdup(b->arena, key);

	if (path[strcspn(path, "./")] != '.')
		return path;
	for (char *at = path; *at != '\0'; at++) {
		if (*at == '.')
			*at = '/';
		else if (*at == '/')
			*at = '.';
	}
	return path;
}

/* Every component is a name: nothing leads out of /proc/sys or to another key (CVE-2022-0811). */
static bool is_plain_path(const char *path)
{
	while (true) {
		size_t part = strcspn(path, "/");
		if (part == 0 || (part == 1 && path[0] == '.') || (part == 2 && path[0] == '.' && path[1] == '.'))
			return false;
		if (path[part] == '\0')
			return true;
		path += part + 1;
	}
}

static int build_sysctl(struct plan_builder *b, const struct str_pair *pair)
{
	const char *path = sysctl_path(b, pair->key);
	const struct sysctl_row *row = find_sysctl(path);

	if (!is_plain_path(path))
		return err_set(b->err, ERR_CONFIG, "linux.sysctl: %s: not the name of a sysctl", pair->key);
	if (strcmp(path, "kernel/hostname") == 0)
		return err_set(b->err, ERR_CONFIG, "linux.sysctl: %s: use hostname instead", pair->key);
	if (row == NULL)
		return err_set(b->err, ERR_CONFIG, "linux.sysctl: %s: belongs to no namespace, so it would change the host",
		               pair->key);
	if (b->ns.wishes[row->ns] == NS_WISH_NONE)
		return err_set(b->err, ERR_CONFIG, "linux.sysctl: %s: needs a %s namespace in linux.namespaces", pair->key,
		               plan_ns_word(row->ns));
	struct op_sysctl sysctl = { .path = builder_str(b, path), .value = builder_str(b, pair->value) };
	builder_op(b, OP_SYSCTL, PHASE_ISOLATE, "linux.sysctl.%s", pair->key)->u.sysctl = sysctl;
	return 0;
}

int plan_build_isolation(struct plan_builder *b)
{
	const struct str_map *sysctls = &b->spec->linux->sysctl;

	builder_op(b, OP_SESSION, PHASE_ISOLATE, "%s", "");
	if (!b->options->no_new_keyring) {
		struct plan_str id = builder_str(b, b->options->id);
		builder_op(b, OP_KEYRING, PHASE_ISOLATE, "%s", "")->u.keyring.name = id;
	}
	if (build_name(b, b->spec->hostname, OP_HOSTNAME, "hostname") ||
	    build_name(b, b->spec->domainname, OP_DOMAINNAME, "domainname"))
		return -1;
	if (b->ns.wishes[NS_NET] == NS_WISH_NEW)
		builder_op(b, OP_LOOPBACK, PHASE_ISOLATE, "linux.namespaces[%zu]", b->ns.indices[NS_NET]);
	for (size_t i = 0; i < sysctls->count; i++) {
		if (build_sysctl(b, &sysctls->items[i]))
			return -1;
	}
	return 0;
}
