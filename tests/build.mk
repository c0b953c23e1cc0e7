# SPDX-License-Identifier: GPL-2.0-only
#
# check-unit: every test plain, under ASan and UBSan, and under TSan. Each
# flavour has an archive of its own: the library and all of the command but its
# main().

tests := $(patsubst tests/%.c,%,$(wildcard tests/*.c))
tests_flavours := plain asan tsan

tests_cflags_plain :=
tests_cflags_asan := -fsanitize=address,undefined -fno-sanitize-recover=all
# Fences stand beside marked accesses only, see include/acqrel/order.h.
tests_cflags_tsan := -fsanitize=thread -Wno-tsan

tests_from := $(lib_objs) $(filter-out %/main.o,$(cmd_objs))

tests_cc = $(CC) $(CPPFLAGS) $(CFLAGS) $(USER_CFLAGS) $(OBJ_CFLAGS) -MMD -MP

# $(1) is the flavour
define tests_flavour
tests_objs_$(1) := $$(tests_from:$$(O)/user/%=$$(O)/tests/$(1)/user/%)
tests_bins += $$(tests:%=$$(O)/tests/$(1)/%)

$$(O)/tests/$(1)/user/%.o: user/%.c
	$$(call quiet,CC,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(tests_cc) $$(tests_cflags_$(1)) -c -o $$@ $$<

$$(O)/tests/$(1)/tested.a: $$(tests_objs_$(1))
	$$(call quiet,AR,$$@)
	$$(Q)rm -f $$@
	$$(Q)$$(AR) rcs $$@ $$^

$$(O)/tests/$(1)/%: tests/%.c $$(O)/tests/$(1)/tested.a
	$$(call quiet,CC,$$@)
	$$(Q)$$(tests_cc) $$(tests_cflags_$(1)) -o $$@ $$< \
		$$(O)/tests/$(1)/tested.a $$(USER_LIBS)
endef

$(foreach flavour,$(tests_flavours),$(eval $(call tests_flavour,$(flavour))))

check-unit: $(tests_bins)
	$(Q)sh tests/run.sh $(tests_bins)

-include $(wildcard $(O)/tests/*/*.d $(O)/tests/*/user/*.d \
		     $(O)/tests/*/user/bench/*.d)
