# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# The build, seen from make. Variables on the command line:
#
#   APP=NAME|PATH   application: a folder of apps/, or the path of a folder anywhere            (hello)
#   O=DIR           where everything generated goes                                             (build/<app>)
#   EXTLIBS=A:B     folders with more libraries: a library each, or AREA/NAME folders below
#   EMBED=DIR       files linked into the image, read-only at /
#   V=1             print the commands
#   TESSERA_CACHE   download and archive cache that checkouts share                             (~/.cache/tessera)
#
# engine.py reads the configuration and each Makefile.uk and writes $(O)/build.mk, which has all rules for objects
# and images; rules.mk has the recipes. Variables of Makefile.uk are documented at the top of makefile_uk.py.

VERSION := 0.1.0
PYTHON := /usr/bin/python3
APP ?= hello
TESSERA_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/tessera
APPDIR := $(if $(findstring /,$(APP)),$(patsubst %/,%,$(abspath $(APP))),apps/$(APP))
APPNAME := $(notdir $(APPDIR))
O ?= build/$(APPNAME)
override O := $(patsubst $(CURDIR)/%,%,$(patsubst %/,%,$(O)))
BUILD := support/build
hash := \#
$(foreach bad,= : % $(hash),$(if $(findstring $(bad),$(O)),\
	$(error O=$(O): make cannot use a folder with `$(bad)` in its name)))
$(if $(word 2,$(O)),$(error O=$(O): make cannot use a folder with a blank in its name))

$(if $(EMBED),$(if $(wildcard $(EMBED)/.),,$(error EMBED=$(EMBED): not a folder whose files could be in the image)))

export PYTHONPYCACHEPREFIX := $(TESSERA_CACHE)/python
export TESSERA_CACHE VERSION LC_ALL := C
# One job for each CPU unless make was told otherwise.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif
MAKEFLAGS += -rR

.DEFAULT_GOAL := all
CONFIG_GOALS := menuconfig olddefconfig savedefconfig defconfig allnoconfig allyesconfig randconfig listnewconfig \
	diffconfig setconfig
# Goals that need no configured image; fragments add theirs.
FREE_GOALS := help clean distclean $(CONFIG_GOALS)

ENGINE_ARGS = '$(CURDIR)' '$(O)' '$(APPDIR)' '$(APPNAME)' '$(EXTLIBS)'
# What setconfig sets: the variables of the command line that are not make's own.
SETTINGS = $(filter-out APP=% O=% EXTLIBS=% EMBED=% V=% TESSERA_CACHE=%,$(MAKEOVERRIDES))

.PHONY: all $(FREE_GOALS) fetch boot-order compile_commands.json
# Goals that come before all others. Beside others (make clean defconfig all) they run while the makefiles are read, in
# the order given, so that what is built afterwards sees what they did.
FIRST_GOALS := clean distclean $(CONFIG_GOALS)
CLEAN_clean = rm -rf $(addprefix $(O)/,obj gen include flags) \
	$(wildcard $(addprefix $(O)/,$(APPNAME)_* *.mk *.json *.ok note_* embed.*))
CLEAN_distclean = rm -rf build
first = $(or $(CLEAN_$(1)),$(PYTHON) $(BUILD)/kconf.py $(1) $(ENGINE_ARGS) $(SETTINGS))
FIRST := $(filter $(FIRST_GOALS),$(MAKECMDGOALS))
ifeq ($(filter-out $(FIRST_GOALS),$(MAKECMDGOALS)),)
.NOTPARALLEL: # one after the other, in the order given
$(FIRST_GOALS):
	@$(call first,$@)
else
$(if $(filter menuconfig,$(FIRST)),$(error menuconfig needs the terminal: run it alone, the other goals after it))
ifeq ($(MAKE_RESTARTS),)
said = $(if $(1),$(info $(1)))
$(foreach goal,$(FIRST),$(call said,$(shell $(call first,$(goal))))\
	$(if $(filter-out 0,$(.SHELLSTATUS)),$(error $(goal) failed)))
endif
$(FIRST_GOALS): ; @:
endif

define HELP
Tessera $(VERSION): library operating system construction kit

Build          make [APP=name-or-path] [O=dir] [V=1] [EXTLIBS=dir:dir] [EMBED=dir]
  all          the images of all platforms in $$(O)/.config (default)
  clean        remove what was built, keep the configuration      distclean   remove all of build/
  fetch        load every third-party source of the configuration, for building offline
  compile_commands.json   for editors

Configure      make menuconfig | olddefconfig | savedefconfig | defconfig | allnoconfig | allyesconfig
               make randconfig [SEED=n] | listnewconfig | diffconfig | setconfig NAME=value …
Look           make boot-order: initialisation in order
endef
export HELP
help:
	@echo "$$HELP"$(foreach text,$(HELP_FRAGMENTS),; echo; echo "$$$(text)")
