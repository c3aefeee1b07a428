/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* clock() counts in microseconds, as POSIX wants it. */
#pragma once

#define _CLOCKS_PER_SEC_ 1000000
