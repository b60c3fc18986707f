/*
 * runtime/net_device.c - linux.netDevices by rtnetlink(7).
 *
 * Runtime process only.  It must not stay in the container's network namespace: a socket made there keeps belonging
 * to it, so runlet is inside for the making of one socket.
 */
#include "runtime/net_device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/fd.h"
#include "base/trace.h"
#include "json/decode.h"
#include "runtime/net_message.h"
#include "sys/file.h"
#include "sys/process.h"
#include "sys/socket.h"

/* The kernel fills up to 32 KiB for a dump (netlink(7)). */
#define DUMP_SIZE 32768

/* --- netlink --- */

static ssize_t message_send(int socket, struct net_message *message)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct iovec part = { message->bytes, message->length };
	struct msghdr header = {
		.msg_name = &kernel, .msg_namelen = sizeof(kernel), .msg_iov = &part, .msg_iovlen = 1,
	};

	return sys_sendmsg(socket, &header, 0);
}

/*
 * Only what the kernel says: who has CAP_NET_ADMIN in a network namespace that the container shares may send to the
 * socket inside, too (netlink(7)).
 */
/* The kernel writes to the buffer, through the iovec. NOLINTNEXTLINE(readability-non-const-parameter) */
static ssize_t receive(int socket, char *buffer, size_t size)
{
	for (;;) {
		struct sockaddr_nl sender = { .nl_family = AF_UNSPEC };
		struct iovec part = { buffer, size };
		struct msghdr header = {
			.msg_name = &sender, .msg_namelen = sizeof(sender), .msg_iov = &part, .msg_iovlen = 1,
		};
		ssize_t length = sys_recvmsg(socket, &header, 0);

		if (length < 0)
			return length;
		if (header.msg_namelen != sizeof(sender) || sender.nl_pid != 0)
			continue;
		return header.msg_flags & MSG_TRUNC ? -EMSGSIZE : length;
	}
}

/* Sends and waits for the acknowledgement: 0 or -errno. */
static int message_call(int socket, struct net_message *message)
{
	_Alignas(NLMSG_ALIGNTO) char buffer[NET_MESSAGE_SIZE * 4];
	ssize_t length = message_send(socket, message);

	if (length >= 0)
		length = receive(socket, buffer, sizeof(buffer));
	return length < 0 ? (int)length : net_message_result(buffer, (size_t)length);
}

/* --- addresses --- */

static int read_addresses(struct arena *arena, int socket, uint32_t index, struct net_address_list *list)
{
	char *buffer = arena_alloc(arena, DUMP_SIZE);
	struct ifaddrmsg all = { .ifa_family = AF_UNSPEC };
	struct net_message request;
	bool is_done = false;
	ssize_t length;
	int result;

	net_message_begin(&request, RTM_GETADDR, NLM_F_DUMP, &all, sizeof(all));
	length = message_send(socket, &request);
	while (length >= 0 && !is_done) {
		length = receive(socket, buffer, DUMP_SIZE);
		if (length < 0)
			break;
		result = net_message_addresses(arena, buffer, (size_t)length, index, list, &is_done);
		if (result < 0)
			return result;
	}
	return length < 0 ? (int)length : 0;
}

static int add_address(int socket, uint32_t index, const struct net_address *address)
{
	struct net_message request;

	net_message_address(&request, index, address);
	return message_call(socket, &request);
}

/* --- devices --- */

static int find_index(int socket, const char *name, uint32_t *index)
{
	struct ifreq request = { 0 };
	int result;

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	result = sys_ioctl(socket, SIOCGIFINDEX, &request);
	*index = (uint32_t)request.ifr_ifindex;
	return result;
}

static int move_link(int socket, uint32_t index, const char *name, int ns_fd)
{
	struct ifinfomsg header = { .ifi_family = AF_UNSPEC, .ifi_index = (int)index };
	uint32_t ns = (uint32_t)ns_fd;
	struct net_message request;

	net_message_begin(&request, RTM_NEWLINK, NLM_F_ACK, &header, sizeof(header));
	net_message_add(&request, IFLA_NET_NS_FD, &ns, sizeof(ns));
	net_message_add(&request, IFLA_IFNAME, name, strlen(name) + 1);
	return message_call(socket, &request);
}

static int set_up(int socket, const char *name)
{
	struct ifreq request = { 0 };
	int result;

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	result = sys_ioctl(socket, SIOCGIFFLAGS, &request);
	request.ifr_flags |= IFF_UP;
	return result < 0 ? result : sys_ioctl(socket, SIOCSIFFLAGS, &request);
}

static int open_netlink(void)
{
	return sys_socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
}

static int open_inside(int ns_fd, struct err *err)
{
	_cleanup_fd_ int own = sys_openat(AT_FDCWD, "/proc/self/ns/net", O_RDONLY | O_CLOEXEC, 0);
	_cleanup_fd_ int inside = -1;
	int result;

	if (own < 0)
		return err_sys(err, own, "open /proc/self/ns/net");
	result = sys_setns(ns_fd, CLONE_NEWNET);
	if (result < 0)
		return err_sys(err, result, "setns to the container's network namespace");
	inside = open_netlink();
	result = sys_setns(own, CLONE_NEWNET);
	if (result < 0)
		return err_sys(err, result, "setns back to the host's network namespace");
	if (inside < 0)
		return err_sys(err, inside, "netlink socket in the container's network namespace");
	return fd_take(&inside);
}

static int move_device(const struct spec_net_device *device, int outside, int inside, int ns_fd, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("move a network device", device->host_name);
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const char *name = device->name ? device->name : device->host_name;
	struct net_address_list addresses = { NULL, 0 };
	uint32_t index, taken;
	int result = find_index(outside, device->host_name, &index);

	if (result < 0)
		return err_sys(err, result, "find the network device");
	/* The kernel would move the device first and then fail to rename it. */
	if (find_index(inside, name, &taken) >= 0)
		return err_set(err, ERR_CONFIG, "the container's network namespace has a device %s already", name);
	result = read_addresses(&arena, outside, index, &addresses);
	if (result < 0)
		return err_sys(err, result, "read the addresses of the network device");
	result = move_link(outside, index, name, ns_fd);
	if (result < 0)
		return err_sys(err, result, "move the network device into the container's network namespace");
	result = find_index(inside, name, &index);
	for (size_t i = 0; i < addresses.count && result >= 0; i++)
		result = add_address(inside, index, &addresses.items[i]);
	if (result < 0)
		return err_sys(err, result, "give %s its addresses", name);
	result = set_up(inside, name);
	return result < 0 ? err_sys(err, result, "set %s up", name) : 0;
}

int net_devices_move(const struct bundle *bundle, pid_t pid, struct err *err)
{
	const struct spec_net_device_list *devices = &bundle->spec.linux->net_devices;
	_cleanup_fd_ int ns_fd = -1, outside = -1, inside = -1;
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	char path[48];

	if (devices->count == 0)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	ns_fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (ns_fd < 0)
		return err_sys(err, ns_fd, "open %s", path);
	outside = open_netlink();
	if (outside < 0)
		return err_sys(err, outside, "netlink socket");
	inside = open_inside(ns_fd, err);
	if (inside < 0)
		return -1;
	for (size_t i = 0; i < devices->count; i++) {
		const struct spec_net_device *device = &devices->items[i];

		if (move_device(device, outside, inside, ns_fd, err) < 0)
			return bundle_locate(bundle, json_path_key(&arena, "linux.netDevices", device->host_name), err);
	}
	return 0;
}
