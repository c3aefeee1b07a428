# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# make test and the long campaigns. They start a make of their own for each configuration, so they need no image here.

FREE_GOALS += test fuzz soak crash posix
HELP_FRAGMENTS += TEST_HELP

define TEST_HELP
Test           make test [T=pattern] [PLAT=kvm|linux|host] [LIST=1]: everything this machine can run
               T= picks jobs by a part of their name, else cases by suite.name
  fuzz         long fuzzing of every parser and heap [T=name] [TIME=seconds for each target]
  soak         long random stress inside guests [T=name] [TIME=seconds]
  crash        kills, exhaustion and panics, many times [T=name] [TIME=seconds]
  posix        the programs of the POSIX test suite, an image each [T=pattern] [PLAT=linux|kvm]
endef
export TEST_HELP

.PHONY: test fuzz soak crash posix
test_given = $(if $(filter command,$(origin $(1))),$($(1)))
test:
	@+$(PYTHON) support/test/test.py --match '$(call test_given,T)' $(if $(call test_given,PLAT),--plat '$(PLAT)') \
		$(if $(LIST),--list)
fuzz soak crash:
	@+$(PYTHON) support/test/$@.py --match '$(call test_given,T)' $(if $(call test_given,TIME),--time '$(TIME)')
posix:
	@+$(PYTHON) support/test/posix.py --match '$(call test_given,T)' $(if $(call test_given,PLAT),--plat '$(PLAT)')
