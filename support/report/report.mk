# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# What is in the tree and in an image, and skeletons for new parts.

FREE_GOALS += libs info new-app new-lib
HELP_FRAGMENTS += HELP_REPORT
define HELP_REPORT
Look           make libs: every library of the tree, and which are chosen
  size         [PLAT=] text, data, bss by library; the sum is the image (and a .csv beside it)
  graph        [PLAT=] the image's libraries and why they depend on each other, as SVG and DOT
  licenses     the licence of every part that is linked
  info         IMAGE=file: version, libraries and configuration out of an image
New            make new-app NAME=name | new-lib NAME=area/name: a skeleton that builds and passes its test
endef
export HELP_REPORT

.PHONY: libs info new-app new-lib size graph licenses
REPORT := $(PYTHON) support/report
libs:
	@$(REPORT)/libs.py '$(O)' '$(APPDIR)' '$(EXTLIBS)'
info:
	@$(REPORT)/info.py $(if $(IMAGE),'$(IMAGE)')
new-app new-lib:
	@$(REPORT)/new.py $@ '$(if $(filter command line,$(origin NAME)),$(NAME))'
size graph licenses: all
	@$(REPORT)/$@.py '$(O)/build.json' $(if $(filter-out licenses,$@),$(PLAT))
