/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* Dining philosophers (Dijkstra). Forks are mutexes, and everybody takes the fork with the smaller number first, so
 * that no circle of waiting can form. Right is: everybody has eaten all meals, nobody ever while a neighbour ate. */

#include "threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

static struct {
	unsigned count, meals;
	pthread_mutex_t forks[PHILOSOPHERS_MOST];
	int eating[PHILOSOPHERS_MOST]; /* atomic */
} table;

struct philosopher {
	unsigned seat, eaten, quarrels; /* meals during which a neighbour ate */
	pthread_t thread;
};

static bool eats(unsigned seat)
{
	return __atomic_load_n(&table.eating[seat % table.count], __ATOMIC_SEQ_CST);
}

/* Gives the CPU away in the middle of the meal, when others would notice what is not locked. */
static void eat(struct philosopher *p)
{
	__atomic_store_n(&table.eating[p->seat], 1, __ATOMIC_SEQ_CST);
	bool quarrel = eats(p->seat + 1) || eats(p->seat + table.count - 1);

	sched_yield();
	quarrel |= eats(p->seat + 1) || eats(p->seat + table.count - 1);
	__atomic_store_n(&table.eating[p->seat], 0, __ATOMIC_SEQ_CST);
	p->quarrels += quarrel;
	p->eaten++;
}

static void *dine(void *arg)
{
	struct philosopher *p = arg;
	unsigned left = p->seat, right = (p->seat + 1) % table.count;
	pthread_mutex_t *first = &table.forks[left < right ? left : right];
	pthread_mutex_t *second = &table.forks[left < right ? right : left];

	for (unsigned i = 0; i < table.meals; i++) {
		pthread_mutex_lock(first);
		pthread_mutex_lock(second);
		eat(p);
		pthread_mutex_unlock(second);
		pthread_mutex_unlock(first);
	}
	return p;
}

static bool seat(struct philosopher *p, unsigned number)
{
	*p = (struct philosopher){.seat = number};
	int err = pthread_create(&p->thread, NULL, dine, p);

	if (err)
		printf("philosophers: number %u: %s\n", number, strerror(err));
	return err == 0;
}

static bool satisfied(struct philosopher *p)
{
	void *result = NULL;
	int err = pthread_join(p->thread, &result);

	printf("philosophers: number %u ate %u meals, %u beside a neighbour who ate\n", p->seat, p->eaten, p->quarrels);
	return !err && result == p && p->eaten == table.meals && p->quarrels == 0;
}

bool philosophers(unsigned count, unsigned meals)
{
	struct philosopher all[PHILOSOPHERS_MOST];
	unsigned seated = 0;
	bool right = true;

	table.count = count;
	table.meals = meals;
	printf("philosophers: %u at the table, %u meals for each\n", count, meals);
	for (unsigned i = 0; i < count; i++)
		right &= pthread_mutex_init(&table.forks[i], NULL) == 0;
	while (seated < count && seat(&all[seated], seated))
		seated++;
	for (unsigned i = 0; i < seated; i++)
		right &= satisfied(&all[i]);
	for (unsigned i = 0; i < count; i++)
		right &= pthread_mutex_destroy(&table.forks[i]) == 0;
	return right && seated == count;
}
