/*
 * world.c - the sweep's directory, its runs of runlet-fault, and the search for what they left.
 */
#include "world.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TIME_LIMIT_MS 15000
#define SETTLE_MS     3000

static void die(const char *what) __attribute__((noreturn));
static void die(const char *what)
{
	fprintf(stderr, "sweep: %s: %s\n", what, strerror(errno));
	exit(2);
}

static unsigned now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

static void nap_us(long us)
{
	struct timespec pause = { 0, us * 1000 };

	nanosleep(&pause, NULL);
}

static size_t read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t got;

	while (fd >= 0 && length < size - 1 && (got = read(fd, text + length, size - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	if (fd >= 0)
		close(fd);
	return length;
}

static void read_fd(int fd, char *text, size_t size)
{
	ssize_t length = pread(fd, text, size - 1, 0);

	text[length > 0 ? length : 0] = '\0';
}

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		die(path);
	close(fd);
}

static void copy_file(const char *from, const char *to)
{
	static char data[4u << 20];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	ssize_t length = in < 0 ? -1 : read(in, data, sizeof(data));

	if (out < 0 || length <= 0 || write(out, data, (size_t)length) != length)
		die(from);
	close(in);
	close(out);
}

/* --- making --- */

static void make_dirs(const struct world *world)
{
	static const char *const names[] = {
		"", "/bundle", "/bundle/rootfs", "/bundle/rootfs/bin", "/bundle/rootfs/dev", "/bundle/rootfs/proc",
		"/bundle/rootfs/sys", "/bundle/rootfs/tmp", "/bundle/rootfs/etc", "/bundle/rootfs/data",
		"/bundle/rootfs/mapped", "/bundle/rootfs/copied", "/source",
	};
	char path[256];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", world->dir, names[i]);
		/* Mapped root is nobody special on the host. */
		if ((mkdir(path, 0755) < 0 && errno != EEXIST) || chmod(path, 0755) < 0)
			die(path);
	}
}

static void make_files(const struct world *world, const char *inside)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/bundle/rootfs/bin/inside", world->dir);
	copy_file(inside, path);
	snprintf(path, sizeof(path), "%s/hook", world->dir);
	copy_file(inside, path);
	snprintf(path, sizeof(path), "%s/source/file", world->dir);
	write_text(path, "of the host\n");
	snprintf(path, sizeof(path), "%s/bundle/rootfs/copied/file", world->dir);
	write_text(path, "of the image\n");
	/* Mount points that runlet would make in the image: made once, or the first run would differ. */
	snprintf(path, sizeof(path), "%s/bundle/rootfs/etc/passwd", world->dir);
	write_text(path, "root:x:0:0:root:/root:/bin/sh\n");
}

static int make_memory(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	/* O_APPEND: the command and the container's program share it. */
	if (fd < 0 || fcntl(fd, F_SETFL, O_APPEND) < 0)
		die("memfd_create");
	return fd;
}

static void make_console(struct world *world)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	world->console_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/console", world->dir);
	if (bind(world->console_fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(world->console_fd, 16) < 0)
		die("console socket");
}

static void make_holder(struct world *world)
{
	pid_t pid = (pid_t)syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET | SIGCHLD, 0,
				   0, 0, 0);

	if (pid < 0)
		die("clone");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		for (;;)
			pause();
	}
	world->holder = pid;
}

