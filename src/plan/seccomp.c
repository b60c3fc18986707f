/*
 * plan/seccomp.c - linux.seccomp to the bytes of a filter, by libseccomp.
 *
 * Runs in the runtime process; this file, seccomp_calls.c and seccomp_library.c alone know libseccomp.  It must not
 * load the filter, which is init's to load.
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
#include "seccomp_compiler.h"
#include "seccomp_stub.h"
#include "seccomp_tree.h"

#define ORIGIN SECCOMP_ORIGIN
#define ERRNO_MAX 4095u
/* From so many system calls on a binary tree is faster for the container than a list (runc). */
#define TREE_FROM 8

static void compiler_free(struct seccomp_compiler *compiler)
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
static int action_resolve(const struct seccomp_compiler *compiler, const char *where, const char *key, uint32_t action,
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

int seccomp_rule_action(const struct seccomp_compiler *compiler, size_t rule_index, uint32_t *action)
{
	const struct spec_seccomp_rule *rule = &compiler->seccomp->syscalls.items[rule_index];
	char where[64];

	snprintf(where, sizeof(where), ORIGIN ".syscalls[%zu]", rule_index);
	return action_resolve(compiler, where, "errnoRet", rule->action, &rule->errno_ret, action);
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

static bool has_arch(const struct seccomp_compiler *compiler, uint32_t arch)
{
	for (size_t i = 0; i < compiler->arch_count; i++)
		if (compiler->archs[i] == arch)
			return true;
	return false;
}

static void archs_find(struct seccomp_compiler *compiler)
{
	const struct str_list *list = &compiler->seccomp->architectures;

	compiler->archs = arena_alloc_array(compiler->arena, list->count + 1, sizeof(*compiler->archs));
	compiler->archs[compiler->arch_count++] = compiler->library.arch_native();
	for (size_t i = 0; i < list->count; i++) {
		uint32_t arch = arch_resolve(&compiler->library, list->items[i]);

		if (arch == 0)
			log_debug(ORIGIN ".architectures[%zu]: libseccomp doesn't know %s", i, list->items[i]);
		else if (!has_arch(compiler, arch))
			compiler->archs[compiler->arch_count++] = arch;
	}
}

/* Every architecture but the native one, which is there. */
static int archs_add(const struct seccomp_compiler *compiler)
{
	const struct str_list *list = &compiler->seccomp->architectures;

	for (size_t i = 0; i < list->count; i++) {
		uint32_t arch = arch_resolve(&compiler->library, list->items[i]);
		int result = arch == 0 ? -EEXIST : compiler->library.arch_add(compiler->context, arch);

		if (result < 0 && result != -EEXIST)
			return err_set(compiler->err, ERR_CONFIG,
				       ORIGIN ".architectures[%zu]: %s and this machine can't share a filter",
				       i, list->items[i]);
	}
	return 0;
}

/* --- rules --- */

struct conditions { struct scmp_arg_cmp items[SECCOMP_CONDITIONS_MAX]; unsigned count; bool has_repeated; };

int seccomp_check_args(const struct seccomp_compiler *compiler, size_t rule_index, bool *has_repeated)
{
	const struct spec_seccomp_arg_list *list = &compiler->seccomp->syscalls.items[rule_index].args;
	unsigned used = 0;

	*has_repeated = false;
	if (list->count > SECCOMP_CONDITIONS_MAX)
		return err_set(compiler->err, ERR_CONFIG, ORIGIN ".syscalls[%zu].args: %zu are too many", rule_index,
			       list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct spec_seccomp_arg *arg = &list->items[i];

		if (arg->index >= SECCOMP_ARG_COUNT)
			return err_set(compiler->err, ERR_CONFIG,
				       ORIGIN ".syscalls[%zu].args[%zu].index: want 0 to 5, got %u", rule_index, i,
				       arg->index);
		if (arg->op >= sizeof(compares) / sizeof(compares[0]))
			return err_set(compiler->err, ERR_BUG, ORIGIN ".syscalls[%zu].args[%zu].op", rule_index, i);
		*has_repeated = *has_repeated || (used & 1u << arg->index) != 0;
		used |= 1u << arg->index;
	}
	return 0;
}

static int conditions_read(const struct seccomp_compiler *compiler, size_t rule_index, struct conditions *conditions)
{
	const struct spec_seccomp_arg_list *list = &compiler->seccomp->syscalls.items[rule_index].args;

	if (seccomp_check_args(compiler, rule_index, &conditions->has_repeated) < 0)
		return -1;
	conditions->count = (unsigned)list->count;
	for (size_t i = 0; i < list->count; i++) {
		const struct spec_seccomp_arg *arg = &list->items[i];

		conditions->items[i] =
			(struct scmp_arg_cmp){ arg->index, compares[arg->op], arg->value, arg->value_two };
	}
	return 0;
}

static int rule_add(const struct seccomp_compiler *compiler, uint32_t action, int number,
		    const struct scmp_arg_cmp *items, unsigned count, const char *name, size_t rule_index)
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

void seccomp_log_unknown(size_t rule_index, const char *name)
{
	log_debug(ORIGIN ".syscalls[%zu]: libseccomp doesn't know the system call %s", rule_index, name);
}

static int syscall_add(const struct seccomp_compiler *compiler, uint32_t action, const struct conditions *conditions,
		       const char *name, size_t rule_index)
{
	int number = compiler->library.syscall_resolve_name(name);

	if (number == __NR_SCMP_ERROR) {
		seccomp_log_unknown(rule_index, name);
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

static int rules_add(const struct seccomp_compiler *compiler)
{
	const struct spec_seccomp_rule_list *list = &compiler->seccomp->syscalls;

	for (size_t i = 0; i < list->count; i++) {
		const struct spec_seccomp_rule *rule = &list->items[i];
		struct conditions conditions;
		uint32_t action;

		if (seccomp_rule_action(compiler, i, &action) < 0 || conditions_read(compiler, i, &conditions) < 0)
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
static uint32_t last_named(const struct seccomp_compiler *compiler, uint32_t arch, uint32_t base)
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

/*
 * An answer about an old system, that a program can take for one, in the place of a "no" or of death; a default that
 * lets calls through, or leaves them to a tracer, has nothing to say about new ones.
 */
static bool wants_stub(const struct seccomp_compiler *compiler)
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

static size_t stub_write(const struct seccomp_compiler *compiler, struct sock_filter *out)
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

/* --- bytes, by libseccomp --- */

static int export_fail(const struct seccomp_compiler *compiler, int errnum, const char *call)
{
	return err_sys(compiler->err, errnum, ORIGIN ": %s", call);
}

/* libseccomp 2.5 exports to a descriptor only.  Reads the program behind room for `ahead` instructions. */
static int filter_export(const struct seccomp_compiler *compiler, size_t ahead, struct sock_filter **program,
			 size_t *count)
{
	_cleanup_fd_ int fd = memfd_create("runlet-seccomp", MFD_CLOEXEC);
	struct stat status;
	size_t size;
	int result;

	if (fd < 0)
		return export_fail(compiler, errno, "memfd_create");
	result = compiler->library.export_bpf(compiler->context, fd);
	if (result < 0)
		return export_fail(compiler, result, "libseccomp can't compile the filter");
	if (fstat(fd, &status) < 0)
		return export_fail(compiler, errno, "fstat");
	size = (size_t)status.st_size;
	*program = arena_alloc(compiler->arena, ahead * sizeof(**program) + size);
	if (pread(fd, *program + ahead, size, 0) != (ssize_t)size)
		return export_fail(compiler, EIO, "read the filter");
	*count = size / sizeof(**program);
	return 0;
}

static int context_open(struct seccomp_compiler *compiler)
{
	compiler->context = compiler->library.init(compiler->default_action);
	if (compiler->context == NULL)
		return err_set(compiler->err, ERR_UNSUPPORTED,
			       ORIGIN ".defaultAction: this kernel doesn't know the action");
	/* Older libraries have no such attribute, and then build lists. */
	if (names_count(compiler->seccomp) >= TREE_FROM)
		(void)compiler->library.attr_set(compiler->context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	return 0;
}

static int library_write(struct seccomp_compiler *compiler, size_t ahead, struct sock_filter **program, size_t *count)
{
	if (context_open(compiler) < 0 || archs_add(compiler) < 0 || rules_add(compiler) < 0)
		return -1;
	return filter_export(compiler, ahead, program, count);
}

/* --- either way --- */

static int compiler_open(struct seccomp_compiler *compiler)
{
	const struct spec_seccomp *seccomp = compiler->seccomp;

	if (seccomp_library_open(&compiler->library, compiler->err) < 0 ||
	    action_resolve(compiler, ORIGIN, "defaultErrnoRet", seccomp->default_action, &seccomp->default_errno_ret,
			   &compiler->default_action) < 0)
		return -1;
	archs_find(compiler);
	return 0;
}

static int program_finish(const struct seccomp_compiler *compiler, struct sock_filter *program, size_t ahead,
			  size_t count, struct plan_seccomp *out)
{
	struct sock_filter *stub = arena_alloc_array(compiler->arena, ahead, sizeof(*stub));
	size_t stub_count = stub_write(compiler, stub);

	memcpy(program + ahead - stub_count, stub, stub_count * sizeof(*stub));
	out->program = program + ahead - stub_count;
	out->size = (stub_count + count) * sizeof(*program);
	out->flags = plan_seccomp_flags(compiler->seccomp);
	if (stub_count + count > SECCOMP_INSNS_MAX)
		return err_set(compiler->err, ERR_CONFIG,
			       ORIGIN ": the filter has %zu instructions, more than the kernel's %d",
			       stub_count + count, SECCOMP_INSNS_MAX);
	return 0;
}

int plan_seccomp_build_by(struct arena *arena, const struct spec_seccomp *seccomp, enum plan_seccomp_way way,
			  struct plan_seccomp *out, struct err *err)
{
	_cleanup_compiler_ struct seccomp_compiler compiler = { .arena = arena, .seccomp = seccomp, .err = err };
	struct sock_filter *program;
	size_t ahead, count;
	int result = 0;

	memset(out, 0, sizeof(*out));
	if (compiler_open(&compiler) < 0)
		return -1;
	ahead = SECCOMP_STUB_SIZE(compiler.arch_count);
	if (way != PLAN_SECCOMP_BY_LIBRARY)
		result = seccomp_write_plain(&compiler, ahead, &program, &count);
	if (result == 0 && way == PLAN_SECCOMP_PLAIN)
		return err_set(err, ERR_UNSUPPORTED, ORIGIN ": only libseccomp can compile it");
	if (result == 0)
		result = library_write(&compiler, ahead, &program, &count);
	return result < 0 ? -1 : program_finish(&compiler, program, ahead, count, out);
}

int plan_seccomp_build(struct arena *arena, const struct spec_seccomp *seccomp, struct plan_seccomp *out,
		       struct err *err)
{
	return plan_seccomp_build_by(arena, seccomp, PLAN_SECCOMP_ANY, out, err);
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
