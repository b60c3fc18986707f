/*
 * spec/tables.h - the field tables of config.json that refer to each other, and the property test's way in.
 *
 * The rows stand in process.c, linux.c, resources.c, seccomp.c, hooks.c and
 * spec.c, in the order of the structs' members.
 */
#ifndef SRC_SPEC_TABLES_H
#define SRC_SPEC_TABLES_H

#include "json/decode.h"
#include "spec/spec.h"

JSON_TABLE_OF(spec_table, struct spec);
JSON_TABLE_OF(spec_process_table, struct spec_process);
JSON_TABLE_OF(spec_hooks_table, struct spec_hooks);
JSON_TABLE_OF(spec_linux_table, struct spec_linux);
JSON_TABLE_OF(spec_resources_table, struct spec_resources);
JSON_TABLE_OF(spec_seccomp_table, struct spec_seccomp);
JSON_TABLE_OF(spec_id_map_table, struct spec_id_map);

extern const struct json_table spec_table;
extern const struct json_table spec_process_table;
extern const struct json_table spec_hooks_table;
extern const struct json_table spec_linux_table;
extern const struct json_table spec_resources_table;
extern const struct json_table spec_seccomp_table;
extern const struct json_table spec_id_map_table;

#endif
