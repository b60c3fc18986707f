/*
 * runtime/seccomp_entry.h - one file of the cache of compiled seccomp filters, as bytes: the program, what it was
 * compiled from, and with what.
 *
 * Pure; runtime process only.  runtime/seccomp_cache.h has the files.
 */
#ifndef RUNTIME_SECCOMP_ENTRY_H
#define RUNTIME_SECCOMP_ENTRY_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "plan/seccomp.h"

#define SECCOMP_KEY_SIZE_MAX (64u << 10)
#define SECCOMP_LIBRARY_SIZE_MAX 4096u

/* Which file it is, and as which it was last written; zeroes: there is none. */
struct file_id { uint64_t device, inode, size, seconds, nanoseconds; };

/* In front of the program, the key, and the NUL-terminated path of libseccomp. */
struct seccomp_entry_header {
	uint64_t magic;
	uint64_t checksum;       /* of everything behind it */
	uint32_t program_size;
	uint32_t key_size;
	uint32_t library_size;   /* with the NUL */
	uint32_t reserved;
	struct file_id library;
	struct file_id linker_cache;
};

#define SECCOMP_ENTRY_SIZE_MAX \
	(sizeof(struct seccomp_entry_header) + BPF_MAXINSNS * sizeof(struct sock_filter) + SECCOMP_KEY_SIZE_MAX + \
	 SECCOMP_LIBRARY_SIZE_MAX)

/* What a file of the cache says; the pointers are into its bytes. */
struct seccomp_entry {
	const void *program;
	size_t program_size;
	const char *library_path;    /* "": libseccomp is linked in */
	struct file_id library;
	struct file_id linker_cache;
};

/* Finds a name, and damage; nobody's intent is judged by it. */
uint64_t seccomp_entry_hash(const void *bytes, size_t size);

/* Appends an entry to an empty buf.  False: it is none that could be read back. */
bool seccomp_entry_write(const struct seccomp_entry *entry, const struct buf *key, struct buf *bytes);

/*
 * The way back; `bytes` must be 8-aligned.  False for what isn't whole, was made from another key, or holds a program
 * that libseccomp didn't write.
 */
bool seccomp_entry_read(const char *bytes, size_t size, const struct buf *key, struct seccomp_entry *entry);

#endif
