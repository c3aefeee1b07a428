/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* POSIX.1-2017 <sys/utsname.h>, Linux' layout. */
#pragma once

struct utsname {
	char sysname[65];
	char nodename[65];
	char release[65];
	char version[65];
	char machine[65];
	char domainname[65];
};

/* Names of the system and the machine. 0. */
int uname(struct utsname *name);
