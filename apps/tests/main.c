/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

#include <uk/test.h>

int main(void)
{
	return uk_test_run();
}
