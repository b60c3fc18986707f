/*
 * test_store.c - the state directory: names, claims, locks, files.  Needs no privileges.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/store.h"

struct fixture {
	struct arena arena;
	char root[64];
	struct runtime_context context;
	struct store store;
	struct err err;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	strcpy(fixture->root, "/tmp/runlet-store-XXXXXX");
	if (!mkdtemp(fixture->root))
		return -1;
	fixture->context.root = fixture->root;
	*state = fixture;
	return store_open(&fixture->arena, &fixture->context, true, &fixture->store, &fixture->err);
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	int result;

	store_close(&fixture->store);
	arena_free(&fixture->arena);
	/* Every test removes what it claimed, or this fails. */
	result = rmdir(fixture->root);
	free(fixture);
	return result;
}

static int claim(struct fixture *fixture, const char *id, struct store_entry *entry)
{
	return store_claim(&fixture->arena, &fixture->store, id, entry, &fixture->err);
}

static void remove_entry(struct fixture *fixture, struct store_entry *entry)
{
	assert_int_equal(store_remove(entry, &fixture->err), 0);
	store_entry_close(entry);
}

static void test_names(void **state)
{
	static const char *const good[] = { "a", "web-1", "A_b.c+d", ".hidden", "...", "0" };
	static const char *const bad[] = { "", ".", "..", "a/b", "a b", "a\n", "\xc3\xa4", "a:b", "/" };
	struct err err;
	char name[NAME_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(store_check_id(good[i], &err), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(store_check_id(bad[i], &err), -1);
		assert_int_equal(err.kind, ERR_USAGE);
	}
	memset(name, 'x', sizeof(name));
	name[NAME_MAX] = '\0';
	assert_int_equal(store_check_id(name, &err), 0);
	name[NAME_MAX] = 'x';
	name[NAME_MAX + 1] = '\0';
	assert_int_equal(store_check_id(name, &err), -1);
	assert_non_null(strstr(err.text, "256 characters"));
}

static void test_claim_once(void **state)
{
	struct fixture *fixture = *state;
	struct store_entry first, second;
	struct stat status;

	assert_int_equal(claim(fixture, "web", &first), 0);
	assert_int_equal(fstat(first.fd, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0700);
	assert_int_equal(claim(fixture, "web", &second), -1);
	assert_int_equal(fixture->err.kind, ERR_EXISTS);
	assert_non_null(strstr(fixture->err.text, "already exists"));
	remove_entry(fixture, &first);
	assert_int_equal(claim(fixture, "web", &second), 0);
	remove_entry(fixture, &second);
}

static void test_open_missing(void **state)
{
	struct fixture *fixture = *state;
	struct store_entry entry;

	assert_int_equal(store_open_entry(&fixture->arena, &fixture->store, "web", &entry, &fixture->err), -1);
	assert_int_equal(fixture->err.kind, ERR_NOT_FOUND);
	assert_non_null(strstr(fixture->err.text, "container does not exist"));
}

static void test_state_file(void **state)
{
	struct fixture *fixture = *state;
	struct store_entry entry;
	size_t length;
	char *json;

	assert_int_equal(claim(fixture, "web", &entry), 0);
	assert_int_equal(store_read_state(&fixture->arena, &entry, &json, &length, &fixture->err), 0);
	assert_null(json);
	assert_int_equal(store_write_state(&entry, "{\"a\":1}", 7, &fixture->err), 0);
	assert_int_equal(store_write_state(&entry, "{}", 2, &fixture->err), 0);
	assert_int_equal(store_read_state(&fixture->arena, &entry, &json, &length, &fixture->err), 0);
	assert_int_equal(length, 2);
	assert_string_equal(json, "{}");
	/* Written aside and renamed: nothing else stays behind. */
	assert_int_equal(faccessat(entry.fd, "state.json.new", F_OK, 0), -1);
	remove_entry(fixture, &entry);
}

/* What another process sees: locked while the claim's owner lives, free when it was killed. */
static void test_lock_dies_with_owner(void **state)
{
	struct fixture *fixture = *state;
	struct store_entry entry;
	int ready[2], status;
	char byte;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		if (claim(fixture, "web", &entry) < 0 || write(ready[1], "x", 1) != 1)
			_exit(1);
		pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(store_open_entry(&fixture->arena, &fixture->store, "web", &entry, &fixture->err), 0);
	assert_true(store_is_locked(&entry));
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	assert_false(store_is_locked(&entry));
	assert_int_equal(store_lock(&entry, &fixture->err), 0);
	remove_entry(fixture, &entry);
	close(ready[0]);
	close(ready[1]);
}

static void test_lock_of_removed(void **state)
{
	struct fixture *fixture = *state;
	struct store_entry entry, other;

	assert_int_equal(claim(fixture, "web", &entry), 0);
	assert_int_equal(store_open_entry(&fixture->arena, &fixture->store, "web", &other, &fixture->err), 0);
	remove_entry(fixture, &entry);
	assert_int_equal(store_lock(&other, &fixture->err), -1);
	assert_int_equal(fixture->err.kind, ERR_NOT_FOUND);
	store_entry_close(&other);
}

static void test_list(void **state)
{
	static const char *const names[] = { "b", "a", "c10", "c1" };
	struct fixture *fixture = *state;
	struct store_entry entries[4];
	const char **ids;
	size_t count;

	for (size_t i = 0; i < 4; i++)
		assert_int_equal(claim(fixture, names[i], &entries[i]), 0);
	assert_int_equal(store_list(&fixture->arena, &fixture->store, &ids, &count, &fixture->err), 0);
	assert_int_equal(count, 4);
	assert_string_equal(ids[0], "a");
	assert_string_equal(ids[1], "b");
	assert_string_equal(ids[2], "c1");
	assert_string_equal(ids[3], "c10");
	for (size_t i = 0; i < 4; i++)
		remove_entry(fixture, &entries[i]);
}

/* Only names that runlet makes go: a file of somebody else keeps the directory, and the error names it. */
static void test_remove_is_not_recursive(void **state)
{
	struct fixture *fixture = *state;
	struct store_entry entry;
	int fd;

	assert_int_equal(claim(fixture, "web", &entry), 0);
	fd = openat(entry.fd, "precious", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(store_remove(&entry, &fixture->err), -1);
	assert_non_null(strstr(fixture->err.text, "web"));
	assert_int_equal(unlinkat(entry.fd, "precious", 0), 0);
	remove_entry(fixture, &entry);
}

static void test_root_choice(void **state)
{
	struct fixture *fixture = *state;
	struct runtime_context context = { .rootless = ROOTLESS_TRUE };
	struct store store;
	char path[128];

	unsetenv("XDG_RUNTIME_DIR");
	assert_int_equal(store_open(&fixture->arena, &context, false, &store, &fixture->err), -1);
	assert_non_null(strstr(fixture->err.text, "XDG_RUNTIME_DIR"));
	setenv("XDG_RUNTIME_DIR", fixture->root, 1);
	assert_int_equal(store_open(&fixture->arena, &context, false, &store, &fixture->err), 0);
	assert_true(store.is_missing);
	assert_int_equal(store_open(&fixture->arena, &context, true, &store, &fixture->err), 0);
	snprintf(path, sizeof(path), "%s/runlet", fixture->root);
	assert_string_equal(store.path, path);
	store_close(&store);
	assert_int_equal(rmdir(path), 0);
	unsetenv("XDG_RUNTIME_DIR");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test_setup_teardown(test_claim_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_open_missing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_state_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_lock_dies_with_owner, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_lock_of_removed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_list, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_remove_is_not_recursive, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_root_choice, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
