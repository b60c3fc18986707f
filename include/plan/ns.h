/*
 * plan/ns.h - the shape of the processes: who joins or makes which namespace, and when.
 *
 * Pure; runtime process only.
 */
#ifndef PLAN_NS_H
#define PLAN_NS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Also the order of joins among equals.  The mount namespace is last: entering it changes what paths mean. */
enum plan_ns_kind { NS_USER = 0, NS_PID, NS_IPC, NS_UTS, NS_NET, NS_CGROUP, NS_TIME, NS_MOUNT, NS_KIND_COUNT };

enum plan_ns_wish { NS_WISH_NONE = 0, NS_WISH_NEW, NS_WISH_JOIN, NS_WISH_COUNT };

/* What linux.namespaces asks for. */
struct plan_ns {
	enum plan_ns_wish wishes[NS_KIND_COUNT];
	const char *paths[NS_KIND_COUNT];    /* of those to join */
	size_t indices[NS_KIND_COUNT];       /* in linux.namespaces */
};

/* How it is done.  Every wished namespace stands in exactly one place. */
struct plan_ns_shape {
	uint32_t clone_flags;                       /* made by the clone of init */
	/* made by unshare(2), as their making takes long, and clone(2) keeps the runtime waiting meanwhile */
	uint32_t unshare_flags;
	bool is_cgroup_late;                        /* made by unshare(2), after the process was put into its cgroup */
	/* made by unshare(2): the offsets are written before anyone enters */
	bool is_time_late;
	bool is_time_helped;                        /* made by a helper, behind the user namespace that it joins */
	bool is_pid_helped;                         /* a helper joins it and clones, as it holds for children only */
	/* a helper joins it and clones, so that the clone's namespaces belong to it */
	bool is_user_helped;
	enum plan_ns_kind early[NS_KIND_COUNT];     /* joined by the helper before a user namespace is entered */
	size_t early_count;
	enum plan_ns_kind joined[NS_KIND_COUNT];    /* joined by init (OP_JOIN) */
	size_t joined_count;
};

/*
 * Works out the shape.  is_privileged: the caller is root in its user namespace, so it may join namespaces that belong
 * to that one, and loses this right when it enters another user namespace (user_namespaces(7), setns(2)).
 */
void plan_ns_shape(const struct plan_ns *ns, bool is_privileged, struct plan_ns_shape *shape);

/* The CLONE_NEW* bit of a kind, and its word in config.json. */
uint32_t plan_ns_flag(enum plan_ns_kind kind);
const char *plan_ns_word(enum plan_ns_kind kind);

/* NS_KIND_COUNT for a bit that is none. */
enum plan_ns_kind plan_ns_kind(uint32_t flag);

#endif
