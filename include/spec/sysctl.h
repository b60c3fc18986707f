/*
 * spec/sysctl.h - names of sysctls, as config.json's linux.sysctl has them (runtime-spec, config-linux.md#sysctl;
 * sysctl(8)).
 *
 * Pure.  Runtime process only.
 */
#ifndef SPEC_SYSCTL_H
#define SPEC_SYSCTL_H

#include <stddef.h>

#define SPEC_SYSCTL_PATH_MAX 256

/*
 * Writes the path beneath /proc/sys ("net/ipv4/ip_forward") of a name with dots or slashes.  The first separator
 * decides which one separates; the other one then stands for itself: "net.ipv4.conf.eth0/1.mtu" and
 * "net/ipv4/conf/eth0.1/mtu" are both net/ipv4/conf/eth0.1/mtu.  Returns 0, or -1 for a name that has an empty
 * component, "." or "..", or is too long.
 */
int spec_sysctl_path(const char *name, char *path, size_t size);

/*
 * The namespace type (a CLONE_NEW* bit) that a path of spec_sysctl_path() belongs to, or 0 for one that belongs to no
 * namespace: writing it would change the host.
 */
unsigned spec_sysctl_namespace(const char *path);

#endif
