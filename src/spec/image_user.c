/*
 * spec/image_user.c - an image's user, by the texts of its /etc/passwd and /etc/group (passwd(5), group(5)).
 *
 * Runtime process only; pure.  The texts are the image's: any bytes, of which only well-formed lines count.  Ids are
 * compared as numbers and never looked up as names (CVE-2016-3697).
 */
#include "spec/image.h"

#include <string.h>

#include "base/num.h"

/* -1 is "no change" to the kernel's calls. */
#define ID_MAX (UINT32_MAX - 1)
/* The kernel takes 65536; more than this is an attack on whoever looks through them. */
#define GROUPS_MAX 4096

/* name:password:UID:GID:... and name:password:GID:user,user,... */
enum { PASSWD_NAME = 0, PASSWD_UID = 2, PASSWD_GID = 3, PASSWD_FIELDS = 4 };
enum { GROUP_NAME = 0, GROUP_GID = 2, GROUP_USERS = 3, GROUP_FIELDS = 4 };

struct field { const char *text; size_t length; };

struct passwd_entry { struct field name; uint32_t uid, gid; };
struct group_entry { struct field name, users; uint32_t gid; };

static bool field_is(const struct field *field, const char *text)
{
	return field->length == strlen(text) && memcmp(field->text, text, field->length) == 0;
}

static bool field_is_field(const struct field *field, const struct field *other)
{
	return field->length == other->length && memcmp(field->text, other->text, field->length) == 0;
}

static int field_id(const struct field *field, uint32_t *id)
{
	uint64_t value;

	if (num_parse_u64_n(field->text, field->length, ID_MAX, &value) < 0)
		return -1;
	*id = (uint32_t)value;
	return 0;
}

/* Cuts the next line off *rest; false at the end. */
static bool next_line(struct field *rest, struct field *line)
{
	const char *end;

	if (rest->length == 0)
		return false;
	end = memchr(rest->text, '\n', rest->length);
	line->text = rest->text;
	line->length = end ? (size_t)(end - rest->text) : rest->length;
	rest->text += line->length + (end ? 1 : 0);
	rest->length -= line->length + (end ? 1 : 0);
	return true;
}

/*
 * The first `count` fields; the last of them ends at a colon or with the line.  False when the line has fewer, or is a
 * comment, as glibc has them.
 */
static bool split(const struct field *line, struct field *fields, size_t count)
{
	struct field rest = *line;

	if (rest.length > 0 && rest.text[0] == '#')
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *colon = rest.text ? memchr(rest.text, ':', rest.length) : NULL;

		if (!rest.text)
			return false;
		fields[i].text = rest.text;
		fields[i].length = colon ? (size_t)(colon - rest.text) : rest.length;
		rest.text = colon ? colon + 1 : NULL;
		rest.length = colon ? rest.length - fields[i].length - 1 : 0;
	}
	return true;
}

/* Moves to the next well-formed entry; false at the end. */
static bool next_passwd(struct field *rest, struct passwd_entry *entry)
{
	struct field fields[PASSWD_FIELDS];
	struct field line;

	while (next_line(rest, &line)) {
		if (!split(&line, fields, PASSWD_FIELDS) || fields[PASSWD_NAME].length == 0 ||
		    field_id(&fields[PASSWD_UID], &entry->uid) < 0 || field_id(&fields[PASSWD_GID], &entry->gid) < 0)
			continue;
		entry->name = fields[PASSWD_NAME];
		return true;
	}
	return false;
}

static bool next_group(struct field *rest, struct group_entry *entry)
{
	struct field fields[GROUP_FIELDS];
	struct field line;

	while (next_line(rest, &line)) {
		if (!split(&line, fields, GROUP_FIELDS) || fields[GROUP_NAME].length == 0 ||
		    field_id(&fields[GROUP_GID], &entry->gid) < 0)
			continue;
		entry->name = fields[GROUP_NAME];
		entry->users = fields[GROUP_USERS];
		return true;
	}
	return false;
}

