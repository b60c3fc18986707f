/*
 * ops/last_words.c - what init can still say when a filter forbids it to say anything.
 *
 * Init process only.  It must not be needed: where there is no page, an exit status tells less.
 */
#include "ops/last_words.h"

#include <linux/memfd.h>
#include <string.h>
#include <sys/mman.h>

#include "base/fd.h"
#include "sys/file.h"
#include "sys/process.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

int last_words_open(struct init_context *context)
{
	struct wire_error nothing;
	_cleanup_fd_ int fd = sys_memfd_create("runlet-words", MFD_CLOEXEC | MFD_NOEXEC_SEAL);
	void *page;

	/* Before Linux 6.3. */
	if (fd < 0)
		fd = sys_memfd_create("runlet-words", MFD_CLOEXEC);
	memset(&nothing, 0, sizeof(nothing));
	if (fd < 0 || sys_write(fd, &nothing, sizeof(nothing)) != (ssize_t)sizeof(nothing))
		return -1;
	page = sys_mmap(NULL, sizeof(nothing), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if ((unsigned long)page >= (unsigned long)-4095)
		return -1;
	context->last_words = page;
	return fd_take(&fd);
}

void last_words_write(const struct init_context *context, const struct wire_error *error)
{
	if (context->last_words)
		memcpy(context->last_words, error, sizeof(*error));
}
