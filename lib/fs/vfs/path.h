/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Between the parts of fs/vfs. */
#pragma once

#include <uk/vfs.h>

/* The mount that an absolute, normalised path belongs to and, in *rest, the path inside it; NULL if nothing is
 * mounted there. Context: a thread. */
struct uk_mount *uk_vfs_find(const char *path, const char **rest);

/* Whether something is mounted at or below an absolute, normalised path. Context: a thread. */
bool uk_vfs_leads_to_mount(const char *path);
