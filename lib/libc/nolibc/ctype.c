/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <ctype.h>

/* Whether c lies in [first, last]. */
static int in(int c, int first, int last)
{
	return c >= first && c <= last;
}

int isdigit(int c)
{
	return in(c, '0', '9');
}

int islower(int c)
{
	return in(c, 'a', 'z');
}

int isupper(int c)
{
	return in(c, 'A', 'Z');
}

int isalpha(int c)
{
	return islower(c | 0x20);
}

int isalnum(int c)
{
	return isalpha(c) || isdigit(c);
}

int isblank(int c)
{
	return c == ' ' || c == '\t';
}

int iscntrl(int c)
{
	return in(c, 0, 31) || c == 127;
}

int isgraph(int c)
{
	return in(c, 33, 126);
}

int isprint(int c)
{
	return in(c, 32, 126);
}

int ispunct(int c)
{
	return isgraph(c) && !isalnum(c);
}

int isspace(int c)
{
	return c == ' ' || in(c, '\t', '\r');
}

int isxdigit(int c)
{
	return isdigit(c) || in(c | 0x20, 'a', 'f');
}

int tolower(int c)
{
	return isupper(c) ? c + 'a' - 'A' : c;
}

int toupper(int c)
{
	return islower(c) ? c - ('a' - 'A') : c;
}
