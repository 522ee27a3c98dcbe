/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel is, knows and allows, each a file or two. */
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <time.h>

#include "validate/host/probe.h"
#include "validate/host/read.h"
#include "validate/rule/known.h"

#define NAME_MOST 64u /* of a file system's type */

/* The machine of a tree is what its kernel was built for, and no file tells: it is unknown there. */
void probe_kernel(struct probe *p)
{
	struct doc *to = make_member(p->arena, p->to, "kernel");
	struct utsname name;
	if (p->host->live && uname(&name) == 0) {
		make_string(p->arena, to, "release", bytes_of(name.release));
		make_string(p->arena, to, "machine", bytes_of(name.machine));
		return;
	}
	probe_add_text(p, to, "release", "proc/sys/kernel/osrelease");
	probe_add_text(p, to, "machine", "proc/sys/kernel/arch"); /* since Linux 6.1 */
}

void probe_capabilities(struct probe *p)
{
	struct doc *to = make_member(p->arena, p->to, "capabilities");
	if (!p->last_known && p->host->live && prctl(PR_CAPBSET_READ, CAP_LAST_CAP, 0, 0, 0) >= 0 &&
		prctl(PR_CAPBSET_READ, CAP_LAST_CAP + 1, 0, 0, 0) < 0)
		p->last_known = CAP_LAST_CAP + 1; /* a kernel of the age of its headers */
	if (p->last_known)
		make_uint(p->arena, to, "last", p->last_known - 1);
	else
		probe_add_uint(p, to, "last", "proc/sys/kernel/cap_last_cap");
}

/* Whether a list of words, a blank before each, has it. */
static bool is_among(struct bytes list, struct bytes wanted)
{
	char word[NAME_MOST + 1] = " ";
	if (wanted.len >= NAME_MOST || !list.len)
		return false;
	memcpy(word + 1, wanted.data, wanted.len);
	for (const char *at; (at = memmem(list.data, list.len, word, wanted.len + 1));) {
		const size_t used = (size_t)(at - list.data) + wanted.len + 1;
		list = (struct bytes){ list.data + used, list.len - used };
		if (!list.len || list.data[0] == ' ')
			return true;
	}
	return false;
}

/*
 * Whether all mounts of the document have a type of this list. Those are added to `to`, each once, where that is given.
 */
static bool has_all(struct probe *p, struct bytes known, struct doc *to)
{
	const struct doc *config = p->config && !*p->below ? p->config : NULL;
	for (const struct doc *m = around_first(config, "mounts"); m; m = m->next) {
		const struct bytes type = doc_string(m, "type", BYTES(""));
		if (!type.len || bytes_is(type, "bind"))
			continue;
		if (!is_among(known, type))
			return false;
		if (to && known_entry(to, type) != YES)
			make_word(p->arena, to, type);
	}
	return p->config != NULL;
}

/* The types in /proc/filesystems, of which a line is "nodev<TAB>proc" or "<TAB>ext4", as words. */
static struct bytes types_of(struct probe *p)
{
	struct bytes text = probe_read(p, "proc/filesystems", PROBE_FILE), line, word;
	struct text types = text_growing(p->arena);
	if (!text.data)
		return text;
	while (read_line(&text, &line)) {
		const char *tab = line.len ? memchr(line.data, '\t', line.len) : NULL;
		const size_t skip = tab ? (size_t)(tab - line.data) + 1 : line.len;
		line = (struct bytes){ line.data + skip, line.len - skip };
		if (read_word(&line, &word)) {
			text_char(&types, ' ');
			text_bytes(&types, word);
		}
	}
	return (struct bytes){ types.data, types.len };
}

/*
 * Types that the kernel had earlier in this boot are enough where the document needs no other, and then only those that
 * it needs are told. What modules could add
 * is not looked up: modules.alias is long, and a type that is not there yet is only a contradiction where no module
 * can be loaded.
 */
void probe_filesystems(struct probe *p)
{
	struct doc *to = make_member(p->arena, p->to, "filesystems"), *known;
	struct bytes types, word;
	bool disabled = false;
	if (probe_recall(p, "filesystems", "known", &types) && has_all(p, types, NULL)) {
		(void)has_all(p, types, make_array(p->arena, to, "known"));
		return;
	}
	types = types_of(p);
	if (!types.data)
		return;
	struct text *learned = has_all(p, types, NULL) ? probe_learn(p, "filesystems", "known") : NULL;
	if (learned)
		text_bytes(learned, types);
	known = make_array(p->arena, to, "known");
	for (struct bytes rest = types; read_word(&rest, &word);)
		make_string(p->arena, known, NULL, word);
	if (has_all(p, types, NULL))
		return;
	if (!probe_exists(p, "proc/modules"))
		make_bool(p->arena, to, "modules", false);
	else if (probe_bool(p, "proc/sys/kernel/modules_disabled", &disabled))
		make_bool(p->arena, to, "modules", !disabled);
}

void probe_limits(struct probe *p)
{
	struct doc *to = make_member(p->arena, p->to, "limits");
	probe_add_uint(p, to, "nrOpen", "proc/sys/fs/nr_open");
}

/* With a real-time group scheduler cgroup v1 has a file for its budget, in every cgroup of cpu. */
void probe_scheduler(struct probe *p)
{
	struct doc *to = make_member(p->arena, p->to, "scheduler");
	probe_add_int(p, to, "rtRuntimeUs", "proc/sys/kernel/sched_rt_runtime_us");
	probe_add_uint(p, to, "deadlinePeriodMinUs", "proc/sys/kernel/sched_deadline_period_min_us");
	probe_add_uint(p, to, "deadlinePeriodMaxUs", "proc/sys/kernel/sched_deadline_period_max_us");
	const char *cpu = probe_v1_directory(p, "cpu");
	const char *shares = cpu ? arena_printf(p->arena, "%s/cpu.shares", cpu) : NULL;
	const char *file = cpu ? arena_printf(p->arena, "%s/cpu.rt_runtime_us", cpu) : NULL;
	if (shares && file && probe_exists(p, shares))
		make_bool(p->arena, to, "rtGroup", probe_exists(p, file));
}

static void add_clock(struct probe *p, struct doc *to, const char *name, clockid_t id)
{
	struct timespec now;
	if (clock_gettime(id, &now) == 0)
		make_int(p->arena, make_object(p->arena, to, name), "secs", (int64_t)now.tv_sec);
}

/* Of a tree: "12345.67 54321.00", seconds since the boot, sleep included. */
void probe_clocks(struct probe *p)
{
	struct doc *to = make_member(p->arena, p->to, "clocks");
	if (p->host->live) {
		add_clock(p, to, "monotonic", CLOCK_MONOTONIC);
		add_clock(p, to, "boottime", CLOCK_BOOTTIME);
		return;
	}
	struct bytes text = probe_read(p, "proc/uptime", PROBE_FILE);
	const char *dot = text.len ? memchr(text.data, '.', text.len) : NULL;
	uint64_t secs;
	if (dot && read_number((struct bytes){ text.data, (size_t)(dot - text.data) }, &secs) && secs <= INT64_MAX)
		make_int(p->arena, make_object(p->arena, to, "boottime"), "secs", (int64_t)secs);
}
