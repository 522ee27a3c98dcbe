/* SPDX-License-Identifier: Apache-2.0 */
/* Names, neighbours, users and addresses: what a program may meet by chance because of where it runs. */
#include "validate/rule/predicates_det.h"

/* Whether the host's own of that type is meant: none, or one that is joined. */
static void judge_namespace(struct det_faults *x, const struct doc *root, const char *type)
{
	const struct doc *entry = around_namespace(root, type), *all = doc_find(root, "linux.namespaces");
	if (!entry)
		det_fault(x, all, "its %s namespace is the host's", type);
	else if (around_string(entry, "path").len > 0 && !param_has(x->facts, x->rule, "joined", NULL, bytes_of(type)))
		det_fault(x, entry, "its %s namespace is another's", type);
}

/* Twelve hexadecimal digits are what engines make of an id. */
static bool is_an_id(const struct facts *f, struct bytes name)
{
	const struct bytes id = around_string(doc_get(f->context, "container"), "id");
	if (name.len > 0 && id.len >= name.len && name.len >= 12 && memcmp(id.data, name.data, name.len) == 0)
		return true;
	for (size_t i = 0; i < name.len; i++)
		if (!memchr("0123456789abcdef", name.data[i], 16))
			return false;
	return name.len == 12;
}

void det_apart(struct det_faults *x, const struct doc *d)
{
	static const char *const types[] = { "pid", "ipc", "uts" };
	const struct doc *hostname = doc_get(d, "hostname"), *wanted = around_param(x->facts, x->rule, "hostname");
	const struct bytes name = around_string(d, "hostname");
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		judge_namespace(x, d, types[i]);
	if (name.len == 0)
		det_fault(x, NULL, "hostname is not set");
	else if (wanted && wanted->type == DOC_STRING && !bytes_equal(name, wanted->string))
		det_fault(x, hostname, "hostname is not what was pinned");
	else if (!wanted && is_an_id(x->facts, name))
		det_fault(x, hostname, "hostname is the container's id, which is another each time");
	if (param_true(x->facts, x->rule, "time", false) &&
		(!around_namespace(d, "time") || !doc_find(d, "linux.timeOffsets")))
		det_fault(x, doc_get(d, "linux"), "it has no time namespace with offsets");
}

void det_network(struct det_faults *x, const struct doc *d)
{
	const struct doc *entry = around_namespace(d, "network"), *moved = doc_find(d, "linux.netDevices");
	const struct bytes path = around_string(entry, "path");
	if (!entry)
		det_fault(x, doc_find(d, "linux.namespaces"), "its network is the host's");
	else if (path.len > 0 && !param_matches(x->facts, x->rule, "networks", NULL, path))
		det_fault(x, entry, "it joins a network that the policy does not name");
	if (!around_unset(moved) && !param_true(x->facts, x->rule, "devices", false))
		det_fault(x, moved, "interfaces of the host are moved into it");
}

#define ADDR_NO_RANDOMIZE UINT64_C(0x0040000)

static bool has_name(const struct doc *entry, const char *name)
{
	for (const struct doc *n = around_first(entry, "names"); n; n = n->next)
		if (n->type == DOC_STRING && bytes_is(n->string, name))
			return true;
	return false;
}

static uint64_t value_of(const struct doc *arg, const char *name)
{
	const struct doc *d = doc_get(arg, name);
	return d && d->type == DOC_INT && !d->integer.negative ? d->integer.magnitude : 0;
}

static bool meets(const struct doc *arg, uint64_t value)
{
	const struct bytes op = around_string(arg, "op");
	const uint64_t a = value_of(arg, "value"), b = value_of(arg, "valueTwo");
	if (value_of(arg, "index") != 0)
		return true; /* personality(2) has one argument: what is in the others is not known */
	if (bytes_is(op, "SCMP_CMP_MASKED_EQ"))
		return (value & a) == b;
	return bytes_is(op, "SCMP_CMP_EQ")    ? value == a
		: bytes_is(op, "SCMP_CMP_NE") ? value != a
		: bytes_is(op, "SCMP_CMP_LT") ? value < a
		: bytes_is(op, "SCMP_CMP_LE") ? value <= a
		: bytes_is(op, "SCMP_CMP_GT") ? value > a
					      : value >= a;
}

