/*
 * runtime/seccomp_entry.c - one file of the cache of compiled seccomp filters, as bytes.
 *
 * Runtime process only; pure.  A filter is what holds a container: what is damaged is no entry.
 */
#include "runtime/seccomp_entry.h"

#include <string.h>

#define MAGIC 0x31304d4f43434553ull /* "SECCOM01" */
#define CHECKED_FROM offsetof(struct seccomp_entry_header, program_size)

_Static_assert(sizeof(struct seccomp_entry_header) % sizeof(uint64_t) == 0, "the program starts 8-aligned");

uint64_t seccomp_entry_hash(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	uint64_t hash = 0xcbf29ce484222325ull ^ size;
	uint64_t word;

	for (; size > 0; at += sizeof(word)) {
		size_t part = size < sizeof(word) ? size : sizeof(word);

		word = 0;
		memcpy(&word, at, part);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
		hash ^= hash >> 29;
		size -= part;
	}
	return hash;
}

bool seccomp_entry_write(const struct seccomp_entry *entry, const struct buf *key, struct buf *bytes)
{
	struct seccomp_entry_header header = {
		.magic = MAGIC,
		.program_size = (uint32_t)entry->program_size,
		.key_size = (uint32_t)key->length,
		.library_size = (uint32_t)strlen(entry->library_path) + 1,
		.library = entry->library,
		.linker_cache = entry->linker_cache,
	};

	if (header.library_size > SECCOMP_LIBRARY_SIZE_MAX || key->length > SECCOMP_KEY_SIZE_MAX ||
	    !plan_seccomp_is_sound(entry->program, entry->program_size))
		return false;
	buf_add(bytes, &header, sizeof(header));
	buf_add(bytes, entry->program, entry->program_size);
	buf_add(bytes, key->data, key->length);
	buf_add(bytes, entry->library_path, header.library_size);
	header.checksum = seccomp_entry_hash(bytes->data + CHECKED_FROM, bytes->length - CHECKED_FROM);
	memcpy(bytes->data, &header, sizeof(header));
	return true;
}

/* The sizes of the parts make up the file's, and nothing was damaged. */
static bool is_whole(const struct seccomp_entry_header *header, const char *bytes, size_t size)
{
	size_t rest = size - sizeof(*header);

	return header->magic == MAGIC && header->program_size <= rest &&
	       header->key_size <= rest - header->program_size && header->library_size > 0 &&
	       header->library_size == rest - header->program_size - header->key_size && bytes[size - 1] == '\0' &&
	       header->checksum == seccomp_entry_hash(bytes + CHECKED_FROM, size - CHECKED_FROM);
}

bool seccomp_entry_read(const char *bytes, size_t size, const struct buf *key, struct seccomp_entry *entry)
{
	struct seccomp_entry_header header;
	const char *program;

	if (size <= sizeof(header))
		return false;
	program = bytes + sizeof(header);
	memcpy(&header, bytes, sizeof(header));
	if (!is_whole(&header, bytes, size))
		return false;
	if (header.key_size != key->length || memcmp(program + header.program_size, key->data, key->length) != 0)
		return false;
	*entry = (struct seccomp_entry){
		.program = program,
		.program_size = header.program_size,
		.library_path = bytes + size - header.library_size,
		.library = header.library,
		.linker_cache = header.linker_cache,
	};
	return plan_seccomp_is_sound(program, header.program_size);
}
