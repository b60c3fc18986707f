/*
 * plan/build.c - compiles a spec into a plan: the parts, in order.
 *
 * Runtime process only; pure.
 */
#include <limits.h>
#include <sched.h>
#include <string.h>

#include "json/decode.h"
#include "plan/builder.h"
#include "plan/cgroup_build.h"
#include "plan/idmap.h"
#include "spec/annotations.h"

static bool is_set(const char *text)
{
	return text != NULL && *text != '\0';
}

uint32_t plan_host_facts(const struct spec *spec, const struct plan_options *options)
{
	const struct spec_process *process = spec->process;
	bool has_label = is_set(spec->linux->mount_label) ||
	                 (process != NULL && (is_set(process->apparmor_profile) || is_set(process->selinux_label)));
	uint32_t facts = HOST_IDS;

	if (options->cgroup_manager != CGROUP_DISABLED)
		facts |= HOST_CGROUPS;
	if (options->cgroup_manager == CGROUP_SYSTEMD)
		facts |= HOST_SYSTEMD;
	for (size_t i = 0; i < spec->linux->namespaces.count; i++) {
		const struct spec_namespace *ns = &spec->linux->namespaces.items[i];
		if (ns->type == CLONE_NEWUSER && ns->path == NULL && spec->linux->uid_mappings.count == 0)
			facts |= HOST_SUBIDS;
	}
	for (size_t i = 0; i < spec->mounts.count; i++) {
		if (spec->mounts.items[i].type != NULL && strncmp(spec->mounts.items[i].type, "cgroup", 6) == 0)
			facts |= HOST_CGROUPS;
	}
	if (spec->linux->landlock != NULL)
		facts |= HOST_LANDLOCK;
	return has_label ? facts | HOST_LSM : facts;
}

static int check_labels(struct plan_builder *b)
{
	if (is_set(b->spec->linux->mount_label) && !b->host->has_selinux)
		return err_set(b->err, ERR_UNSUPPORTED, "linux.mountLabel: %s: this host has no SELinux enabled",
		               b->spec->linux->mount_label);
	return 0;
}

static int refuse_annotation(struct plan_builder *b, enum err_kind kind, enum spec_annotation annotation,
                             const char *reason)
{
	return err_set(b->err, kind, "%s: %s",
	               json_path_key(b->arena, "annotations", spec_annotation_name(annotation)), reason);
}

static bool is_context_type(const char *word)
{
	static const char *const words[] = { "context", "fscontext", "defcontext", "rootcontext" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i]) == 0)
			return true;
	}
	return false;
}

static int check_annotations(struct plan_builder *b)
{
	static const enum spec_annotation paths[] = { ANNOTATION_HOOKS_STDERR, ANNOTATION_HOOKS_STDOUT };
	const struct str_map *annotations = &b->spec->annotations;
	const char *context_type = spec_annotation_find(annotations, ANNOTATION_MOUNT_CONTEXT_TYPE);

	for (size_t i = 0; i < annotations->count; i++) {
		if (spec_annotation_is_foreign(annotations->items[i].key))
			builder_warn(b, "annotations: runlet knows no %s and ignores it", annotations->items[i].key);
	}
	if (spec_annotation_find(annotations, ANNOTATION_CRIU_CONFIG) != NULL)
		return refuse_annotation(b, ERR_UNSUPPORTED, ANNOTATION_CRIU_CONFIG, "this version has no checkpoint");
	if (context_type != NULL && !is_context_type(context_type))
		return refuse_annotation(b, ERR_CONFIG, ANNOTATION_MOUNT_CONTEXT_TYPE,
		                         "want context, fscontext, defcontext or rootcontext");
	b->plan->spawn.keeps_groups = spec_annotation_find(annotations, ANNOTATION_KEEP_ORIGINAL_GROUPS) != NULL;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const char *path = spec_annotation_find(annotations, paths[i]);
		if (path != NULL && path[0] != '/')
			return refuse_annotation(b, ERR_CONFIG, paths[i], "want an absolute path");
	}
	return 0;
}

