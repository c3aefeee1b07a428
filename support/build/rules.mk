# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# The recipes that generated rules call. A quiet build prints one line a step; V=1 prints the commands.

Q := $(if $(filter 1,$(V)),,@)
comma := ,

.DELETE_ON_ERROR:
.SUFFIXES:

# $(call say,number,VERB,what)
say = $(if $(Q),@$(info [$(1)/$(STEPS)] $(2) $(3)))

# $(call cc,number,label,flags): the object $@ from the first prerequisite
define cc
$(call say,$(1),$(if $(filter %.S,$<),AS,CC),$(2))
	$(Q)$(CC) $(3) -MD -MP -MF $(@:.o=.d) -c $< -o $@
endef

# $(call link,platform): the image with symbols; an error of the linker is explained in one line
define link
$(Q)$(CC) $(link_flags_$(1)) -o $@ $(filter %.o,$^) \
	-Wl,--start-group $(filter %.a,$^) $(link_libs_$(1)) -Wl,--end-group -Wl,-Map=$(@:.dbg=.map) 2>$@.err || \
	{ $(PYTHON) support/report/linkerr.py $(O)/build.json $@.err || cat $@.err; rm -f $@ $@.err; exit 1; } >&2; \
	cat $@.err >&2; rm -f $@.err
endef

# $(call strip_image,note): the image $@ from its .dbg, with the note that `make info` reads
define strip_image
$(Q)objcopy --strip-all --remove-section=.comment --add-section .note.tessera=$(1) $< $@
endef

# Globals have their library's prefix: one look at all objects.
define check_exports
$(Q)$(PYTHON) support/report/exports.py $(O)/build.json && touch $@
endef
