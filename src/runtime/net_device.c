/*
 * runtime/net_device.c - linux.netDevices by rtnetlink(7).
 *
 * Runtime process only.  It must not stay in the container's network namespace: a socket made there keeps belonging
 * to it, so runlet is inside for the making of one socket.
 */
#include "runtime/net_device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
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
#include "sys/file.h"
#include "sys/process.h"
#include "sys/socket.h"

#define MESSAGE_SIZE 512
/* The kernel fills up to 32 KiB for a dump (netlink(7)). */
#define DUMP_SIZE 32768
#define ADDRESS_SIZE 16

struct address {
	struct ifaddrmsg header;
	uint32_t flags;
	uint8_t local[ADDRESS_SIZE], peer[ADDRESS_SIZE], broadcast[ADDRESS_SIZE];
	uint32_t local_size, peer_size, broadcast_size;
};
struct address_list { struct address *items; size_t count; };

struct message {
	_Alignas(NLMSG_ALIGNTO) char bytes[MESSAGE_SIZE];
	size_t length;
};

/* --- netlink --- */

static void message_begin(struct message *message, uint16_t type, uint16_t flags, const void *header, size_t size)
{
	struct nlmsghdr *start = (struct nlmsghdr *)message->bytes;

	memset(message, 0, sizeof(*message));
	start->nlmsg_type = type;
	start->nlmsg_flags = NLM_F_REQUEST | flags;
	memcpy(NLMSG_DATA(start), header, size);
	message->length = NLMSG_SPACE(size);
}

static void message_add(struct message *message, uint16_t type, const void *data, size_t size)
{
	struct rtattr *attribute = (struct rtattr *)(message->bytes + message->length);

	if (size == 0)
		return;
	attribute->rta_type = type;
	attribute->rta_len = (uint16_t)RTA_LENGTH(size);
	memcpy(RTA_DATA(attribute), data, size);
	message->length += RTA_SPACE(size);
}

static ssize_t message_send(int socket, struct message *message)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct iovec part = { message->bytes, message->length };
	struct msghdr header = {
		.msg_name = &kernel, .msg_namelen = sizeof(kernel), .msg_iov = &part, .msg_iovlen = 1,
	};

	((struct nlmsghdr *)message->bytes)->nlmsg_len = (uint32_t)message->length;
	return sys_sendmsg(socket, &header, 0);
}

/*
 * Only what the kernel says: who has CAP_NET_ADMIN in a network namespace that the container shares may send to the
 * socket inside, too (netlink(7)).
 */
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

/* The kernel's answer, 0 or -errno; -EPROTO for what is none. */
static int read_error(const struct nlmsghdr *message)
{
	struct nlmsgerr answer;

	if (message->nlmsg_type != NLMSG_ERROR || message->nlmsg_len < NLMSG_LENGTH(sizeof(answer)))
		return -EPROTO;
	memcpy(&answer, NLMSG_DATA(message), sizeof(answer));
	return answer.error;
}

/* Sends and waits for the acknowledgement: 0 or -errno. */
static int message_call(int socket, struct message *message)
{
	_Alignas(NLMSG_ALIGNTO) char buffer[MESSAGE_SIZE * 4];
	const struct nlmsghdr *answer = (const struct nlmsghdr *)buffer;
	ssize_t length = message_send(socket, message);

	if (length >= 0)
		length = receive(socket, buffer, sizeof(buffer));
	if (length < 0)
		return (int)length;
	return NLMSG_OK(answer, (size_t)length) ? read_error(answer) : -EPROTO;
}

/* --- addresses --- */

static void take_value(const struct rtattr *attribute, uint8_t value[ADDRESS_SIZE], uint32_t *size)
{
	uint32_t length = RTA_PAYLOAD(attribute);

	if (length > ADDRESS_SIZE)
		return;
	memcpy(value, RTA_DATA(attribute), length);
	*size = length;
}

static void take_address(struct arena *arena, const struct nlmsghdr *message, uint32_t index, struct address_list *list)
{
	const struct ifaddrmsg *header = NLMSG_DATA(message);
	const struct rtattr *attribute = IFA_RTA(header);
	size_t length = IFA_PAYLOAD(message);
	struct address address = { .header = *header, .flags = header->ifa_flags };

	/* What belongs to the link comes anew; what a DHCP client or a router gave is theirs to give again. */
	if (header->ifa_index != index || header->ifa_scope != RT_SCOPE_UNIVERSE)
		return;
	for (; RTA_OK(attribute, length); attribute = RTA_NEXT(attribute, length)) {
		if (attribute->rta_type == IFA_LOCAL)
			take_value(attribute, address.local, &address.local_size);
		else if (attribute->rta_type == IFA_ADDRESS)
			take_value(attribute, address.peer, &address.peer_size);
		else if (attribute->rta_type == IFA_BROADCAST)
			take_value(attribute, address.broadcast, &address.broadcast_size);
		else if (attribute->rta_type == IFA_FLAGS && RTA_PAYLOAD(attribute) == sizeof(address.flags))
			memcpy(&address.flags, RTA_DATA(attribute), sizeof(address.flags));
	}
	if (!(address.flags & IFA_F_PERMANENT))
		return;
	list->items = arena_grow(arena, list->items, list->count, sizeof(address));
	list->items[list->count++] = address;
}

static int read_addresses(struct arena *arena, int socket, uint32_t index, struct address_list *list)
{
	char *buffer = arena_alloc(arena, DUMP_SIZE);
	struct ifaddrmsg all = { .ifa_family = AF_UNSPEC };
	struct message request;
	ssize_t length;

	message_begin(&request, RTM_GETADDR, NLM_F_DUMP, &all, sizeof(all));
	length = message_send(socket, &request);
	while (length >= 0) {
		length = receive(socket, buffer, DUMP_SIZE);
		if (length < 0)
			break;
		size_t rest = (size_t)length;
		const struct nlmsghdr *message = (const struct nlmsghdr *)buffer;
		for (; NLMSG_OK(message, rest); message = NLMSG_NEXT(message, rest)) {
			if (message->nlmsg_type == NLMSG_DONE)
				return 0;
			if (message->nlmsg_type == NLMSG_ERROR)
				return read_error(message);
			if (message->nlmsg_type == RTM_NEWADDR && message->nlmsg_len >= NLMSG_LENGTH(sizeof(all)))
				take_address(arena, message, index, list);
		}
	}
	return (int)length;
}

static int add_address(int socket, uint32_t index, const struct address *address)
{
	const uint32_t kept = address->flags & (IFA_F_NODAD | IFA_F_NOPREFIXROUTE | IFA_F_HOMEADDRESS);
	struct ifaddrmsg header = {
		.ifa_family = address->header.ifa_family,
		.ifa_prefixlen = address->header.ifa_prefixlen,
		.ifa_scope = address->header.ifa_scope,
		.ifa_index = index,
	};
	struct message request;

	message_begin(&request, RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, &header, sizeof(header));
	message_add(&request, IFA_LOCAL, address->local, address->local_size);
	message_add(&request, IFA_ADDRESS, address->peer, address->peer_size);
	message_add(&request, IFA_BROADCAST, address->broadcast, address->broadcast_size);
	message_add(&request, IFA_FLAGS, &kept, sizeof(kept));
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
	struct message request;

	message_begin(&request, RTM_NEWLINK, NLM_F_ACK, &header, sizeof(header));
	message_add(&request, IFLA_NET_NS_FD, &ns, sizeof(ns));
	message_add(&request, IFLA_IFNAME, name, strlen(name) + 1);
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
	struct address_list addresses = { NULL, 0 };
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
