# SPDX-License-Identifier: GPL-2.0-only
#
# fuzz: each target for FUZZ_SECONDS under ASan and UBSan, from the inputs in
# tests/fixtures/fuzz/, which fuzz-corpus makes. What is found along the way
# stays in $(O)/fuzz/found/.

FUZZ_SECONDS ?= 60
FUZZ_CC ?= clang
fuzz_targets := trace records
fuzz_from := $(addprefix user/,trace_chunk.c trace_read.c trace_scan.c \
	       trace_walk.c trace_write.c)
fuzz_headers := $(wildcard include/acqrel/*.h include/uapi/linux/*.h \
		  user/trace*.h tests/trace_*.h tests/fuzz/*.h)
fuzz_cflags := -O1 -g -Wall -Wextra -Wno-c2x-extensions \
	       -Wno-gnu-variable-sized-type-not-at-end -std=gnu11

.PHONY: fuzz fuzz-corpus

fuzz: $(fuzz_targets:%=$(O)/fuzz/%)
	$(Q)for target in $(fuzz_targets); do \
		mkdir -p $(O)/fuzz/found/$$target && \
		setarch $$(uname -m) -R $(O)/fuzz/$$target \
			-max_total_time=$(FUZZ_SECONDS) -max_len=65536 \
			-print_final_stats=1 \
			-artifact_prefix=$(O)/fuzz/$$target- \
			$(O)/fuzz/found/$$target \
			tests/fixtures/fuzz/$$target || exit; \
	done

fuzz-corpus: $(O)/fuzz/corpus
	$(Q)mkdir -p tests/fixtures/fuzz
	$(Q)$< tests/fixtures/fuzz

$(O)/fuzz/corpus: tests/fuzz/corpus.c $(fuzz_from) $(fuzz_headers)
	$(Q)mkdir -p $(@D)
	$(call quiet,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $(filter %.c,$^)

$(O)/fuzz/%: tests/fuzz/%.c $(fuzz_from) $(fuzz_headers)
	$(Q)mkdir -p $(@D)
	$(call quiet,CC,$@)
	$(Q)$(FUZZ_CC) $(CPPFLAGS) $(fuzz_cflags) \
		-fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -o $@ $(filter %.c,$^)
