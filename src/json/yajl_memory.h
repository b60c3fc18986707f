/*
 * json/yajl_memory.h - what yajl allocates with, for the decoder and the emitter.
 *
 * yajl doesn't look at the results of its allocations, so these never return NULL: they end the process as base/arena.h
 * does.  Runtime process only.
 */
#ifndef SRC_JSON_YAJL_MEMORY_H
#define SRC_JSON_YAJL_MEMORY_H

#include <yajl/yajl_common.h>

/* yajl keeps a copy, so the result may be a local. */
yajl_alloc_funcs json_yajl_memory(void);

#endif
