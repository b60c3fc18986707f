/*
 * fuzz_netlink.c - the kernel's answers about network addresses (runtime/net_message.c).
 *
 * Oracles: nothing outside of the answer is read; an address that is to move makes a request that reads back as the
 * same address.
 */
#include <linux/rtnetlink.h>

#include "fuzz.h"
#include "runtime/net_message.h"

#define INDEX 2

static void check_again(struct arena *arena, const struct net_address *address)
{
	struct net_address_list list = { NULL, 0 };
	struct net_message message;
	bool is_done = false;
	uint32_t permanent = IFA_F_PERMANENT;
	const struct net_address *again;

	net_message_address(&message, INDEX, address);
	FUZZ_REQUIRE(message.length <= sizeof(message.bytes));
	/* The last flags count. */
	net_message_add(&message, IFA_FLAGS, &permanent, sizeof(permanent));
	FUZZ_REQUIRE(net_message_addresses(arena, message.bytes, message.length, INDEX, &list, &is_done) == 0);
	FUZZ_REQUIRE(list.count == 1 && !is_done);
	again = &list.items[0];
	FUZZ_REQUIRE(again->header.ifa_family == address->header.ifa_family);
	FUZZ_REQUIRE(again->header.ifa_prefixlen == address->header.ifa_prefixlen);
	FUZZ_REQUIRE(again->local_size == address->local_size && again->peer_size == address->peer_size);
	FUZZ_REQUIRE(memcmp(again->local, address->local, address->local_size) == 0);
	FUZZ_REQUIRE(memcmp(again->peer, address->peer, address->peer_size) == 0);
	FUZZ_REQUIRE(memcmp(again->broadcast, address->broadcast, address->broadcast_size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct net_address_list list = { NULL, 0 };
	bool is_done = false;
	char *bytes = malloc(size + (size == 0));

	if (!bytes)
		abort();
	if (size > 0)
		memcpy(bytes, data, size);
	(void)net_message_result(bytes, size);
	(void)net_message_addresses(&arena, bytes, size, INDEX, &list, &is_done);
	free(bytes);
	for (size_t i = 0; i < list.count; i++) {
		FUZZ_REQUIRE(list.items[i].local_size <= NET_ADDRESS_SIZE);
		FUZZ_REQUIRE(list.items[i].flags & IFA_F_PERMANENT);
		check_again(&arena, &list.items[i]);
	}
	return 0;
}
