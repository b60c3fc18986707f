/*
 * base/rlimit_names.h - the resources of prlimit(2) by name.
 *
 * Any process: config.json names them, and init names the one that it couldn't set.
 */
#ifndef BASE_RLIMIT_NAMES_H
#define BASE_RLIMIT_NAMES_H

#include "base/names.h"

extern const struct name_table rlimit_names; /* "RLIMIT_NOFILE" -> RLIMIT_NOFILE */

#endif
