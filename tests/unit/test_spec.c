/*
 * test_spec.c - config.json as a whole: what is refused and with which words, what is warned of, the default config.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sys/capability.h>

#include "spec/names.h"
#include "spec/spec.h"
#include "spec/sysctl.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A config around one piece: PIECE stands at line 2, column 1. */
#define CONFIG(PIECE) "{\"ociVersion\":\"1.3.0\",\"root\":{\"path\":\"r\"},\n" PIECE "}"
#define MOUNT_OPTION(WORD) CONFIG("\"mounts\":[{\"destination\":\"d\",\"options\":[\"" WORD "\"]}]")
#define PROCESS(PIECE) CONFIG("\"process\":{\"args\":[\"a\"],\"cwd\":\"/\"," PIECE "}")
#define LINUX(PIECE) CONFIG("\"linux\":{" PIECE "}")
#define RESOURCES(PIECE) LINUX("\"resources\":{" PIECE "}")
#define LANDLOCK(RULESET, RULES) LINUX("\"landlock\":{\"ruleset\":{" RULESET "},\"rules\":{" RULES "}}")
#define LANDLOCK_PATH(RULE) LANDLOCK("\"handledAccessFS\":[\"read_file\"]", "\"pathBeneath\":[{" RULE "}]")
#define LANDLOCK_PORT(RULE) LANDLOCK("\"handledAccessNet\":[\"bind_tcp\"]", "\"netPort\":[{" RULE "}]")
#define SECCOMP(PIECE) LINUX("\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\"," PIECE "}")
#define NOTIFY(NAMES, RULES) \
	SECCOMP("\"listenerPath\":\"/l\",\"syscalls\":[{\"names\":" NAMES ",\"action\":\"SCMP_ACT_NOTIFY\"}" RULES "]")
#define RULE(PIECE) SECCOMP("\"syscalls\":[{\"names\":[\"write\"]," PIECE "}]")
#define MAP "[{\"containerID\":0,\"hostID\":1,\"size\":1}]"

struct bad_config {
	const char *text;
	enum err_kind kind;
	const char *message;   /* behind "config.json:" */
};