void world_open(struct world *world, unsigned number, const char *runlet, const char *inside, bool uses_v2)
{
	*world = (struct world){ .runlet = runlet, .console_fd = -1 };
	snprintf(world->dir, sizeof(world->dir), "/tmp/sweep.%d.%u", getppid(), number);
	snprintf(world->id, sizeof(world->id), "sweep%dw%u", getppid(), number);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	/* Peers of each other and of nobody else: what a container propagated would be seen. */
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		die("a mount namespace");
	if (uses_v2 && mount("none", "/sys/fs/cgroup", "cgroup2", 0, NULL) < 0)
		die("mount cgroup2");
	if (mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL) < 0)
		die("share the mounts");
	make_dirs(world);
	make_files(world, inside);
	make_console(world);
	make_holder(world);
	world->page_fd = memfd_create("fault-page", MFD_CLOEXEC);
	if (world->page_fd < 0 || ftruncate(world->page_fd, sizeof(*world->page)) < 0)
		die("the page");
	world->page = mmap(NULL, sizeof(*world->page), PROT_READ | PROT_WRITE, MAP_SHARED, world->page_fd, 0);
	if (world->page == MAP_FAILED)
		die("mmap");
	world->output_fd = make_memory("output");
	world->errors_fd = make_memory("errors");
	world->mounts = malloc(WORLD_TEXT_SIZE);
	if (!world->mounts)
		die("malloc");
	read_text("/proc/self/mountinfo", world->mounts, WORLD_TEXT_SIZE);
}

