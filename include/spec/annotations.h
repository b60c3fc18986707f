/*
 * spec/annotations.h - the annotations of other runtimes that engines pass and that change what runlet does.
 *
 * Runtime process only; pure.  Who may write annotations may do with these what they say, as root: `features` lists all
 * of them as potentially unsafe (runtime-spec, features.md), so that an engine can keep a pod from setting them.
 */
#ifndef SPEC_ANNOTATIONS_H
#define SPEC_ANNOTATIONS_H

#include "json/types.h"

enum spec_annotation {
	ANNOTATION_CRIU_CONFIG = 0,      /* org.criu.config */
	ANNOTATION_DELEGATE_CGROUP,      /* run.oci.delegate-cgroup: name of a cgroup below the container's */
	ANNOTATION_HOOKS_STDERR,         /* run.oci.hooks.stderr: absolute path, appended to */
	ANNOTATION_HOOKS_STDOUT,         /* run.oci.hooks.stdout */
	ANNOTATION_KEEP_ORIGINAL_GROUPS, /* run.oci.keep_original_groups: present, whatever it says: no setgroups(2) */
	ANNOTATION_MOUNT_CONTEXT_TYPE,   /* run.oci.mount_context_type: context, fscontext, defcontext or rootcontext */
	ANNOTATION_PIDFD_RECEIVER,       /* run.oci.pidfd_receiver: absolute path of a socket */
	ANNOTATION_SYSTEMD_SUBGROUP,     /* run.oci.systemd.subgroup: name of a cgroup below the scope; empty: none */
	ANNOTATION_COUNT
};

/* "run.oci.keep_original_groups". */
const char *spec_annotation_name(enum spec_annotation annotation);

/* Its value, or NULL when it is absent. */
const char *spec_annotation_find(const struct str_map *annotations, enum spec_annotation annotation);

/*
 * True for one that belongs to crun ("run.oci.") and means nothing to runlet: ignoring it, as the spec demands, can
 * surprise (run.oci.handler asks for a virtual machine), so the caller warns.
 */
bool spec_annotation_is_foreign(const char *name);

#endif
