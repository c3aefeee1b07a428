/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* EMBED=: an archive of files as a part of the image. */
	.section .rodata.embed, "a"
	.balign 16
	.global uk_embed_start, uk_embed_end
uk_embed_start:
	.incbin FILE
uk_embed_end:
	.section .note.GNU-stack, "", @progbits
