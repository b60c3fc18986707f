/*
 * runtime/events.c - `runlet events`: a container's numbers now and then, and when it ran out of memory.
 *
 * Runtime process only; takes no lock and changes nothing.  It sleeps in epoll_wait(2) until the kernel says something.
 */
#include <sys/epoll.h>
#include <sys/timerfd.h>

#include "base/fd.h"
#include "base/log.h"
#include "cgroup/oom.h"
#include "json/emit.h"
#include "runtime/container.h"
#include "runtime/runtime.h"
#include "runtime/stats.h"
#include "sys/event.h"
#include "sys/file.h"

enum source { SOURCE_END = 0, SOURCE_TIMER, SOURCE_OOM, SOURCE_COUNT };

struct watch {
	const struct container *container;
	const char *id;
	runtime_line_function *write_line;
	struct cgroup_oom oom;
	int timer_fd;
	int epoll_fd;
};

static int say_stats(const struct watch *watch, struct err *err)
{
	const struct container *container = watch->container;
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	_cleanup_buf_ struct buf line = BUF_INIT;
	struct stats_network network;
	struct cgroup_stats stats;

	if (cgroup_stats_read(&arena, &container->cgroup, &stats, err) < 0 ||
	    stats_read_network(&arena, (pid_t)container->state.pid, container->pidfd, &network, err) < 0)
		return -1;
	stats_emit(watch->id, &stats, &network, &line);
	return watch->write_line(&line, err);
}

static int say_oom(struct watch *watch, struct err *err)
{
	_cleanup_buf_ struct buf line = BUF_INIT;
	struct json_emitter emitter;

	if (!cgroup_oom_take(&watch->oom))
		return 0;
	json_emit_open(&emitter, &line, JSON_COMPACT);
	json_emit_object_begin(&emitter);
	json_emit_key_string(&emitter, "type", "oom");
	json_emit_key_string(&emitter, "id", watch->id);
	json_emit_object_end(&emitter);
	json_emit_close(&emitter);
	buf_add_str(&line, "\n");
	return watch->write_line(&line, err);
}

static int add_source(const struct watch *watch, enum source source, int fd, uint32_t events, struct err *err)
{
	struct epoll_event event = { .events = events, .data.u32 = source };
	int result = sys_epoll_ctl(watch->epoll_fd, EPOLL_CTL_ADD, fd, &event);

	return result < 0 ? err_sys(err, result, "epoll_ctl") : 0;
}

static int watch_open(struct watch *watch, uint64_t interval_ns, struct err *err)
{
	int result;

	watch->epoll_fd = sys_epoll_create1(EPOLL_CLOEXEC);
	if (watch->epoll_fd < 0)
		return err_sys(err, watch->epoll_fd, "epoll_create1");
	watch->timer_fd = sys_timerfd_create(TFD_CLOEXEC | TFD_NONBLOCK);
	if (watch->timer_fd < 0)
		return err_sys(err, watch->timer_fd, "timerfd_create");
	result = sys_timerfd_set_interval(watch->timer_fd, interval_ns);
	if (result < 0)
		return err_sys(err, result, "timerfd_settime");
	if (cgroup_oom_open(&watch->container->cgroup, &watch->oom, err) < 0)
		return -1;
	if (watch->oom.poll_fd < 0)
		log_warn("the container has no memory cgroup: running out of memory can't be told");
	else if (add_source(watch, SOURCE_OOM, watch->oom.poll_fd, watch->oom.poll_events, err) < 0)
		return -1;
	if (add_source(watch, SOURCE_TIMER, watch->timer_fd, EPOLLIN, err) < 0)
		return -1;
	return add_source(watch, SOURCE_END, watch->container->pidfd, EPOLLIN, err);
}

/* Until the container's first process has ended. */
static int watch_run(struct watch *watch, struct err *err)
{
	struct epoll_event events[SOURCE_COUNT];

	for (;;) {
		bool is_ready[SOURCE_COUNT] = { false };
		int count = sys_epoll_wait(watch->epoll_fd, events, SOURCE_COUNT, -1);
		uint64_t expirations;

		if (count < 0)
			return err_sys(err, count, "epoll_wait");
		for (int i = 0; i < count; i++)
			is_ready[events[i].data.u32] = true;
		/* Also at the end, which may have been this. */
		if ((is_ready[SOURCE_OOM] || is_ready[SOURCE_END]) && say_oom(watch, err) < 0)
			return -1;
		if (is_ready[SOURCE_END])
			return 0;
		if (is_ready[SOURCE_TIMER] &&
		    sys_read(watch->timer_fd, &expirations, sizeof(expirations)) > 0 && say_stats(watch, err) < 0)
			return -1;
	}
}

static void watch_close(struct watch *watch)
{
	cgroup_oom_close(&watch->oom);
	fd_close(&watch->timer_fd);
	fd_close(&watch->epoll_fd);
}

int runtime_events(const struct runtime_context *context, const char *id, uint64_t interval_ns,
		   runtime_line_function *write_line, struct err *err)
{
	_cleanup_container_ struct container container = CONTAINER_INIT;
	struct watch watch = {
		.container = &container,
		.id = id,
		.write_line = write_line,
		.oom = CGROUP_OOM_INIT,
		.timer_fd = -1,
		.epoll_fd = -1,
	};
	int result;

	if (container_open(context, id, &container, err) < 0 || container_refuse_half_made(&container, err) < 0)
		return -1;
	if (container.pidfd < 0)
		return err_set(err, ERR_STATE, "container with id %s is not running", id);
	if (container.cgroup.dir_count == 0)
		return err_set(err, ERR_UNSUPPORTED, "container %s has no cgroup: nothing counts what it uses", id);
	if (interval_ns == 0)
		return say_stats(&watch, err);
	result = watch_open(&watch, interval_ns, err);
	if (result == 0)
		result = watch_run(&watch, err);
	watch_close(&watch);
	return result;
}
