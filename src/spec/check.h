/*
 * spec/check.h - rules that one row can't hold, between the files that hold them.
 *
 * check.c: how a broken rule is reported; check_process.c, check_linux.c, check_landlock.c, check_seccomp.c: the
 * rules.  Runtime process
 * only; pure.  What needs the host to be judged is the plan's.
 */
#ifndef SRC_SPEC_CHECK_H
#define SRC_SPEC_CHECK_H

#include "json/decode.h"
#include "spec/spec.h"

struct spec_checker {
	struct arena *arena;
	const struct json_source *source;
	const char *prefix;          /* of every path: "process." where a process is part of a whole config */
	struct json_report *report;
	struct err *err;
};

/* A path (to be printed into the arena), with the prefix. */
char *spec_check_path(const struct spec_checker *checker, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Fails with "NAME:LINE:COLUMN: PATH: MESSAGE"; returns -1. */
int spec_check_fail(const struct spec_checker *checker, const char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds a warning once. */
void spec_check_warn(const struct spec_checker *checker, char *text);

/* Each returns 0 or -1. */
int spec_check_process(const struct spec_checker *checker, const struct spec_process *process);
int spec_check_resources(const struct spec_checker *checker, const struct spec_resources *resources);
int spec_check_seccomp(const struct spec_checker *checker, const struct spec_seccomp *seccomp);
/* idmap_option.c: turns the option idmap=uids=...;gids=... of mounts into their mappings. */
int spec_expand_idmap_options(const struct spec_checker *checker, const struct spec *spec);
int spec_check_landlock(const struct spec_checker *checker, const struct spec_landlock *landlock);
/* Also gives devices that need no number the number 0. */
int spec_check_linux(const struct spec_checker *checker, const struct spec *spec);

#endif
