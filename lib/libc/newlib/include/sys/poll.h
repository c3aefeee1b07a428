/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The old name of <poll.h>. */
#pragma once

#include <poll.h>
