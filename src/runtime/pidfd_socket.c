/*
 * runtime/pidfd_socket.c - hands a pidfd of the container's process to the caller.  Runtime process only.
 */
#include "runtime/pidfd_socket.h"

#include "base/fd.h"
#include "runtime/fd_socket.h"
#include "spec/annotations.h"

int pidfd_sockets_connect(struct pidfd_sockets *sockets, const char *path, const struct str_map *annotations,
                          struct err *err)
{
	const char *receiver = NULL;

	if (annotations)
		receiver = spec_annotation_find(annotations, ANNOTATION_PIDFD_RECEIVER);
	if (path) {
		sockets->option = fd_socket_connect(path, "the pidfd socket", err);
		if (sockets->option < 0)
			return -1;
	}
	if (!receiver)
		return 0;
	if (receiver[0] != '/')
		return err_set(err, ERR_CONFIG, "annotations[\"run.oci.pidfd_receiver\"]: want an absolute path");
	sockets->annotation = fd_socket_connect(receiver, "the run.oci.pidfd_receiver", err);
	return sockets->annotation < 0 ? -1 : 0;
}

int pidfd_sockets_send(const struct pidfd_sockets *sockets, const char *kind, int pidfd, struct err *err)
{
	if (sockets->option >= 0 && fd_socket_send(sockets->option, pidfd, kind, "the pidfd to its socket", err) < 0)
		return -1;
	if (sockets->annotation < 0)
		return 0;
	return fd_socket_send(sockets->annotation, pidfd, kind, "the pidfd to the run.oci.pidfd_receiver", err);
}

void pidfd_sockets_close(struct pidfd_sockets *sockets)
{
	fd_close(&sockets->option);
	fd_close(&sockets->annotation);
}
