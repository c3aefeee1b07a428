# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# make run, debug, ps, logs, stop: the run tool with what the command line says. Words travel in the environment
# (RUN_ARGS, RUN_ENV, …), where no quoting can go wrong; only the command line counts, since ENV, NAME and their like
# may stand in anybody's environment for other reasons. ACCEL and MACHINE are taken from there, too.

FREE_GOALS += ps logs stop
HELP_FRAGMENTS += RUN_HELP

define RUN_HELP
Run            make run [PLAT=kvm|linux] [APP=] [ARGS='…'] [ENV='K=V …'] [PARAMS='…'] [MEM=64M] [CPUS=1] [FILES=dir]
                        [ACCEL=auto|kvm|tcg] [MACHINE=microvm|q35] [QEMU_ARGS='…'] [TIMEOUT=seconds] [DRY=1]
  debug        the same under gdb [GDB_ARGS='-batch -ex bt']
               make run DETACH=1 NAME=x in the background; make ps | logs NAME=x [FOLLOW=1] | stop NAME=x
               the image's own parameters: make run PARAMS=help
endef
export RUN_HELP

RUN_TOOL := $(PYTHON) support/run/run.py --make --state build/run
RUN_PLAT = $(or $(PLAT),kvm)
RUN_ISA := x86_64
RUN_IMAGE = $(O)/$(APPNAME)_$(RUN_PLAT)-$(RUN_ISA)
RUN_GOALS := run debug ps logs stop

run_given = $(if $(filter command,$(origin $(1))),$($(1)))
$(foreach v,ARGS ENV PARAMS MEM CPUS FILES QEMU_ARGS TIMEOUT NAME GDB_ARGS DRY DETACH FOLLOW QUIET,\
	$(eval $(RUN_GOALS): export RUN_$(v) = $$(call run_given,$(v))))
$(RUN_GOALS): export RUN_ACCEL = $(ACCEL)
$(RUN_GOALS): export RUN_MACHINE = $(MACHINE)

.PHONY: $(RUN_GOALS)
run: all
	@$(RUN_TOOL) --plat '$(RUN_PLAT)' '$(RUN_IMAGE)'
debug: all
	@$(RUN_TOOL) --plat '$(RUN_PLAT)' --debug '$(RUN_IMAGE)'
ps:
	@$(RUN_TOOL) --ps
logs:
	@$(RUN_TOOL) --logs
stop:
	@$(RUN_TOOL) --stop
