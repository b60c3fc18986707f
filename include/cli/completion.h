/*
 * cli/completion.h - what the shells' completion scripts are made of.
 *
 * Runtime process only.
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "cli/command.h"

/* Appends the words of a table, with blanks between them. */
void completion_add_words(struct buf *out, const struct name_table *words);

/* Appends the script for fish. */
void completion_add_fish(struct buf *out);

#endif
