/*
 * runtime/net_message.c - messages of rtnetlink(7) about devices and addresses.
 *
 * Runtime process only; pure.  What is read comes from the kernel, and isn't trusted to fit all the same.
 */
#include "runtime/net_message.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

void net_message_begin(struct net_message *message, uint16_t type, uint16_t flags, const void *header, size_t size)
{
	struct nlmsghdr *start = (struct nlmsghdr *)message->bytes;

	memset(message, 0, sizeof(*message));
	start->nlmsg_type = type;
	start->nlmsg_flags = NLM_F_REQUEST | flags;
	memcpy(NLMSG_DATA(start), header, size);
	message->length = NLMSG_SPACE(size);
	start->nlmsg_len = (uint32_t)message->length;
}

void net_message_add(struct net_message *message, uint16_t type, const void *data, size_t size)
{
	struct rtattr *attribute = (struct rtattr *)(message->bytes + message->length);

	if (size == 0)
		return;
	attribute->rta_type = type;
	attribute->rta_len = (uint16_t)RTA_LENGTH(size);
	memcpy(RTA_DATA(attribute), data, size);
	message->length += RTA_SPACE(size);
	((struct nlmsghdr *)message->bytes)->nlmsg_len = (uint32_t)message->length;
}

void net_message_address(struct net_message *message, uint32_t index, const struct net_address *address)
{
	const uint32_t kept = address->flags & (IFA_F_NODAD | IFA_F_NOPREFIXROUTE | IFA_F_HOMEADDRESS);
	struct ifaddrmsg header = {
		.ifa_family = address->header.ifa_family,
		.ifa_prefixlen = address->header.ifa_prefixlen,
		.ifa_scope = address->header.ifa_scope,
		.ifa_index = index,
	};

	net_message_begin(message, RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, &header, sizeof(header));
	net_message_add(message, IFA_LOCAL, address->local, address->local_size);
	net_message_add(message, IFA_ADDRESS, address->peer, address->peer_size);
	net_message_add(message, IFA_BROADCAST, address->broadcast, address->broadcast_size);
	net_message_add(message, IFA_FLAGS, &kept, sizeof(kept));
}

static int read_error(const struct nlmsghdr *message)
{
	struct nlmsgerr answer;

	if (message->nlmsg_type != NLMSG_ERROR || message->nlmsg_len < NLMSG_LENGTH(sizeof(answer)))
		return -EPROTO;
	memcpy(&answer, NLMSG_DATA(message), sizeof(answer));
	return answer.error;
}

int net_message_result(const void *bytes, size_t size)
{
	const struct nlmsghdr *message = bytes;

	return NLMSG_OK(message, size) ? read_error(message) : -EPROTO;
}

static void take_value(const struct rtattr *attribute, uint8_t value[NET_ADDRESS_SIZE], uint32_t *size)
{
	uint32_t length = RTA_PAYLOAD(attribute);

	if (length > NET_ADDRESS_SIZE)
		return;
	memcpy(value, RTA_DATA(attribute), length);
	*size = length;
}

/*
 * How far the next message or attribute is.  The macros for that (netlink(3)) take a multiple of 4 off the rest, which
 * wraps around when the last one's size is none.
 */
static size_t step(size_t length, size_t rest)
{
	size_t aligned = NLMSG_ALIGN(length);

	return aligned < rest ? aligned : rest;
}

static void take_address(struct arena *arena, const struct nlmsghdr *message, uint32_t index,
			 struct net_address_list *list)
{
	const struct ifaddrmsg *header = NLMSG_DATA(message);
	const struct rtattr *attribute = IFA_RTA(header);
	size_t length = IFA_PAYLOAD(message);
	struct net_address address = { .header = *header, .flags = header->ifa_flags };

	/* What belongs to the link comes anew; what a DHCP client or a router gave is theirs to give again. */
	if (header->ifa_index != index || header->ifa_scope != RT_SCOPE_UNIVERSE)
		return;
	for (size_t used; RTA_OK(attribute, length); length -= used) {
		if (attribute->rta_type == IFA_LOCAL)
			take_value(attribute, address.local, &address.local_size);
		else if (attribute->rta_type == IFA_ADDRESS)
			take_value(attribute, address.peer, &address.peer_size);
		else if (attribute->rta_type == IFA_BROADCAST)
			take_value(attribute, address.broadcast, &address.broadcast_size);
		else if (attribute->rta_type == IFA_FLAGS && RTA_PAYLOAD(attribute) == sizeof(address.flags))
			memcpy(&address.flags, RTA_DATA(attribute), sizeof(address.flags));
		used = step(attribute->rta_len, length);
		attribute = (const struct rtattr *)((const char *)attribute + used);
	}
	if (!(address.flags & IFA_F_PERMANENT))
		return;
	list->items = arena_grow(arena, list->items, list->count, sizeof(address));
	list->items[list->count++] = address;
}

int net_message_addresses(struct arena *arena, const void *bytes, size_t size, uint32_t index,
			  struct net_address_list *list, bool *is_done)
{
	const struct nlmsghdr *message = bytes;

	for (size_t used; NLMSG_OK(message, size); size -= used) {
		*is_done = message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR;
		if (*is_done)
			return message->nlmsg_type == NLMSG_DONE ? 0 : read_error(message);
		if (message->nlmsg_type == RTM_NEWADDR &&
		    message->nlmsg_len >= NLMSG_LENGTH(sizeof(struct ifaddrmsg)))
			take_address(arena, message, index, list);
		used = step(message->nlmsg_len, size);
		message = (const struct nlmsghdr *)((const char *)message + used);
	}
	return 0;
}
