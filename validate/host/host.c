/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions and who answers them. Only what was asked is looked up, in the order of the questions, so that the document
 * of one host always reads alike; what several probes read they read once.
 */
#include "validate/host/host.h"

#include <errno.h>

#include "validate/base/fd.h"
#include "validate/host/kept.h"
#include "validate/host/place.h"
#include "validate/host/probe.h"

static const struct {
	enum ask ask;
	void (*answer)(struct probe *p);
} probes[] = {
	{ ASK_KERNEL, probe_kernel },
	{ ASK_SELF, probe_self },
	{ ASK_RLIMITS, probe_rlimits },
	{ ASK_SUBIDS, probe_subids },
	{ ASK_NAMESPACES, probe_namespaces },
	{ ASK_CGROUP, probe_cgroup },
	{ ASK_CGROUP_FILES, probe_cgroup_files },
	{ ASK_SECCOMP, probe_seccomp },
	{ ASK_LSM, probe_lsm },
	{ ASK_APPARMOR_PROFILES, probe_apparmor_profiles },
	{ ASK_CAPABILITIES, probe_capabilities },
	{ ASK_FILESYSTEMS, probe_filesystems },
	{ ASK_LIMITS, probe_limits },
	{ ASK_CPUS, probe_cpus },
	{ ASK_HUGE_PAGES, probe_huge_pages },
	{ ASK_SCHEDULER, probe_scheduler },
	{ ASK_INTERFACES, probe_interfaces },
	{ ASK_RDMA, probe_rdma },
	{ ASK_RESCTRL, probe_resctrl },
	{ ASK_CLOCKS, probe_clocks },
	{ ASK_HARDWARE, probe_hardware },
	{ ASK_TUNING, probe_tuning },
	{ ASK_GPU, probe_gpu },
};

static const struct {
	enum ask ask;
	void (*answer)(struct place_look *l, const struct doc *value, struct doc *answer);
} places[] = {
	{ ASK_ROOTFS, place_rootfs },
	{ ASK_SOURCE, place_source },
	{ ASK_DESTINATION, place_destination },
	{ ASK_HOOK, place_hook },
	{ ASK_HOOK_ABOVE, place_hook_above },
	{ ASK_HOOK_DIGEST, place_hook_digest },
	{ ASK_CONTAINER_HOOK, place_container_hook },
	{ ASK_NAMESPACE, place_namespace },
	{ ASK_NODE, place_node },
	{ ASK_BLOCK_DEVICE, place_block_device },
	{ ASK_SYSCTL, place_sysctl },
	{ ASK_CWD, place_cwd },
	{ ASK_COMMAND, place_command },
	{ ASK_LISTENER, place_listener },
	{ ASK_CGROUPS_PATH, place_cgroups_path },
	{ ASK_LABEL, place_label },
};

#define PROBES (sizeof(probes) / sizeof(probes[0]))
#define PLACES (sizeof(places) / sizeof(places[0]))

_Static_assert(PROBES == ASK_ROOTFS, "a question about the host without a probe");
_Static_assert(PLACES == ASK_MAX - ASK_ROOTFS, "a question about a place without a probe");

static int no_memory(struct fail *reterr)
{
	return fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "no memory for what the host has");
}

static void look_around(struct probe *p, bool places_asked)
{
	for (size_t i = 0; i < PROBES; i++)
		if (p->asks & ASK(probes[i].ask))
			probes[i].answer(p);
	if (places_asked)
		(void)listed_get(p);
	probe_keep(p);
	(void)fd_close(p->links);
}

static void look_at_places(struct place_look *l, struct asking *asking, struct doc *to)
{
	struct doc *all = asking->places ? make_object(l->arena, to, "places") : NULL;
	for (struct asked *q = asking->places; q; q = q->next) {
		struct text pointer = text_growing(l->arena);
		if (*l->below)
			text_char(&pointer, '/');
		for (const char *c = l->below; *c; c++)
			text_char(&pointer, (char)(*c == '.' ? '/' : *c));
		doc_pointer(q->value, "", &pointer);
		struct doc *answer = make_object(l->arena, all, pointer.data);
		q->answer = answer;
		for (size_t i = 0; i < PLACES; i++)
			if (q->asks & ASK(places[i].ask))
				places[i].answer(l, q->value, answer);
	}
	place_done(l);
}

int host_look(struct arena *a, const struct host *h, const struct host_question *q, const struct doc **ret,
	struct fail *reterr)
{
	if (h->given) {
		*ret = h->given;
		return 0;
	}
	struct doc *to = make_document(a);
	struct probe p = { .arena = a,
		.host = h,
		.to = to,
		.asks = q->asking->all,
		.config = q->config,
		.below = q->below,
		.links = -1,
		.kept = KEPT_UNASKED };
	look_around(&p, q->asking->places != NULL);
	struct place_look l = {
		.arena = a,
		.host = h,
		.config = q->config,
		.below = q->below,
		.whole = !*q->below && !q->whole ? q->config : q->whole,
		.mounts = p.mounts,
		.listed = p.listed,
		.kept = p.kept,
		.initial = h->live && p.user_namespace == USER_NAMESPACE_INITIAL,
	};
	look_at_places(&l, q->asking, to);
	if (!make_whole(to))
		return no_memory(reterr);
	*ret = to;
	return 0;
}

int host_all(struct arena *a, const struct host *h, const struct doc **ret, struct fail *reterr)
{
	struct asking all = { .all = ASK(ASK_ROOTFS) - 1 };
	const struct host_question q = { .below = "", .asking = &all };
	return host_look(a, h, &q, ret, reterr);
}
