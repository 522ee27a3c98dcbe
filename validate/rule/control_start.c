/* SPDX-License-Identifier: Apache-2.0 */
/* Controls: what happens on the host before the container runs, and on its behalf. */
#include "validate/rule/predicates_control.h"
#include "validate/rule/tables.h"

#define EACH_STAGE "{prestart,createRuntime,createContainer,startContainer,poststart,poststop}"

#define HOOK_VARIABLES \
	"hooks.{prestart[].env[],createRuntime[].env[],createContainer[],createContainer[].env[],poststart[].env[]," \
	"poststop[].env[]}"

static const struct param hooks[] = {
	{ "allow", DOC_ARRAY, DOC_STRING,
	  "patterns of the paths of hooks, as they resolve, with @sha256:DIGEST behind one that has to hold just that; "
	  "only Docker's own when it is not set" },
	{ "forbid", DOC_ARRAY, DOC_STRING,
	  "the same of hooks that may not be, whatever else allows; none when it is not set" },
	{ "inContainer", DOC_ARRAY, DOC_STRING,
	  "patterns of paths, in the container, of what startContainer may run there; any when it is not set" },
	{ 0 },
};

static const struct param annotations[] = {
	{ "allow", DOC_ARRAY, DOC_STRING,
	  "patterns of keys; those that engines write or that do no harm when it is not set" },
	{ 0 },
};

static const struct param devices[] = {
	{ "allow", DOC_ARRAY, DOC_STRING, "patterns of interfaces of the host; none when it is not set" },
	{ 0 },
};

static const struct rule rows[] = {
	{ .id = "hooks.allowed", .at = "hooks." EACH_STAGE "[]", .of = OF_CONTROL, .must = &be_an_allowed_hook,
	  .params = hooks, .asks = ASK(ASK_HOOK) | ASK(ASK_HOOK_ABOVE) | ASK(ASK_SELF), .severity = SEV_ERROR,
	  .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "leave it out, or permit it in the policy with an exemption that has an end",
	  .spec = "config.md#posix-platform-hooks; CVE-2025-23266" },
	{ .id = "hooks.env", .at = HOOK_VARIABLES, .of = OF_CONTROL, .must = &load_nothing_foreign,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .fix = "leave the variable out of the image and the request",
	  .spec = "CVE-2025-23266" },
	{ .id = "annot.unsafe", .at = "annotations.*", .of = OF_CONTROL, .must = &change_nothing,
	  .params = annotations, .severity = SEV_ERROR, .basis = BASIS_POLICY, .fix = "leave the annotation out",
	  .spec = "features.md#unsafe-annotations-in-configjson; CVE-2024-3154, CVE-2025-24965" },
	{ .id = "cwd", .at = "process.cwd", .of = OF_CONTROL, .must = &stay_inside, .asks = ASK(ASK_CWD),
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "start it in a directory of its own (WORKDIR, --workdir, workingDir)", .spec = "CVE-2024-21626" },
	{ .id = "rootfs.sane", .at = "root", .of = OF_CONTROL, .must = &have_no_links, .asks = ASK(ASK_ROOTFS),
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE, .fix = "do not run this image",
	  .spec = "CVE-2019-19921, CVE-2023-27561, CVE-2023-28642, CVE-2026-41579, CVE-2026-47766" },
	{ .id = "env.sane", .at = "process.env[]", .of = OF_CONTROL, .must = &be_a_sane_variable,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .spec = "CVE-2026-15809" },
	{ .id = "net.devices", .at = "linux.netDevices.*", .of = OF_CONTROL, .must = &be_an_allowed_key,
	  .params = devices, .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "leave the interface on the host, or allow it in the policy",
	  .spec = "config-linux.md#network-devices" },
	{ .id = "image.pinned", .at = "", .of = OF_CONTROL, .must = &name_its_image, .severity = SEV_ERROR,
	  .basis = BASIS_POLICY, .fix = "start it as NAME@sha256:DIGEST", .spec = "CIS Docker 5.28; CVE-2026-50195" },
};

const struct rules control_start_rules = RULES(rows);
