/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variables that results depend on, and those that carry chance. What a value should be is the policy's word and told;
 * what it is never is.
 */
#include "validate/base/glob.h"
#include "validate/base/limits.h"
#include "validate/rule/cpuset.h"
#include "validate/rule/predicates_det.h"

static struct bytes variable_name(struct bytes entry)
{
	const char *equals = entry.len ? memchr(entry.data, '=', entry.len) : NULL;
	return (struct bytes){ entry.data, equals ? (size_t)(equals - entry.data) : entry.len };
}

/* Delegates give a program the last of several. */
struct bytes det_variable(const struct doc *process, struct bytes name)
{
	struct bytes found = { 0 };
	for (const struct doc *e = around_first(process, "env"); e; e = e->next) {
		const struct bytes n = e->type == DOC_STRING ? variable_name(e->string) : (struct bytes){ 0 };
		if (bytes_equal(n, name) && n.len < e->string.len)
			found = (struct bytes){ e->string.data + n.len + 1, e->string.len - n.len - 1 };
	}
	return found;
}

static bool is_number(struct bytes b, uint64_t most)
{
	uint64_t n = 0;
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] < '0' || b.data[i] > '9' || __builtin_mul_overflow(n, UINT64_C(10), &n) ||
			__builtin_add_overflow(n, (uint64_t)(b.data[i] - '0'), &n))
			return false;
	return b.len > 0 && n <= most;
}

enum kind {
	KIND_WORDS,   /* one of .values */
	KIND_NUMBER,  /* decimal, .most at most */
	KIND_SET,     /* anything but empty */
	KIND_THREADS, /* as many as there are CPUs in the cpuset */
	KIND_HAS,     /* .values[0] is in it */
};

enum need {
	NEED_ALWAYS,
	NEED_WHEN_SET, /* a library that is not known to be there: only when the variable is set already */
	NEED_GPU,      /* where the container has a device of NVIDIA's */
	NEED_ASKED,    /* where the parameter "groups" says so */
};

static const struct expected {
	const char *name, *group;
	enum kind kind;
	enum need need;
	const char *values[4];
	uint64_t most;
} expected[] = {
	{ "TZ", "base", KIND_WORDS, NEED_ALWAYS, { "UTC", "UTC0", "Etc/UTC" }, 0 },
	{ "LC_ALL", "base", KIND_WORDS, NEED_ALWAYS, { "C.UTF-8", "C", "POSIX" }, 0 },
	{ "LANG", "base", KIND_WORDS, NEED_WHEN_SET, { "C.UTF-8", "C", "POSIX" }, 0 },
	{ "SOURCE_DATE_EPOCH", "base", KIND_NUMBER, NEED_ALWAYS, { 0 }, INT64_MAX },
	{ "PYTHONHASHSEED", "python", KIND_NUMBER, NEED_ALWAYS, { 0 }, UINT32_MAX },
	{ "OMP_NUM_THREADS", "threads", KIND_THREADS, NEED_ALWAYS, { 0 }, 0 },
	{ "MKL_NUM_THREADS", "threads", KIND_THREADS, NEED_WHEN_SET, { 0 }, 0 },
	{ "OPENBLAS_NUM_THREADS", "threads", KIND_THREADS, NEED_WHEN_SET, { 0 }, 0 },
	{ "NUMEXPR_NUM_THREADS", "threads", KIND_THREADS, NEED_WHEN_SET, { 0 }, 0 },
	{ "OMP_DYNAMIC", "threads", KIND_WORDS, NEED_WHEN_SET, { "false", "FALSE" }, 0 },
	{ "MKL_DYNAMIC", "threads", KIND_WORDS, NEED_WHEN_SET, { "false", "FALSE" }, 0 },
	{ "MKL_CBWR", "mkl", KIND_WORDS, NEED_ASKED, { "COMPATIBLE" }, 0 },
	{ "CUDA_VISIBLE_DEVICES", "gpu", KIND_SET, NEED_GPU, { 0 }, 0 },
	{ "CUBLAS_WORKSPACE_CONFIG", "gpu", KIND_WORDS, NEED_GPU, { ":4096:8", ":16:8" }, 0 },
	{ "NCCL_ALGO", "nccl", KIND_SET, NEED_ASKED, { 0 }, 0 },
	{ "NCCL_PROTO", "nccl", KIND_SET, NEED_ASKED, { 0 }, 0 },
	{ "TF_DETERMINISTIC_OPS", "tensorflow", KIND_WORDS, NEED_ASKED, { "1", "true" }, 0 },
	{ "TF_CUDNN_DETERMINISTIC", "tensorflow", KIND_WORDS, NEED_ASKED, { "1", "true" }, 0 },
	{ "XLA_FLAGS", "jax", KIND_HAS, NEED_ASKED, { "--xla_gpu_deterministic_ops=true" }, 0 },
	{ "JAX_ENABLE_X64", "jax", KIND_SET, NEED_ASKED, { 0 }, 0 },
	{ "TOKENIZERS_PARALLELISM", "tokenizers", KIND_WORDS, NEED_ASKED, { "false" }, 0 },
};