static void run_program(const char *const *args)
{
	pid_t pid = fork();

	if (pid == 0) {
		execvp(args[0], (char *const *)args);
		_exit(127);
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

void world_close(struct world *world)
{
	const char *const args[] = { "rm", "-rf", "--one-file-system", world->dir, NULL };

	kill(world->holder, SIGKILL);
	waitpid(world->holder, NULL, 0);
	run_program(args);
	free(world->mounts);
}

/* --- config.json --- */

struct replacement {
	const char *name;
	const char *value;
};

static void replace(const char *text, const struct replacement *replacements, FILE *out)
{
	while (*text) {
		const struct replacement *found = NULL;

		for (const struct replacement *r = replacements; *text == '@' && r->name && !found; r++) {
			if (strncmp(text, r->name, strlen(r->name)) == 0)
				found = r;
		}
		if (found)
			fputs(found->value, out);
		else
			fputc(*text, out);
		text += found ? strlen(found->name) : 1;
	}
}

void world_write_config(const struct world *world, const char *template_dir, const char *name, const char *mode)
{
	static char text[WORLD_TEXT_SIZE];
	char path[512], holder[16];
	const struct replacement replacements[] = {
		{ "@DIR@", world->dir }, { "@ID@", world->id }, { "@MODE@", mode }, { "@HOLDER@", holder },
		{ NULL, NULL },
	};
	FILE *out;

	snprintf(holder, sizeof(holder), "%d", world->holder);
	snprintf(path, sizeof(path), "%s/%s.json", template_dir, name);
	if (read_text(path, text, sizeof(text)) == 0)
		die(path);
	snprintf(path, sizeof(path), "%s/bundle/config.json", world->dir);
	out = fopen(path, "we");
	if (!out)
		die(path);
	replace(text, replacements, out);
	fclose(out);
}

/* --- running --- */

static void arm(struct world *world, const struct fault *fault)
{
	for (int i = 0; i < FAULT_ROLE_COUNT; i++)
		world->page->counts[i] = 0;
	memset(&world->page->struck, 0, sizeof(world->page->struck));
	world->page->is_released = 0;
	world->page->role = fault->role;
	world->page->site = fault->site;
	world->page->turn = fault->turn;
	world->page->turns = 0;
	world->page->errnum = fault->errnum;
	world->page->action = fault->at == 0 ? FAULT_NONE : fault->action;
}

static void exec_runlet(const struct world *world, const char *const *args)
{
	char words[WORLD_ARGS_MAX][256], state[128], root[] = "--root";
	const struct replacement replacements[] = { { "@DIR@", world->dir }, { "@ID@", world->id }, { NULL, NULL } };
	char *argv[WORLD_ARGS_MAX + 4] = { (char *)world->runlet, root, state };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	snprintf(state, sizeof(state), "%s/state", world->dir);
	for (size_t i = 0; args[i] && i < WORLD_ARGS_MAX; i++) {
		FILE *out = fmemopen(words[i], sizeof(words[i]), "w");

		replace(args[i], replacements, out);
		fclose(out);
		argv[3 + i] = words[i];
	}
	dup2(null, 0);
	dup2(world->output_fd, 1);
	dup2(world->errors_fd, 2);
	dup2(world->page_fd, FAULT_FD);
	execv(world->runlet, argv);
	_exit(125);
}

/* The engine's part: takes the connection, and what comes over it, and closes both. */
static void drain_console(const struct world *world)
{
	int fd;

	while ((fd = accept4(world->console_fd, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		close(fd);
}

static void wait_end(struct world *world, pid_t pid, const struct fault *fault, struct outcome *outcome)
{
	unsigned start = now_ms();
	bool has_killed = false;
	int status = 0;
	pid_t ended;

	/* Of all children: a process whose parent is gone holds its pid namespace until somebody waits for it. */
	while ((ended = waitpid(-1, &status, WNOHANG)) != pid) {
		if (ended > 0)
			continue;
		if (!has_killed && fault->action == FAULT_STOP && world->page->struck.is_set) {
			kill(pid, SIGKILL);
			has_killed = true;
		} else if (now_ms() - start > TIME_LIMIT_MS && !outcome->is_late) {
			outcome->is_late = true;
			kill(pid, SIGKILL);
		}
		nap_us(200);
	}
	outcome->wait_status = status;
	world->page->is_released = 1;
}

void world_run(struct world *world, const char *const *args, const struct fault *fault, struct outcome *outcome)
{
	static const struct fault none = { .action = FAULT_NONE };
	char pid_file[128];
	pid_t pid;

	if (!fault)
		fault = &none;
	outcome->is_late = false;
	snprintf(pid_file, sizeof(pid_file), "%s/pid", world->dir);
	(void)unlink(pid_file);
	if (ftruncate(world->output_fd, 0) < 0 || ftruncate(world->errors_fd, 0) < 0)
		die("ftruncate");
	arm(world, fault);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0)
		exec_runlet(world, args);
	wait_end(world, pid, fault, outcome);
	drain_console(world);
	read_fd(world->output_fd, outcome->output, sizeof(outcome->output));
	read_fd(world->errors_fd, outcome->errors, sizeof(outcome->errors));
}

bool world_wait_output(struct world *world, struct outcome *outcome)
{
	unsigned start = now_ms();

	for (;;) {
		read_fd(world->output_fd, outcome->output, sizeof(outcome->output));
		if (strstr(outcome->output, "\nEND\n"))
			return true;
		if (now_ms() - start > SETTLE_MS)
			return false;
		nap_us(200);
	}
}

/* --- what is left --- */

struct report {
	char *text;
	size_t size;
	size_t length;
};

static void add(struct report *report, const char *kind, const char *what)
{
	int length = snprintf(report->text + report->length, report->size - report->length, "%s%s %s",
			      report->length > 0 ? "; " : "", kind, what);

	if (length > 0 && report->length + (size_t)length < report->size)
		report->length += (size_t)length;
}

static void find_states(const struct world *world, struct report *report)
{
	char path[128];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/state", world->dir);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    strcmp(entry->d_name, ".seccomp:cache") != 0)
			add(report, "state", entry->d_name);
	}
	if (dir)
		closedir(dir);
}

/* Calls function for each directory of a hierarchy that bears the container's name. */
static void each_cgroup(const struct world *world, void (*function)(const char *path, void *argument), void *argument)
{
	static const char *const hierarchies[] = {
		"", "/blkio", "/cpu", "/cpuacct", "/cpuset", "/devices", "/freezer", "/memory", "/pids", "/systemd",
		"/unified",
	};
	char path[256];

	for (size_t i = 0; i < sizeof(hierarchies) / sizeof(hierarchies[0]); i++) {
		snprintf(path, sizeof(path), "/sys/fs/cgroup%s/%s", hierarchies[i], world->id);
		if (access(path, F_OK) == 0)
			function(path, argument);
	}
}

static void report_cgroup(const char *path, void *argument)
{
	add(argument, "cgroup", path);
}

static void find_mounts(const struct world *world, struct report *report)
{
	static char now[WORLD_TEXT_SIZE];
	char *line, *rest = now;

	read_text("/proc/self/mountinfo", now, sizeof(now));
	if (strcmp(now, world->mounts) == 0)
		return;
	/* One may be missing: a mount point that somebody removes on the host takes the mount away here, too. */
	while ((line = strsep(&rest, "\n"))) {
		if (*line && !strstr(world->mounts, line))
			add(report, "mount", line);
	}
}

static void report_process(struct report *report, pid_t pid)
{
	char path[64], text[256];

	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	if (read_text(path, text, sizeof(text)) == 0)
		snprintf(text, sizeof(text), "%d", pid);
	add(report, "process", text);
}

/* Children of the sweep: whose parents are gone are among them.  Returns how many live, the holder not counted. */
static size_t count_processes(const struct world *world, struct report *report)
{
	char path[64], text[4096], *word, *rest = text;
	size_t count = 0;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		continue;
	snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
	read_text(path, text, sizeof(text));
	while ((word = strsep(&rest, " "))) {
		pid_t pid = atoi(word);

		if (pid <= 0 || pid == world->holder)
			continue;
		count++;
		report_process(report, pid);
	}
	return count;
}

static size_t settle(struct world *world, size_t process_count, struct report *report)
{
	unsigned start = now_ms();
	size_t count;

	for (;;) {
		report->length = 0;
		report->text[0] = '\0';
		count = count_processes(world, report);
		if (count <= process_count || now_ms() - start > SETTLE_MS)
			return count;
		nap_us(300);
	}
}

bool world_is_clean(struct world *world, char *text, size_t size)
{
	struct report report = { text, size, 0 };

	(void)settle(world, 0, &report);
	find_states(world, &report);
	each_cgroup(world, report_cgroup, &report);
	find_mounts(world, &report);
	return report.length == 0;
}

bool world_has_only(struct world *world, size_t process_count, char *text, size_t size)
{
	struct report report = { text, size, 0 };
	size_t count = settle(world, process_count, &report);

	if (count == process_count)
		report.length = 0;
	else if (report.length == 0)
		add(&report, "process", "none is left");
	find_mounts(world, &report);
	return report.length == 0;
}

static void remove_cgroup(const char *path, void *argument)
{
	char file[300];

	(void)argument;
	snprintf(file, sizeof(file), "%s/freezer.state", path);
	if (access(file, F_OK) == 0)
		write_text(file, "THAWED");
	rmdir(path);
}

void world_sweep_up(struct world *world)
{
	char text[1024], path[128], state[128], *word, *rest, *line;
	const char *const args[] = { "rm", "-rf", "--one-file-system", state, NULL };
	struct report report = { text, sizeof(text), 0 };

	each_cgroup(world, remove_cgroup, NULL);
	for (int i = 0; i < 3; i++) {
		static char children[4096];

		snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
		read_text(path, children, sizeof(children));
		for (rest = children; (word = strsep(&rest, " "));) {
			if (atoi(word) > 0 && atoi(word) != world->holder)
				kill(atoi(word), SIGKILL);
		}
		nap_us(20000);
	}
	(void)settle(world, 0, &report);
	each_cgroup(world, remove_cgroup, NULL);
	static char mounts[WORLD_TEXT_SIZE];
	read_text("/proc/self/mountinfo", mounts, sizeof(mounts));
	for (rest = mounts; (line = strsep(&rest, "\n"));) {
		char target[512];

		if (!strstr(world->mounts, line) && sscanf(line, "%*s %*s %*s %*s %511s", target) == 1)
			umount2(target, MNT_DETACH);
	}
	snprintf(state, sizeof(state), "%s/state", world->dir);
	run_program(args);
	snprintf(path, sizeof(path), "%s/pid", world->dir);
	unlink(path);
}

void world_read_cgroup(const struct world *world, const char *hierarchy, const char *file, char *text, size_t size)
{
	char path[256];

	snprintf(path, sizeof(path), "/sys/fs/cgroup%s/%s/%s", hierarchy, world->id, file);
	(void)read_text(path, text, size);
}
