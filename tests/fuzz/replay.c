/*
 * replay.c - runs a fuzzer's corpus through it without libFuzzer, so that `make check` does it with every compiler.
 *
 * Arguments: files and folders of files; without any, $srcdir/tests/fuzz/corpus/NAME, where this program is fuzz_NAME.
 * Fails when there was nothing to replay.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

static void die(const char *what, const char *path)
{
	fprintf(stderr, "%s ", what);
	perror(path);
	exit(1);
}

/* Each input gets a block of exactly its own size, so that a sanitizer sees a byte read too far. */
static void replay_file(const char *path, size_t size)
{
	FILE *file = fopen(path, "re");
	uint8_t *data = malloc(size ? size : 1);

	if (!file || !data || fread(data, 1, size, file) != size)
		die("read", path);
	fclose(file);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
}

static unsigned replay(const char *path)
{
	struct stat status;
	struct dirent *entry;
	unsigned count = 0;
	char inner[4096];
	DIR *folder;

	if (stat(path, &status) < 0)
		die("stat", path);
	if (!S_ISDIR(status.st_mode)) {
		replay_file(path, (size_t)status.st_size);
		return 1;
	}
	folder = opendir(path);
	if (!folder)
		die("opendir", path);
	while ((entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
		count += replay(inner);
	}
	closedir(folder);
	return count;
}

int main(int argc, char **argv)
{
	const char *directory = getenv("srcdir");
	const char *name = strrchr(argv[0], '/');
	unsigned count = 0;
	char path[4096];
	int i;

	name = name ? name + 1 : argv[0];
	for (i = 1; i < argc; i++)
		count += replay(argv[i]);
	if (argc == 1) {
		name += strncmp(name, "fuzz_", 5) == 0 ? 5 : 0;
		snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s", directory ? directory : ".", name);
		count = replay(path);
	}
	printf("%u inputs\n", count);
	return count ? 0 : 1;
}
