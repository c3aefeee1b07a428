/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What an image's linker script defines for the TLS layout. The build machine's C library has set up TLS here; code
 * that wants these symbols is linked only where instrumentation keeps every function. */
extern const char uk_image_tls[], uk_image_tls_data_end[], uk_image_tls_end[], uk_image_tls_align[];
const char uk_image_tls[1], uk_image_tls_data_end[1], uk_image_tls_end[1], uk_image_tls_align[1];
