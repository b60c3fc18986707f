/*
 * runtime/net_message.h - messages of rtnetlink(7) about devices and addresses: how they are built, and read.
 *
 * Pure: no sockets.  Runtime process only.
 */
#ifndef RUNTIME_NET_MESSAGE_H
#define RUNTIME_NET_MESSAGE_H

#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define NET_MESSAGE_SIZE 512
#define NET_ADDRESS_SIZE 16

struct net_message {
	_Alignas(NLMSG_ALIGNTO) char bytes[NET_MESSAGE_SIZE];
	size_t length;
};

struct net_address {
	struct ifaddrmsg header;
	uint32_t flags;
	uint8_t local[NET_ADDRESS_SIZE], peer[NET_ADDRESS_SIZE], broadcast[NET_ADDRESS_SIZE];
	uint32_t local_size, peer_size, broadcast_size;
};
struct net_address_list { struct net_address *items; size_t count; };

/* Starts a request: `header` is what the type has behind struct nlmsghdr. */
void net_message_begin(struct net_message *message, uint16_t type, uint16_t flags, const void *header, size_t size);

/* Adds an attribute; one of no bytes is left out. */
void net_message_add(struct net_message *message, uint16_t type, const void *data, size_t size);

/* The request that gives an address to a device. */
void net_message_address(struct net_message *message, uint32_t index, const struct net_address *address);

/* What the kernel answers to a request with NLM_F_ACK: 0 or -errno; -EPROTO for what is none.  bytes: 4-aligned. */
int net_message_result(const void *bytes, size_t size);

/*
 * Adds the addresses of one device, out of a piece of the dump of all, that are to move with it: permanent ones that
 * don't belong to the link.  *is_done: this was the last piece.  Returns 0 or -errno.
 */
int net_message_addresses(struct arena *arena, const void *bytes, size_t size, uint32_t index,
			  struct net_address_list *list, bool *is_done);

#endif
