/* SPDX-License-Identifier: Apache-2.0 */
/* Parts that records of several kinds have in common, and the kinds that consist of little else. */
#include "audit/parts.h"

#include <errno.h>
#include <unistd.h>

#include "validate/base/file.h"
#include "validate/base/limits.h"
#include "validate/base/text.h"

void write_container(struct text *to, const char *id)
{
	const struct bytes whole = bytes_of(id);
	size_t hex = 0;
	while (hex < whole.len && memchr("0123456789abcdef", whole.data[hex], 16))
		hex++;
	if (whole.len == 0)
		text_add(to, "a container without a name");
	else if (whole.len == 64 && hex == 64)
		text_printf(to, "container %.12s", id);
	else {
		text_add(to, "container ");
		text_shown(to, whole, LIMIT_QUOTE);
	}
}

int record_digest(struct record *r, enum field f, const char *hex)
{
	if (!hex || !hex[0])
		return 0;
	const char *named = arena_printf(r->arena, "sha256:%s", hex);
	return named ? record_add(r, f, bytes_of(named)) : -ENOMEM;
}

int record_pairs(struct record *r, const struct pair *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (record_add(r, pairs[i].field, bytes_of(pairs[i].value)) < 0)
			return -ENOMEM;
	return 0;
}

int record_caller(struct record *r, const struct caller *c)
{
	int e = record_add(r, FIELD_CALLER_EXE, bytes_of(c->exe));

	e = e < 0 ? e : record_add(r, FIELD_CALLER_UNIT, bytes_of(c->unit));
	e = e < 0 ? e : record_number(r, FIELD_PID, (uint64_t)c->pid);
	e = e < 0 ? e : record_number(r, FIELD_PPID, (uint64_t)c->parent);
	e = e < 0 ? e : record_number(r, FIELD_EUID, geteuid());
	if (e == 0 && c->loginuid != LOGIN_NONE)
		e = record_number(r, FIELD_LOGINUID, c->loginuid);
	if (e == 0 && c->session != LOGIN_NONE)
		e = record_number(r, FIELD_SESSION, c->session);
	if (e == 0 && (rootless() || geteuid() != 0))
		e = record_number(r, FIELD_ROOTLESS, 1);
	return e;
}

int record_machine(struct record *r)
{
	struct machine m;

	machine_read(r->arena, &m);
	const struct pair pairs[] = {
		{ FIELD_HOST_ID, m.id },
		{ FIELD_HOST_NAME, m.name },
		{ FIELD_BOOT_ID, m.boot_id },
		{ FIELD_KERNEL, m.kernel },
	};
	return record_pairs(r, pairs, sizeof(pairs) / sizeof(pairs[0]));
}

int record_fill_gap(struct record *r, uint64_t count, const char *since, struct fail *reterr)
{
	const char *message = arena_printf(r->arena,
		"the journal did not take or confirm %llu records since %s; the chain has them",
		(unsigned long long)count, since);
	const struct pair pairs[] = {
		{ FIELD_MESSAGE, message },
		{ FIELD_MESSAGE_ID, ID_AUDIT_GAP },
		{ FIELD_EVENT, "audit.gap" },
		{ FIELD_SEVERITY, "critical" },
		{ FIELD_GAP_SINCE, since },
	};
	int e = message ? record_pairs(r, pairs, sizeof(pairs) / sizeof(pairs[0])) : -ENOMEM;
	e = e < 0 ? e : record_number(r, FIELD_PRIORITY, 2);
	e = e < 0 ? e : record_number(r, FIELD_GAP_COUNT, count);
	return e < 0 ? fail(reterr, e, CAUSE_AUDIT, "", "no record could be made: %s", errno_words(e)) : 0;
}
