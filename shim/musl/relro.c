/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was relocated is made read-only (RELRO), before anything else of the program runs: glibc's start does that of a
 * program that is linked whole, musl's does not. A pointer to a function, of which our tables are full, is then
 * nothing that an overflow could change. Where the kernel will not have it nothing runs, as with glibc.
 */
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>

/* The linker's name for where the program lies. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));

static void seal(const char *base, const ElfW(Phdr) * segment, uintptr_t page)
{
	const uintptr_t first = (uintptr_t)(base + segment->p_vaddr) & ~(page - 1);
	const uintptr_t end = (uintptr_t)(base + segment->p_vaddr + segment->p_memsz) & ~(page - 1);
	if (end > first && mprotect((void *)first, end - first, PROT_READ) < 0)
		__builtin_trap();
}

/* 101 is the first number that is a program's to give; libcap's own beginning has 300. */
__attribute__((constructor(101))) static void relro_seal(void)
{
	const ElfW(Ehdr) *header = (const void *)__ehdr_start;
	const ElfW(Phdr) *segments = (const void *)(__ehdr_start + header->e_phoff);
	for (size_t i = 0; i < header->e_phnum; i++)
		if (segments[i].p_type == PT_GNU_RELRO)
			seal(__ehdr_start, &segments[i], getauxval(AT_PAGESZ));
}
