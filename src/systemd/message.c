/*
 * systemd/message.c - planned properties of a unit as parts of D-Bus messages.
 *
 * Runs in the systemd program; sends nothing.
 */
#include "message.h"

#include <errno.h>
#include <string.h>

static int append_value(sd_bus_message *message, char type,
			const struct plan_unit_value *value)
{
	union { uint8_t y; int b; int16_t n; uint16_t q; int32_t i; uint32_t u; int64_t x; uint64_t t; } number;

	switch (type) {
	case 's':
	case 'o':
	case 'g':
		return sd_bus_message_append_basic(message, type, value->text);
	case 'y':
		number.y = (uint8_t)value->number;
		break;
	case 'b':
		number.b = value->number != 0;
		break;
	case 'n':
	case 'q':
		number.q = (uint16_t)value->number;
		break;
	case 'i':
	case 'u':
		number.u = (uint32_t)value->number;
		break;
	default:
		number.t = value->number;
	}
	return sd_bus_message_append_basic(message, type, &number);
}

static int append_structs(sd_bus_message *message, const char *members,
			  const struct plan_unit_property *property)
{
	char signature[16] = "";
	size_t count = strcspn(members, ")");
	int result = 0;

	if (count == 0 || count >= sizeof(signature))
		return -EINVAL;
	memcpy(signature, members, count);
	for (size_t i = 0; i < property->value_count && result >= 0; i++) {
		if (i % count == 0)
			result = sd_bus_message_open_container(message, 'r', signature);
		if (result >= 0)
			result = append_value(message, members[i % count], &property->values[i]);
		if (result >= 0 && i % count == count - 1)
			result = sd_bus_message_close_container(message);
	}
	return result;
}

static int append_array(sd_bus_message *message, const struct plan_unit_property *property)
{
	const char *item = property->type + 1;
	int result = sd_bus_message_open_container(message, 'a', item);

	if (result >= 0 && item[0] == '(')
		result = append_structs(message, item + 1, property);
	else
		for (size_t i = 0; i < property->value_count && result >= 0; i++)
			result = append_value(message, item[0], &property->values[i]);
	return result < 0 ? result : sd_bus_message_close_container(message);
}

/* One (sv). */
static int append_property(sd_bus_message *message,
			   const struct plan_unit_property *property)
{
	int result = sd_bus_message_open_container(message, 'r', "sv");

	if (result >= 0)
		result = sd_bus_message_append_basic(message, 's', property->name);
	if (result >= 0)
		result = sd_bus_message_open_container(message, 'v', property->type);
	if (result >= 0 && property->type[0] == 'a')
		result = append_array(message, property);
	else if (result >= 0)
		result = append_value(message, property->type[0], &property->values[0]);
	if (result >= 0)
		result = sd_bus_message_close_container(message);
	return result < 0 ? result : sd_bus_message_close_container(message);
}

int systemd_append_properties(sd_bus_message *message,
			      const struct plan_unit_properties *properties, pid_t pid, bool skip_recent)
{
	struct plan_unit_value value = { .number = (uint64_t)pid };
	const struct plan_unit_property pids = { .name = "PIDs", .type = "au", .values = &value, .value_count = 1 };
	int result = sd_bus_message_open_container(message, 'a', "(sv)");

	for (size_t i = 0; i < properties->count && result >= 0; i++)
		if (!skip_recent || !properties->items[i].is_recent)
			result = append_property(message, &properties->items[i]);
	if (result >= 0 && pid != 0)
		result = append_property(message, &pids);
	return result < 0 ? result : sd_bus_message_close_container(message);
}

int systemd_append_empty(sd_bus_message *message, const char *signature)
{
	int result = sd_bus_message_open_container(message, 'a', signature);

	return result < 0 ? result : sd_bus_message_close_container(message);
}
