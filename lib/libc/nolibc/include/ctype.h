/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* C11 7.4 in the C locale (ASCII). c is an unsigned char or EOF. Context: any. */
#pragma once

/* Non-zero if c is in the class. */
int isalnum(int c);
int isalpha(int c);
int isblank(int c);
int iscntrl(int c);
int isdigit(int c);
int isgraph(int c);
int islower(int c);
int isprint(int c);
int ispunct(int c);
int isspace(int c);
int isupper(int c);
int isxdigit(int c);

/* The letter in the other case, else c. */
int tolower(int c);
int toupper(int c);
