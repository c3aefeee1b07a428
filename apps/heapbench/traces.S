/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The recorded traces, as files in the image. `make traces` takes them anew. */

	.section .rodata

	.globl trace_lua, trace_lua_end
trace_lua:
	.incbin "lua.trace"
trace_lua_end:

	.globl trace_sqlite, trace_sqlite_end
trace_sqlite:
	.incbin "sqlite.trace"
trace_sqlite_end:

	.globl trace_redis, trace_redis_end
trace_redis:
	.incbin "redis.trace"
trace_redis_end:

	.section .note.GNU-stack, "", @progbits