static const struct bad_config bad_configs[] = {
	/* Top level. */
	{ "{\"root\":{\"path\":\"r\"}}", ERR_CONFIG, "1:1: required key \"ociVersion\" is missing" },
	{ "{\"ociVersion\":\"1.0.2\"}", ERR_CONFIG, "1:1: required key \"root\" is missing" },
	{ "{\"ociVersion\":\"1.0.2\",\"root\":{}}", ERR_CONFIG, "1:30: root: required key \"path\" is missing" },
	{ "{\"ociVersion\":\"2.0.0\",\"root\":{\"path\":\"r\"}}", ERR_CONFIG,
	  "1:15: ociVersion: want 1.x (1.0.0 to 1.3.0 are known), got \"2.0.0\"" },
	{ "{\"ociVersion\":\"1\",\"root\":{\"path\":\"r\"}}", ERR_CONFIG,
	  "1:15: ociVersion: want 1.x (1.0.0 to 1.3.0 are known), got \"1\"" },
	{ "{\"ociVersion\":\"1.0.\",\"root\":{\"path\":\"r\"}}", ERR_CONFIG,
	  "1:15: ociVersion: want 1.x (1.0.0 to 1.3.0 are known), got \"1.0.\"" },
	{ "{\"ociVersion\":\"1.0x\",\"root\":{\"path\":\"r\"}}", ERR_CONFIG,
	  "1:15: ociVersion: want 1.x (1.0.0 to 1.3.0 are known), got \"1.0x\"" },
	{ "{\"ociVersion\":\"\",\"root\":{\"path\":\"r\"}}", ERR_CONFIG,
	  "1:15: ociVersion: want 1.x (1.0.0 to 1.3.0 are known), got \"\"" },
	{ "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"\"}}", ERR_CONFIG,
	  "1:38: root.path: want a string that is not empty, got \"\"" },
	{ CONFIG("\"hostname\":\"h\""), ERR_CONFIG,
	  "2:12: hostname: unable to set hostname without a private UTS namespace" },
	{ CONFIG("\"domainname\":\"h\""), ERR_CONFIG,
	  "2:14: domainname: unable to set domainname without a private UTS namespace" },
	{ CONFIG("\"annotations\":{\"\":\"x\"}"), ERR_CONFIG, "2:16: annotations[\"\"]: the key must not be empty" },
	{ CONFIG("\"annotations\":{\"a\":1}"), ERR_CONFIG, "2:20: annotations.a: want a string, got 1" },
	/* Mounts. */
	{ CONFIG("\"mounts\":[{\"source\":\"s\"}]"), ERR_CONFIG,
	  "2:11: mounts[0]: required key \"destination\" is missing" },
	{ CONFIG("\"mounts\":[{\"destination\":\"\"}]"), ERR_CONFIG,
	  "2:26: mounts[0].destination: want a string that is not empty, got \"\"" },
	{ CONFIG("\"mounts\":[{\"destination\":\"d\",\"options\":[\"ro\",1]}]"), ERR_CONFIG,
	  "2:46: mounts[0].options[1]: want a string, got 1" },
	{ MOUNT_OPTION("idmap=uids=0-1-10"), ERR_CONFIG,
	  "2:41: mounts[0].options[0]: want uids=...;gids=..., got only one of them" },
	{ MOUNT_OPTION("idmap=uids=0-1-10;uids=0-1-10"), ERR_CONFIG,
	  "2:41: mounts[0].options[0]: want uids=...;gids=..., each once, got \"uids=0-1-10\"" },
	{ MOUNT_OPTION("idmap="), ERR_CONFIG,
	  "2:41: mounts[0].options[0]: want uids=...;gids=..., each once, got \"\"" },
	{ MOUNT_OPTION("idmap=uids=0-1-10;gids=0-1-x"), ERR_CONFIG,
	  "2:41: mounts[0].options[0]: want FILE-HOST-COUNT, and more of them after #, in gids, got \"0-1-x\"" },
	{ MOUNT_OPTION("ridmap=gids=0-1;uids=0-1-1"), ERR_CONFIG,
	  "2:41: mounts[0].options[0]: want FILE-HOST-COUNT, and more of them after #, in gids, got \"0-1\"" },
	{ MOUNT_OPTION("idmap=uids=0-1-10#;gids=0-1-10"), ERR_CONFIG,
	  "2:41: mounts[0].options[0]: want FILE-HOST-COUNT, and more of them after #, in uids, got \"\"" },
	{ MOUNT_OPTION("idmap=uids=0-1-0;gids=0-1-10"), ERR_CONFIG,
	  "2:41: mounts[0].options[0]: want a count from 1 on, and ids up to 4294967294" },
	{ MOUNT_OPTION("idmap=uids=0-4294967295-1;gids=0-1-10"), ERR_CONFIG,
	  "2:41: mounts[0].options[0]: want a count from 1 on, and ids up to 4294967294" },
	{ MOUNT_OPTION("idmap=uids=@0-1-10;gids=0-1-10"), ERR_CONFIG,
	  "2:41: mounts[0].options[0]: @ means ids of the container, and linux.uidMappings has no 1" },
	{ MOUNT_OPTION("idmap=uids=0-1-10#5-90-1;gids=0-1-10"), ERR_CONFIG,
	  "2:11: mounts[0].uidMappings[1]: overlaps with mounts[0].uidMappings[0]" },
	/* Process. */
	{ CONFIG("\"process\":{\"cwd\":\"/\"}"), ERR_CONFIG, "2:11: process: required key \"args\" is missing" },
	{ CONFIG("\"process\":{\"args\":[\"a\"]}"), ERR_CONFIG, "2:11: process: required key \"cwd\" is missing" },
	{ CONFIG("\"process\":{\"args\":[],\"cwd\":\"/\"}"), ERR_CONFIG,
	  "2:19: process.args: want a list of at least one item, got an empty one" },
	{ CONFIG("\"process\":{\"args\":[\"a\"],\"cwd\":\"tmp\"}"), ERR_CONFIG,
	  "2:31: process.cwd: want an absolute path, got \"tmp\"" },
	{ PROCESS("\"user\":{\"gid\":4294967296}"), ERR_CONFIG,
	  "2:49: process.user.gid: want an unsigned 32-bit integer, got 4294967296" },
	{ PROCESS("\"user\":{\"uid\":4294967295}"), ERR_CONFIG,
	  "2:49: process.user.uid: ids end at 4294967294" },
	{ PROCESS("\"consoleSize\":{\"height\":1}"), ERR_CONFIG,
	  "2:49: process.consoleSize: required key \"width\" is missing" },
	{ PROCESS("\"consoleSize\":{\"height\":65536,\"width\":1}"), ERR_CONFIG,
	  "2:59: process.consoleSize.height: want an integer from 0 to 65535, got 65536" },
	{ PROCESS("\"oomScoreAdj\":1001"), ERR_CONFIG,
	  "2:49: process.oomScoreAdj: want an integer from -1000 to 1000, got 1001" },
	{ PROCESS("\"rlimits\":[{\"type\":\"NOFILE\",\"soft\":1,\"hard\":1}]"), ERR_CONFIG,
	  "2:54: process.rlimits[0].type: want a resource limit's name (RLIMIT_...), got \"NOFILE\"" },
	{ PROCESS("\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"soft\":2,\"hard\":1}]"), ERR_CONFIG,
	  "2:74: process.rlimits[0].soft: the soft limit 2 is above the hard limit 1" },
	{ PROCESS("\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"soft\":1,\"hard\":1},"
		  "{\"type\":\"RLIMIT_CPU\",\"soft\":1,\"hard\":1}]"), ERR_CONFIG,
	  "2:94: process.rlimits[1].type: RLIMIT_CPU is given twice" },
	{ PROCESS("\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"soft\":1}]"), ERR_CONFIG,
	  "2:46: process.rlimits[0]: required key \"hard\" is missing" },
	{ PROCESS("\"scheduler\":{\"policy\":\"SCHED_OTHER\",\"nice\":20}"), ERR_CONFIG,
	  "2:78: process.scheduler.nice: want an integer from -20 to 19, got 20" },
	{ PROCESS("\"scheduler\":{\"policy\":\"SCHED_OTHER\",\"priority\":1}"), ERR_CONFIG,
	  "2:82: process.scheduler.priority: only for SCHED_FIFO and SCHED_RR" },
	{ PROCESS("\"scheduler\":{\"policy\":\"SCHED_OTHER\",\"runtime\":1}"), ERR_CONFIG,
	  "2:81: process.scheduler.runtime: only for SCHED_DEADLINE" },
	{ PROCESS("\"scheduler\":{\"nice\":1}"), ERR_CONFIG,
	  "2:47: process.scheduler: required key \"policy\" is missing" },
	{ PROCESS("\"ioPriority\":{\"class\":\"IOPRIO_CLASS_NONE\"}"), ERR_CONFIG,
	  "2:57: process.ioPriority.class: want an I/O scheduling class (IOPRIO_CLASS_RT, IOPRIO_CLASS_BE, "
	  "IOPRIO_CLASS_IDLE), got \"IOPRIO_CLASS_NONE\"" },
	{ PROCESS("\"ioPriority\":{\"class\":\"IOPRIO_CLASS_BE\",\"priority\":8}"), ERR_CONFIG,
	  "2:86: process.ioPriority.priority: want an integer from 0 to 7, got 8" },
	{ PROCESS("\"execCPUAffinity\":{\"initial\":\"0-3;4\"}"), ERR_CONFIG,
	  "2:64: process.execCPUAffinity.initial: want a list of CPUs such as 0-3,7, got \"0-3;4\"" },
	/* Hooks. */
	{ CONFIG("\"hooks\":{\"prestart\":[{\"args\":[]}]}"), ERR_CONFIG,
	  "2:22: hooks.prestart[0]: required key \"path\" is missing" },
	{ CONFIG("\"hooks\":{\"poststop\":[{\"path\":\"bin/x\"}]}"), ERR_CONFIG,
	  "2:30: hooks.poststop[0].path: want an absolute path, got \"bin/x\"" },
	{ CONFIG("\"hooks\":{\"poststop\":[{\"path\":\"/x\",\"timeout\":0}]}"), ERR_CONFIG,
	  "2:45: hooks.poststop[0].timeout: want an integer from 1 to 2147483647, got 0" },
	/* Namespaces and id maps. */
	{ LINUX("\"namespaces\":[{\"type\":\"pids\"}]"), ERR_CONFIG,
	  "2:32: linux.namespaces[0].type: want a namespace type (mount, pid, network, ipc, uts, user, cgroup, time), "
	  "got \"pids\"" },
	{ LINUX("\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"pid\",\"path\":\"/x\"}]"), ERR_CONFIG,
	  "2:39: linux.namespaces[1]: namespace pid is given twice" },
	{ LINUX("\"namespaces\":[{\"type\":\"pid\",\"path\":\"x\"}]"), ERR_CONFIG,
	  "2:45: linux.namespaces[0].path: want an absolute path, got \"x\"" },
	{ LINUX("\"namespaces\":[{\"type\":\"user\"}],\"uidMappings\":" MAP), ERR_CONFIG,
	  "2:24: linux.namespaces[0]: a new user namespace needs linux.uidMappings and linux.gidMappings" },
	{ LINUX("\"uidMappings\":" MAP), ERR_CONFIG,
	  "2:24: linux.uidMappings: needs a user namespace in linux.namespaces" },
	{ LINUX("\"gidMappings\":" MAP), ERR_CONFIG,
	  "2:24: linux.gidMappings: needs a user namespace in linux.namespaces" },
	{ CONFIG("\"mounts\":[{\"destination\":\"d\",\"uidMappings\":" MAP "}]"), ERR_CONFIG,
	  "2:44: mounts[0].uidMappings: uidMappings and gidMappings are given together or not at all" },
	{ CONFIG("\"mounts\":[{\"destination\":\"d\",\"gidMappings\":" MAP "}]"), ERR_CONFIG,
	  "2:44: mounts[0].gidMappings: uidMappings and gidMappings are given together or not at all" },
	{ LINUX("\"uidMappings\":[{\"containerID\":0,\"hostID\":0,\"size\":0}]"), ERR_CONFIG,
	  "2:60: linux.uidMappings[0].size: want an integer from 1 to 4294967295, got 0" },
	{ LINUX("\"namespaces\":[{\"type\":\"user\"}],\"gidMappings\":" MAP ",\"uidMappings\":"
		"[{\"containerID\":0,\"hostID\":0,\"size\":10},{\"containerID\":20,\"hostID\":9,\"size\":1}]"),
			ERR_CONFIG,
	  "2:149: linux.uidMappings[1]: overlaps with linux.uidMappings[0]" },
	{ LINUX("\"namespaces\":[{\"type\":\"user\"}],\"gidMappings\":" MAP ",\"uidMappings\":"
		"[{\"containerID\":0,\"hostID\":4294967295,\"size\":1}]"), ERR_CONFIG,
	  "2:110: linux.uidMappings[0]: ids end at 4294967294" },
	{ LINUX("\"timeOffsets\":{\"boottime\":{\"secs\":1}}"), ERR_CONFIG,
	  "2:24: linux.timeOffsets: needs a new time namespace in linux.namespaces" },
	{ LINUX("\"namespaces\":[{\"type\":\"time\",\"path\":\"/t\"}],\"timeOffsets\":{\"monotonic\":{}}"), ERR_CONFIG,
	  "2:67: linux.timeOffsets: needs a new time namespace in linux.namespaces" },
	{ LINUX("\"timeOffsets\":{\"boottime\":{\"nanosecs\":1000000000}}"), ERR_CONFIG,
	  "2:48: linux.timeOffsets.boottime.nanosecs: want an integer from 0 to 999999999, got 1000000000" },
	/* Sysctls. */
	{ LINUX("\"sysctl\":{\"vm.swappiness\":\"1\"}"), ERR_CONFIG,
	  "2:36: linux.sysctl[\"vm.swappiness\"]: belongs to no namespace: it would change the host" },
	{ LINUX("\"sysctl\":{\"net/ipv4/ip_forward\":\"1\"}"), ERR_CONFIG,
	  "2:42: linux.sysctl[\"net/ipv4/ip_forward\"]: needs a network namespace in linux.namespaces" },
	{ LINUX("\"sysctl\":{\"net..x\":\"1\"}"), ERR_CONFIG,
	  "2:29: linux.sysctl[\"net..x\"]: not the name of a sysctl" },
	{ LINUX("\"sysctl\":{\"net/../kernel/x\":\"1\"}"), ERR_CONFIG,
	  "2:38: linux.sysctl[\"net/../kernel/x\"]: not the name of a sysctl" },
	{ CONFIG("\"hostname\":\"h\",\"linux\":{\"namespaces\":[{\"type\":\"uts\"}],\"sysctl\":{\"kernel.hostname\":"
	  "\"x\"}}"),
	  ERR_CONFIG, "2:83: linux.sysctl[\"kernel.hostname\"]: conflicts with \"hostname\"" },
	/* Devices. */
	{ LINUX("\"devices\":[{\"type\":\"c\",\"path\":\"/dev/x\"}]"), ERR_CONFIG,
	  "2:21: linux.devices[0]: required key \"major\" is missing" },
	{ LINUX("\"devices\":[{\"type\":\"c\",\"path\":\"/dev/x\",\"major\":1}]"), ERR_CONFIG,
	  "2:21: linux.devices[0]: required key \"minor\" is missing" },
	{ LINUX("\"devices\":[{\"type\":\"x\",\"path\":\"/dev/x\"}]"), ERR_CONFIG,
	  "2:29: linux.devices[0].type: want a device type (c, b, u, p), got \"x\"" },
	{ LINUX("\"devices\":[{\"type\":\"p\",\"path\":\"dev/x\"}]"), ERR_CONFIG,
	  "2:40: linux.devices[0].path: want an absolute path, got \"dev/x\"" },
	{ LINUX("\"devices\":[{\"type\":\"c\",\"path\":\"/x\",\"major\":4096,\"minor\":0}]"), ERR_CONFIG,
	  "2:53: linux.devices[0].major: want an integer from 0 to 4095, got 4096" },
	/* Paths, words. */
	{ LINUX("\"maskedPaths\":[\"proc/x\"]"), ERR_CONFIG,
	  "2:25: linux.maskedPaths[0]: want an absolute path, got \"proc/x\"" },
	{ LINUX("\"readonlyPaths\":[\"\"]"), ERR_CONFIG,
	  "2:27: linux.readonlyPaths[0]: want an absolute path, got \"\"" },
	{ LINUX("\"rootfsPropagation\":\"bound\""), ERR_CONFIG,
	  "2:30: linux.rootfsPropagation: want a propagation type (private, shared, slave, unbindable, rprivate, "
	  "rshared, "
	  "rslave, runbindable), got \"bound\"" },
	{ LINUX("\"personality\":{\"domain\":\"BSD\"}"), ERR_CONFIG,
	  "2:34: linux.personality.domain: want an execution domain (LINUX, LINUX32), got \"BSD\"" },
	/* Resources. */
	{ RESOURCES("\"devices\":[{\"type\":\"c\"}]"), ERR_CONFIG,
	  "2:34: linux.resources.devices[0]: required key \"allow\" is missing" },
	{ RESOURCES("\"devices\":[{\"allow\":true,\"access\":\"rx\"}]"), ERR_CONFIG,
	  "2:57: linux.resources.devices[0].access: want letters out of \"rwm\", got \"rx\"" },
	{ RESOURCES("\"pids\":{}"), ERR_CONFIG, "2:30: linux.resources.pids: required key \"limit\" is missing" },
	{ RESOURCES("\"memory\":{\"limit\":\"1g\"}"), ERR_CONFIG,
	  "2:41: linux.resources.memory.limit: want a 64-bit integer, got \"1g\"" },
	{ RESOURCES("\"cpu\":{\"shares\":-1}"), ERR_CONFIG,
	  "2:39: linux.resources.cpu.shares: want an unsigned 64-bit integer, got -1" },
	/* Seccomp. */
	{ LINUX("\"seccomp\":{}"), ERR_CONFIG, "2:20: linux.seccomp: required key \"defaultAction\" is missing" },
	{ LINUX("\"seccomp\":{\"defaultAction\":\"ALLOW\"}"), ERR_CONFIG,
	  "2:37: linux.seccomp.defaultAction: want a seccomp action (SCMP_ACT_KILL, SCMP_ACT_KILL_PROCESS, "
	  "SCMP_ACT_KILL_THREAD, SCMP_ACT_TRAP, SCMP_ACT_ERRNO, SCMP_ACT_TRACE, SCMP_ACT_ALLOW, SCMP_ACT_LOG, "
	  "SCMP_ACT_NOTIFY), got \"ALLOW\"" },
	{ LINUX("\"seccomp\":{\"defaultAction\":\"SCMP_ACT_NOTIFY\"}"), ERR_CONFIG,
	  "2:37: linux.seccomp.defaultAction: SCMP_ACT_NOTIFY cannot be the default action" },
	{ SECCOMP("\"defaultErrnoRet\":1"), ERR_CONFIG,
	  "2:72: linux.seccomp.defaultErrnoRet: only for SCMP_ACT_ERRNO and SCMP_ACT_TRACE" },
	{ SECCOMP("\"architectures\":[\"x86\"]"), ERR_CONFIG,
	  "2:71: linux.seccomp.architectures[0]: want a seccomp architecture (SCMP_ARCH_...), got \"x86\"" },
	{ SECCOMP("\"syscalls\":[{\"names\":[],\"action\":\"SCMP_ACT_LOG\"}]"), ERR_CONFIG,
	  "2:75: linux.seccomp.syscalls[0].names: want a list of at least one item, got an empty one" },
	{ RULE("\"action\":\"SCMP_ACT_ALLOW\",\"errnoRet\":1"), ERR_CONFIG,
	  "2:122: linux.seccomp.syscalls[0].errnoRet: only for SCMP_ACT_ERRNO and SCMP_ACT_TRACE" },
	{ RULE("\"action\":\"SCMP_ACT_LOG\",\"args\":[{\"index\":6,\"value\":0,\"op\":\"SCMP_CMP_EQ\"}]"), ERR_CONFIG,
	  "2:126: linux.seccomp.syscalls[0].args[0].index: want an integer from 0 to 5, got 6" },
	{ RULE("\"action\":\"SCMP_ACT_LOG\",\"args\":[{\"index\":0,\"value\":0}]"), ERR_CONFIG,
	  "2:117: linux.seccomp.syscalls[0].args[0]: required key \"op\" is missing" },
	{ RULE("\"action\":\"SCMP_ACT_NOTIFY\""), ERR_CONFIG,
	  "2:76: linux.seccomp.syscalls[0].names[0]: SCMP_ACT_NOTIFY cannot be used for write" },
	{ SECCOMP("\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_NOTIFY\"}]"), ERR_CONFIG,
	  "2:20: linux.seccomp.listenerPath: SCMP_ACT_NOTIFY needs it" },
	{ SECCOMP("\"listenerPath\":\"l\""), ERR_CONFIG,
	  "2:69: linux.seccomp.listenerPath: want an absolute path, got \"l\"" },
	{ NOTIFY("[\"read\",\"sendmsg\"]", ""), ERR_CONFIG,
	  "2:123: linux.seccomp.syscalls[0].action: with SCMP_ACT_NOTIFY, sendmsg must be allowed: it passes the "
	  "listener on" },
	{ NOTIFY("[\"read\"]", ",{\"names\":[\"sendmsg\"],\"action\":\"SCMP_ACT_TRACE\"}"), ERR_CONFIG,
	  "2:162: linux.seccomp.syscalls[1].action: with SCMP_ACT_NOTIFY, sendmsg must be allowed: it passes the "
	  "listener on" },
	{ LINUX("\"seccomp\":{\"defaultAction\":\"SCMP_ACT_KILL\",\"listenerPath\":\"/l\",\"syscalls\":["
		"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_NOTIFY\"},"
		"{\"names\":[\"sendmsg\"],\"action\":\"SCMP_ACT_ALLOW\","
		"\"args\":[{\"index\":0,\"value\":1,\"op\":\"SCMP_CMP_EQ\"}]}]}"), ERR_CONFIG,
	  "2:84: linux.seccomp.syscalls: with SCMP_ACT_NOTIFY, sendmsg must be allowed: it passes the listener on" },
	{ SECCOMP("\"listenerMetadata\":\"m\""), ERR_CONFIG,
	  "2:73: linux.seccomp.listenerMetadata: needs listenerPath" },
	/* What decodes but isn't executed yet; what is wrong besides comes first. */
	{ LINUX("\"intelRdt\":{}"), ERR_UNSUPPORTED, "2:21: unsupported: linux.intelRdt" },
	{ LINUX("\"intelRdt\":{},\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"pid\"}]"), ERR_CONFIG,
	  "2:53: linux.namespaces[1]: namespace pid is given twice" },
	{ LINUX("\"netDevices\":{\"eth0\":{}}"), ERR_CONFIG,
	  "2:31: linux.netDevices.eth0: needs a network namespace in linux.namespaces" },
	{ LINUX("\"netDevices\":{\"eth0\":{\"name\":\"a/b\"}}"), ERR_CONFIG,
	  "2:31: linux.netDevices.eth0: want names of network devices, at most 15 characters" },
	{ LINUX("\"netDevices\":{\"0123456789abcdef\":{}}"), ERR_CONFIG,
	  "2:43: linux.netDevices.0123456789abcdef: want names of network devices, at most 15 characters" },
	{ LINUX("\"namespaces\":[{\"type\":\"network\"}],\"netDevices\":{\"eth0\":{\"name\":\"e\"},\"e\":{}}"),
			ERR_CONFIG,
	  "2:82: linux.netDevices.e: another device becomes e" },
	{ LINUX("\"memoryPolicy\":{\"mode\":\"MPOL_LOCAL\",\"nodes\":\"0\"}"), ERR_CONFIG,
	  "2:25: linux.memoryPolicy: MPOL_LOCAL takes no nodes and no flags" },
	{ LINUX("\"memoryPolicy\":{\"mode\":\"MPOL_BIND\"}"), ERR_CONFIG,
	  "2:25: linux.memoryPolicy: MPOL_BIND needs nodes" },
	{ LINUX("\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"nodes\":\"1-\"}"), ERR_CONFIG,
	  "2:53: linux.memoryPolicy.nodes: want a list such as 0-1,3, got \"1-\"" },
	{ LINUX("\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"nodes\":\"1\",\"flags\":[\"MPOL_F_STATIC_NODES\","
		"\"MPOL_F_RELATIVE_NODES\"]}"), ERR_CONFIG,
	  "2:65: linux.memoryPolicy.flags: MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES exclude each other" },
	{ LINUX("\"landlock\":{}"), ERR_CONFIG, "2:21: linux.landlock: required key \"ruleset\" is missing" },
	{ LANDLOCK("", ""), ERR_CONFIG,
	  "2:32: linux.landlock.ruleset: forbids nothing: want handledAccessFS, handledAccessNet or scoped" },
	/* Elsewhere unknown keys are skipped, as the specification says; here that would be a hole. */
	{ LANDLOCK("\"scoped\":[\"signal\"],\"handledAccessNET\":[\"bind_tcp\"]", ""), ERR_CONFIG,
	  "2:53: linux.landlock.ruleset.handledAccessNET: unknown key" },
	{ LANDLOCK("\"scoped\":[\"signal\"]", "\"x\":null"), ERR_CONFIG,
	  "2:63: linux.landlock.rules.x: unknown key" },
	{ LINUX("\"landlock\":{\"ruleset\":{\"scoped\":[\"signal\"]},\"bestEffort\":true}"), ERR_CONFIG,
	  "2:54: linux.landlock.bestEffort: unknown key" },
	{ LANDLOCK_PATH("\"allowedAccess\":[\"read_file\"],\"paths\":[\"/\"],\"x\":1"), ERR_CONFIG,
	  "2:135: linux.landlock.rules.pathBeneath[0].x: unknown key" },
	{ LANDLOCK("\"handledAccessFS\":[]", ""), ERR_CONFIG,
	  "2:51: linux.landlock.ruleset.handledAccessFS: want a list of at least one item, got an empty one" },
	{ LANDLOCK("\"handledAccessFS\":[\"read\"]", ""), ERR_CONFIG,
	  "2:52: linux.landlock.ruleset.handledAccessFS[0]: want a Landlock access right for files (execute, "
	  "write_file, read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, "
	  "make_fifo, make_block, make_sym, refer, truncate, ioctl_dev), got \"read\"" },
	{ LANDLOCK("\"scoped\":[\"signals\"]", ""), ERR_CONFIG,
	  "2:43: linux.landlock.ruleset.scoped[0]: want a Landlock scope (abstract_unix_socket, signal), got "
	  "\"signals\"" },
	{ LANDLOCK("\"handledAccessNet\":[\"bind\"]", ""), ERR_CONFIG,
	  "2:53: linux.landlock.ruleset.handledAccessNet[0]: want a Landlock access right for the network "
	  "(bind_tcp, connect_tcp), got \"bind\"" },
	{ LANDLOCK_PATH("\"allowedAccess\":[\"read_file\"],\"paths\":[\"etc\"]"), ERR_CONFIG,
	  "2:130: linux.landlock.rules.pathBeneath[0].paths[0]: want an absolute path, got \"etc\"" },
	{ LANDLOCK_PATH("\"allowedAccess\":[\"read_file\"],\"paths\":[]"), ERR_CONFIG,
	  "2:129: linux.landlock.rules.pathBeneath[0].paths: want a list of at least one item, got an empty one" },
	{ LANDLOCK_PATH("\"allowedAccess\":[],\"paths\":[\"/\"]"), ERR_CONFIG,
	  "2:107: linux.landlock.rules.pathBeneath[0].allowedAccess: want a list of at least one item, got an empty "
	  "one" },
	{ LANDLOCK_PATH("\"paths\":[\"/\"]"), ERR_CONFIG,
	  "2:90: linux.landlock.rules.pathBeneath[0]: required key \"allowedAccess\" is missing" },
	{ LANDLOCK_PATH("\"allowedAccess\":[\"read_file\"]"), ERR_CONFIG,
	  "2:90: linux.landlock.rules.pathBeneath[0]: required key \"paths\" is missing" },
	{ LANDLOCK_PATH("\"allowedAccess\":[\"read_file\",\"make_dir\"],\"paths\":[\"/\"]"), ERR_CONFIG,
	  "2:107: linux.landlock.rules.pathBeneath[0].allowedAccess: make_dir is not in "
	  "ruleset.handledAccessFS, so it is not forbidden" },
	{ LANDLOCK_PORT("\"allowedAccess\":[\"connect_tcp\"],\"ports\":[1]"), ERR_CONFIG,
	  "2:103: linux.landlock.rules.netPort[0].allowedAccess: connect_tcp is not in "
	  "ruleset.handledAccessNet, so it is not forbidden" },
	{ LANDLOCK_PORT("\"allowedAccess\":[\"bind_tcp\"],\"ports\":[65536]"), ERR_CONFIG,
	  "2:125: linux.landlock.rules.netPort[0].ports[0]: want an integer from 0 to 65535, got 65536" },
	{ LANDLOCK_PORT("\"allowedAccess\":[\"bind_tcp\"],\"ports\":[]"), ERR_CONFIG,
	  "2:124: linux.landlock.rules.netPort[0].ports: want a list of at least one item, got an empty one" },
	{ LINUX("\"personality\":{\"domain\":\"LINUX\",\"flags\":[\"x\"]}"), ERR_UNSUPPORTED,
	  "2:50: unsupported: linux.personality.flags" },
};

