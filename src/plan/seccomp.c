/*
 * plan/seccomp.c - linux.seccomp to the bytes of a filter, by libseccomp.
 *
 * Runs in the runtime process; with seccomp_library.c the only file that knows libseccomp.  It must not load the
 * filter, which is init's to load.
 */
#include "plan/seccomp.h"

#include <ctype.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/seccomp_flags.h"
#include "seccomp_library.h"
#include "seccomp_stub.h"

#define ORIGIN "linux.seccomp"
#define ERRNO_MAX 4095u
#define ARG_COUNT 6
/* From so many system calls on a binary tree is faster for the container than a list (runc). */
#define TREE_FROM 8
/* The kernel's limit for a filter, BPF_MAXINSNS. */
#define INSNS_MAX 4096

struct compiler {
	struct arena *arena;
	const struct spec_seccomp *seccomp;
	struct seccomp_library library;
	scmp_filter_ctx context;
	uint32_t default_action;      /* libseccomp's number, with the errno in it */
	uint32_t *archs;              /* SCMP_ARCH_* tokens in the filter; native first */
	size_t arch_count;
	struct err *err;
};

static void compiler_free(struct compiler *compiler)
{
	if (compiler->context != NULL)
		compiler->library.release(compiler->context);
}

#define _cleanup_compiler_ __attribute__((cleanup(compiler_free)))

/* --- words to libseccomp's numbers --- */

static const uint32_t actions[] = {
	[SECCOMP_ACT_KILL_THREAD] = SCMP_ACT_KILL_THREAD,
	[SECCOMP_ACT_KILL_PROCESS] = SCMP_ACT_KILL_PROCESS,
	[SECCOMP_ACT_TRAP] = SCMP_ACT_TRAP,
	[SECCOMP_ACT_ERRNO] = SCMP_ACT_ERRNO(0),
	[SECCOMP_ACT_TRACE] = SCMP_ACT_TRACE(0),
	[SECCOMP_ACT_ALLOW] = SCMP_ACT_ALLOW,
	[SECCOMP_ACT_LOG] = SCMP_ACT_LOG,
	[SECCOMP_ACT_NOTIFY] = SCMP_ACT_NOTIFY,
};

static const enum scmp_compare compares[] = {
	[SECCOMP_OP_NE] = SCMP_CMP_NE,
	[SECCOMP_OP_LT] = SCMP_CMP_LT,
	[SECCOMP_OP_LE] = SCMP_CMP_LE,
	[SECCOMP_OP_EQ] = SCMP_CMP_EQ,
	[SECCOMP_OP_GE] = SCMP_CMP_GE,
	[SECCOMP_OP_GT] = SCMP_CMP_GT,
	[SECCOMP_OP_MASKED_EQ] = SCMP_CMP_MASKED_EQ,
};

/* An action with its number; where: the JSON path of the object that holds both. */
static int action_resolve(const struct compiler *compiler, const char *where, const char *key, uint32_t action,
			  const struct opt_u32 *errno_ret, uint32_t *resolved)
{
	bool has_number = action == SECCOMP_ACT_ERRNO || action == SECCOMP_ACT_TRACE;
	uint32_t number = errno_ret->is_set ? errno_ret->value : EPERM;

	if (action >= sizeof(actions) / sizeof(actions[0]))
		return err_set(compiler->err, ERR_BUG, "%s: action %u", where, action);
	if (errno_ret->is_set && !has_number)
		return err_set(compiler->err, ERR_CONFIG, "%s.%s: this action takes no number", where, key);
	if (has_number && number > (action == SECCOMP_ACT_ERRNO ? ERRNO_MAX : UINT16_MAX))
		return err_set(compiler->err, ERR_CONFIG, "%s.%s: %u is too large", where, key, number);
	*resolved = has_number ? actions[action] | number : actions[action];
	return 0;
}

/* --- architectures --- */

/* "SCMP_ARCH_X86_64" to libseccomp's "x86_64"; 0 for one that it doesn't know. */
static uint32_t arch_resolve(const struct seccomp_library *library, const char *word)
{
	static const char prefix[] = "SCMP_ARCH_";
	char name[32] = "";
	size_t length = sizeof(prefix) - 1;

	if (strncmp(word, prefix, length) == 0)
		word += length;
	for (size_t i = 0; word[i] != '\0' && i + 1 < sizeof(name); i++)
		name[i] = (char)tolower((unsigned char)word[i]);
	return library->arch_resolve_name(name);
}

