/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/node/tried.h"

#include <errno.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "validate/base/limits.h"
#include "validate/policy/policy_parts.h"

#define SHOWN 120u /* bytes of one name */

bool tried_counts(const struct finding *f)
{
	return f->severity == SEV_ERROR && !(f->rule && f->rule->of == OF_HOST);
}

/* A policy of one profile, which enforces: what it would come to. */
static int open_profile(struct tried *t, const char *profile)
{
	struct opened *o = &t->opened;
	struct text text = text_growing(&o->arena);
	struct fail why = { 0 };

	text_add(&text, "{\"version\":1,\"mode\":\"enforce\",\"profile\":");
	text_json(&text, bytes_of(profile));
	text_add(&text, "}");
	const struct file f = { .fd = -1, .path = "--profile", .bytes = { text.data, text.len } };
	if (text.cut)
		return trouble("no memory");
	return policy_parse(&o->arena, &f, &o->policy, &why) < 0 ? trouble("--profile %s: %s", profile, why.says) : 0;
}

int tried_open(struct tried *t, const char *policy, const char *profile)
{
	*t = (struct tried){ 0 };
	if (profile) {
		t->opened = (struct opened){ .path = "--profile" };
		arena_init(&t->opened.arena, LIMIT_ARENA);
		t->by = profile;
		return open_profile(t, profile);
	}
	if (policy_open(policy, &t->opened) < 0) {
		(void)policy_print_faults(&t->opened);
		return CTL_USAGE;
	}
	if (policy && !t->opened.policy.present)
		return trouble("there is no policy at %s", t->opened.path);
	t->by = t->opened.policy.profile ? t->opened.policy.profile->name : builtin_newest(BYTES("baseline"));
	return CTL_GOOD;
}

static const char *shown(struct arena *a, struct bytes b)
{
	struct text to = text_growing(a);
	text_shown(&to, b, SHOWN);
	return to.cut ? "" : to.data;
}

static struct bytes fact(const struct doc *context, const char *path)
{
	return doc_string(context, path, (struct bytes){ 0 });
}

static void name_it(struct tried_one *x)
{
	struct arena *a = &x->again.arena;
	const struct doc *c = x->again.context;
	const struct bytes space = fact(c, "pod.namespace"), pod = fact(c, "pod.name"),
			   name = fact(c, "container.name");
	const struct bytes image = fact(c, "image.ref").len ? fact(c, "image.ref") : fact(c, "image.digest");
	struct text to = text_growing(a);

	if (pod.len)
		text_printf(&to, "%.*s/%.*s%s%.*s", (int)space.len, space.data, (int)pod.len, pod.data,
			name.len ? "/" : "", (int)name.len, name.data);
	else if (name.len)
		text_bytes(&to, name);
	else
		text_printf(&to, "%.12s", x->of->id);
	x->name = shown(a, bytes_of(to.data));
	x->image = image.len ? shown(a, image) : NULL;
}

static void judge(struct tried *t, struct tried_one *x)
{
	const struct running *r = x->of;

	again_init(&x->again, true);
	name_it(x);
	const char *config = r->bundle ? arena_printf(&x->again.arena, "%s/config.json", r->bundle) : NULL;
	const struct doc *record = running_record(&x->again.arena, r);
	if (r->trouble)
		x->why = r->trouble;
	else if (!config)
		x->why = "its runtime does not say where its bundle is";
	else if (access(config, R_OK) < 0)
		x->why = errno == ENOENT || errno == ENOTDIR ? "its bundle is gone" : errno_words(errno);
	else if (!record || again_container(&x->again, r->bundle, record) < 0)
		x->why = "its config.json cannot be read";
	else if (x->again.unsound)
		x->why = "its config.json is no JSON";
	if (x->why)
		return;
	name_it(x);
	if (again_judge(&x->again, &x->again.arena, &t->opened.policy, &x->report, &x->host) < 0) {
		x->why = "it could not be judged";
		return;
	}
	t->judged++;
	for (size_t i = 0; i < x->report.count; i++)
		x->refused = x->refused || tried_counts(&x->report.findings[i]);
	t->refused += x->refused;
}

int tried_run(struct tried *t, const struct node *n)
{
	if (running_list(n->a, n->top, true, &t->list) < 0)
		return trouble("no memory");
	t->of = arena_array(n->a, t->list.count + 1, sizeof(*t->of));
	if (!t->of)
		return trouble("no memory");
	for (size_t i = 0; i < t->list.count; i++) {
		if (t->list.of[i].state == RUNNING_STOPPED)
			continue;
		struct tried_one *x = &t->of[t->count++];
		x->of = &t->list.of[i];
		judge(t, x);
	}
	return CTL_GOOD;
}

void tried_done(struct tried *t)
{
	for (size_t i = 0; i < t->count; i++)
		again_done(&t->of[i].again);
	policy_close(&t->opened);
}
