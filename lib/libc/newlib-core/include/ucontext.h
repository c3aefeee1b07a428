/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The types that POSIX.1-2017 keeps in <signal.h>; the functions that once went with them are not there. */
#pragma once

#include <signal.h>