static int archs_add(struct compiler *compiler)
{
	const struct str_list *list = &compiler->seccomp->architectures;

	compiler->archs = arena_alloc_array(compiler->arena, list->count + 1, sizeof(*compiler->archs));
	compiler->archs[compiler->arch_count++] = compiler->library.arch_native();
	for (size_t i = 0; i < list->count; i++) {
		uint32_t arch = arch_resolve(&compiler->library, list->items[i]);
		int result;

		if (arch == 0) {
			log_debug(ORIGIN ".architectures[%zu]: libseccomp doesn't know %s", i, list->items[i]);
			continue;
		}
		result = compiler->library.arch_add(compiler->context, arch);
		if (result == -EEXIST)
			continue;
		if (result < 0)
			return err_set(compiler->err, ERR_CONFIG,
				       ORIGIN ".architectures[%zu]: %s and this machine can't share a filter",
				       i, list->items[i]);
		compiler->archs[compiler->arch_count++] = arch;
	}
	return 0;
}

/* --- rules --- */

struct conditions { struct scmp_arg_cmp items[ARG_COUNT * 8]; unsigned count; bool has_repeated; };

static int conditions_read(const struct compiler *compiler, size_t rule_index, const struct spec_seccomp_arg_list *list,
			   struct conditions *conditions)
{
	unsigned used = 0;

	conditions->count = 0;
	conditions->has_repeated = false;
	if (list->count > sizeof(conditions->items) / sizeof(conditions->items[0]))
		return err_set(compiler->err, ERR_CONFIG, ORIGIN ".syscalls[%zu].args: %zu are too many", rule_index,
			       list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct spec_seccomp_arg *arg = &list->items[i];

		if (arg->index >= ARG_COUNT)
			return err_set(compiler->err, ERR_CONFIG,
				       ORIGIN ".syscalls[%zu].args[%zu].index: want 0 to 5, got %u", rule_index, i,
				       arg->index);
		if (arg->op >= sizeof(compares) / sizeof(compares[0]))
			return err_set(compiler->err, ERR_BUG, ORIGIN ".syscalls[%zu].args[%zu].op", rule_index, i);
		conditions->has_repeated = conditions->has_repeated || (used & 1u << arg->index) != 0;
		used |= 1u << arg->index;
		conditions->items[conditions->count++] =
			(struct scmp_arg_cmp){ arg->index, compares[arg->op], arg->value, arg->value_two };
	}
	return 0;
}

static int rule_add(const struct compiler *compiler, uint32_t action, int number, const struct scmp_arg_cmp *items,
		    unsigned count, const char *name, size_t rule_index)
{
	int result = compiler->library.rule_add_array(compiler->context, action, number, count, items);

	if (result < 0 && action == SCMP_ACT_NOTIFY && result != -EEXIST)
		return err_sys(compiler->err, result,
			       ORIGIN ".syscalls[%zu]: libseccomp or this kernel has no SCMP_ACT_NOTIFY", rule_index);
	/* The same rule twice is harmless. */
	if (result < 0 && result != -EEXIST)
		return err_sys(compiler->err, result, ORIGIN ".syscalls[%zu]: libseccomp refuses the rule for %s",
			       rule_index, name);
	return 0;
}

static int syscall_add(const struct compiler *compiler, uint32_t action, const struct conditions *conditions,
		       const char *name, size_t rule_index)
{
	int number = compiler->library.syscall_resolve_name(name);

	if (number == __NR_SCMP_ERROR) {
		log_debug(ORIGIN ".syscalls[%zu]: libseccomp doesn't know the system call %s", rule_index, name);
		return 0;
	}
	if (!conditions->has_repeated)
		return rule_add(compiler, action, number, conditions->items, conditions->count, name, rule_index);
	/*
	 * libseccomp takes one condition an argument; with several, any of them is enough, as runc does and profiles
	 * rely on.
	 */
	for (unsigned i = 0; i < conditions->count; i++)
		if (rule_add(compiler, action, number, &conditions->items[i], 1, name, rule_index) < 0)
			return -1;
	return 0;
}