/* The CPUs that it is pinned to; 0: to none. */
static uint64_t cpus_of(const struct facts *f)
{
	return cpuset_count(around_string(doc_find(f->root, "linux.resources.cpu"), "cpus"));
}

static bool number_is(struct bytes b, uint64_t wanted)
{
	char digits[24];
	struct text t = text_over(digits, sizeof(digits));
	text_printf(&t, "%llu", (unsigned long long)wanted);
	return bytes_is(b, digits);
}

static void judge_one(struct det_faults *x, const struct doc *env, const struct expected *e, struct bytes value)
{
	const uint64_t cpus = e->kind == KIND_THREADS ? cpus_of(x->facts) : 0;
	bool one = false;
	switch (e->kind) {
	case KIND_WORDS:
		for (const char *const *v = e->values; *v; v++)
			one |= bytes_is(value, *v);
		if (!one)
			det_fault(x, env, "%s is not %s", e->name, e->values[0]);
		break;
	case KIND_NUMBER:
		if (!is_number(value, e->most))
			det_fault(x, env, "%s is no number from 0 to %llu", e->name, (unsigned long long)e->most);
		break;
	case KIND_SET:
		if (value.len == 0)
			det_fault(x, env, "%s is empty", e->name);
		break;
	case KIND_THREADS:
		if (cpus ? !number_is(value, cpus) : !is_number(value, INT32_MAX) || number_is(value, 0))
			cpus ? det_fault(x, env, "%s is not %llu, the number of its CPUs", e->name,
				       (unsigned long long)cpus)
			     : det_fault(x, env, "%s is no number of threads", e->name);
		break;
	case KIND_HAS:
		if (value.len == 0 || !memmem(value.data, value.len, e->values[0], strlen(e->values[0])))
			det_fault(x, env, "%s has no %s", e->name, e->values[0]);
		break;
	}
}

static bool is_needed(const struct det_faults *x, const struct expected *e, const struct doc *process)
{
	if (param_set(x->facts, x->rule, "groups"))
		return param_has(x->facts, x->rule, "groups", NULL, bytes_of(e->group)) && e->need != NEED_WHEN_SET;
	return e->need == NEED_ALWAYS || (e->need == NEED_GPU && det_has_gpu(x->facts->root, process));
}

/* Whether a set variable of a group that is not asked for is looked at all the same. */
static bool is_judged(const struct det_faults *x, const struct expected *e)
{
	return !param_set(x->facts, x->rule, "groups") ||
		param_has(x->facts, x->rule, "groups", NULL, bytes_of(e->group));
}

static const struct doc *member(const struct doc *map, struct bytes name)
{
	for (const struct doc *m = map && map->type == DOC_OBJECT ? map->first : NULL; m; m = m->next)
		if (bytes_equal(m->key, name))
			return m;
	return NULL;
}