/* One half of "USER:GROUP": *name stays NULL for a number. */
static int parse_half(struct arena *arena, const char *text, size_t length, char **name, uint32_t *id)
{
	const struct field field = { text, length };

	if (length == 0 || memchr(text, ':', length))
		return -1;
	if (strspn(text, "0123456789") >= length)
		return field_id(&field, id);
	*name = arena_strndup(arena, text, length);
	return 0;
}

int spec_image_user_parse(struct arena *arena, const char *text, struct spec_image_user *user, struct err *err)
{
	const char *colon = text ? strchr(text, ':') : NULL;
	size_t length = colon ? (size_t)(colon - text) : text ? strlen(text) : 0;

	*user = (struct spec_image_user){ NULL };
	if (!text)
		return 0;
	user->has_group = colon != NULL;
	if (parse_half(arena, text, length, &user->user, &user->uid) < 0 ||
	    (colon && parse_half(arena, colon + 1, strlen(colon + 1), &user->group, &user->gid) < 0))
		return err_set(err, ERR_CONFIG, "want USER or USER:GROUP, names or numbers up to %u, got \"%.80s\"",
			       ID_MAX, text);
	return 0;
}

static bool find_passwd(const struct spec_image_user *user, const struct spec_user_file *passwd,
			struct passwd_entry *entry)
{
	struct field rest = { passwd->text, passwd->length };

	while (next_passwd(&rest, entry)) {
		if (user->user ? field_is(&entry->name, user->user) : entry->uid == user->uid)
			return true;
	}
	return false;
}

static bool find_group(const char *name, const struct spec_user_file *group, uint32_t *gid)
{
	struct field rest = { group->text, group->length };
	struct group_entry entry;

	while (next_group(&rest, &entry)) {
		if (field_is(&entry.name, name)) {
			*gid = entry.gid;
			return true;
		}
	}
	return false;
}

static bool lists_user(struct field users, const struct field *name)
{
	while (users.length > 0) {
		const char *comma = memchr(users.text, ',', users.length);
		const struct field user = { users.text, comma ? (size_t)(comma - users.text) : users.length };

		if (field_is_field(&user, name))
			return true;
		users.text += user.length + (comma ? 1 : 0);
		users.length -= user.length + (comma ? 1 : 0);
	}
	return false;
}

static bool has_gid(const struct spec_user *user, uint32_t gid)
{
	for (size_t i = 0; i < user->additional_gids.count; i++)
		if (user->additional_gids.items[i] == gid)
			return true;
	return gid == user->gid;
}

static int add_groups(struct arena *arena, const struct field *name, const struct spec_user_file *group,
		      struct spec_user *found, struct err *err)
{
	struct field rest = { group->text, group->length };
	struct u32_list *gids = &found->additional_gids;
	struct group_entry entry;

	while (next_group(&rest, &entry)) {
		if (!lists_user(entry.users, name) || has_gid(found, entry.gid))
			continue;
		if (gids->count == GROUPS_MAX)
			return err_set(err, ERR_CONFIG, "user \"%.*s\" is in more than %u groups of /etc/group",
				       name->length > 80 ? 80 : (int)name->length, name->text, GROUPS_MAX);
		gids->items = arena_grow(arena, gids->items, gids->count, sizeof(*gids->items));
		gids->items[gids->count++] = entry.gid;
	}
	return 0;
}

int spec_image_user_find(struct arena *arena, const struct spec_image_user *user, const struct spec_user_file *passwd,
			 const struct spec_user_file *group, struct spec_user *found, struct err *err)
{
	struct passwd_entry entry = { .uid = user->uid };
	bool is_known = find_passwd(user, passwd, &entry);

	*found = (struct spec_user){ .uid = entry.uid };
	if (!is_known && user->user)
		return err_set(err, ERR_CONFIG, "no user \"%.80s\" in the root's /etc/passwd", user->user);
	if (!is_known)
		found->uid = user->uid;
	if (!user->has_group) {
		found->gid = is_known ? entry.gid : 0;
		return is_known ? add_groups(arena, &entry.name, group, found, err) : 0;
	}
	found->gid = user->gid;
	if (user->group && !find_group(user->group, group, &found->gid))
		return err_set(err, ERR_CONFIG, "no group \"%.80s\" in the root's /etc/group", user->group);
	return 0;
}