static int rules_add(const struct compiler *compiler)
{
	const struct spec_seccomp_rule_list *list = &compiler->seccomp->syscalls;

	for (size_t i = 0; i < list->count; i++) {
		const struct spec_seccomp_rule *rule = &list->items[i];
		struct conditions conditions;
		uint32_t action;

		if (action_resolve(compiler, arena_printf(compiler->arena, ORIGIN ".syscalls[%zu]", i), "errnoRet",
				   rule->action, &rule->errno_ret, &action) < 0 ||
		    conditions_read(compiler, i, &rule->args, &conditions) < 0)
			return -1;
		/* What happens anyway needs no rule, and libseccomp refuses one. */
		if (action == compiler->default_action)
			continue;
		for (size_t n = 0; n < rule->names.count; n++)
			if (syscall_add(compiler, action, &conditions, rule->names.items[n], i) < 0)
				return -1;
	}
	return 0;
}

static size_t names_count(const struct spec_seccomp *seccomp)
{
	size_t count = 0;

	for (size_t i = 0; i < seccomp->syscalls.count; i++)
		count += seccomp->syscalls.items[i].names.count;
	return count;
}

/* --- the -ENOSYS stub --- */

/* The highest number that any rule names on an architecture. */
static uint32_t last_named(const struct compiler *compiler, uint32_t arch, uint32_t base)
{
	const struct spec_seccomp_rule_list *list = &compiler->seccomp->syscalls;
	uint32_t last = base + SECCOMP_STUB_FIRST - 1;

	for (size_t i = 0; i < list->count; i++) {
		for (size_t n = 0; n < list->items[i].names.count; n++) {
			int number = compiler->library.syscall_resolve_name_arch(arch, list->items[i].names.items[n]);

			/* Negative: libseccomp's own numbers for what the architecture doesn't have. */
			if (number >= 0 && (uint32_t)number > last)
				last = (uint32_t)number;
		}
	}
	return last;
}

/* Architectures whose numbers are the common ones; the others get no stub. */
static bool has_common_numbers(uint32_t arch)
{
	return arch == SCMP_ARCH_X86 || arch == SCMP_ARCH_X86_64 || arch == SCMP_ARCH_ARM ||
	       arch == SCMP_ARCH_AARCH64 || arch == SCMP_ARCH_RISCV64;
}

static bool has_arch(const struct compiler *compiler, uint32_t arch)
{
	for (size_t i = 0; i < compiler->arch_count; i++)
		if (compiler->archs[i] == arch)
			return true;
	return false;
}

/*
 * An answer about an old system, that a program can take for one, in the place of a "no" or of death; a default that
 * lets calls through, or leaves them to a tracer, has nothing to say about new ones.
 */
static bool wants_stub(const struct compiler *compiler)
{
	switch (compiler->seccomp->default_action) {
	case SECCOMP_ACT_ALLOW:
	case SECCOMP_ACT_LOG:
	case SECCOMP_ACT_TRACE:
		return false;
	default:
		return compiler->default_action != SCMP_ACT_ERRNO(ENOSYS);
	}
}

static size_t stub_write(const struct compiler *compiler, struct sock_filter *out)
{
	struct seccomp_stub_arch *archs = arena_alloc_array(compiler->arena, compiler->arch_count, sizeof(*archs));
	size_t count = 0;

	if (!wants_stub(compiler))
		return 0;
	for (size_t i = 0; i < compiler->arch_count; i++) {
		uint32_t arch = compiler->archs[i];

		if (!has_common_numbers(arch))
			continue;
		archs[count].audit_arch = arch;
		archs[count].last = last_named(compiler, arch, 0);
		archs[count].has_x32 = arch == SCMP_ARCH_X86_64 && has_arch(compiler, SCMP_ARCH_X32);
		if (archs[count].has_x32)
			archs[count].last_x32 = last_named(compiler, SCMP_ARCH_X32, SECCOMP_X32_BIT);
		count++;
	}
	return count > 0 ? seccomp_stub_write(archs, count, out) : 0;
}

/* --- bytes --- */

static int export_fail(const struct compiler *compiler, int errnum, const char *call)
{
	return err_sys(compiler->err, errnum, ORIGIN ": %s", call);
}

