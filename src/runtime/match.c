/*
 * runtime/match.c - one command for all containers whose id matches a regular expression.  Runtime process only.
 */
#include <regex.h>

#include "base/log.h"
#include "runtime/runtime.h"
#include "runtime/store.h"

static int compile(const char *pattern, regex_t *regex, struct err *err)
{
	int result = regcomp(regex, pattern, REG_EXTENDED | REG_NOSUB);
	char reason[128];

	if (result == 0)
		return 0;
	regerror(result, regex, reason, sizeof(reason));
	return err_set(err, ERR_USAGE, "--regex: \"%.64s\": %s", pattern, reason);
}

static int list_all(const struct runtime_context *context, struct arena *arena, const char ***ids, size_t *count,
                    struct err *err)
{
	struct store store = STORE_INIT;
	int result = store_open(arena, context, false, &store, err);

	if (result == 0)
		result = store_list(arena, &store, ids, count, err);
	store_close(&store);
	return result;
}

int runtime_for_each_match(const struct runtime_context *context, const char *pattern, runtime_match_function *function,
                           const void *argument, struct err *err)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	size_t count = 0, failed = 0;
	const char **ids = NULL;
	regex_t regex;

	if (compile(pattern, &regex, err) < 0)
		return -1;
	if (list_all(context, &arena, &ids, &count, err) < 0) {
		regfree(&regex);
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		struct err failure = ERR_INIT;

		if (regexec(&regex, ids[i], 0, NULL, 0) != 0)
			continue;
		/* Somebody else may have deleted it since. */
		if (function(context, ids[i], argument, &failure) == 0 || failure.kind == ERR_NOT_FOUND)
			continue;
		log_warn_err(&failure);
		failed++;
	}
	regfree(&regex);
	return failed == 0 ? 0 : err_set(err, ERR_STATE, "--regex \"%.64s\": %zu containers failed", pattern,
	                                     failed);
}
