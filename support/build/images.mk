# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# The part of the build that needs a configuration: includes the generated rules, made anew when an input is newer.

include support/build/rules.mk

ENGINE := $(wildcard $(BUILD)/*.py)
LIBRARY_FILES := $(wildcard $(foreach dir,lib/*/* arch/* plat/* drivers/*/*,$(dir)/Makefile.uk $(dir)/Config.uk))

# Other folders of libraries are another tree to configure.
ifneq ($(file <$(O)/extlibs),$(EXTLIBS))
$(shell mkdir -p '$(O)')$(file >$(O)/extlibs,$(EXTLIBS))
endif

$(O)/build.mk: $(ENGINE) $(LIBRARY_FILES) $(wildcard $(O)/extlibs)
	@$(PYTHON) $(BUILD)/engine.py $(ENGINE_ARGS) '$(TESSERA_CACHE)' '$(VERSION)'

$(O)/build.json $(O)/compile_commands.json: $(O)/build.mk ;

# EMBED=: the folder packed as an archive that the linker puts into the image.
EMBED_OBJECT := $(if $(EMBED),$(O)/embed.o)
ifneq ($(EMBED),)
$(O)/embed.cpio: $(shell find '$(EMBED)')
	$(call say,1,EMBED,$(EMBED))
	$(Q)$(PYTHON) support/run/cpio.py '$(EMBED)' $@
$(O)/embed.o: $(O)/embed.cpio
	$(Q)$(CC) -c -DFILE='"$<"' $(BUILD)/embed.S -o $@
endif
# The images depend on whether there is such an object and which.
ifneq ($(file <$(O)/embed.name),$(EMBED))
$(shell mkdir -p '$(O)')$(file >$(O)/embed.name,$(EMBED))
endif

NEEDED := $(filter-out $(FREE_GOALS),$(or $(MAKECMDGOALS),all))
ifneq ($(NEEDED),)
include $(O)/build.mk
$(IMAGES:%=%.dbg): $(wildcard $(O)/embed.name)
endif

all: $(IMAGES)
fetch: $(O)/build.mk
	@$(PYTHON) $(BUILD)/engine.py $(ENGINE_ARGS) '$(TESSERA_CACHE)' '$(VERSION)'
compile_commands.json: $(O)/build.mk
	@cp $(O)/compile_commands.json . && echo 'wrote $@'
boot-order: $(O)/build.mk
	@$(PYTHON) $(BUILD)/bootorder.py $(O)/build.json
