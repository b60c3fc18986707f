/*
 * notify.c - both ends of sd_notify(3), for tests; static, so that it runs in the container as well.
 *
 * notify listen PATH: prints what arrives on a datagram socket.  notify send PATH TEXT: sends one datagram.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int listen_at(int fd, const struct sockaddr_un *address)
{
	char buffer[4096];
	ssize_t length;

	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
		return 1;
	while ((length = recv(fd, buffer, sizeof(buffer), 0)) >= 0) {
		printf("%.*s\n", (int)length, buffer);
		fflush(stdout);
	}
	return 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int status = 1;

	if (argc < 3 || strlen(argv[2]) >= sizeof(address.sun_path))
		return 2;
	strcpy(address.sun_path, argv[2]);
	if (strcmp(argv[1], "listen") == 0)
		status = listen_at(fd, &address);
	else if (argc == 4)
		status = sendto(fd, argv[3], strlen(argv[3]), 0, (struct sockaddr *)&address, sizeof(address)) < 0;
	if (status)
		perror("notify");
	return status;
}
