/*
 * cgroup/update.h - what changing the limits of a cgroup in use shares between its files.
 */
#ifndef CGROUP_UPDATE_H
#define CGROUP_UPDATE_H

#include "create.h"

/*
 * What has to be written into a file whose content was `old` to undo the write of `text`.  Files with a line for each
 * device ("8:0 1000") get back the line of the device that `text` is about, or the word for "no such line".
 * Pure; the result lives in the arena.
 */
const char *cgroup_old_value(struct arena *arena, const char *file, const char *text, const char *old);

/*
 * v1: brings the device rules to what the plan's writes say, without a moment in which something is denied that was
 * allowed and stays so; leaf may be NULL when there are none.  On failure the old rules are back, or the error says
 * why they are not.
 */
int cgroup_devices_update_v1(struct arena *arena, const struct plan_cgroup *plan, const struct cgroup_leaf *leaf,
			     struct err *err);

/* v2: attaches the new program, then takes the old ones away. */
int cgroup_devices_update_v2(const struct plan_cgroup *plan, const struct cgroup *cgroup, struct err *err);

#endif
