/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Between the parts of fs/vfs. */
#pragma once

#include <uk/vfs.h>

/* The mount that an absolute, normalised path belongs to and, in *rest, the path inside it; NULL if nothing is
 * mounted there. It cannot be unmounted until uk_vfs_leave(). Context: a thread. */
struct uk_mount *uk_vfs_find(const char *path, const char **rest);

/* Say that the mount found, or NULL, is not used any more. Context: a thread. */
void uk_vfs_leave(struct uk_mount *m);

/* Whether something is mounted at or below an absolute, normalised path. Context: a thread. */
bool uk_vfs_leads_to_mount(const char *path);
