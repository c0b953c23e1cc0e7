// SPDX-License-Identifier: GPL-2.0-only
/*
 * thunk.c - where the loops of variants.c return to, as those of a kernel do
 *
 * A return by a jump lets the compiler lay out a loop otherwise than a return
 * by an instruction. The kernel has the former, so variants.c is compiled for
 * it too (user/build.mk), and this is the return.
 */
#ifdef __x86_64__
asm(".pushsection .text\n"
	"	.globl __x86_return_thunk\n"
	"	.hidden __x86_return_thunk\n"
	"	.type __x86_return_thunk, @function\n"
	"__x86_return_thunk:\n"
	"	ret\n"
	"	.size __x86_return_thunk, . - __x86_return_thunk\n"
	".popsection\n");
#endif
