/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Values for each thread: POSIX.1-2017, pthread_key_create and kin.
 *
 * `uses` counts how often each key was created and deleted: odd while it exists. A value remembers the use it was set
 * in, so that one of a deleted key is nobody's. The first keys have their values in the thread's state, further ones in
 * blocks that are allocated when first set. */

#include "internal.h"

#include <stdlib.h>

#define BLOCK 32 /* values in a block */
#define BLOCKS ((PTHREAD_KEYS_MAX - UK_POSIX_VALUES + BLOCK - 1) / BLOCK)

static struct {
	uint32_t uses;
	void (*destructor)(void *);
} keys[PTHREAD_KEYS_MAX];

static bool exists(pthread_key_t key, uint32_t *use)
{
	if (key >= PTHREAD_KEYS_MAX)
		return false;
	*use = __atomic_load_n(&keys[key].uses, __ATOMIC_ACQUIRE);
	return *use & 1;
}

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	for (unsigned i = 0; i < PTHREAD_KEYS_MAX; i++) {
		uint32_t use = __atomic_load_n(&keys[i].uses, __ATOMIC_RELAXED);

		if (use & 1 || !__atomic_compare_exchange_n(&keys[i].uses, &use, use + 1, false, __ATOMIC_ACQ_REL,
							    __ATOMIC_RELAXED))
			continue;
		keys[i].destructor = destructor;
		*key = i;
		return 0;
	}
	return EAGAIN;
}

int pthread_key_delete(pthread_key_t key)
{
	uint32_t use;

	if (!exists(key, &use) ||
	    !__atomic_compare_exchange_n(&keys[key].uses, &use, use + 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return EINVAL;
	return 0;
}

/* Where the caller's value is; NULL if it has no room for it yet and none is to be made, or there is no memory. */
static struct uk_posix_value *value_of(struct uk_posix_thread *self, pthread_key_t key, bool make)
{
	struct uk_posix_value **block;

	if (uk_likely(key < UK_POSIX_VALUES))
		return &self->values[key];
	if (!self->more_values && make)
		self->more_values = calloc(BLOCKS, sizeof(*self->more_values));
	if (!self->more_values)
		return NULL;
	key -= UK_POSIX_VALUES;
	block = &self->more_values[key / BLOCK];
	if (!*block && make)
		*block = calloc(BLOCK, sizeof(**block));
	return *block ? &(*block)[key % BLOCK] : NULL;
}

void *pthread_getspecific(pthread_key_t key)
{
	const struct uk_posix_value *v;

	if (uk_unlikely(key >= PTHREAD_KEYS_MAX))
		return NULL;
	v = value_of(&uk_posix_thread_state, key, false);
	return v && v->use == __atomic_load_n(&keys[key].uses, __ATOMIC_RELAXED) ? v->data : NULL;
}

int pthread_setspecific(pthread_key_t key, const void *value)
{
	struct uk_posix_value *v;
	uint32_t use;

	if (uk_unlikely(!exists(key, &use)))
		return EINVAL;
	v = value_of(&uk_posix_thread_state, key, true);
	if (!v)
		return ENOMEM;
	v->data = (void *)(uintptr_t)value;
	v->use = use;
	return 0;
}

/* Call the destructor of one value, if it has one; whether it was called. */
static bool destroy(struct uk_posix_thread *self, pthread_key_t key)
{
	struct uk_posix_value *v = value_of(self, key, false);
	void *data;
	uint32_t use;

	if (!v || !v->data || !exists(key, &use) || v->use != use || !keys[key].destructor)
		return false;
	data = v->data;
	v->data = NULL;
	keys[key].destructor(data);
	return true;
}

void uk_posix_values_destroy(struct uk_posix_thread *self)
{
	bool any = true;

	for (int n = 0; any && n < PTHREAD_DESTRUCTOR_ITERATIONS; n++) {
		any = false;
		for (pthread_key_t key = 0; key < (self->more_values ? PTHREAD_KEYS_MAX : UK_POSIX_VALUES); key++)
			any |= destroy(self, key);
	}
	if (!self->more_values)
		return;
	for (unsigned i = 0; i < BLOCKS; i++)
		free(self->more_values[i]);
	free(self->more_values);
	self->more_values = NULL;
}
