/*
 * runtime/image_file.h - reads an image's configuration from a file.
 *
 * Runtime process only.
 */
#ifndef RUNTIME_IMAGE_FILE_H
#define RUNTIME_IMAGE_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "spec/image.h"

struct image_file {
	const char *name;        /* how errors call it */
	char *text;
	size_t size;
	struct spec_image image;
};

/*
 * Reads and decodes the configuration at `path`; "-" is standard input.  Where a manifest is there, the configuration
 * that it names is read from the same directory, as in an OCI layout's blobs/sha256.  Everything lives in the arena.
 * Errors: ERR_SYSTEM; ERR_CONFIG with line and column.
 */
int image_file_read(struct arena *arena, const char *path, struct image_file *file, struct err *err);

/* Puts "NAME:LINE:COLUMN: PATH: " in front of an error about the value at a JSON path.  Returns -1. */
int image_file_locate(const struct image_file *file, const char *path, struct err *err);

#endif
