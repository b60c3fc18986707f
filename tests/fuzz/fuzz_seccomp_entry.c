/*
 * fuzz_seccomp_entry.c - any bytes as a file of the cache of seccomp filters.
 *
 * With an odd first byte, magic, sizes and checksum are made to fit.  Oracles: what is read is written as the same
 * bytes; the kernel takes each program that counts as sound, and it ends with a return whatever the system call is.
 */
#include <linux/seccomp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "runtime/seccomp_entry.h"

static const struct buf key = { (char *)"key", 3, 4 };
#define KEY_SIZE 3

static void fit_header(char *bytes, size_t size)
{
	struct seccomp_entry_header header;
	size_t rest = size - sizeof(header) - KEY_SIZE - 1;

	memcpy(&header, bytes, sizeof(header));
	memcpy(&header.magic, "SECCOM01", sizeof(header.magic));
	header.program_size = (uint32_t)(rest - rest % sizeof(struct sock_filter));
	header.key_size = KEY_SIZE;
	header.library_size = (uint32_t)(size - sizeof(header) - header.program_size - KEY_SIZE);
	header.reserved = 0;
	bytes[size - 1] = '\0';
	memcpy(bytes + sizeof(header) + header.program_size, key.data, KEY_SIZE);
	memcpy(bytes, &header, sizeof(header));
	header.checksum = seccomp_entry_hash(bytes + offsetof(struct seccomp_entry_header, program_size),
					     size - offsetof(struct seccomp_entry_header, program_size));
	memcpy(bytes, &header, sizeof(header));
}

static uint32_t compare(uint16_t code, uint32_t left, uint32_t right)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ: return left == right;
	case BPF_JGT: return left > right;
	case BPF_JGE: return left >= right;
	default: FUZZ_REQUIRE(BPF_OP(code) == BPF_JSET); return (left & right) != 0;
	}
}

static void run(const struct sock_filter *insns, size_t count, const struct seccomp_data *call)
{
	uint32_t value = 0;

	for (size_t at = 0;; at++) {
		const struct sock_filter *insn;

		FUZZ_REQUIRE(at < count);
		insn = &insns[at];
		if (BPF_CLASS(insn->code) == BPF_RET)
			return;
		if (BPF_CLASS(insn->code) == BPF_LD) {
			FUZZ_REQUIRE(insn->k <= sizeof(*call) - sizeof(value));
			memcpy(&value, (const char *)call + insn->k, sizeof(value));
		} else if (BPF_CLASS(insn->code) == BPF_ALU) {
			value &= insn->k;
		} else if (BPF_OP(insn->code) == BPF_JA) {
			at += insn->k;
		} else {
			at += compare(insn->code, value, insn->k) ? insn->jt : insn->jf;
		}
	}
}

/* The kernel's checker of classic programs, the same for sockets and for seccomp(2). */
static void check_kernel(const void *program, size_t size)
{
	struct sock_fprog filter = { (unsigned short)(size / sizeof(struct sock_filter)), (void *)program };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	FUZZ_REQUIRE(fd >= 0);
	/* A long one may be more than a socket's memory. */
	if (filter.len <= 512)
		FUZZ_REQUIRE(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) == 0);
	close(fd);
}

static void check(const struct seccomp_entry *entry, const char *bytes, size_t size)
{
	static const struct seccomp_data calls[] = {
		{ .nr = 0, .arch = 0xc000003e }, { .nr = 59, .arch = 0xc000003e, .args = { 1, UINT64_MAX } },
		{ .nr = -1, .arch = 0x40000003 }, { .nr = 0x40000000, .arch = 0xc00000b7, .args = { 5, 6, 7, 8, 9 } },
	};
	_cleanup_buf_ struct buf again = BUF_INIT;

	FUZZ_REQUIRE(entry->program_size > 0 && entry->library_path > (const char *)entry->program);
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		run(entry->program, entry->program_size / sizeof(struct sock_filter), &calls[i]);
	check_kernel(entry->program, entry->program_size);
	if (strlen(entry->library_path) + 1 != size - (size_t)(entry->library_path - bytes))
		return;
	FUZZ_REQUIRE(seccomp_entry_write(entry, &key, &again));
	FUZZ_REQUIRE(again.length == size);
	/* The checksum and a field that is reserved are not the entry's. */
	FUZZ_REQUIRE(memcmp(again.data + sizeof(struct seccomp_entry_header),
			    bytes + sizeof(struct seccomp_entry_header),
			    size - sizeof(struct seccomp_entry_header)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seccomp_entry entry;
	char *bytes;

	if (size < 2)
		return 0;
	bytes = malloc(size - 1);
	if (!bytes)
		abort();
	memcpy(bytes, data + 1, size - 1);
	if ((data[0] & 1) != 0 && size - 1 > sizeof(struct seccomp_entry_header) + KEY_SIZE + 1)
		fit_header(bytes, size - 1);
	if (seccomp_entry_read(bytes, size - 1, &key, &entry))
		check(&entry, bytes, size - 1);
	free(bytes);
	return 0;
}
