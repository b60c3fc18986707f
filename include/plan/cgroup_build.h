/*
 * plan/cgroup_build.h - compiles linux.cgroupsPath and linux.resources into a struct plan_cgroup.
 *
 * Pure; runtime process only.
 */
#ifndef PLAN_CGROUP_BUILD_H
#define PLAN_CGROUP_BUILD_H

#include "base/arena.h"
#include "base/err.h"
#include "host/host.h"
#include "plan/cgroup.h"
#include "plan/plan.h"
#include "spec/spec.h"

/*
 * Fills *plan for the cgroup manager of `options` and the cgroup mode of `host` (HOST_CGROUPS and HOST_IDS must have
 * been probed).  Strings are copied to the arena or are those of the spec, so the spec must live as long as the plan.
 *
 * The path (runtime-spec, config-linux.md#cgroups-path): an absolute one counts from the hierarchy's root, and so does
 * a relative one and the default, which is the container's id; only where a user without privileges runs on v2 do these
 * two stand beside runlet's own cgroup, the one place that can be delegated to that user.
 *
 * A value of 0 means "not asked for" for what runc treats so (all but pids.limit, swappiness and idle).
 * One limit that the host can't keep is no error: hugepageLimits of 0 where there is no hugetlb controller, for
 * Kubernetes sends 0 for every size that a pod doesn't ask for; it is a warning.
 * Errors: ERR_CONFIG and ERR_UNSUPPORTED, with the JSON path in front: "linux.resources.memory.swap: ...".
 */
int plan_cgroup_build(struct arena *arena, const struct spec *spec, const struct host *host,
                      const struct plan_options *options, struct plan_cgroup *plan, struct err *err);

/*
 * Fills *plan with the writes for a container that is there already (`update`): what `resources` doesn't name stays,
 * device rules too when there are none.  path stays unset, and of the unit only the properties are set.  Differs from a
 * new cgroup's plan where a word for the default means something: disableOOMKiller of false.
 * Errors: as plan_cgroup_build().
 */
int plan_cgroup_build_update(struct arena *arena, const struct spec_resources *resources, const struct host *host,
			     enum plan_cgroup_manager manager, struct plan_cgroup *plan, struct err *err);

/*
 * The annotations that are limits, for `features`; NULL from the end on.  runlet.memory.high (bytes, or "max") is
 * memory.high of cgroup v2: above it the container is slowed down, not killed.  runlet.oom.group ("true" or "false") is
 * memory.oom.group: running out of memory kills the whole container.  linux.resources.unified has the last word.
 */
const char *plan_cgroup_annotation(size_t index);

/*
 * The default cpu.weight (cgroup v2, 1 .. 10000) for cpu.shares (v1, 2 .. 262144): the quadratic curve through the
 * minimum, the default (1024 -> 100) and the maximum that runc 1.3.2 and crun 1.23 use.  0 for 0 ("not asked for").
 */
uint64_t plan_cgroup_weight_from_shares(uint64_t shares);

#endif
