/*
 * fuzz_session.c - what init may say, as the runtime's side of the talk takes it: create, start and exec.
 *
 * init runs beside the container's processes, and is not trusted.  Oracles: the talk ends, with success only behind
 * EXECING and without a report of failure; an error has a kind and a text; no fd is lost.
 */
#include "base/log.h"
#include "messages.h"
#include "runtime/session.h"

/* With a plan the messages are about its ops: a few that have origins. */
static void open_bundle(struct bundle *bundle)
{
	static char pool[] = "\0mounts[1]\0process.args";
	static struct plan_op ops[] = {
		{ .kind = OP_SESSION }, { .kind = OP_MOUNT_FS, .origin = { 1 } }, { .kind = OP_EXEC, .origin = { 11 } },
	};
	static char text[] = "{\n\t\"mounts\": [\n\t\t{},\n\t\t{}\n\t]\n}\n";

	memset(bundle, 0, sizeof(*bundle));
	bundle->config_name = "config.json";
	bundle->text = text;
	bundle->size = strlen(text);
	bundle->plan.ops = ops;
	bundle->plan.op_count = sizeof(ops) / sizeof(ops[0]);
	bundle->plan.pool = pool;
	bundle->plan.pool_size = sizeof(pool);
}

/* As create does at each meeting: what stands in the way of the next message is answered. */
static void answer(struct session *session, const struct wire_message *message)
{
	struct err err = ERR_INIT;

	if (message->header.type == WIRE_NEED_MAP)
		(void)session_send(session, WIRE_MAPPED, NULL, 0, &err);
	else if (message->header.type == WIRE_AT && session->state != WIRE_STATE_STARTING)
		(void)session_send(session, WIRE_CONTINUE, NULL, 0, &err);
}

static void talk(struct session *session)
{
	struct wire_message message;
	struct err err = ERR_INIT;
	int result;

	while ((result = session_receive(session, &message, &err)) == 1) {
		FUZZ_REQUIRE(session->state < WIRE_STATE_COUNT && session->state != WIRE_STATE_FAILED);
		answer(session, &message);
		wire_message_close(&message);
	}
	if (result == 0)
		FUZZ_REQUIRE(session->state == WIRE_STATE_EXECING && session->notify.socket < 0);
	else
		FUZZ_REQUIRE(memchr(err.text, '\0', sizeof(err.text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = { (const char *)data, size };
	uint8_t choice = fuzz_byte(&input);
	struct session session = SESSION_INIT;
	struct bundle bundle;
	struct err err = ERR_INIT;
	int next_fd, pair[2];

	(void)messages_null_fd();
	FUZZ_REQUIRE(log_open("/dev/null", LOG_FORMAT_TEXT, LOG_LEVEL_ERROR, &err) == 0);
	next_fd = messages_next_fd();
	FUZZ_REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	messages_send(pair[0], &input);
	open_bundle(&bundle);
	session.socket = pair[1];
	session.side = choice & 1 ? WIRE_START : WIRE_RUNTIME;
	session.state = (enum wire_state)(choice / 4 % WIRE_STATE_COUNT);
	session.bundle = choice & 2 ? &bundle : NULL;
	talk(&session);
	session_close(&session);
	close(pair[0]);
	FUZZ_REQUIRE(messages_next_fd() == next_fd);
	return 0;
}
