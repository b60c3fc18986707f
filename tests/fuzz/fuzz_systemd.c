/*
 * fuzz_systemd.c - properties of systemd units from annotations, and names of slices.
 *
 * The input is a property's name, its value after a NUL, a slice after another one.  Oracles: a value has the type that
 * it claims, each number within the type's range; a slice's path has neither ".." nor an empty component, and ends with
 * the slice's name.
 */
#include "fuzz.h"
#include "plan/systemd.h"

static void check_number(char type, uint64_t number)
{
	int64_t value = (int64_t)number;

	switch (type) {
	case 'b': FUZZ_REQUIRE(number <= 1); break;
	case 'y': FUZZ_REQUIRE(number <= UINT8_MAX); break;
	case 'n': FUZZ_REQUIRE(value >= INT16_MIN && value <= INT16_MAX); break;
	case 'q': FUZZ_REQUIRE(number <= UINT16_MAX); break;
	case 'i': FUZZ_REQUIRE(value >= INT32_MIN && value <= INT32_MAX); break;
	case 'u': FUZZ_REQUIRE(number <= UINT32_MAX); break;
	default: FUZZ_REQUIRE(type == 'x' || type == 't'); break;
	}
}

static void check_value(char type, const struct plan_unit_value *value)
{
	if (strchr("sog", type))
		FUZZ_REQUIRE(value->text != NULL);
	else
		check_number(type, value->number);
}

static void check_property(const struct plan_unit_property *property)
{
	const char *type = property->type;
	_cleanup_buf_ struct buf out = BUF_INIT;
	size_t members = 1;

	FUZZ_REQUIRE(type[0] != '\0');
	if (type[0] == 'a') {
		type++;
		if (type[0] == '(') {
			type++;
			members = strcspn(type, ")");
			FUZZ_REQUIRE(members > 0 && strcmp(type + members, ")") == 0);
		}
		FUZZ_REQUIRE(property->value_count % members == 0);
	} else {
		FUZZ_REQUIRE(type[1] == '\0' && property->value_count == 1);
	}
	for (size_t i = 0; i < property->value_count; i++)
		check_value(type[i % members], &property->values[i]);
	plan_systemd_print_value(property, &out);
}

static void check_slice(struct arena *arena, const char *slice)
{
	struct err err = ERR_INIT;
	const char *path, *last;

	if (plan_systemd_slice_path(arena, slice, &path, &err) < 0) {
		FUZZ_REQUIRE(err.kind == ERR_CONFIG);
		return;
	}
	if (path[0] == '\0') {
		FUZZ_REQUIRE(strcmp(slice, "-.slice") == 0);
		return;
	}
	last = strrchr(path, '/');
	FUZZ_REQUIRE(strcmp(last ? last + 1 : path, slice) == 0);
	for (const char *part = path; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL) {
		size_t length = strcspn(part, "/");

		FUZZ_REQUIRE(length > strlen(".slice"));
		FUZZ_REQUIRE(memcmp(part + length - strlen(".slice"), ".slice", strlen(".slice")) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct fuzz_input input = { (const char *)data, size };
	char *name = fuzz_cut_text(&input), *value = fuzz_cut_text(&input), *slice = fuzz_cut_text(&input);
	struct plan_unit_property property;
	struct err err = ERR_INIT;

	if (plan_systemd_parse(&arena, name, value, &property, &err) == 0)
		check_property(&property);
	else
		FUZZ_REQUIRE(err.kind == ERR_CONFIG && err.text[0] != '\0');
	check_slice(&arena, slice);
	free(name);
	free(value);
	free(slice);
	return 0;
}