static void judge_table(struct det_faults *x, const struct doc *process, const struct doc *env)
{
	const struct doc *equal = around_param(x->facts, x->rule, "equal");
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		const struct expected *e = &expected[i];
		const struct bytes value = det_variable(process, bytes_of(e->name));
		if (member(equal, bytes_of(e->name)))
			continue; /* the policy has its own word on it */
		if (!value.data && is_needed(x, e, process))
			det_fault(x, env, "%s is not set", e->name);
		else if (value.data && is_judged(x, e))
			judge_one(x, env, e, value);
	}
}

void det_required(struct det_faults *x, const struct doc *d)
{
	const struct facts *f = x->facts;
	const struct doc *process = control_of_exec(f) ? d : doc_get(d, "process"), *env = doc_get(process, "env");
	const struct doc *equal = around_param(f, x->rule, "equal"), *present = around_param(f, x->rule, "present");
	if (!process)
		return;
	if (param_true(f, x->rule, "defaults", true))
		judge_table(x, process, env);
	for (const struct doc *m = equal && equal->type == DOC_OBJECT ? equal->first : NULL; m; m = m->next) {
		const struct bytes value = det_variable(process, m->key);
		if (m->type != DOC_STRING)
			continue;
		if (!value.data)
			det_fault_named(x, env, m->key, "is not set");
		else if (!bytes_equal(value, m->string))
			det_fault_named(x, env, m->key, "is not what was pinned");
	}
	for (const struct doc *e = present && present->type == DOC_ARRAY ? present->first : NULL; e; e = e->next)
		if (e->type == DOC_STRING && det_variable(process, e->string).len == 0)
			det_fault_named(x, env, e->string, "is not set");
}

/* What a session, a service manager or a cluster puts there, and it is another each time. */
static const char *const chance[] = { "RANDOM", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR",
	"XDG_SESSION_ID", "SSH_*", "GPG_*", "DBUS_*", "INVOCATION_ID", "JOURNAL_STREAM", "NOTIFY_SOCKET", "LISTEN_PID",
	"LISTEN_FDS", "LISTEN_FDNAMES", "*_TOKEN", "KUBERNETES_*", "*_SERVICE_HOST", "*_SERVICE_PORT", "CUDA_MPS_*",
	NULL };

/* The pattern that has the name; empty when none has. */
static struct bytes chance_of(const struct det_faults *x, struct bytes name)
{
	const struct doc *also = around_param(x->facts, x->rule, "also");
	if (param_matches(x->facts, x->rule, "allow", NULL, name))
		return (struct bytes){ 0 };
	for (const char *const *p = chance; *p; p++)
		if (glob_match(bytes_of(*p), name))
			return bytes_of(*p);
	for (const struct doc *e = also && also->type == DOC_ARRAY ? also->first : NULL; e; e = e->next)
		if (e->type == DOC_STRING && glob_match(e->string, name))
			return e->string;
	return (struct bytes){ 0 };
}

/* Engines name a container by its id, which is another each time, where the user gave it no name. */
static bool is_of_the_id(const struct facts *f, struct bytes value)
{
	const struct bytes id = around_string(doc_get(f->context, "container"), "id");
	return value.len > 0 && id.len >= value.len && memcmp(id.data, value.data, value.len) == 0;
}

void det_forbidden(struct det_faults *x, const struct doc *d)
{
	const struct bytes name = variable_name(d->string), pattern = chance_of(x, name);
	const struct bytes value = name.len < d->string.len
		? (struct bytes){ d->string.data + name.len + 1, d->string.len - name.len - 1 }
		: (struct bytes){ 0 };
	if (pattern.len > 0) {
		det_fault_named(x, NULL, pattern, "is another each time");
		return;
	}
	if (!bytes_is(name, "HOSTNAME") || param_matches(x->facts, x->rule, "allow", NULL, name))
		return;
	const struct bytes hostname = around_string(x->facts->root, "hostname");
	if (is_of_the_id(x->facts, value))
		det_fault(x, NULL, "HOSTNAME is the container's id, which is another each time");
	else if (hostname.len > 0 && !bytes_equal(hostname, value))
		det_fault(x, NULL, "HOSTNAME is not the hostname");
}
