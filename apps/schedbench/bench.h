/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What the measurements of schedbench share. */
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* CPU sets */
#endif

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

/* Each measurement is repeated so often, after one repetition that does not count. */
#define BENCH_REPEATS 5

/* A measurement: argc words behind its name. 0, or the status of the process. */
struct bench {
	const char *name, *help;
	int (*run)(int argc, char **argv);
};

extern const struct bench bench_yield, bench_cond, bench_create, bench_mutex, bench_contended, bench_clock, bench_sleep,
    bench_timer, bench_sort, bench_many;

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t bench_now(void);

/* Print "metric NAME VALUE UNIT". */
void bench_print(const char *name, double value, const char *unit);

/* Print the median as NAME and the smallest value as NAME_least; sorts the values. */
void bench_print_all(const char *name, double *values, size_t count, const char *unit);

/* Sort numbers, the smallest first. */
void bench_order(double *values, size_t count);

/* End with a message if err, an error number, is not 0. */
void bench_check(int err, const char *what);

/* Bind the calling thread, and those that it will create, to the CPUs from 0 on. */
void bench_pin(unsigned cpus);

/* Start a thread, or end with a message. */
pthread_t bench_start(void *(*entry)(void *arg), void *arg);

/* Wait for its end. */
void bench_join(pthread_t thread);

/* Word n as a number, or the default where it is missing; ends with a message if it is none. */
unsigned long bench_number(int argc, char **argv, int n, unsigned long otherwise);
