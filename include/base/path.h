/*
 * base/path.h - comparing absolute paths as text.
 *
 * By component, since "/data-old" is not in "/data".  Text alone says nothing about symlinks: what the container could
 * have made is opened through sys/path.h.  Any process may use it; it allocates nothing.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>

/*
 * True for the parent itself and for what is below it; both without "." and "..".  Below "/" is nothing but "/": nobody
 * who asks wants the whole machine.
 */
bool path_is_beneath(const char *path, const char *parent);

#endif