static void test_bad_configs(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad_configs); i++) {
		const struct bad_config *bad = &bad_configs[i];
		_cleanup_arena_ struct arena arena = ARENA_INIT;
		struct err err = ERR_INIT;
		struct spec spec;

		if (spec_decode(&arena, "config.json", bad->text, strlen(bad->text), &spec, NULL, &err) == 0)
			fail_msg("accepted: %s", bad->text);
		assert_int_equal(strncmp(err.text, "config.json:", 12), 0);
		assert_string_equal(err.text + 12, bad->message);
		assert_int_equal(err.kind, bad->kind);
	}
}

static const char *const good_configs[] = {
	CONFIG("\"mounts\":[]"),
	"{\"ociVersion\":\"1.0.2-dev\",\"root\":{\"path\":\"r\"}}",
	"{\"ociVersion\":\"1.0\",\"root\":{\"path\":\"r\"}}",
	"{\"ociVersion\":\"1.10.0+x\",\"root\":{\"path\":\"r\"}}",
	CONFIG("\"newInSpec9\":{\"a\":[1.5]},\"hostname\":\"\",\"linux\":null,\"process\":null"),
	CONFIG("\"hostname\":\"h\",\"linux\":{\"namespaces\":[{\"type\":\"uts\",\"path\":\"/proc/1/ns/uts\"}]}"),
	PROCESS("\"user\":{}"),
	LINUX("\"namespaces\":[{\"type\":\"user\",\"path\":\"/u\"}]"),
	LINUX("\"namespaces\":[{\"type\":\"user\"}],\"uidMappings\":" MAP ",\"gidMappings\":" MAP
	      ",\"sysctl\":{\"user.max_net_namespaces\":\"1\"}"),
	LINUX("\"namespaces\":[{\"type\":\"ipc\"},{\"type\":\"network\"},{\"type\":\"uts\"}],\"sysctl\":{"
	      "\"kernel.shmmax\":\"1\",\"fs/mqueue/msg_max\":\"1\",\"net.ipv4.conf.eth0/1.x\":\"1\","
	      "\"kernel.hostname\":\"x\"}"),
	LINUX("\"devices\":[{\"type\":\"p\",\"path\":\"/dev/x\"}]"),
	LINUX("\"netDevices\":{},\"personality\":{\"domain\":\"LINUX\",\"flags\":[]}"),
	RESOURCES("\"blockIO\":{\"weight\":0,\"weightDevice\":[]},\"network\":{},\"unified\":{},\"hugepageLimits\":[]"),
	SECCOMP("\"listenerPath\":\"\",\"syscalls\":[]"),
	SECCOMP("\"listenerPath\":\"/l\",\"listenerMetadata\":\"m\""),
	NOTIFY("[\"read\"]", ""),
	NOTIFY("[\"read\"]", ",{\"names\":[\"sendmsg\"],\"action\":\"SCMP_ACT_LOG\"}"),
	LINUX("\"seccomp\":{\"defaultAction\":\"SCMP_ACT_KILL\",\"listenerPath\":\"/l\",\"syscalls\":["
	      "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_NOTIFY\"},"
	      "{\"names\":[\"sendmsg\"],\"action\":\"SCMP_ACT_ALLOW\"}]}"),
};

