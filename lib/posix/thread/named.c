/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Named semaphores: POSIX.1-2017, sem_open, sem_close, sem_unlink. They live in memory; a name is a slash, or none, and
 * up to NAME_MAX bytes without one. */

#include "internal.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct named {
	sem_t sem; /* first: what programs hold */
	struct named *next;
	unsigned opened;
	bool unlinked;
	char name[];
};

static struct uk_mutex lock = UK_MUTEX_INIT; /* of the list */
static struct named *all;

/* The name without its slash: 0, EINVAL, ENAMETOOLONG. */
static int check_name(const char **name)
{
	const char *s = *name;
	size_t length;

	while (*s == '/')
		s++;
	*name = s;
	length = strlen(s);
	if (length == 0 || strchr(s, '/'))
		return EINVAL;
	return length > NAME_MAX ? ENAMETOOLONG : 0;
}

static struct named *find(const char *name)
{
	struct named *n = all;

	while (n && (n->unlinked || strcmp(n->name, name) != 0))
		n = n->next;
	return n;
}

static int create(const char *name, unsigned value, struct named **out)
{
	const size_t size = strlen(name) + 1;
	struct named *n;

	if (value > SEM_VALUE_MAX)
		return EINVAL;
	n = calloc(1, sizeof(*n) + size);
	if (!n)
		return ENOSPC;
	memcpy(n->name, name, size);
	sem_init(&n->sem, 0, value);
	n->next = all;
	all = n;
	*out = n;
	return 0;
}

static int open_locked(const char *name, int flags, unsigned value, struct named **out)
{
	struct named *n = find(name);
	int err = 0;

	if (n && (flags & O_CREAT) && (flags & O_EXCL))
		return EEXIST;
	if (!n)
		err = flags & O_CREAT ? create(name, value, &n) : ENOENT;
	if (err)
		return err;
	n->opened++;
	*out = n;
	return 0;
}

sem_t *sem_open(const char *name, int flags, ...)
{
	int err = check_name(&name);
	struct named *n = NULL;
	unsigned value = 0;
	va_list args;

	if (flags & O_CREAT) {
		va_start(args, flags);
		(void)va_arg(args, mode_t); /* one user, who may do everything */
		value = va_arg(args, unsigned);
		va_end(args);
	}
	if (!err) {
		uk_mutex_lock(&lock);
		err = open_locked(name, flags, value, &n);
		uk_mutex_unlock(&lock);
	}
	if (!err)
		return &n->sem;
	errno = err;
	return SEM_FAILED;
}

/* Free it if nobody needs it any more. */
static void release(struct named **at)
{
	struct named *n = *at;

	if (n->opened || !n->unlinked)
		return;
	*at = n->next;
	free(n);
}

int sem_close(sem_t *sem)
{
	struct named **at = &all;
	bool found;

	uk_mutex_lock(&lock);
	while (*at && &(*at)->sem != sem)
		at = &(*at)->next;
	found = *at && (*at)->opened;
	if (found) {
		(*at)->opened--;
		release(at);
	}
	uk_mutex_unlock(&lock);
	if (found)
		return 0;
	errno = EINVAL;
	return -1;
}

int sem_unlink(const char *name)
{
	struct named **at = &all;
	int err = check_name(&name);

	if (err == EINVAL)
		err = ENOENT; /* a name that none can have */
	if (!err) {
		uk_mutex_lock(&lock);
		while (*at && ((*at)->unlinked || strcmp((*at)->name, name) != 0))
			at = &(*at)->next;
		err = *at ? 0 : ENOENT;
		if (*at) {
			(*at)->unlinked = true;
			release(at);
		}
		uk_mutex_unlock(&lock);
	}
	if (!err)
		return 0;
	errno = err;
	return -1;
}