/* Whether personality(ADDR_NO_RANDOMIZE) passes: the default action, unless an entry has another for it. */
static bool filter_lets(const struct doc *root)
{
	static const char *const passing[] = { "SCMP_ACT_ALLOW", "SCMP_ACT_LOG", "SCMP_ACT_TRACE", NULL };
	const struct doc *filter = doc_find(root, "linux.seccomp");
	if (!filter)
		return true;
	for (const struct doc *e = around_first(filter, "syscalls"); e; e = e->next) {
		bool met = has_name(e, "personality");
		for (const struct doc *a = around_first(e, "args"); met && a; a = a->next)
			met = meets(a, ADDR_NO_RANDOMIZE);
		if (met)
			return word_among(around_string(e, "action"), passing);
	}
	return word_among(around_string(filter, "defaultAction"), passing);
}

static bool is_setarch(struct bytes program)
{
	static const char *const names[] = { "setarch", "linux64", "x86_64", "aarch64", "uname26", NULL };
	size_t start = program.len;
	while (start > 0 && program.data[start - 1] != '/')
		start--;
	return word_among((struct bytes){ program.data + start, program.len - start }, names);
}

/* setarch's own words end where the program's begin, which nobody but setarch knows: the first few are looked at. */
static bool switches_off(const struct doc *process)
{
	const struct doc *e = around_first(process, "args");
	if (!e || e->type != DOC_STRING || !is_setarch(e->string))
		return false;
	e = e->next;
	for (unsigned i = 0; e && i < 4; e = e->next, i++)
		if (e->type == DOC_STRING && (bytes_is(e->string, "-R") || bytes_is(e->string, "--addr-no-randomize")))
			return true;
	return false;
}

/* The runtime-spec has flags for personality and says that none is supported: the program has to ask itself. */
void det_addresses(struct det_faults *x, const struct doc *d)
{
	const struct doc *aslr = around_host(x->facts, "tuning.aslr"), *process = doc_get(d, "process");
	if (aslr && aslr->type == DOC_INT && aslr->integer.magnitude == 0)
		return;
	if (!switches_off(process))
		det_fault(x, doc_get(process, "args"), "it does not start with setarch -R");
	if (!filter_lets(d))
		det_fault(x, doc_find(d, "linux.seccomp"), "the filter refuses personality(ADDR_NO_RANDOMIZE)");
}

static void judge_id(struct det_faults *x, const struct doc *user, const char *name)
{
	const int64_t wanted = param_int(x->facts, x->rule, name, -1);
	if (wanted >= 0 && around_int(user, name, 0) != wanted)
		det_fault(x, doc_get(user, name), "its %s is not %lld", name, (long long)wanted);
}

void det_user(struct det_faults *x, const struct doc *d)
{
	const struct doc *process = doc_get(d, "process"), *user = doc_get(process, "user");
	const struct doc *groups = around_param(x->facts, x->rule, "groups");
	if (!process)
		return;
	judge_id(x, user, "uid");
	judge_id(x, user, "gid");
	if (!doc_get(user, "umask"))
		det_fault(x, user, "umask is not set");
	else
		judge_id(x, user, "umask");
	if (!groups || groups->type != DOC_ARRAY)
		return;
	for (const struct doc *e = around_first(user, "additionalGids"); e; e = e->next) {
		bool named = false;
		for (const struct doc *g = groups->first; g && !named; g = g->next)
			named = g->type == DOC_INT && e->type == DOC_INT &&
				g->integer.magnitude == e->integer.magnitude;
		if (!named)
			det_fault(x, e, "a group of it was not pinned");
	}
	if (groups->count > 0 && !around_first(user, "additionalGids"))
		det_fault(x, user, "the groups that were pinned are missing");
}

void det_sysctls(struct det_faults *x, const struct doc *d)
{
	const struct doc *pin = around_param(x->facts, x->rule, "pin"), *set = doc_find(d, "linux.sysctl");
	const bool only = param_true(x->facts, x->rule, "only", false);
	for (const struct doc *p = pin && pin->type == DOC_OBJECT ? pin->first : NULL; p; p = p->next) {
		const struct doc *found = NULL;
		for (const struct doc *s = set && set->type == DOC_OBJECT ? set->first : NULL; s; s = s->next)
			found = bytes_equal(s->key, p->key) ? s : found;
		if (!found)
			det_fault_named(x, set, p->key, "is not set");
		else if (p->type == DOC_STRING && (found->type != DOC_STRING || !bytes_equal(found->string, p->string)))
			det_fault_named(x, found, p->key, "is not what was pinned");
	}
	for (const struct doc *s = only && set && set->type == DOC_OBJECT ? set->first : NULL; s; s = s->next) {
		bool pinned = false;
		for (const struct doc *p = pin && pin->type == DOC_OBJECT ? pin->first : NULL; p && !pinned;
			p = p->next)
			pinned = bytes_equal(s->key, p->key);
		if (!pinned)
			det_fault_named(x, s, s->key, "was not pinned");
	}
}
