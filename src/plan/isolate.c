/*
 * plan/isolate.c - what belongs to the container's namespaces as such: session, names, loopback, sysctl, keyring.
 *
 * Runtime process only; pure.  That each has a namespace to live in is checked with the spec (spec/check_linux.c).
 */
#include "json/decode.h"
#include "plan/builder.h"
#include "spec/sysctl.h"

static void build_name(struct plan_builder *b, const char *name, enum plan_op_kind kind, const char *key)
{
	if (name == NULL || *name == '\0')
		return;
	struct plan_str text = builder_str(b, name);
	builder_op(b, kind, PHASE_ISOLATE, "%s", key)->u.name.name = text;
}

static int build_sysctl(struct plan_builder *b, const struct str_pair *pair)
{
	char path[SPEC_SYSCTL_PATH_MAX];

	if (spec_sysctl_path(pair->key, path, sizeof(path)))
		return err_set(b->err, ERR_CONFIG, "linux.sysctl: %s: not the name of a sysctl", pair->key);
	struct op_sysctl sysctl = { .path = builder_str(b, path), .value = builder_str(b, pair->value) };
	const char *origin = json_path_key(b->arena, "linux.sysctl", pair->key);
	builder_op(b, OP_SYSCTL, PHASE_ISOLATE, "%s", origin)->u.sysctl = sysctl;
	return 0;
}

void plan_build_keyring(struct plan_builder *b, const char *name)
{
	const struct spec_process *process = b->spec->process;
	/* Where it can't be, the label of the process is refused. */
	bool has_label = process != NULL && process->selinux_label != NULL && b->host->has_selinux;
	struct op_keyring op = {
		.name = builder_str(b, name),
		.label = builder_str(b, has_label ? process->selinux_label : NULL),
	};

	builder_op(b, OP_KEYRING, PHASE_ISOLATE, "%s", has_label ? "process.selinuxLabel" : "")->u.keyring = op;
}

int plan_build_isolation(struct plan_builder *b)
{
	const struct str_map *sysctls = &b->spec->linux->sysctl;

	builder_op(b, OP_SESSION, PHASE_ISOLATE, "%s", "");
	if (!b->options->no_new_keyring)
		plan_build_keyring(b, arena_printf(b->arena, "_ses.%s", b->options->id));
	build_name(b, b->spec->hostname, OP_HOSTNAME, "hostname");
	build_name(b, b->spec->domainname, OP_DOMAINNAME, "domainname");
	if (b->ns.wishes[NS_NET] == NS_WISH_NEW)
		builder_op(b, OP_LOOPBACK, PHASE_ISOLATE, "linux.namespaces[%zu]", b->ns.indices[NS_NET]);
	for (size_t i = 0; i < sysctls->count; i++) {
		if (build_sysctl(b, &sysctls->items[i]))
			return -1;
	}
	return 0;
}
