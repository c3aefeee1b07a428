/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What sysconf() says of threads: called by libc/newlib. */

#include "internal.h"

#include <limits.h>
#include <unistd.h>

long uk_libc_sysconf(int name)
{
	switch (name) {
	case _SC_BARRIERS:
	case _SC_CLOCK_SELECTION:
	case _SC_CPUTIME:
	case _SC_PRIORITY_SCHEDULING:
	case _SC_READER_WRITER_LOCKS:
	case _SC_SEMAPHORES:
	case _SC_SPIN_LOCKS:
	case _SC_THREADS:
	case _SC_THREAD_ATTR_STACKADDR:
	case _SC_THREAD_ATTR_STACKSIZE:
	case _SC_THREAD_CPUTIME:
	case _SC_THREAD_PRIORITY_SCHEDULING:
	case _SC_THREAD_PRIO_INHERIT:
	case _SC_THREAD_PRIO_PROTECT:
	case _SC_THREAD_PROCESS_SHARED:
	case _SC_THREAD_ROBUST_PRIO_INHERIT:
	case _SC_THREAD_ROBUST_PRIO_PROTECT:
	case _SC_THREAD_SAFE_FUNCTIONS:
	case _SC_TIMEOUTS:
		return _POSIX_VERSION;
	case _SC_SEM_VALUE_MAX:
		return SEM_VALUE_MAX;
	case _SC_THREAD_DESTRUCTOR_ITERATIONS:
		return PTHREAD_DESTRUCTOR_ITERATIONS;
	case _SC_THREAD_KEYS_MAX:
		return PTHREAD_KEYS_MAX;
	case _SC_THREAD_STACK_MIN:
		return PTHREAD_STACK_MIN;
	case _SC_SEM_NSEMS_MAX:
	case _SC_THREAD_THREADS_MAX:
		return -1; /* no limit: errno stays as it is */
	default:
		return -EINVAL;
	}
}
