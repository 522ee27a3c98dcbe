/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A lock file: validate/lock/lock.h shows it. Its host has members of the host document, under their names; as in every
 * file of ours a name that means nothing is an error, for a misspelt one would hold nobody to anything.
 */
#include "validate/rule/predicates.h"
#include "validate/rule/tables.h"

#define OF OF_LOCK, .quote = QUOTE_VALUE, .spec = "runvet-lock(5)"
#define NATURAL .type = DOC_INT, .width = INT_U64

static const struct rule rows[] = {
	{ .at = "", .of = OF, .type = DOC_OBJECT },
	{ .at = "version", .of = OF, .type = DOC_INT },
	{ .id = "lock.version", .at = "version", .of = OF_LOCK, .presence = REQUIRED, .must = &be_number_one,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-lock(5)" },
	{ .at = "made", .of = OF, .type = DOC_STRING },
	{ .id = "lock.made", .at = "made", .of = OF_LOCK, .must = &be_a_time, .severity = SEV_ERROR,
	  .basis = BASIS_IMPLEMENTATION, .spec = "runvet-lock(5)" },
	{ .at = "by", .of = OF, .type = DOC_STRING },
	{ .at = "salt", .of = OF, .type = DOC_STRING },
	{ .id = "lock.salt", .at = "salt", .of = OF_LOCK, .presence = REQUIRED, .must = &be_a_salt,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-lock(5)" },

	{ .at = "fingerprint", .of = OF, .type = DOC_OBJECT },
	{ .id = "lock.fingerprint", .at = "fingerprint", .of = OF_LOCK, .presence = REQUIRED, .severity = SEV_ERROR,
	  .basis = BASIS_IMPLEMENTATION, .fix = "without it a lock holds nobody to anything",
	  .spec = "runvet-lock(5)" },
	{ .at = "fingerprint.form", .of = OF, NATURAL },
	{ .id = "lock.form", .at = "fingerprint.form", .of = OF_LOCK, .presence = REQUIRED, .severity = SEV_ERROR,
	  .basis = BASIS_IMPLEMENTATION, .spec = "runvet-lock(5)" },
	{ .at = "fingerprint.{normal,posture}", .of = OF, .type = DOC_STRING },
	{ .id = "lock.digest", .at = "fingerprint.{normal,posture}", .of = OF_LOCK, .presence = REQUIRED,
	  .must = &be_a_digest, .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-lock(5)" },

	{ .at = "{image,delegate,kernel,host,document,posture}", .of = OF, .type = DOC_OBJECT },
	{ .at = "image.{ref,digest,layers}", .of = OF, .type = DOC_STRING },
	{ .at = "delegate.{name,version,digest}", .of = OF, .type = DOC_STRING },
	{ .id = "lock.delegate-digest", .at = "delegate.digest", .of = OF_LOCK, .must = &be_a_digest,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-lock(5)" },
	{ .at = "kernel.{release,machine}", .of = OF, .type = DOC_STRING },
	{ .id = "lock.field", .at = "{document,posture}", .of = OF_LOCK, .must = &have_named_keys,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION,
	  .fix = "a field's name is its place in config.json: linux.namespaces[pid].type", .spec = "runvet-lock(5)" },
	{ .at = "{document,posture}.*", .of = OF, .type = DOC_BOOL | DOC_INT | DOC_STRING | DOC_ARRAY },
	{ .at = "{document,posture}.*[]", .of = OF, .type = DOC_BOOL | DOC_INT | DOC_STRING },

	{ .at = "host.{cgroup,hardware,tuning,gpu}", .of = OF, .type = DOC_OBJECT },
	{ .at = "host.cgroup.mode", .of = OF, .type = DOC_STRING },
	{ .at = "host.hardware.{cpu,numaCpus}", .of = OF, .type = DOC_OBJECT },
	{ .at = "host.hardware.cpu.{vendor,model,microcode}", .of = OF, .type = DOC_STRING },
	{ .at = "host.hardware.cpu.flags", .of = OF, .type = DOC_ARRAY },
	{ .at = "host.hardware.cpu.flags[]", .of = OF, .type = DOC_STRING },
	{ .at = "host.hardware.smt", .of = OF, .type = DOC_BOOL },
	{ .at = "host.hardware.{governor,isolated}", .of = OF, .type = DOC_STRING },
	{ .at = "host.hardware.numaNodes", .of = OF, NATURAL },
	{ .at = "host.hardware.numaCpus.*", .of = OF, .type = DOC_STRING },
	{ .at = "host.tuning.thp", .of = OF, .type = DOC_STRING },
	{ .at = "host.tuning.{aslr,swappiness,overcommit}", .of = OF, NATURAL },
	{ .at = "host.tuning.{numaBalancing,realtime}", .of = OF, .type = DOC_BOOL },
	{ .at = "host.gpu.nvidia", .of = OF, .type = DOC_OBJECT },
	{ .at = "host.gpu.nvidia.driver", .of = OF, .type = DOC_STRING },
	{ .at = "host.gpu.nvidia.devices", .of = OF, .type = DOC_ARRAY },
	{ .at = "host.gpu.nvidia.devices[]", .of = OF, .type = DOC_OBJECT },
	{ .at = "host.gpu.nvidia.devices[].{pci,uuid,model}", .of = OF, .type = DOC_STRING },
	{ .at = "host.gpu.nvidia.devices[].mig", .of = OF, .type = DOC_ARRAY },
	{ .at = "host.gpu.nvidia.devices[].mig[]", .of = OF, .type = DOC_STRING },
};

const struct rules conf_lock_rules = RULES(rows);