static void test_good_configs(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good_configs); i++) {
		_cleanup_arena_ struct arena arena = ARENA_INIT;
		struct err err = ERR_INIT;
		struct spec spec;

		if (spec_decode(&arena, "config.json", good_configs[i], strlen(good_configs[i]), &spec, NULL, &err) < 0)
			fail_msg("%s: %s", good_configs[i], err.text);
		assert_non_null(spec.linux);
	}
}

static void test_warnings(void **state)
{
	static const char text[] = CONFIG(
		"\"windows\":{},\"process\":{\"args\":[\"a\"],\"cwd\":\"/\",\"user\":{\"username\":\"u\"},"
		"\"capabilities\":"
		"{\"bounding\":[\"CAP_CHOWN\",\"CAP_NEW\"],\"effective\":[\"CAP_NEW\"],\"ambient\":[\"cap_kill\"]}}");
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct spec_warnings warnings = { { NULL, 0 } };
	struct err err = ERR_INIT;
	struct spec spec;

	(void)state;
	assert_int_equal(spec_decode(&arena, "c", text, strlen(text), &spec, &warnings, &err), 0);
	assert_int_equal(warnings.list.count, 4);
	assert_string_equal(warnings.list.items[0], "windows: skipped: not for Linux");
	assert_string_equal(warnings.list.items[1], "process.user.username: skipped: not for Linux");
	assert_string_equal(warnings.list.items[2], "process.capabilities: unknown capability \"CAP_NEW\" is left out");
	assert_string_equal(warnings.list.items[3],
		"process.capabilities: unknown capability \"cap_kill\" is left out");
}

