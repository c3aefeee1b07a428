/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <errno.h>

#include <uk/param.h>
#include <uk/text.h>

int uk_param_set_bool(const struct uk_param *p, const char *value)
{
	return uk_text_bool(value, p->var);
}

int uk_param_set_int(const struct uk_param *p, const char *value)
{
	int64_t v;
	int error = uk_text_i64(value, &v);

	if (error)
		return error;
	if (v != (int)v)
		return -ERANGE;
	*(int *)p->var = (int)v;
	return 0;
}

int uk_param_set_uint(const struct uk_param *p, const char *value)
{
	uint64_t v;
	int error = uk_text_u64(value, &v);

	if (error)
		return error;
	if (v != (unsigned)v)
		return -ERANGE;
	*(unsigned *)p->var = (unsigned)v;
	return 0;
}

int uk_param_set_u64(const struct uk_param *p, const char *value)
{
	return uk_text_u64(value, p->var);
}

int uk_param_set_size(const struct uk_param *p, const char *value)
{
	return uk_text_size(value, p->var);
}

int uk_param_set_string(const struct uk_param *p, const char *value)
{
	*(const char **)p->var = value;
	return 0;
}

int uk_param_set_function(const struct uk_param *p, const char *value)
{
	return p->function(value);
}
