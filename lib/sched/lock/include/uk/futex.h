/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Wait on an address: the caller's own words become locks, at no cost until somebody has to wait. The meaning is that
 * of Linux' futex(2): wait, wake, compare and requeue. Waiters are found by the address alone. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/wait.h>

/* Wait until woken if *address is the expected value; looking and beginning to wait are one step for whoever changes it
 * and then wakes. 0 when woken; -EAGAIN if it is another value; -ETIMEDOUT at the deadline (UK_WAIT_FOREVER: none).
 * Context: a thread. */
int uk_futex_wait(const uint32_t *address, uint32_t expected, uint64_t deadline);

/* The same, ended too by uk_thread_interrupt(): -EINTR. */
int uk_futex_wait_interruptible(const uint32_t *address, uint32_t expected, uint64_t deadline);

/* Wake up to n of those that wait on the address, the longest first; how many there were. The address is not accessed.
 * Context: any. */
unsigned uk_futex_wake(const uint32_t *address, unsigned n);

/* If *address is the expected value, wake up to `wake` of those that wait on it, and have up to `move` of the others
 * wait on target instead, behind those who do already. How many were woken or moved; -EAGAIN if it is another value.
 * Context: any. */
int uk_futex_requeue(const uint32_t *address, uint32_t expected, unsigned wake, const uint32_t *target, unsigned move);