static void test_process_file(void **state)
{
	static const char good[] = "{\"args\":[\"sh\",\"-c\"],\"cwd\":\"/x\",\"user\":{\"additionalGids\":[1,2]}}";
	static const char bad[] = "{\"args\":[\"sh\"],\"cwd\":\"/\",\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"soft\":2,"
	"\"hard\":1}]}";
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct spec_process process;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(spec_decode_process(&arena, "p", good, strlen(good), &process, NULL, &err), 0);
	assert_string_equal(process.args.items[1], "-c");
	assert_null(process.args.items[2]);
	assert_int_equal(process.user.additional_gids.items[1], 2);
	assert_int_equal(spec_decode_process(&arena, "p", bad, strlen(bad), &process, NULL, &err), -1);
	assert_string_equal(err.text, "p:1:65: rlimits[0].soft: the soft limit 2 is above the hard limit 1");
}

static void test_resources_file(void **state)
{
	static const char good[] = "{\"memory\":{\"limit\":-1},\"pids\":{\"limit\":0},\"devices\":[{\"allow\":true}]}";
	static const char bad[] = "{\"blockIO\":{\"weight\":65536}}";
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct spec_resources resources;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(spec_decode_resources(&arena, "r", good, strlen(good), &resources, NULL, &err), 0);
	assert_true(resources.memory->limit.is_set && resources.memory->limit.value == -1);
	assert_true(resources.pids->limit.is_set && resources.pids->limit.value == 0);
	assert_int_equal(resources.devices.items[0].type, 'a');
	assert_false(resources.devices.items[0].major.is_set);
	assert_int_equal(spec_decode_resources(&arena, "r", bad, strlen(bad), &resources, NULL, &err), -1);
	assert_string_equal(err.text, "r:1:22: blockIO.weight: want an integer from 0 to 65535, got 65536");
}