/* libseccomp 2.5 exports to a descriptor only. */
static int filter_export(const struct compiler *compiler, struct plan_seccomp *out)
{
	_cleanup_fd_ int fd = memfd_create("runlet-seccomp", MFD_CLOEXEC);
	size_t stub_room = SECCOMP_STUB_SIZE(compiler->arch_count);
	struct sock_filter *insns;
	struct stat status;
	size_t size, stub_count;
	int result;

	if (fd < 0)
		return export_fail(compiler, errno, "memfd_create");
	result = compiler->library.export_bpf(compiler->context, fd);
	if (result < 0)
		return export_fail(compiler, result, "libseccomp can't compile the filter");
	if (fstat(fd, &status) < 0)
		return export_fail(compiler, errno, "fstat");
	size = (size_t)status.st_size;
	insns = arena_alloc(compiler->arena, stub_room * sizeof(*insns) + size);
	stub_count = stub_write(compiler, insns);
	if (pread(fd, insns + stub_count, size, 0) != (ssize_t)size)
		return export_fail(compiler, EIO, "read the filter");
	out->program = insns;
	out->size = stub_count * sizeof(*insns) + size;
	if (out->size > INSNS_MAX * sizeof(*insns))
		return err_set(compiler->err, ERR_CONFIG,
			       ORIGIN ": the filter has %zu instructions, more than the kernel's %d",
			       out->size / sizeof(*insns), INSNS_MAX);
	return 0;
}

static int context_open(struct compiler *compiler)
{
	const struct spec_seccomp *seccomp = compiler->seccomp;

	if (action_resolve(compiler, ORIGIN, "defaultErrnoRet", seccomp->default_action, &seccomp->default_errno_ret,
			   &compiler->default_action) < 0)
		return -1;
	compiler->context = compiler->library.init(compiler->default_action);
	if (compiler->context == NULL)
		return err_set(compiler->err, ERR_UNSUPPORTED,
			       ORIGIN ".defaultAction: this kernel doesn't know the action");
	/* Older libraries have no such attribute, and then build lists. */
	if (names_count(seccomp) >= TREE_FROM)
		(void)compiler->library.attr_set(compiler->context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	return 0;
}

int plan_seccomp_build(struct arena *arena, const struct spec_seccomp *seccomp, struct plan_seccomp *out,
		       struct err *err)
{
	_cleanup_compiler_ struct compiler compiler = { .arena = arena, .seccomp = seccomp, .err = err };

	memset(out, 0, sizeof(*out));
	if (seccomp_library_open(&compiler.library, err) < 0)
		return -1;
	if (context_open(&compiler) < 0 || archs_add(&compiler) < 0 || rules_add(&compiler) < 0)
		return -1;
	out->flags = plan_seccomp_flags(seccomp);
	return filter_export(&compiler, out);
}

bool plan_seccomp_notifies(const struct spec_seccomp *seccomp)
{
	for (size_t i = 0; i < seccomp->syscalls.count; i++) {
		if (seccomp->syscalls.items[i].action == SECCOMP_ACT_NOTIFY)
			return true;
	}
	return false;
}

uint32_t plan_seccomp_flags(const struct spec_seccomp *seccomp)
{
	/* runc's default. */
	uint32_t flags = seccomp->has_flags ? seccomp->flags : SECCOMP_FILTER_FLAG_SPEC_ALLOW;

	if (!plan_seccomp_notifies(seccomp))
		return flags & ~(uint32_t)SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	/* Both return a number, so they need it said which: the listener (seccomp(2)). */
	if ((flags & SECCOMP_FILTER_FLAG_TSYNC) != 0)
		flags |= SECCOMP_FILTER_FLAG_TSYNC_ESRCH;
	return flags | SECCOMP_FILTER_FLAG_NEW_LISTENER;
}

const char *plan_seccomp_library_path(void)
{
	return seccomp_library_path();
}

bool plan_seccomp_has_arch(const char *word)
{
	struct seccomp_library library;
	struct err err = ERR_INIT;

	return seccomp_library_open(&library, &err) == 0 && arch_resolve(&library, word) != 0;
}

void plan_seccomp_version(char *text, size_t size)
{
	struct seccomp_library library;
	const struct scmp_version *version;
	struct err err = ERR_INIT;

	if (seccomp_library_open(&library, &err) < 0) {
		snprintf(text, size, "missing");
		return;
	}
	version = library.version();
	snprintf(text, size, "%u.%u.%u", version->major, version->minor, version->micro);
}
