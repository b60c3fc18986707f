/*
 * runtime/slots.h - opens on the host what the plan's slots stand for (struct plan_slot).  Runtime process only.
 */
#ifndef RUNTIME_SLOTS_H
#define RUNTIME_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "runtime/bundle.h"
#include "runtime/store.h"

struct slots { int *fds; size_t count; };

/*
 * Opens namespaces (checked to be of their type), detached trees and the listening start socket.  Slots that init fills
 * itself, and those of slots_open_trees(), stay -1.  Errors: ERR_SYSTEM or ERR_CONFIG with the place in config.json;
 * what was opened is in *slots even then.
 */
int slots_open(struct arena *arena, const struct bundle *bundle, const struct store_entry *entry, struct slots *slots,
               struct err *err);

/*
 * With a user namespace: opens the trees, in the mount namespace of `pid`, which is init, new and still runlet's alone.
 * The copy that the kernel made for the user namespace has the host's flags (ro, nosuid, nodev, noexec) and covered
 * directories locked, and clones of it keep that (mount_namespaces(7)); a tree from the host's own could be remounted
 * or uncovered by the container's root.  Nothing to do without one.  Errors as of slots_open().
 */
int slots_open_trees(const struct bundle *bundle, pid_t pid, struct slots *slots, struct err *err);
void slots_close(struct slots *slots);

/* Connects to a container's start socket.  Returns the fd, or -1: ERR_STATE when nobody listens there any more. */
int start_socket_connect(const struct store_entry *entry, struct err *err);

/*
 * Whether init waits for start.  Asked from the kernel and not from a file: a start that was killed half way may have
 * said go or not.  init takes the connection, hears nothing on it, and goes on waiting.  1, 0 or -errno.
 */
int start_socket_is_open(const struct store_entry *entry);

#endif
