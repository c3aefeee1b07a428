/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Linker sets: arrays of pointers to const objects that any number of libraries contribute to, for enumeration. */
#pragma once

/* Contribute one object of the given type to the set: at file scope, UK_SET_ADD(heap, struct uk_heap_ops, my_ops);
 * Order within a set is link order: do not rely on it. */
#define UK_SET_ADD(set, type, object)                                                                                  \
	static const type *const uk_set_##set##_##object __attribute__((used, section("uk_set_" #set))) = &(object)

/* Declare the bounds of a set in the one file that enumerates it; both are NULL when no library contributes. */
#define UK_SET_DECLARE(set, type)                                                                                      \
	extern const type *const __start_uk_set_##set[] __attribute__((weak, visibility("hidden")));                   \
	extern const type *const __stop_uk_set_##set[] __attribute__((weak, visibility("hidden")))

/* Run the following statement with `const type *it` for each member. */
#define UK_SET_EACH(set, type, it)                                                                                     \
	for (const type *const *it##_slot = __start_uk_set_##set; it##_slot != __stop_uk_set_##set; it##_slot++)       \
		for (const type *it = *it##_slot; it; it = NULL)
