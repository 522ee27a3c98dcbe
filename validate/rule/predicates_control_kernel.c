/* SPDX-License-Identifier: Apache-2.0 */
/* The words for what of the kernel a container may turn or read: its parameters, and its files below /proc and /sys. */
#include "validate/rule/control.h"
#include "validate/rule/predicates_control.h"

/* The newest list of the Pod Security Standards, for who gives none. */
static const char *const safe_sysctls[] = {
	"kernel.shm_rmid_forced",
	"net.ipv4.ip_local_port_range",
	"net.ipv4.ip_local_reserved_ports",
	"net.ipv4.ip_unprivileged_port_start",
	"net.ipv4.ping_group_range",
	"net.ipv4.tcp_fin_timeout",
	"net.ipv4.tcp_keepalive_intvl",
	"net.ipv4.tcp_keepalive_probes",
	"net.ipv4.tcp_keepalive_time",
	"net.ipv4.tcp_notsent_lowat",
	"net.ipv4.tcp_rmem",
	"net.ipv4.tcp_slow_start_after_idle",
	"net.ipv4.tcp_syncookies",
	"net.ipv4.tcp_wmem",
	NULL,
};

#define NAME_MOST 256

/* Delegates take "net/ipv4/ip_forward" for the same; a name too long for a file is none. */
static bool named_safe(const struct rule *r, const struct facts *f, struct bytes key)
{
	char name[NAME_MOST];
	if (key.len > sizeof(name))
		return false;
	for (size_t i = 0; i < key.len; i++)
		name[i] = (char)(key.data[i] == '/' ? '.' : key.data[i]);
	return param_matches(f, r, "allow", safe_sysctls, (struct bytes){ name, key.len });
}

/* What ends a line or an entry of somebody else's list makes two settings of one. */
static bool plain_value(struct bytes value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.data[i] == '\n' || value.data[i] == '\r' || value.data[i] == '+')
			return false;
	return true;
}

static bool holds_sysctl(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	return named_safe(r, f, d->key) && plain_value(d->string);
}

static void tells_sysctl(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	if (named_safe(r, f, at->key)) {
		text_add(to, "its value holds a line break or a plus sign, with which one setting smuggles in another");
		return;
	}
	text_add(to, "the policy allows ");
	param_write(f, r, "allow", safe_sysctls, to);
}

const struct predicate be_a_safe_sysctl = {
	.says = "be a kernel parameter that the policy allows",
	.judges = DOC_STRING,
	.holds = holds_sysctl,
	.tells = tells_sysctl,
};

/* What every engine hides and has hidden for years; newer ones hide more, and that is theirs. */
static const char *const hidden_files[] = {
	"/proc/acpi",
	"/proc/kcore",
	"/proc/keys",
	"/proc/latency_stats",
	"/proc/sched_debug",
	"/proc/scsi",
	"/proc/timer_list",
	"/proc/timer_stats",
	"/sys/firmware",
	NULL,
};

static const char *const fixed_files[] = {
	"/proc/bus",
	"/proc/fs",
	"/proc/irq",
	"/proc/sys",
	"/proc/sysrq-trigger",
	NULL,
};

static bool covered(const struct doc *linux_, const char *list, struct bytes path)
{
	for (const struct doc *e = around_first(linux_, list); e; e = e->next)
		if (e->type == DOC_STRING && path_covers(e->string, path))
			return true;
	return false;
}

/* The next path that is left open, from *at on, the hidden ones first; NULL at the end. */
struct open_files {
	const struct doc *linux_;
	const struct doc *given[2];
	const char *const *otherwise[2];
	unsigned list;
};

static struct open_files open_files(const struct rule *r, const struct facts *f, const struct doc *linux_)
{
	const struct doc *masked = around_param(f, r, "masked"), *fixed = around_param(f, r, "readonly");
	return (struct open_files){
		.linux_ = linux_,
		.given = { masked ? masked->first : NULL, fixed ? fixed->first : NULL },
		.otherwise = { masked ? NULL : hidden_files, fixed ? NULL : fixed_files },
	};
}

static bool next_open(struct open_files *o, struct bytes *ret)
{
	for (; o->list < 2; o->list++)
		for (;;) {
			if (o->given[o->list]) {
				const struct doc *e = o->given[o->list];
				o->given[o->list] = e->next;
				if (e->type != DOC_STRING)
					continue;
				*ret = e->string;
			} else if (o->otherwise[o->list] && *o->otherwise[o->list]) {
				*ret = bytes_of(*o->otherwise[o->list]++);
			} else {
				break;
			}
			/* Podman has some read-only that others mask. */
			if (!covered(o->linux_, "maskedPaths", *ret) &&
				(o->list == 0 || !covered(o->linux_, "readonlyPaths", *ret)))
				return true;
		}
	return false;
}

static bool holds_hidden(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct doc *linux_ = doc_get(d, "linux");
	struct open_files o = open_files(r, f, linux_);
	struct bytes path;
	if (linux_)
		*ret_at = linux_;
	if (param_true(f, r, "userns", false) && control_user_namespace(f) != KNOWN_NO)
		return true;
	return !next_open(&o, &path);
}

static void tells_hidden(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	struct open_files o = open_files(r, f, at->parent ? at : NULL);
	struct bytes path;
	const char *before = "left open: ";
	for (; next_open(&o, &path); before = ", ") {
		text_add(to, before);
		text_shown(to, path, NAME_MOST);
	}
}

const struct predicate hide_kernel_files = {
	.says = "mask or make read-only the kernel's files that the policy names",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_hidden,
	.tells = tells_hidden,
};
