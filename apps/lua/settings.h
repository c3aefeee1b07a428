/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What luaconf.h and lua.c let their user decide; the sources themselves are Debian's, unpatched. */
#pragma once

#include <unistd.h>

/* Modules come from the files packed with the image; there are no shared libraries. */
#define LUA_PATH_DEFAULT "/?.lua;/?/init.lua;/lua/?.lua;/lua/?/init.lua;./?.lua;./?/init.lua"
#define LUA_CPATH_DEFAULT ""

/* Without a terminal on the input (linux platform, a pipe) the input is a script, as everywhere. */
#define lua_stdin_is_tty() isatty(0)

/* newlib's locales all have the decimal point of "C". */
#define lua_getlocaledecpoint() '.'
