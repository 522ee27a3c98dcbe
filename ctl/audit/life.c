/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state machine, fed with what was asked for. A record is written before the runtime acts, so a step is a claim
 * that what comes later may prove or disprove: a start proves the create, an exec after a kill that the signal was no
 * end. What no runtime allows in the state that is known is told as impossible: then a record is missing, or somebody
 * called the runtime around us.
 */
#include "ctl/audit/life.h"

#include <errno.h>

#define STEPS_MOST ((size_t)1 << 20) /* of one life */
#define STEPS_TOGETHER 16u           /* one record from two sources is within so many */

static const char *const names[LIFE_MAX] = {
	[LIFE_UNKNOWN] = "unknown",
	[LIFE_REFUSED] = "refused",
	[LIFE_CREATING] = "creating",
	[LIFE_CREATED] = "created",
	[LIFE_RUNNING] = "running",
	[LIFE_PAUSED] = "paused",
	[LIFE_STOPPED] = "stopped",
	[LIFE_FAILED] = "failed",
	[LIFE_GONE] = "gone",
};

/* What a container is, in a sentence that says why it cannot be. */
static const char *const is[LIFE_MAX] = {
	[LIFE_UNKNOWN] = "is not known",
	[LIFE_REFUSED] = "was refused",
	[LIFE_CREATING] = "was not started",
	[LIFE_CREATED] = "was not started",
	[LIFE_RUNNING] = "is running",
	[LIFE_PAUSED] = "is paused",
	[LIFE_STOPPED] = "was stopped",
	[LIFE_FAILED] = "was deleted",
	[LIFE_GONE] = "was deleted",
};

#define BIT(state) (1u << LIFE_##state)
#define NEW (BIT(CREATING) | BIT(CREATED))
#define ALIVE (NEW | BIT(RUNNING) | BIT(PAUSED) | BIT(STOPPED))
#define ENDED (BIT(REFUSED) | BIT(FAILED) | BIT(GONE))

enum step {
	STEP_CREATE,
	STEP_RUN, /* and restore: created and started in one */
	STEP_START,
	STEP_EXEC,
	STEP_UPDATE,
	STEP_PAUSE,
	STEP_RESUME,
	STEP_KILL,
	STEP_DELETE,
};

/*
 * The states in which an action makes sense. UNKNOWN always does: the trail began later. After a kill all that needs a
 * running container does too, for its signal need not have been an end; and engines kill and delete what is gone, or
 * was refused, to be sure.
 */
static const struct action {
	const char *name;
	enum step step;
	unsigned in;
} actions[] = {
	{ "create", STEP_CREATE, 0 },
	{ "run", STEP_RUN, 0 },
	{ "restore", STEP_RUN, 0 },
	{ "start", STEP_START, NEW },
	{ "exec", STEP_EXEC, BIT(RUNNING) | BIT(STOPPED) },
	{ "update", STEP_UPDATE, ALIVE },
	{ "pause", STEP_PAUSE, NEW | BIT(RUNNING) | BIT(STOPPED) },
	{ "resume", STEP_RESUME, BIT(PAUSED) },
	{ "checkpoint", STEP_UPDATE, BIT(RUNNING) | BIT(PAUSED) | BIT(STOPPED) },
	{ "kill", STEP_KILL, ALIVE | BIT(REFUSED) | BIT(FAILED) | BIT(GONE) },
	{ "delete", STEP_DELETE, ALIVE | BIT(REFUSED) | BIT(FAILED) | BIT(GONE) },
};

const char *life_state_name(enum life_state s)
{
	return names[(unsigned)s < LIFE_MAX ? s : LIFE_UNKNOWN];
}

static const struct action *find_action(struct bytes name)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (bytes_is(name, actions[i].name))
			return &actions[i];
	return NULL;
}

/* Whether what was asked for went to the runtime. The steps that are not judged always do. */
static bool went_on(const struct seen *s)
{
	const struct bytes decision = seen_string(s, "decision");
	return decision.len == 0 || bytes_is(decision, "allow") || bytes_is(decision, "would-deny") ||
		bytes_is(decision, "bypass");
}

