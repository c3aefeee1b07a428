/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright: The Tessera Authors */

/* What a scheduler may supply (<uk/plat/cpu.h>): NULL in an image without one. */
#pragma once

#include <uk/base.h>
#include <uk/plat/cpu.h>

extern UK_WEAK_REF __typeof__(uk_cpu_timer) uk_cpu_timer;
extern UK_WEAK_REF __typeof__(uk_cpu_kicked) uk_cpu_kicked;
extern UK_WEAK_REF __typeof__(uk_cpu_attention) uk_cpu_attention;
extern UK_WEAK_REF __typeof__(uk_cpu_preempt_wanted) uk_cpu_preempt_wanted;
extern UK_WEAK_REF __typeof__(uk_cpu_preempt) uk_cpu_preempt;