static void test_default_config(void **state)
{
	struct spec_default_options options = { .rootless = false };
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct spec_warnings warnings = { { NULL, 0 } };
	struct err err = ERR_INIT;
	struct spec spec;
	const char *text;

	(void)state;
	text = spec_default_config(&arena, &options);
	assert_int_equal(spec_decode(&arena, "c", text, strlen(text), &spec, &warnings, &err), 0);
	assert_int_equal(warnings.list.count, 0);
	assert_true(spec.root->readonly && spec.process->terminal && spec.process->no_new_privileges);
	assert_true(spec.mounts.count == 7 && spec.linux->namespaces.count == 5);
	assert_true(spec.linux->masked_paths.count == 10 && spec.linux->readonly_paths.count == 5);
	assert_int_equal(spec.process->capabilities->bounding.count, 3);
	assert_int_equal(spec.process->capabilities->inheritable.count, 0);
	assert_int_equal(spec.linux->resources->devices.count, 1);

	options = (struct spec_default_options){ .rootless = true, .has_cgroup_ns = true, .host_uid = 7,
		.host_gid = 8 };
	text = spec_default_config(&arena, &options);
	assert_int_equal(spec_decode(&arena, "c", text, strlen(text), &spec, &warnings, &err), 0);
	assert_true(spec.linux->uid_mappings.items[0].host_id == 7 && spec.linux->gid_mappings.items[0].host_id == 8);
	assert_int_equal(spec.linux->namespaces.count, 6);
	assert_null(spec.linux->resources);
	assert_null(strstr(text, "gid=5"));
}

