/*
 * ops/talk.h - init's side of the protocol: every message goes through the step table.
 *
 * Init process only.
 */
#ifndef OPS_TALK_H
#define OPS_TALK_H

#include "base/err.h"
#include "ops/op.h"
#include "wire/wire.h"

/* Sends a message that the protocol allows now; point is WIRE_POINT_NONE but for WIRE_AT. */
int talk_say(struct init_context *context, enum wire_type type, uint32_t point, struct err *err);

/* Sends one that is nothing but a file descriptor. */
int talk_say_fd(struct init_context *context, enum wire_type type, int fd, struct err *err);

/* Sends WIRE_PATH: what a path of a Landlock rule is. */
int talk_say_path(struct init_context *context, uint64_t device, uint64_t inode, struct err *err);

/* Waits for a message from `side`; EOF and what the protocol doesn't allow are ERR_PROTOCOL. */
int talk_hear(struct init_context *context, enum wire_side side, struct wire_message *message, struct err *err);

/*
 * Receives the fds of the slots, and the memory for --trace, until the runtime says GO.  ERR_PROTOCOL for a slot that
 * the plan does not have.
 */
int talk_load_slots(struct init_context *context, struct err *err);

/* Sends WIRE_EXECING, once; words_fd: of last_words_open(), or -1. */
int talk_say_execing(struct init_context *context, int words_fd, struct err *err);

#endif
