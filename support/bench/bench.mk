# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# make bench and make sweep. They start a make of their own for each configuration.

FREE_GOALS += bench sweep
HELP_FRAGMENTS += BENCH_HELP

define BENCH_HELP
Measure        make bench [B='name …'] [PAIRS=7] [LIST=1]: ours and the peer in turn; build/bench/<name>.csv and plots
  sweep        make sweep [APP=] [PLAT=kvm,linux] [HEAP=all] [OPTION=a,b …] [ARGS=] [FILES=] [RUNS=7]: one application
               over the combinations; build/bench/sweep-<app>.csv and plots
endef
export BENCH_HELP

.PHONY: bench sweep
bench:
	@+$(PYTHON) support/bench/bench.py $(if $(PAIRS),--pairs '$(PAIRS)') $(if $(LIST),--list) $(B)
# What is swept: every variable of the command line that is not one of make sweep's own.
sweep: export SWEEP_ARGS = $(ARGS)
sweep: export SWEEP_PARAMS = $(PARAMS)
sweep: export SWEEP_VARIABLES = $(MAKEOVERRIDES)
sweep:
	@+$(PYTHON) support/bench/sweep.py --app '$(APP)' --plat '$(or $(PLAT),kvm)' $(if $(RUNS),--runs '$(RUNS)') \
		--args="$$SWEEP_ARGS" --params="$$SWEEP_PARAMS" \
		--files='$(FILES)' --mem='$(MEM)' --accel='$(or $(ACCEL),auto)'
