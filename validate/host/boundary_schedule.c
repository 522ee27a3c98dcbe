/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the process is scheduled: what the kernel tells by the process's number alone. Where /proc is no /proc but a tree
 * that stands for one, a number means nothing.
 */
#include <linux/ioprio.h>
#include <linux/magic.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "validate/host/boundary_parts.h"

/* What sched_getattr(2) fills in; the headers of libc and kernel disagree about who declares it. */
struct schedule {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

/* By the kernel's numbers. */
static const char *const policies[] = { "SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "SCHED_ISO",
	"SCHED_IDLE", "SCHED_DEADLINE", "SCHED_EXT" };
static const char *const flags[] = { "SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM", "SCHED_FLAG_DL_OVERRUN",
	"SCHED_FLAG_KEEP_POLICY", "SCHED_FLAG_KEEP_PARAMS", "SCHED_FLAG_UTIL_CLAMP_MIN", "SCHED_FLAG_UTIL_CLAMP_MAX" };
static const char *const classes[] = { "IOPRIO_CLASS_NONE", "IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE" };

enum { OTHER, FIFO, RR, BATCH, ISO, IDLE, DEADLINE };

static void add_scheduler(struct boundary *b)
{
	struct schedule s = { 0 };
	if (syscall(SYS_sched_getattr, b->of->pid, &s, sizeof(s), 0) < 0)
		return;
	struct doc *to = make_object(b->arena, b->to, "scheduler");
	if (s.policy < sizeof(policies) / sizeof(policies[0]))
		make_string(b->arena, to, "policy", bytes_of(policies[s.policy]));
	struct doc *list = make_array(b->arena, to, "flags");
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (s.flags >> i & 1)
			make_word(b->arena, list, bytes_of(flags[i]));
	if (s.policy == OTHER || s.policy == BATCH)
		make_int(b->arena, to, "nice", s.nice);
	if (s.policy == FIFO || s.policy == RR)
		make_uint(b->arena, to, "priority", s.priority);
	if (s.policy != DEADLINE)
		return;
	make_uint(b->arena, to, "runtime", s.runtime);
	make_uint(b->arena, to, "deadline", s.deadline);
	make_uint(b->arena, to, "period", s.period);
}

static void add_io_priority(struct boundary *b)
{
	const long value = syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, b->of->pid);
	const unsigned long class = value < 0 ? ~0UL : IOPRIO_PRIO_CLASS((unsigned long)value);
	if (class >= sizeof(classes) / sizeof(classes[0]))
		return;
	struct doc *to = make_object(b->arena, b->to, "ioPriority");
	make_string(b->arena, to, "class", bytes_of(classes[class]));
	make_uint(b->arena, to, "priority", (uint64_t)value & 7);
}

void boundary_schedule(struct boundary *b)
{
	const bool scheduler = boundary_wants(b, "process.scheduler"), io = boundary_wants(b, "process.ioPriority");
	struct statfs fs;
	if ((!scheduler && !io) || fstatfs(b->process, &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC)
		return;
	if (scheduler)
		add_scheduler(b);
	if (io)
		add_io_priority(b);
}