static void test_sysctl_path(void **state)
{
	static const struct { const char *name, *path; } rows[] = {
		{ "net.ipv4.ip_forward", "net/ipv4/ip_forward" },
		{ "net/ipv4/ip_forward", "net/ipv4/ip_forward" },
		{ "net.ipv4.conf.eth0/1.mtu", "net/ipv4/conf/eth0.1/mtu" },
		{ "net/ipv4/conf/eth0.1/mtu", "net/ipv4/conf/eth0.1/mtu" },
		{ "kernel", "kernel" },
		{ "", NULL }, { ".", NULL }, { "/net", NULL }, { "net.", NULL }, { "net//x", NULL }, { "net/../x",
		  NULL },
		{ "net/./x", NULL }, { "net.//.x", NULL },
	};
	char path[SPEC_SYSCTL_PATH_MAX], longest[SPEC_SYSCTL_PATH_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		assert_int_equal(spec_sysctl_path(rows[i].name, path, sizeof(path)), rows[i].path ? 0 : -1);
		if (rows[i].path)
			assert_string_equal(path, rows[i].path);
	}
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(spec_sysctl_path(longest, path, sizeof(path)), -1);
	assert_int_equal(spec_sysctl_namespace("kernel/shmmax"), spec_sysctl_namespace("fs/mqueue/x"));
	assert_int_equal(spec_sysctl_namespace("kernel/shmmaxx"), 0);
	assert_int_equal(spec_sysctl_namespace("kernel/pid_max"), 0);
	assert_int_not_equal(spec_sysctl_namespace("net/core/somaxconn"), 0);
}

static void test_names(void **state)
{
	(void)state;
	/* libcap knows the kernel's list: a word that is misspelled here, or one that is missing, is a difference. */
	for (cap_value_t number = 0; number < (cap_value_t)spec_capability_names.count; number++) {
		cap_value_t known = -1;
		assert_int_equal(cap_from_name(name_from_value(&spec_capability_names, number), &known), 0);
		assert_int_equal(known, number);
	}
	assert_int_equal(spec_capability_names.count, 41);
	assert_string_equal(name_from_value(&spec_capability_names, 40), "CAP_CHECKPOINT_RESTORE");
	assert_string_equal(spec_hook_kind_name(HOOK_PRESTART), "prestart");
	assert_string_equal(spec_hook_kind_name(HOOK_POSTSTOP), "poststop");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_configs),
		cmocka_unit_test(test_good_configs),
		cmocka_unit_test(test_warnings),
		cmocka_unit_test(test_process_file),
		cmocka_unit_test(test_resources_file),
		cmocka_unit_test(test_default_config),
		cmocka_unit_test(test_sysctl_path),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("spec", tests, NULL, NULL);
}
