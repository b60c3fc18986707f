/*
 * sys/proc.c - parsers of /proc texts that the caller has read into a buffer.
 *
 * Any process.  No system calls and no allocation.
 */
#include "sys/proc.h"

#include <errno.h>
#include <string.h>

#include "base/num.h"

/* Cuts the next line off *cursor; NULL at the end of the text. */
static char *cut_line(char **cursor)
{
	char *line = *cursor;
	char *end;

	if (*line == '\0')
		return NULL;
	end = strchr(line, '\n');
	if (end) {
		*end = '\0';
		*cursor = end + 1;
	} else {
		*cursor = line + strlen(line);
	}
	return line;
}

/* Cuts the next word off *rest at `separator`; NULL when there is none left. */
static char *cut_word(char **rest, char separator)
{
	char *word = *rest;
	char *end;

	if (!word)
		return NULL;
	end = strchr(word, separator);
	if (end)
		*end = '\0';
	*rest = end ? end + 1 : NULL;
	return word;
}

static bool is_octal(char digit, char max)
{
	return digit >= '0' && digit <= max;
}

/* The kernel writes blank, tab, newline, '#' and backslash as three octal digits (seq_path, mangle). */
static char *unescape(char *text)
{
	char *out = text;

	for (const char *in = text; *in;) {
		if (in[0] == '\\' && is_octal(in[1], '3') && is_octal(in[2], '7') && is_octal(in[3], '7')) {
			*out++ = (char)((in[1] - '0') * 64 + (in[2] - '0') * 8 + (in[3] - '0'));
			in += 4;
		} else {
			*out++ = *in++;
		}
	}
	*out = '\0';
	return text;
}

/* The words between the options and "-": "shared:1 master:2 propagate_from:3 unbindable". */
static int read_tags(char **rest, struct proc_mount *mount)
{
	for (;;) {
		const char *tag = cut_word(rest, ' ');

		if (!tag)
			return -EINVAL;
		if (strcmp(tag, "-") == 0)
			return 0;
		if (strncmp(tag, "shared:", 7) == 0)
			mount->is_shared = true;
	}
}

int proc_mount_next(char **cursor, struct proc_mount *mount)
{
	char *rest = cut_line(cursor);
	char *id, *parent, *root, *mountpoint, *fs_type, *source;

	if (!rest)
		return 0;
	memset(mount, 0, sizeof(*mount));
	id = cut_word(&rest, ' ');
	parent = cut_word(&rest, ' ');
	cut_word(&rest, ' ');
	root = cut_word(&rest, ' ');
	mountpoint = cut_word(&rest, ' ');
	mount->options = cut_word(&rest, ' ');
	if (!mount->options || num_parse_u32(id, &mount->id) || num_parse_u32(parent, &mount->parent))
		return -EINVAL;
	if (read_tags(&rest, mount))
		return -EINVAL;
	fs_type = cut_word(&rest, ' ');
	source = cut_word(&rest, ' ');
	mount->super_options = cut_word(&rest, ' ');
	if (!mount->super_options)
		return -EINVAL;
	mount->root = unescape(root);
	mount->mountpoint = unescape(mountpoint);
	mount->fs_type = unescape(fs_type);
	mount->source = unescape(source);
	return 1;
}

int proc_cgroup_next(char **cursor, struct proc_cgroup *cgroup)
{
	char *rest = cut_line(cursor);
	char *hierarchy;

	if (!rest)
		return 0;
	hierarchy = cut_word(&rest, ':');
	cgroup->controllers = cut_word(&rest, ':');
	cgroup->path = rest;
	if (!cgroup->controllers || !cgroup->path || cgroup->path[0] != '/' ||
	    num_parse_u32(hierarchy, &cgroup->hierarchy))
		return -EINVAL;
	return 1;
}

const char *proc_status_field(const char *text, const char *key, size_t *length)
{
	size_t key_length = strlen(key);

	for (const char *line = text; *line;) {
		const char *end = strchr(line, '\n');

		if (!end)
			end = line + strlen(line);
		if (strncmp(line, key, key_length) == 0 && line[key_length] == ':') {
			const char *value = line + key_length + 1;

			while (*value == ' ' || *value == '\t')
				value++;
			*length = value < end ? (size_t)(end - value) : 0;
			return value;
		}
		line = *end ? end + 1 : end;
	}
	return NULL;
}

/* Field numbers of proc(5), counted from the state, which is field 3. */
enum { STAT_PARENT = 1, STAT_START_TIME = 19, STAT_EXIT_CODE = 49 };

/* `word` is the field behind the start time. */
static int exit_code(const char *word)
{
	const char *end;
	uint64_t value;

	for (int field = STAT_START_TIME + 1; field < STAT_EXIT_CODE; field++) {
		word = strchr(word, ' ');
		if (!word)
			return -1;
		word++;
	}
	end = strchr(word, '\n');
	return num_parse_u64_n(word, end ? (size_t)(end - word) : strlen(word), INT32_MAX, &value) ? -1 : (int)value;
}

int proc_stat_parse(const char *text, struct proc_stat *status)
{
	const char *word = strrchr(text, ')');
	uint64_t parent = 0;

	if (!word || word[1] != ' ' || word[2] == '\0')
		return -EINVAL;
	word += 2;
	status->state = *word;
	for (int field = 0; field <= STAT_START_TIME; field++) {
		const char *end = strchr(word, ' ');

		if (!end)
			return -EINVAL;
		if (field == STAT_PARENT && num_parse_u64_n(word, (size_t)(end - word), INT32_MAX, &parent))
			return -EINVAL;
		if (field == STAT_START_TIME &&
		    num_parse_u64_n(word, (size_t)(end - word), UINT64_MAX, &status->start_time))
			return -EINVAL;
		word = end + 1;
	}
	status->parent = (pid_t)parent;
	status->exit_code = exit_code(word);
	return 0;
}
