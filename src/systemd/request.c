/*
 * systemd/request.c - requests to the systemd program, written by runlet and read by that program.
 *
 * Pure.  The reader must not trust a count: it allocates no more items than there are bytes left.
 */
#include "systemd/request.h"

#include <inttypes.h>
#include <string.h>

#include "base/num.h"

/* --- writing --- */

static void add_text(struct buf *out, const char *text)
{
	buf_add(out, text, strlen(text) + 1);
}

static void add_number(struct buf *out, uint64_t number)
{
	buf_printf(out, "%" PRIu64, number);
	buf_add(out, "", 1);
}

static void add_property(struct buf *out, const struct plan_unit_property *property)
{
	add_text(out, property->name);
	add_text(out, property->type);
	add_number(out, property->is_recent);
	add_number(out, property->value_count);
	for (size_t i = 0; i < property->value_count; i++) {
		const struct plan_unit_value *value = &property->values[i];

		add_number(out, value->text != NULL);
		if (value->text != NULL)
			add_text(out, value->text);
		else
			add_number(out, value->number);
	}
}

void systemd_request_write(const struct systemd_request *request, struct buf *out)
{
	add_number(out, request->action);
	add_number(out, request->is_debug);
	add_number(out, request->timeout_ms);
	add_text(out, request->unit);
	add_number(out, (uint64_t)request->pid);
	add_number(out, request->address_count);
	for (size_t i = 0; i < request->address_count; i++) {
		add_text(out, request->addresses[i].address);
		add_number(out, request->addresses[i].is_broker);
	}
	add_number(out, request->properties.count);
	for (size_t i = 0; i < request->properties.count; i++)
		add_property(out, &request->properties.items[i]);
}

/* --- reading --- */

/* is_broken stays set, so that it is looked at once, at the end; what is read then is "" and 0. */
struct reader { const char *next; size_t left; bool is_broken; };

static const char *read_text(struct reader *reader)
{
	const char *text = reader->next;
	size_t length = strnlen(text, reader->left);

	if (length == reader->left) {
		reader->is_broken = true;
		return "";
	}
	reader->next += length + 1;
	reader->left -= length + 1;
	return text;
}

static uint64_t read_number(struct reader *reader, uint64_t max)
{
	uint64_t number = 0;

	if (num_parse_u64(read_text(reader), max, &number) < 0)
		reader->is_broken = true;
	return number;
}

/* How many items follow, each of which takes a byte at least. */
static size_t read_count(struct reader *reader)
{
	size_t count = (size_t)read_number(reader, reader->left);

	return reader->is_broken ? 0 : count;
}

static void read_property(struct arena *arena, struct reader *reader, struct plan_unit_property *property)
{
	property->name = read_text(reader);
	property->type = read_text(reader);
	property->origin = "";
	property->is_recent = read_number(reader, 1) != 0;
	property->value_count = read_count(reader);
	property->values = arena_alloc_array(arena, property->value_count, sizeof(property->values[0]));
	for (size_t i = 0; i < property->value_count && !reader->is_broken; i++) {
		if (read_number(reader, 1) != 0)
			property->values[i].text = read_text(reader);
		else
			property->values[i].number = read_number(reader, UINT64_MAX);
	}
}

int systemd_request_read(struct arena *arena, const char *text, size_t size, struct systemd_request *request,
			 struct err *err)
{
	struct reader reader = { .next = text, .left = size };
	struct plan_unit_properties *properties = &request->properties;

	*request = (struct systemd_request){ .action = read_number(&reader, SYSTEMD_ACTION_COUNT - 1) };
	request->is_debug = read_number(&reader, 1) != 0;
	request->timeout_ms = (uint32_t)read_number(&reader, INT32_MAX);
	request->unit = read_text(&reader);
	request->pid = (pid_t)read_number(&reader, INT32_MAX);
	request->address_count = (size_t)read_number(&reader, SYSTEMD_ADDRESSES_MAX);
	for (size_t i = 0; i < request->address_count; i++) {
		request->addresses[i].address = read_text(&reader);
		request->addresses[i].is_broker = read_number(&reader, 1) != 0;
	}
	properties->count = read_count(&reader);
	properties->items = arena_alloc_array(arena, properties->count, sizeof(properties->items[0]));
	for (size_t i = 0; i < properties->count && !reader.is_broken; i++)
		read_property(arena, &reader, &properties->items[i]);
	if (reader.is_broken || reader.left > 0)
		return err_set(err, ERR_PROTOCOL, "the systemd program got a request that is none");
	return 0;
}
