# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

include support/build/main.mk
include $(filter-out support/build/%,$(wildcard support/*/*.mk))
include support/build/images.mk
