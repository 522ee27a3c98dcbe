/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ring need not be the same file twice: a copy of runvet installed as `runc` would hand on to a runc that is runvet.
 * So the binary carries a note, in a loaded PT_NOTE segment that strip(1) keeps, and what is to be run is looked
 * through for it. The file looked at is whatever somebody named as a runtime: every number in it is checked before it
 * is used.
 */
#include "shim/elfnote.h"

#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

/* Written in assembly because a compiler marks a section of its own as data, and a linker makes no segment of that. */
__asm__(".pushsection .note.runvet, \"a\", %note\n"
	".balign 4\n"
	".long 7, 4, 1\n" /* sizes of owner and description, type */
	".asciz \"runvet\"\n"
	".byte 0\n"
	".long 1\n"
	".popsection\n");

#define OWNER "runvet"
#define MOST_HEADERS 64
#define MOST_NOTES 4096 /* bytes of one segment */

static bool read_at(int fd, void *to, size_t size, uint64_t offset)
{
	return offset <= INT32_MAX && pread(fd, to, size, (off_t)offset) == (ssize_t)size;
}

static size_t rounded(size_t n, size_t align)
{
	return (n + align - 1) / align * align;
}

/* A segment's notes: a header, owner and description, the latter two padded. */
static bool ours_among(const unsigned char *notes, size_t size, size_t align)
{
	ElfW(Nhdr) head;
	for (size_t at = 0; size - at >= sizeof(head);) {
		memcpy(&head, notes + at, sizeof(head));
		at += sizeof(head);
		if (head.n_namesz > size || head.n_descsz > size)
			return false;
		const size_t name = rounded(head.n_namesz, align), all = name + rounded(head.n_descsz, align);
		if (head.n_type == 1 && head.n_namesz == sizeof(OWNER) && sizeof(OWNER) <= size - at &&
			memcmp(notes + at, OWNER, sizeof(OWNER)) == 0)
			return true;
		if (all > size - at)
			return false;
		at += all;
	}
	return false;
}

static bool looks_like_elf(const ElfW(Ehdr) * e)
{
	const unsigned char class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
	return memcmp(e->e_ident, ELFMAG, SELFMAG) == 0 && e->e_ident[EI_CLASS] == class &&
		e->e_phentsize == sizeof(ElfW(Phdr)) && e->e_phnum <= MOST_HEADERS;
}

/* Headers and notes stand at the beginning of nearly every file: that is read once, what lies elsewhere by itself. */
struct beginning {
	int fd;
	size_t len;
	unsigned char bytes[MOST_NOTES];
};

static bool part(const struct beginning *b, void *to, size_t size, uint64_t offset)
{
	if (offset > b->len || size > b->len - offset)
		return read_at(b->fd, to, size, offset);
	memcpy(to, b->bytes + offset, size);
	return true;
}

static bool elsewhere(const struct beginning *b, size_t size, uint64_t offset, size_t align)
{
	unsigned char notes[MOST_NOTES];

	return read_at(b->fd, notes, size, offset) && ours_among(notes, size, align);
}

static bool in_segment(const struct beginning *b, const ElfW(Phdr) * p)
{
	const size_t size = p->p_filesz < MOST_NOTES ? (size_t)p->p_filesz : MOST_NOTES;
	const size_t align = p->p_align == 8 ? 8 : 4;

	if (p->p_offset > b->len || size > b->len - p->p_offset)
		return elsewhere(b, size, p->p_offset, align);
	return ours_among(b->bytes + p->p_offset, size, align);
}

bool elfnote_present(int fd)
{
	struct beginning b = { .fd = fd };
	ElfW(Ehdr) e;
	const ssize_t n = pread(fd, b.bytes, sizeof(b.bytes), 0);

	b.len = n > 0 ? (size_t)n : 0;
	if (!part(&b, &e, sizeof(e), 0) || !looks_like_elf(&e))
		return false;
	for (size_t i = 0; i < e.e_phnum; i++) {
		ElfW(Phdr) p;
		if (!part(&b, &p, sizeof(p), (uint64_t)e.e_phoff + i * sizeof(p)))
			return false;
		if (p.p_type == PT_NOTE && in_segment(&b, &p))
			return true;
	}
	return false;
}
