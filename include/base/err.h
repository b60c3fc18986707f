/*
 * base/err.h - the one error type.
 *
 * A function that can fail returns 0 or -1 and fills a `struct err` that its caller owns.  The place where the
 * failure happens names the call and its object ("open_tree /srv/data"); each caller adds in front only what it
 * alone knows ("mounts[2]").  Nothing here allocates, so an error can cross a socket as it is and can be made in
 * the init process, which has no libc.
 *
 * Any process may call everything here except err_format(), which needs strerror(3) and so belongs to the runtime.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What sort of failure it is.  Each kind has a stable word (err_code()), which the JSON log prints as "code". */
enum err_kind {
	ERR_NONE = 0,
	ERR_SYSTEM,         /* a system call failed; errnum says how */
	ERR_CONFIG,         /* config.json breaks the spec */
	ERR_UNSUPPORTED,    /* config.json or the command line asks for what runlet or this host can't do */
	ERR_USAGE,          /* the command line is wrong */
	ERR_NOT_FOUND,      /* no container of that name */
	ERR_EXISTS,         /* the name is taken */
	ERR_STATE,          /* the container's state forbids it */
	ERR_EXEC_NOT_FOUND, /* the container's program does not exist (engines: 127) */
	ERR_EXEC_DENIED,    /* the container's program can't be executed (engines: 126) */
	ERR_HOOK,           /* a hook failed or ran out of time */
	ERR_TIMEOUT,        /* something else took too long */
	ERR_PROTOCOL,       /* the other process said something unexpected, or died */
	ERR_BUG,            /* an invariant of runlet itself is broken */
	ERR_KIND_COUNT
};

/*
 * Whether what a function of sys/ returned says that the machine ran short of something or that a disk failed: nothing
 * was refused then, so that it is no "this kernel, or this image, hasn't got it".
 */
static inline bool err_is_shortage(long result)
{
	return result == -ENOMEM || result == -EMFILE || result == -ENFILE || result == -ENOSPC || result == -EIO;
}

#define ERR_TEXT_SIZE 1008

/* Fixed size, plain data: sent over the socket as it is. */
struct err {
	uint32_t kind;   /* enum err_kind */
	int32_t errnum;  /* an errno value, or 0 */
	char text[ERR_TEXT_SIZE]; /* always NUL-terminated; cut with "..." where it is too long */
};

#define ERR_INIT { ERR_NONE, 0, "" }

/* Fills *err (kind, no errno) and returns -1, so that callers write `return err_set(err, ...)`. */
int err_set(struct err *err, enum err_kind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));

/*
 * Fills *err as ERR_SYSTEM and returns -1.  errnum is a positive errno value or a negative one as sys/ functions
 * return it; the text is "CALL OBJECT" without the errno's words, which err_format() adds.
 */
int err_sys(struct err *err, int errnum, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Puts "PREFIX: " in front of the text, keeps kind and errnum, returns -1. */
int err_prefix(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* That all three return -1 is told to the compiler and to analysers, which look into one source file at a time. */
static inline int err_failed(int minus_one)
{
	(void)minus_one;
	return -1;
}
#define err_set(...) err_failed(err_set(__VA_ARGS__))
#define err_sys(...) err_failed(err_sys(__VA_ARGS__))
#define err_prefix(...) err_failed(err_prefix(__VA_ARGS__))

/* The stable word for a kind, such as "config" or "exec-not-found"; "unknown" for a kind that is out of range. */
const char *err_code(uint32_t kind);

/* Writes "TEXT: strerror(errnum)" (or TEXT alone) into buffer, always NUL-terminated.  Runtime process only. */
void err_format(const struct err *err, char *buffer, size_t size);

#endif
