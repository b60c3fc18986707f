/*
 * spec/image.h - an OCI image's configuration, and the config.json that it becomes (image-spec, config.md and
 * conversion.md).
 *
 * Pure: the files of the image's root are opened by runtime/image_user.h.  Runtime process only.  An image is written
 * by somebody else: nothing in it may do more than choose a program and how that starts inside the container.
 */
#ifndef SPEC_IMAGE_H
#define SPEC_IMAGE_H

#include "base/arena.h"
#include "base/err.h"
#include "spec/process.h"
#include "spec/spec.h"

/* A larger file is refused before parsing: real ones have some kilobytes. */
#define SPEC_IMAGE_SIZE_MAX (4u << 20)

/* The keys of an object whose values are empty objects: Go's way to write a set. */
struct spec_image_key { char *name; };
struct spec_image_keys { struct spec_image_key *items; size_t count; };

struct spec_image_process {
	char *user;                          /* NULL, as for all texts: absent or "" */
	struct spec_image_keys exposed_ports; /* "80/tcp" */
	struct str_list env;
	struct str_list entrypoint;
	struct str_list cmd;
	struct spec_image_keys volumes;      /* absolute paths */
	char *working_dir;
	struct str_map labels;
	char *stop_signal;
	char *digest;                        /* of a manifest: the configuration's, "sha256:..." */
};

struct spec_image_manifest { char *digest; };
struct spec_image_manifests { struct spec_image_manifest *items; size_t count; };

struct spec_image {
	char *created;
	char *author;
	char *architecture;                  /* never NULL but in a manifest */
	char *os;
	char *os_version;
	struct str_list os_features;
	char *variant;
	struct spec_image_process config;
	struct spec_image_manifests manifests; /* of an index, which is refused */
};

/*
 * Decodes and checks an image configuration (application/vnd.oci.image.config.v1+json, or Docker's).  name: how errors
 * call the text.  A manifest decodes as well: then *manifest is true and config.digest, a checked "sha256:" with 64 hex
 * digits, says where the configuration is, and nothing else counts.
 * Errors: ERR_CONFIG "image.json:3:12: config.Env[1]: want NAME=VALUE, got ...".  Returns 0, or -1.
 */
int spec_image_decode(struct arena *arena, const char *name, const char *text, size_t size, struct spec_image *image,
		      bool *manifest, struct err *err);

/* Whether a program for that architecture (Go's names: "amd64") can run on a machine (uname(2): "x86_64"). */
bool spec_image_runs_on(const char *architecture, const char *machine);

/* A list that ends where its count says. */
struct spec_texts { const char *const *items; size_t count; };

/* What the command line says; it goes before the image. */
struct spec_image_options {
	const char *entrypoint;    /* NULL: the image's; else the image's Cmd doesn't count either; "": none */
	const char *workdir;
	const char *hostname;
	const char *memory;        /* as given, for errors */
	int64_t memory_bytes;      /* when memory isn't NULL */
	const char *cpus;          /* "1.5" */
	struct spec_texts args;    /* in the place of Cmd */
	struct spec_texts env;     /* NAME=VALUE */
	struct spec_texts volumes; /* SOURCE:DESTINATION[:OPTION,...] */
	struct spec_texts tmpfs;   /* DESTINATION[:OPTION,...] */
	struct spec_texts caps;    /* CAP_... */
	const char *directory;     /* what "./SOURCE" is relative to */
	bool terminal;
	bool read_only;
};

/*
 * What an image and the options make of the default config.  The caller sets changes->process.user, by
 * runtime_image_user().  A warning tells what of the image was left out.
 * Errors: ERR_USAGE for an option, with its name and text; ERR_USAGE when there is no program to run.
 */
int spec_image_convert(struct arena *arena, const struct spec_image *image, const struct spec_image_options *options,
		       struct spec_changes *changes, struct spec_warnings *warnings, struct err *err);

/* The mounts of that: the image's volumes, and the options'.  For spec_image_convert(). */
int spec_image_mounts(struct arena *arena, const struct spec_image *image, const struct spec_image_options *options,
		      struct spec_mount_list *mounts, struct err *err);

/* An absolute path without ".", ".." and double slashes, or NULL when it isn't absolute or is the root. */
char *spec_image_path(struct arena *arena, const char *path);

/*
 * Who "USER" or "USER:GROUP" is.  Either is a name or a number; what is all digits is a number, never looked up as a
 * name (CVE-2016-3697).
 */
struct spec_image_user {
	char *user;   /* NULL: a number */
	char *group;  /* NULL: a number, or not given */
	uint32_t uid;
	uint32_t gid;
	bool has_group;
};

/* text: NULL is root.  Errors: ERR_CONFIG. */
int spec_image_user_parse(struct arena *arena, const char *text, struct spec_image_user *user, struct err *err);

/* The text of /etc/passwd or /etc/group, any bytes; length 0 when there is none. */
struct spec_user_file { const char *text; size_t length; };

/*
 * Completes the user by both files: ids of names; without a group also the user's own one, and as additional groups
 * those that list the user's name, as image-spec and Docker do.  A uid without an entry has gid 0.
 * The first entry counts, and lines that aren't well-formed don't.  Errors: ERR_CONFIG "no user \"app\" in ...".
 */
int spec_image_user_find(struct arena *arena, const struct spec_image_user *user, const struct spec_user_file *passwd,
			 const struct spec_user_file *group, struct spec_user *found, struct err *err);

#endif
