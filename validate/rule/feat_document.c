/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a delegate prints about itself (`runc features`): its form. Properties that no row names are legal there, and
 * delegates add their own.
 */
#include "validate/rule/predicates.h"
#include "validate/rule/predicates_feature.h"
#include "validate/rule/tables.h"

#define VERSION "features.md#featuresSpecificationVersion"
#define LINUX "features-linux.md#linuxFeatures"

#define ONE(place, doc_type, release, source) \
	{ .at = (place), .of = OF_FEATURES, .type = (doc_type), .quote = QUOTE_VALUE, .since = (release), \
	  .spec = (source) }
#define LIST(place, release, source) \
	ONE(place, DOC_ARRAY, release, source), ONE(place "[]", DOC_STRING, release, source)

static const struct rule rows[] = {
	ONE("", DOC_OBJECT, SPEC_1_1_0, "features.md#features"),
	{ .id = "feat.doc.properties-known", .at = "", .of = OF_FEATURES, .must = &hold_its_release,
	  .severity = SEV_WARNING, .basis = BASIS_MUST, .since = SPEC_1_1_0, .spec = VERSION },
	ONE("ociVersionMin", DOC_STRING, SPEC_1_1_0, VERSION),
	{ .id = "feat.doc.version-min-required", .at = "ociVersionMin", .of = OF_FEATURES, .presence = REQUIRED,
	  .severity = SEV_ERROR, .basis = BASIS_REQUIRED, .since = SPEC_1_1_0, .spec = VERSION },
	ONE("ociVersionMax", DOC_STRING, SPEC_1_1_0, VERSION),
	{ .id = "feat.doc.version-max-required", .at = "ociVersionMax", .of = OF_FEATURES, .presence = REQUIRED,
	  .severity = SEV_ERROR, .basis = BASIS_REQUIRED, .since = SPEC_1_1_0, .spec = VERSION },
	{ .id = "feat.doc.version-order", .at = "ociVersionMax", .of = OF_FEATURES, .must = &not_fall_below,
	  .text = "ociVersionMin", .severity = SEV_ERROR, .basis = BASIS_MUST, .since = SPEC_1_1_0,
	  .spec = VERSION },
	LIST("hooks", SPEC_1_1_0, "features.md#featuresHooks"),
	LIST("mountOptions", SPEC_1_1_0, "features.md#featuresMountOptions"),
	ONE("annotations", DOC_OBJECT, SPEC_1_1_0, "features.md#featuresAnnotations"),
	ONE("annotations.*", DOC_STRING, SPEC_1_1_0, "features.md#featuresAnnotations"),
	{ .id = "feat.doc.annotations", .at = "annotations", .of = OF_FEATURES, .must = &have_named_keys,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .since = SPEC_1_1_0,
	  .spec = "features.md#featuresAnnotations" },
	LIST("potentiallyUnsafeConfigAnnotations", SPEC_1_2_0,
		"features.md#featuresPotentiallyUnsafeConfigAnnotations"),
	ONE("linux", DOC_OBJECT, SPEC_1_1_0, "features-linux.md#linuxFeatures"),
	LIST("linux.namespaces", SPEC_1_1_0, LINUX "Namespaces"),
	LIST("linux.capabilities", SPEC_1_1_0, LINUX "Capabilities"),
	ONE("linux.cgroup", DOC_OBJECT, SPEC_1_1_0, LINUX "Cgroup"),
	ONE("linux.cgroup.{v1,v2,systemd,systemdUser,rdma}", DOC_BOOL, SPEC_1_1_0, LINUX "Cgroup"),
	ONE("linux.seccomp", DOC_OBJECT, SPEC_1_1_0, LINUX "Seccomp"),
	ONE("linux.seccomp.enabled", DOC_BOOL, SPEC_1_1_0, LINUX "Seccomp"),
	LIST("linux.seccomp.{actions,operators,archs,knownFlags,supportedFlags}", SPEC_1_1_0, LINUX "Seccomp"),
	ONE("linux.{apparmor,selinux}", DOC_OBJECT, SPEC_1_1_0, LINUX "Apparmor"),
	ONE("linux.{apparmor,selinux}.enabled", DOC_BOOL, SPEC_1_1_0, LINUX "Apparmor"),
	ONE("linux.intelRdt", DOC_OBJECT, SPEC_1_1_0, LINUX "IntelRdt"),
	ONE("linux.intelRdt.enabled", DOC_BOOL, SPEC_1_1_0, LINUX "IntelRdt"),
	ONE("linux.intelRdt.{schemata,monitoring}", DOC_BOOL, SPEC_1_3_0, LINUX "IntelRdt"),
	ONE("linux.mountExtensions", DOC_OBJECT, SPEC_1_2_0, LINUX "MountExtensions"),
	ONE("linux.mountExtensions.idmap", DOC_OBJECT, SPEC_1_2_0, LINUX "MountExtensions"),
	ONE("linux.mountExtensions.idmap.enabled", DOC_BOOL, SPEC_1_2_0, LINUX "MountExtensions"),
	ONE("linux.memoryPolicy", DOC_OBJECT, SPEC_1_3_0, LINUX "MemoryPolicy"),
	LIST("linux.memoryPolicy.{modes,flags}", SPEC_1_3_0, LINUX "MemoryPolicy"),
	ONE("linux.netDevices", DOC_OBJECT, SPEC_1_3_0, LINUX "NetDevices"),
	ONE("linux.netDevices.enabled", DOC_BOOL, SPEC_1_3_0, LINUX "NetDevices"),
};

const struct rules feat_document_rules = RULES(rows);
