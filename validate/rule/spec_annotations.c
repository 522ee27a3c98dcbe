/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is said about the container beside its configuration. Places end at the map: its keys have dots of their own,
 * and what a row says of one key its predicate picks out.
 */
#include "validate/rule/predicates.h"
#include "validate/rule/tables.h"

#define IMAGE "org.opencontainers.image."

/*
 * Those of the table, exposedPorts, which the image specification converts to, and the keys that it defines for images:
 * engines hand those on.
 */
static const char *const defined[] = {
	"org.opencontainers.", IMAGE "os", IMAGE "os.version", IMAGE "os.features", IMAGE "architecture",
	IMAGE "variant", IMAGE "author", IMAGE "created", IMAGE "stopSignal", IMAGE "exposedPorts",
	IMAGE "authors", IMAGE "url", IMAGE "documentation", IMAGE "source", IMAGE "version", IMAGE "revision",
	IMAGE "vendor", IMAGE "licenses", IMAGE "ref.name", IMAGE "title", IMAGE "description", IMAGE "base.digest",
	IMAGE "base.name", NULL,
};
/* NOLINTBEGIN(bugprone-suspicious-missing-comma): IMAGE is joined to the key that comes first */
static const char *const systems[] = {
	IMAGE "os", "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl",
	"netbsd", "openbsd", "plan9", "solaris", "wasip1", "windows", "zos", NULL,
};
static const char *const architectures[] = {
	IMAGE "architecture", "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64", "mips",
	"mipsle", "mips64", "mips64le", "mips64p32", "mips64p32le", "ppc", "ppc64", "ppc64le", "riscv", "riscv64",
	"s390", "s390x", "sparc", "sparc64", "wasm", NULL,
};
/* NOLINTEND(bugprone-suspicious-missing-comma) */
static const char *const variant[] = { IMAGE "architecture", IMAGE "variant", NULL };
static const char *const of_system[] = { IMAGE "os.features", IMAGE "os.version", NULL };

static const struct rule rows[] = {
	{ .at = "annotations", .type = DOC_OBJECT, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config.md#configAnnotations" },
	{ .id = "spec.annotations.key-nonempty", .at = "annotations", .must = &have_named_keys, .severity = SEV_ERROR,
	  .basis = BASIS_MUST, .since = SPEC_1_0_0, .spec = "config.md#configAnnotations" },
	{ .id = "spec.annotations.key-reverse-domain", .at = "annotations", .must = &have_domain_keys,
	  .severity = SEV_WARNING, .basis = BASIS_SHOULD, .since = SPEC_1_0_0,
	  .spec = "config.md#configAnnotations" },
	/*
	 * A warning, although the text says MUST: builders of images put other keys there, and engines hand them
	 * on.
	 */
	{ .id = "spec.annotations.reserved-ns", .at = "annotations", .must = &have_defined_keys,
	  .words = defined, .severity = SEV_WARNING, .basis = BASIS_MUST, .since = SPEC_1_0_0,
	  .spec = "config.md#configAnnotations" },
	{ .id = "spec.annotations.image-os", .at = "annotations", .must = &have_value_among, .words = systems,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .since = SPEC_1_2_0,
	  .says = "the annotation org.opencontainers.image.os must be an operating system as Go names them",
	  .spec = "config.md#configAnnotations" },
	{ .id = "spec.annotations.image-architecture", .at = "annotations", .must = &have_value_among,
	  .words = architectures, .severity = SEV_ERROR, .basis = BASIS_MUST, .since = SPEC_1_2_0,
	  .says = "the annotation org.opencontainers.image.architecture must be an architecture as Go names them",
	  .spec = "config.md#configAnnotations" },
	/* A warning: which variants there are the image specification leaves open. */
	{ .id = "spec.annotations.image-variant", .at = "annotations", .must = &have_a_variant,
	  .words = variant, .severity = SEV_WARNING, .basis = BASIS_MUST, .since = SPEC_1_2_0,
	  .says = "the annotation org.opencontainers.image.variant should be a variant of the architecture",
	  .spec = "config.md#configAnnotations" },
	{ .id = "spec.annotations.image-os-features", .at = "annotations", .must = &list_plainly,
	  .words = of_system, .severity = SEV_WARNING, .basis = BASIS_MUST, .since = SPEC_1_2_0,
	  .says = "the annotations org.opencontainers.image.os.features and os.version should be without white space",
	  .spec = "config.md#configAnnotations" },
	{ .id = "spec.annotations.image-created", .at = "annotations", .must = &have_a_date,
	  .text = IMAGE "created", .severity = SEV_ERROR, .basis = BASIS_MUST, .since = SPEC_1_2_0,
	  .says = "the annotation org.opencontainers.image.created must be a date and time (RFC 3339)",
	  .spec = "config.md#configAnnotations" },
	{ .id = "spec.annotations.image-stop-signal", .at = "annotations", .must = &have_a_signal,
	  .text = IMAGE "stopSignal", .severity = SEV_ERROR, .basis = BASIS_MUST, .since = SPEC_1_2_0,
	  .says = "the annotation org.opencontainers.image.stopSignal must be a signal",
	  .spec = "config.md#configAnnotations" },
	/* Only with the systemd driver of cgroups, which the command line tells. */
	{ .id = "spec.annotations.systemd-property", .at = "annotations", .must = &have_property_keys,
	  .text = "org.systemd.property.", .severity = SEV_WARNING, .basis = BASIS_IMPLEMENTATION,
	  .since = SPEC_1_0_0,
	  .says = "an annotation org.systemd.property.NAME should have a name of three letters or more, and a value",
	  .spec = "config.md#configAnnotations" },
	{ .at = "annotations.*", .type = DOC_STRING, .since = SPEC_1_0_0, .spec = "config.md#configAnnotations" },
	/*
	 * runc keeps the bundle's path under this very key and finds the annotation first: a later exec would read
	 * another bundle [read: runc 1.5.1, libcontainer/utils SearchLabels].
	 */
	{ .id = "spec.annotations.bundle-key", .at = "annotations.bundle", .presence = FORBIDDEN,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .since = SPEC_1_0_0,
	  .spec = "config.md#configAnnotations" },
};

const struct rules spec_annotations_rules = RULES(rows);
