/*
 * runtime/net_device.h - moves network devices of the host into the container's network namespace
 * (runtime-spec, config-linux.md, "Network Devices").  Runtime process only.
 */
#ifndef RUNTIME_NET_DEVICE_H
#define RUNTIME_NET_DEVICE_H

#include <sys/types.h>

#include "base/err.h"
#include "runtime/bundle.h"

/*
 * Moves each device of linux.netDevices into the network namespace of the process `pid`, gives it its new name, the
 * global addresses that it had (the kernel drops them on the way), and sets it up.  Nothing to do costs nothing.
 * The kernel gives devices of hardware back to the host when the namespace ends, and removes the others.
 * Errors: ERR_SYSTEM that names the device, with the place in config.json.
 */
int net_devices_move(const struct bundle *bundle, pid_t pid, struct err *err);

#endif
