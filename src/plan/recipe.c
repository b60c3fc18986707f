/*
 * plan/recipe.c - what exec needs of a container, as bytes and back.
 *
 * Runtime process only; pure.  The text part is a config.json of its own and goes through the decoder that every config
 * goes through, so that no field of `process` can get lost on the way.
 */
#include <string.h>

#include "json/emit.h"
#include "plan/exec.h"
#include "spec/names.h"

#define RECIPE_MAGIC 0x3130455049434552ull /* "RECIPE01" */

struct recipe_header {
	uint64_t magic;
	uint32_t ns_types;
	uint32_t flags;
	uint32_t seccomp_flags;
	uint32_t seccomp_size;   /* bytes behind the header; a multiple of 8 */
	uint32_t text_size;      /* bytes behind those; what then follows is landlock_files */
	uint32_t reserved;       /* 0 */
};
_Static_assert(sizeof(struct recipe_header) % sizeof(uint64_t) == 0, "the filter starts 8-aligned");

static void emit_memory_policy(struct json_emitter *emitter, const struct spec_memory_policy *policy)
{
	json_emit_key_object(emitter, "memoryPolicy");
	json_emit_key_string(emitter, "mode", name_from_value(&spec_memory_policy_names, policy->mode));
	if (policy->nodes != NULL)
		json_emit_key_string(emitter, "nodes", policy->nodes);
	json_emit_key_array(emitter, "flags");
	for (size_t i = 0; i < spec_memory_flag_names.count; i++) {
		if ((policy->flags & (uint64_t)spec_memory_flag_names.rows[i].value) != 0)
			json_emit_string(emitter, spec_memory_flag_names.rows[i].name);
	}
	json_emit_array_end(emitter);
	json_emit_object_end(emitter);
}

static void emit_text(const struct spec *spec, struct buf *text)
{
	const struct spec_personality *personality = spec->linux->personality;
	struct json_emitter emitter;

	json_emit_open(&emitter, text, JSON_COMPACT);
	json_emit_object_begin(&emitter);
	json_emit_key_string(&emitter, "ociVersion", spec->oci_version);
	json_emit_key_object(&emitter, "root");
	json_emit_key_string(&emitter, "path", "/");
	json_emit_object_end(&emitter);
	if (spec->process != NULL) {
		json_emit_key(&emitter, "process");
		json_emit_raw(&emitter, spec->process->text.start, spec->process->text.length);
	}
	json_emit_key_object(&emitter, "linux");
	if (personality != NULL) {
		json_emit_key_object(&emitter, "personality");
		json_emit_key_string(&emitter, "domain",
		                     name_from_value(&spec_personality_names, personality->domain));
		json_emit_object_end(&emitter);
	}
	if (spec->linux->memory_policy != NULL)
		emit_memory_policy(&emitter, spec->linux->memory_policy);
	if (spec->linux->landlock != NULL) {
		json_emit_key(&emitter, "landlock");
		json_emit_raw(&emitter, spec->linux->landlock->text.start, spec->linux->landlock->text.length);
	}
	json_emit_object_end(&emitter);
	json_emit_object_end(&emitter);
	json_emit_close(&emitter);
}

/* How the container was made is told by its ops. */
static void read_ops(const struct plan *plan, struct recipe_header *header, struct plan_seccomp *seccomp)
{
	for (size_t i = 0; i < plan->op_count; i++) {
		const struct plan_op *op = &plan->ops[i];

		if (op->kind == OP_PIVOT && op->u.pivot.method == PIVOT_CHROOT)
			header->flags |= RECIPE_CHROOT;
		else if (op->kind == OP_KEYRING)
			header->flags |= RECIPE_KEYRING;
		else if (op->kind == OP_CREDENTIALS && (op->u.credentials.flags & CRED_SET_GROUPS) != 0)
			header->flags |= RECIPE_SETGROUPS;
		else if (op->kind == OP_SECCOMP)
			*seccomp = (struct plan_seccomp){
				.program = plan->pool + op->u.seccomp.program.offset,
				.size = op->u.seccomp.program.size,
				.flags = op->u.seccomp.flags,
			};
	}
}

int plan_recipe_encode(const struct spec *spec, const struct plan *plan, struct buf *bytes, struct err *err)
{
	struct recipe_header header = { .magic = RECIPE_MAGIC };
	struct plan_seccomp seccomp = { 0 };

	for (size_t i = 0; i < spec->linux->namespaces.count; i++)
		header.ns_types |= spec->linux->namespaces.items[i].type;
	read_ops(plan, &header, &seccomp);
	if (!plan->has_process && spec->linux->seccomp != NULL &&
	    plan_seccomp_build(plan->arena, spec->linux->seccomp, &seccomp, err) < 0)
		return -1;
	header.seccomp_flags = seccomp.flags;
	header.seccomp_size = (uint32_t)seccomp.size;
	buf_add(bytes, &header, sizeof(header));
	buf_add(bytes, seccomp.program, seccomp.size);
	emit_text(spec, bytes);
	header.text_size = (uint32_t)(bytes->length - sizeof(header) - seccomp.size);
	memcpy(bytes->data, &header, sizeof(header));
	return 0;
}

static void read_files(struct arena *arena, const char *bytes, size_t size, struct plan_recipe *recipe)
{
	struct plan_landlock_file *files = arena_alloc(arena, size + 1);

	memcpy(files, bytes, size);
	recipe->landlock_files = files;
	recipe->landlock_file_count = size / sizeof(*files);
}

int plan_recipe_decode(struct arena *arena, const char *name, const char *bytes, size_t size,
                       struct plan_recipe *recipe, struct err *err)
{
	struct recipe_header header = { 0 };

	*recipe = (struct plan_recipe){ 0 };
	if (size >= sizeof(header))
		memcpy(&header, bytes, sizeof(header));
	if (size < sizeof(header) || header.magic != RECIPE_MAGIC)
		return err_set(err, ERR_STATE, "%s was not written by this version of runlet", name);
	size -= sizeof(header);
	bytes += sizeof(header);
	if (header.seccomp_size % sizeof(uint64_t) != 0 || header.seccomp_size > size ||
	    header.text_size > size - header.seccomp_size ||
	    (size - header.seccomp_size - header.text_size) % sizeof(struct plan_landlock_file) != 0)
		return err_set(err, ERR_STATE, "%s is broken: its sizes don't add up", name);
	recipe->ns_types = header.ns_types;
	recipe->flags = header.flags;
	recipe->seccomp = (struct plan_seccomp){ bytes, header.seccomp_size, header.seccomp_flags };
	size -= header.seccomp_size + header.text_size;
	read_files(arena, bytes + header.seccomp_size + header.text_size, size, recipe);
	if (spec_decode(arena, name, bytes + header.seccomp_size, header.text_size, &recipe->spec, NULL, err) < 0) {
		err->kind = ERR_STATE;
		return -1;
	}
	return 0;
}
