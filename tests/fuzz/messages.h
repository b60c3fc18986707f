/*
 * messages.h - an input as messages of one process to the other, for the fuzzers of both receiving sides.
 *
 * One message: a byte with the number of file descriptors and whether the header is made to fit, a byte for the type,
 * two for the length of what follows.
 */
#ifndef TESTS_FUZZ_MESSAGES_H
#define TESTS_FUZZ_MESSAGES_H

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "fuzz.h"
#include "wire/wire.h"

#define MESSAGES_MAX 64
#define MESSAGE_FDS_MAX 70

static inline int messages_null_fd(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	FUZZ_REQUIRE(fd >= 0);
	return fd;
}

/* The lowest number that is free: the same before and after, when no fd was lost. */
static inline int messages_next_fd(void)
{
	int fd = dup(messages_null_fd());

	close(fd);
	return fd;
}

/* The size of a body by its type; 0 for what has none. */
static inline uint32_t messages_body_size(uint32_t type)
{
	switch (type) {
	case WIRE_SLOTS: return sizeof(struct wire_slots);
	case WIRE_AT: return sizeof(struct wire_at);
	case WIRE_CGROUP: return sizeof(struct wire_cgroup);
	case WIRE_LOG: return sizeof(struct wire_log);
	case WIRE_TRACE: return sizeof(struct wire_trace);
	case WIRE_ERROR: return sizeof(struct wire_error);
	default: return 0;
	}
}

static inline int messages_send_one(int socket, const void *bytes, size_t size, unsigned fd_count)
{
	struct iovec part = { (void *)bytes, size };
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(MESSAGE_FDS_MAX * sizeof(int))];
	} control;
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	int *fds;

	if (fd_count > 0) {
		memset(&control, 0, sizeof(control));
		control.header = (struct cmsghdr){ CMSG_LEN(fd_count * sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
		fds = (int *)CMSG_DATA(&control.header);
		for (unsigned i = 0; i < fd_count; i++)
			fds[i] = messages_null_fd();
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -1 : 0;
}

/* Sends what the input says, as far as the socket takes it, and ends the connection in that direction. */
static inline void messages_send(int socket, struct fuzz_input *input)
{
	for (unsigned i = 0; i < MESSAGES_MAX && input->size >= 4; i++) {
		char bytes[sizeof(struct wire_header) + sizeof(struct wire_error) + sizeof(struct wire_cgroup)] = { 0 };
		uint8_t first = fuzz_byte(input), type = fuzz_byte(input) % (WIRE_TYPE_COUNT + 1);
		size_t length = (size_t)fuzz_byte(input) | (size_t)fuzz_byte(input) << 8;
		struct wire_header header = { type, messages_body_size(type) };
		unsigned fd_count = (first & 0x7f) < 4 ? first & 0x7f : (first & 0x7f) % MESSAGE_FDS_MAX;
		size_t room = sizeof(bytes) - sizeof(header);

		length = length < input->size ? length : input->size;
		length = length < room ? length : room;
		memcpy(bytes + sizeof(header), input->data, length);
		input->data += length;
		input->size -= length;
		if ((first & 0x80) != 0)
			header.length = (uint32_t)length;
		else
			length = header.length;
		if ((first & 0x80) == 0 && (type == WIRE_SLOTS || type == WIRE_CGROUP))
			memcpy(bytes + sizeof(header), &fd_count, sizeof(fd_count));
		memcpy(bytes, &header, sizeof(header));
		if (messages_send_one(socket, bytes, sizeof(header) + length, fd_count) < 0)
			break;
	}
	shutdown(socket, SHUT_WR);
}

#endif
