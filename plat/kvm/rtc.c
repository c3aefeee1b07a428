/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* The real-time clock (MC146818 data sheet; the century's place is that of PC firmware). */

#include <string.h>

#include "io.h"
#include "kvm.h"

#define PORT_INDEX 0x70
#define PORT_DATA 0x71
#define NS_PER_S 1000000000ull

enum {
	SECOND,
	MINUTE,
	HOUR,
	DAY,
	MONTH,
	YEAR,
	CENTURY,
	FIELDS
};
static const uint8_t registers[FIELDS] = {0x00, 0x02, 0x04, 0x07, 0x08, 0x09, 0x32};

#define REGISTER_A 0x0a
#define A_UPDATING 0x80
#define REGISTER_B 0x0b
#define B_BINARY 0x04
#define B_24_HOURS 0x02
#define HOUR_PM 0x80
#define TRIES 1000000 /* an update lasts 2 ms at most */

static uint8_t get(uint8_t reg)
{
	uk_kvm_out8(PORT_INDEX, reg);
	return uk_kvm_in8(PORT_DATA);
}

static void get_all(uint8_t *f)
{
	for (unsigned tries = 0; tries < TRIES && get(REGISTER_A) & A_UPDATING; tries++)
		;
	for (unsigned i = 0; i < FIELDS; i++)
		f[i] = get(registers[i]);
}

static uint8_t from_bcd(uint8_t x)
{
	return (uint8_t)(x / 16 * 10 + x % 16);
}

static void decode(uint8_t *f, uint8_t mode)
{
	const bool pm = !(mode & B_24_HOURS) && f[HOUR] & HOUR_PM;

	if (!(mode & B_24_HOURS))
		f[HOUR] &= (uint8_t)~HOUR_PM;
	for (unsigned i = 0; i < FIELDS && !(mode & B_BINARY); i++)
		f[i] = from_bcd(f[i]);
	if (!(mode & B_24_HOURS))
		f[HOUR] = (uint8_t)(f[HOUR] % 12 + (pm ? 12 : 0));
}

/* Days from 1970-01-01 in the Gregorian calendar, counting years from March so that leap days come last. */
static uint64_t days(unsigned year, unsigned month, unsigned day)
{
	const unsigned y = month > 2 ? year : year - 1, m = (month + 9) % 12;

	return 365ull * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

uint64_t uk_kvm_rtc_read(void)
{
	uint8_t f[FIELDS], again[FIELDS];
	const uint8_t mode = get(REGISTER_B);
	unsigned year;

	if (mode == 0xff)
		return 0;
	get_all(again);
	for (unsigned tries = 0; tries < 4; tries++) {
		memcpy(f, again, sizeof(f));
		get_all(again);
		if (memcmp(f, again, sizeof(f)) == 0)
			break;
	}
	decode(f, mode);
	year = f[YEAR] + 100u * (f[CENTURY] >= 19 && f[CENTURY] < 30 ? f[CENTURY] : 20);
	if (f[MONTH] < 1 || f[MONTH] > 12 || f[DAY] < 1 || f[DAY] > 31 || year < 1970)
		return 0;
	return (((days(year, f[MONTH], f[DAY]) * 24 + f[HOUR]) * 60 + f[MINUTE]) * 60 + f[SECOND]) * NS_PER_S;
}
