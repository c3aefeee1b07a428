/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What newlib's configure would have decided: the features of this build. */
#pragma once

#include <_newlib_version.h>

#define _WANT_IO_C99_FORMATS 1
#define _WANT_IO_LONG_LONG 1 /* not _WANT_IO_LONG_DOUBLE: it would format every double through long double */
#define _REENT_CHECK_VERIFY 1
#define _MB_CAPABLE 1 /* UTF-8 locales */
#define _MB_LEN_MAX 8
#define HAVE_INITFINI_ARRAY 1
#define _ATEXIT_DYNAMIC_ALLOC 1
#define _HAVE_LONG_DOUBLE 1
#define _HAVE_CC_INHIBIT_LOOP_TO_LIBCALL 1
#define _FVWRITE_IN_STREAMIO 1
#define _FSEEK_OPTIMIZATION 1
#define _WIDE_ORIENT 1
#define _UNBUF_STREAM_OPT 1
#define _RETARGETABLE_LOCKING 1