/* "." and ".." are none, and hidden ones nobody would find. */
static bool is_directory_name(const char *name)
{
	return *name != '\0' && *name != '.' && strchr(name, '/') == NULL && strlen(name) <= NAME_MAX;
}

static int build_subgroup(struct plan_builder *b)
{
	const char *name = spec_annotation_find(&b->spec->annotations, ANNOTATION_SYSTEMD_SUBGROUP);
	struct plan_cgroup *cgroup = &b->plan->cgroup;

	if (name == NULL || *name == '\0')
		return 0;
	if (!is_directory_name(name))
		return refuse_annotation(b, ERR_CONFIG, ANNOTATION_SYSTEMD_SUBGROUP, "want the name of a directory");
	if (cgroup->manager != CGROUP_SYSTEMD) {
		builder_warn(b, "annotations: %s is for the systemd cgroup manager, and ignored",
		             spec_annotation_name(ANNOTATION_SYSTEMD_SUBGROUP));
		return 0;
	}
	if (b->host->cgroup_mode != HOST_CGROUP_V2 || cgroup->delegate != NULL)
		return refuse_annotation(b, ERR_UNSUPPORTED, ANNOTATION_SYSTEMD_SUBGROUP,
		                         "only on cgroup v2, and not beside run.oci.delegate-cgroup");
	cgroup->subgroup = arena_strdup(b->arena, name);
	return 0;
}

/* The owner is the container's root, as far as it can be told. */
static int build_delegate(struct plan_builder *b)
{
	const char *name = spec_annotation_find(&b->spec->annotations, ANNOTATION_DELEGATE_CGROUP);
	const struct spec_id_map_list *maps = &b->spec->linux->uid_mappings;
	struct plan_cgroup *cgroup = &b->plan->cgroup;

	if (name == NULL)
		return 0;
	if (!is_directory_name(name))
		return refuse_annotation(b, ERR_CONFIG, ANNOTATION_DELEGATE_CGROUP, "want the name of a directory");
	if (b->host->cgroup_mode != HOST_CGROUP_V2 || cgroup->manager == CGROUP_DISABLED)
		return refuse_annotation(b, ERR_UNSUPPORTED, ANNOTATION_DELEGATE_CGROUP,
		                         "only cgroup v2 can delegate a part of a container's cgroup safely");
	cgroup->delegate = arena_strdup(b->arena, name);
	cgroup->delegate_uid = b->host->euid;
	if (maps->count > 0 && b->is_privileged)
		(void)plan_idmap_to_host(maps, 0, &cgroup->delegate_uid);
	return 0;
}

static int build_cgroup(struct plan_builder *b)
{
	struct plan_cgroup *cgroup = &b->plan->cgroup;

	cgroup->manager = b->options->cgroup_manager;
	if (plan_cgroup_build(b->arena, b->spec, b->host, b->options, cgroup, b->err))
		return -1;
	for (size_t i = 0; i < cgroup->warning_count; i++)
		builder_warn(b, "%s", cgroup->warnings[i]);
	return build_delegate(b) || build_subgroup(b) ? -1 : 0;
}

typedef int (*build_part)(struct plan_builder *builder);

static const build_part parts[] = {
	check_labels,    check_annotations,
	plan_build_namespaces, plan_build_idmaps, build_cgroup,     plan_build_isolation,
	plan_build_root, plan_build_mounts,     plan_build_hooks,  plan_build_dev,   plan_build_paths,
	plan_build_meetings, plan_build_landlock, plan_build_process,
};

int plan_build(struct arena *arena, const struct spec *spec, const struct host *host,
               const struct plan_options *options, struct plan *plan, struct err *err)
{
	struct plan_builder builder = {
		.arena = arena,
		.spec = spec,
		.host = host,
		.options = options,
		.plan = plan,
		.err = err,
		.is_privileged = host->euid == 0,
	};

	*plan = (struct plan){ .arena = arena, .hooks = spec->hooks, .net_devices = spec->linux->net_devices };
	builder_open(&builder);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i](&builder))
			return -1;
	}
	return builder_close(&builder);
}
