/*
 * runtime/ambient.h - capabilities over an exec.
 */
#ifndef RUNTIME_AMBIENT_H
#define RUNTIME_AMBIENT_H

/*
 * The capabilities in a user namespace survive exec for its uid 0, and for others as ambient ones, which must be
 * inheritable (capabilities(7)).
 */
int ambient_raise_all(void);

#endif
