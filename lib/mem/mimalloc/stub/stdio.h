/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* mimalloc's sources include stdio.h and use nothing of it. */
#pragma once
