/*
 * fuzz_user.c - who "USER:GROUP" is, by an image's /etc/passwd and /etc/group, and who that is in the words of a plain
 * model.
 *
 * The input is the user, the text of passwd after a NUL, that of group after another one.  Oracles: the model, which
 * reads the files with strsep(3) and strtoull(3); and what is a number is nobody's name (CVE-2016-3697).
 */
#include "fuzz.h"
#include "spec/image.h"

#define FIELDS 4

static int model_id(const char *text, uint32_t *id)
{
	unsigned long long value;

	if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0')
		return -1;
	while (text[0] == '0' && text[1] != '\0')
		text++;
	if (strlen(text) > 10)
		return -1;
	value = strtoull(text, NULL, 10);
	*id = (uint32_t)value;
	return value < UINT32_MAX ? 0 : -1;
}

/* Whether a line counts; fields[] then point into it. */
static int model_split(char *line, char *fields[FIELDS])
{
	if (line[0] == '#' || line[0] == ':' || line[0] == '\0')
		return -1;
	for (size_t i = 0; i < FIELDS; i++)
		if (!(fields[i] = strsep(&line, ":")))
			return -1;
	return 0;
}

static int model_lists(char *users, const char *name)
{
	char *user;
	int is_listed = 0;

	while ((user = strsep(&users, ",")))
		is_listed |= user[0] != '\0' && strcmp(user, name) == 0;
	return is_listed;
}

static int model_has(const struct spec_user *found, uint32_t gid)
{
	for (size_t i = 0; i < found->additional_gids.count; i++)
		if (found->additional_gids.items[i] == gid)
			return 1;
	return gid == found->gid;
}

/* Returns the name under which passwd has the user (strdup), or NULL; uid and gid as there. */
static char *model_passwd(struct fuzz_input file, const struct spec_image_user *user, uint32_t *uid, uint32_t *gid)
{
	char *text = fuzz_text(file), *rest = text, *line, *fields[FIELDS], *name = NULL;
	uint32_t ids[2];

	while (!name && (line = strsep(&rest, "\n"))) {
		if (model_split(line, fields) || model_id(fields[2], &ids[0]) || model_id(fields[3], &ids[1]))
			continue;
		if (user->user ? strcmp(user->user, fields[0]) != 0 : user->uid != ids[0])
			continue;
		*uid = ids[0];
		*gid = ids[1];
		name = strdup(fields[0]);
	}
	free(text);
	return name;
}

static int model_group(struct fuzz_input file, const char *name, uint32_t *gid)
{
	char *text = fuzz_text(file), *rest = text, *line, *fields[FIELDS];
	int is_found = 0;

	while (!is_found && (line = strsep(&rest, "\n")))
		is_found = model_split(line, fields) == 0 && model_id(fields[2], gid) == 0 &&
			   strcmp(fields[0], name) == 0;
	free(text);
	return is_found;
}

static void check_groups(struct fuzz_input file, const char *name, const struct spec_user *found)
{
	char *text = fuzz_text(file), *rest = text, *line, *fields[FIELDS];
	uint32_t gid;

	while ((line = strsep(&rest, "\n"))) {
		if (model_split(line, fields) == 0 && model_id(fields[2], &gid) == 0 && model_lists(fields[3], name))
			FUZZ_REQUIRE(model_has(found, gid));
	}
	free(text);
}

static void check_found(const struct spec_image_user *user, struct fuzz_input passwd, struct fuzz_input group,
			const struct spec_user *found)
{
	uint32_t uid = user->uid, gid = 0;
	char *name = model_passwd(passwd, user, &uid, &gid);

	FUZZ_REQUIRE(name || !user->user);
	if (user->has_group) {
		gid = user->gid;
		FUZZ_REQUIRE(!user->group || model_group(group, user->group, &gid));
		FUZZ_REQUIRE(found->additional_gids.count == 0);
	} else if (name) {
		check_groups(group, name, found);
	}
	FUZZ_REQUIRE(found->uid == uid && found->gid == gid && uid != UINT32_MAX && gid != UINT32_MAX);
	free(name);
}

static void check_missing(const struct spec_image_user *user, struct fuzz_input passwd, struct fuzz_input group)
{
	uint32_t uid, gid;
	char *name = model_passwd(passwd, user, &uid, &gid);

	FUZZ_REQUIRE((user->user && !name) || (user->group && !model_group(group, user->group, &gid)));
	free(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct fuzz_input input = { (const char *)data, size };
	char *text = fuzz_cut_text(&input);
	struct fuzz_input passwd = fuzz_cut(&input), group = fuzz_cut(&input);
	struct spec_user_file passwd_file = { passwd.data, passwd.size }, group_file = { group.data, group.size };
	struct spec_image_user user;
	struct err err = ERR_INIT;
	struct spec_user found;
	uint32_t id;

	if (spec_image_user_parse(&arena, text, &user, &err) == 0) {
		FUZZ_REQUIRE(!user.user || model_id(user.user, &id) < 0);
		FUZZ_REQUIRE(!user.group || model_id(user.group, &id) < 0);
		if (spec_image_user_find(&arena, &user, &passwd_file, &group_file, &found, &err) == 0)
			check_found(&user, passwd, group, &found);
		else if (!strstr(err.text, "is in more than"))
			check_missing(&user, passwd, group);
	}
	free(text);
	return 0;
}
