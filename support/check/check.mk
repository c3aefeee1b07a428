# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# The static gate and what it compares with. RULE= names single rules.

FREE_GOALS += check api docs format fresh
HELP_FRAGMENTS += HELP_CHECK
define HELP_CHECK
Check          make check [RULE='files api …']: the static gate, with its figures
  format       lay out the sources as .clang-format says
  api          record the public prototypes in docs/api.txt       docs    write docs/configuration.md
  fresh        the README's two commands in a minimal Debian 12 (as root)
endef
export HELP_CHECK

.PHONY: check api docs format fresh
check:
	@$(PYTHON) support/check/check.py $(RULE)
api docs:
	@$(PYTHON) support/check/check.py write-$@
format:
	@$(PYTHON) support/check/check.py $@
fresh:
	@support/fresh/fresh.sh