/*
 * What was seen at a start that went on (container.drift, container.boundary) is a word about it: the step itself has
 * another record. Of one that was refused it is all there is.
 */
static bool is_remark(const struct seen *s)
{
	const struct bytes event = seen_string(s, "event.code");
	return went_on(s) && (bytes_is(event, "container.drift") || bytes_is(event, "container.boundary"));
}

/* Signals that tell a program something and by which none is stopped. */
static bool is_word(const struct seen *s)
{
	static const char *const words[] = { "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP",
		"SIGURG" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (bytes_is(seen_string(s, "signal"), words[i]))
			return true;
	return false;
}

static enum life_state after(struct life *l, enum step step, const struct seen *s)
{
	switch (step) {
	case STEP_CREATE:
		return LIFE_CREATING;
	case STEP_RUN:
	case STEP_START:
		l->started = true;
		return LIFE_RUNNING;
	case STEP_EXEC:
		if (l->state == LIFE_CREATING)
			return LIFE_CREATED;
		l->started |= l->state == LIFE_UNKNOWN;
		return l->state == LIFE_UNKNOWN || l->state == LIFE_STOPPED ? LIFE_RUNNING : l->state;
	case STEP_UPDATE:
		return l->state == LIFE_CREATING ? LIFE_CREATED : l->state;
	case STEP_PAUSE:
		l->paused = true;
		return LIFE_PAUSED;
	case STEP_RESUME:
		l->paused = false;
		return l->started || l->state == LIFE_UNKNOWN ? LIFE_RUNNING : LIFE_CREATED;
	case STEP_KILL:
		return (1u << l->state) & ENDED || is_word(s) ? l->state : LIFE_STOPPED;
	case STEP_DELETE:
		if ((1u << l->state) & ENDED)
			return l->state;
		return l->started || l->state == LIFE_UNKNOWN || !l->create ? LIFE_GONE : LIFE_FAILED;
	}
	return l->state;
}

/* Whether the state that is known allows it. */
static bool allows(const struct life *l, const struct action *a)
{
	if (l->state == LIFE_UNKNOWN)
		return true;
	if (a->step == STEP_START && l->state == LIFE_STOPPED)
		return !l->started; /* the kill came first, and was no end */
	if (a->step == STEP_RESUME && l->state == LIFE_STOPPED)
		return l->paused; /* killed while it was frozen */
	return a->in & (1u << l->state);
}

/*
 * A step that was told already: the journal was told while the chain was taken, and the chain afterwards, so that both
 * have it, and neither knows of the other. Their times are the same.
 */
static bool is_told(const struct life *l, const struct seen *s)
{
	const struct bytes id = seen_string(s, "id");

	for (size_t i = l->count; id.len > 0 && i > 0 && l->count - i < STEPS_TOGETHER; i--)
		if (bytes_is(id, l->steps[i - 1].record))
			return true;
	return false;
}

static struct life_step *add_step(struct arena *a, struct life *l)
{
	if (l->count == l->room) {
		const size_t room = l->room ? l->room * 2 : 8;
		struct life_step *more = room <= STEPS_MOST ? arena_array(a, room, sizeof(*more)) : NULL;
		if (!more)
			return NULL;
		if (l->count > 0)
			memcpy(more, l->steps, l->count * sizeof(*more));
		l->steps = more;
		l->room = room;
	}
	return &l->steps[l->count];
}

static bool begins(const struct action *a)
{
	return a->step == STEP_CREATE || a->step == STEP_RUN;
}

/* "start of a container that is running" */
static const char *odd_words(struct arena *a, const struct action *action, enum life_state state)
{
	return arena_printf(a, "%s of a container that %s", action->name, is[state]);
}

/* Takes one more record of this life. The arena keeps what is kept. 0 or -ENOMEM. */
static int life_add(struct arena *a, struct life *l, const struct seen *s)
{
	const struct action *action = find_action(seen_string(s, "action"));
	const bool on = went_on(s), first = l->count == 0;

	if (!action || is_remark(s))
		return 0;
	struct life_step *step = add_step(a, l);
	if (!step)
		return -ENOMEM;
	*step = (struct life_step){ .when = s->when, .action = action->name, .before = l->state };
	step->record = arena_copy(a, seen_string(s, "id"));
	const bool odd = on && (begins(action) ? !first : !allows(l, action));
	if (odd)
		step->odd = odd_words(a, action, l->state);
	if (!step->record || (odd && !step->odd))
		return -ENOMEM;
	if (begins(action) && first)
		l->create = step->record;
	if (on)
		l->state = after(l, action->step, s);
	else if (begins(action) && first)
		l->state = LIFE_REFUSED;
	step->after = l->state;
	l->odd += odd;
	l->count++;
	return 0;
}

static bool same(const char *known, struct bytes said)
{
	return !known || said.len == 0 || bytes_is(said, known);
}

/* The life of that id that is under way; else the last one; NULL: there is none. */
static struct life *find_last(const struct lives *all, struct bytes id, struct bytes root)
{
	struct life *last = NULL;

	for (size_t i = all->count; i-- > 0;) {
		struct life *l = &all->list[i];
		if (!bytes_is(id, l->container) || !same(l->root, root))
			continue;
		if (!((1u << l->state) & ENDED))
			return l;
		last = last ? last : l;
	}
	return last;
}

static struct life *find_created(const struct lives *all, struct bytes id, struct bytes create)
{
	for (size_t i = all->count; i-- > 0 && create.len > 0;)
		if (all->list[i].create && bytes_is(create, all->list[i].create) &&
			bytes_is(id, all->list[i].container))
			return &all->list[i];
	return NULL;
}

/* Another life, at the end of the list. */
static struct life *begin(struct arena *a, struct lives *all, struct bytes id, const struct seen *s)
{
	const struct bytes root = seen_string(s, "root"), create = seen_string(s, "create_id");

	if (all->count == all->room) {
		const size_t room = all->room ? all->room * 2 : 16;
		struct life *more = arena_array(a, room, sizeof(*more));
		if (!more)
			return NULL;
		if (all->count > 0)
			memcpy(more, all->list, all->count * sizeof(*more));
		all->list = more;
		all->room = room;
	}
	struct life *l = &all->list[all->count];
	*l = (struct life){ .container = arena_copy(a, id) };
	l->root = root.len > 0 ? arena_copy(a, root) : NULL;
	l->create = create.len > 0 ? arena_copy(a, create) : NULL;
	if (!l->container || (root.len > 0 && !l->root) || (create.len > 0 && !l->create))
		return NULL;
	all->count++;
	return l;
}

int lives_add(struct arena *a, struct lives *all, const struct seen *s)
{
	const struct action *action = find_action(seen_string(s, "action"));
	const struct bytes id = seen_string(s, "container.id"), create = seen_string(s, "create_id");

	if (!action || id.len == 0 || is_remark(s))
		return 0;
	const struct life *before = find_last(all, id, seen_string(s, "root"));
	const enum life_state was = before ? before->state : LIFE_GONE;
	struct life *l = find_created(all, id, create);
	if (!l && !begins(action) && before && (create.len == 0 || !before->create))
		l = find_last(all, id, seen_string(s, "root"));
	if (!l || begins(action))
		l = begin(a, all, id, s);
	if (!l)
		return -ENOMEM;
	if (!l->create && create.len > 0 && !begins(action))
		l->create = arena_copy(a, create);
	if (is_told(l, s))
		return 0;
	const int r = life_add(a, l, s);
	/* Nobody deleted the one before: it may have been done around us. */
	if (r == 0 && begins(action) && went_on(s) && ((1u << was) & ALIVE)) {
		l->steps[0].odd = odd_words(a, action, was);
		l->odd = 1;
		return l->steps[0].odd ? 0 : -ENOMEM;
	}
	return r;
}
