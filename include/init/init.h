/*
 * init/init.h - the interpreter of a plan: the program that is the container's first process until it executes the
 * container's own.
 */
#ifndef INIT_INIT_H
#define INIT_INIT_H

/*
 * argv: { name, number of the socket's fd, number of the plan's fd }, and those of wire/helper.h where it has to clone
 * itself into a pid namespace of others first.  Runs the plan; a successful one ends in execve
 * and doesn't return.  Returns the exit status: 1, or 127 / 126 when the program could not be executed.
 */
int init_main(int argc, char **argv);

#endif
