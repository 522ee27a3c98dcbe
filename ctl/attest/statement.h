/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record as an in-toto Statement (in-toto attestation framework, spec v1, statement.md):
 *
 *	{ "_type": "https://in-toto.io/Statement/v1",
 *	  "subject": [{ "name": "config.json", "digest": { "sha256": "…" } }, { "name": IMAGE, "digest": { … } }],
 *	  "predicateType": "urn:runvet:admission:v1",
 *	  "predicate": { "decision": { action, decision, mode, reason, rules, errors, warnings, exemptions },
 *	                 "policy": { name, version, digest }, "fingerprints": { exact, normal, posture },
 *	                 "container": { id, name, image, engine }, "delegate": { path, version, digest },
 *	                 "host": { id, name, boot, kernel, facts, factsFrom },
 *	                 "record": { id, time, event, product, chain, seq, prev, hash } } }
 *
 * Members that the record does not have are left out.
 */
#pragma once

#include "ctl/audit/seen.h"

#define STATEMENT_TYPE "https://in-toto.io/Statement/v1"
#define STATEMENT_PREDICATE "urn:runvet:admission:v1"

struct statement_of {
	const struct seen *record;
	const struct doc *host; /* a host document; NULL: the statement has no facts */
	const char *from;       /* "live" or "given": whose word .host is */
};

/*
 * False where there is nothing to make one of, with a clause in *ret_why: the record decides nothing, or names no
 * document by its digest. Of a record that was read back anything may be wrong: what is no digest is not handed on as
 * one.
 */
bool statement_make(struct arena *a, const struct statement_of *of, const struct doc **ret, const char **ret_why);
