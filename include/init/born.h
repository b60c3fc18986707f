/*
 * init/born.h - how init comes into a pid namespace of others.
 */
#ifndef INIT_BORN_H
#define INIT_BORN_H

#include "base/err.h"

/*
 * Clones init by the arguments of wire/helper.h.  Returns 0 in the child, which is in its cgroups then and has closed
 * their fds; the parent reports the child to the runtime process and exits.  -1: neither is more than it was.
 */
int init_be_born(char **args, int count, struct err *err);

#endif
