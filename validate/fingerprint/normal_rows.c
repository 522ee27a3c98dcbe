/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs from one start of a container to the next without meaning anything, as engines write it (each row seen
 * in what they wrote, or in their sources). docs/fingerprints.md shows these rows.
 */
#include "validate/fingerprint/normal.h"

const struct zone_row normal_zones[] = {
	{ "root", "path", ZONE_ROOT },
	{ "mounts", "source", ZONE_SOURCE },
	{ "mounts", "options", ZONE_LABEL },
	{ "hooks", "path", ZONE_HOOK },
	{ "hooks", "args", ZONE_HOOK },
	{ "hooks", "env", ZONE_HOOK },
	{ "linux", "cgroupsPath", ZONE_CGROUP },
	{ "linux", "path", ZONE_NAMESPACE },
	{ "linux", "mountLabel", ZONE_LABEL },
	{ "process", "selinuxLabel", ZONE_LABEL },
	{ "process", "env", ZONE_ENV },
	{ NULL, "hostname", ZONE_HOSTNAME },
	{ 0 },
};

#define ZONE_LAYERS (ZONE_ROOT | ZONE_SOURCE | ZONE_ANNOTATION)

const struct form_row normal_forms[] = {
	{ ZONE_LAYERS, "overlay2/{hex64}", "<layer>", "Docker's name for the container's own layer, drawn by lot" },
	{ ZONE_LAYERS, "overlay/{hex64}", "<layer>", "the same of Podman and CRI-O" },
	{ ZONE_LAYERS, "overlayfs/{hex64}", "<layer>", "the same of Docker over containerd's store" },
	{ ZONE_LAYERS, "fuse-overlayfs/{hex64}", "<layer>", "the same of Docker without root" },
	{ ZONE_LAYERS, "vfs/dir/{hex64}", "<layer>", "the same, where nothing can be laid over anything" },
	{ ZONE_LAYERS, "subvolumes/{hex64}", "<layer>", "the same on btrfs" },
	{ ZONE_LAYERS, "graph/{hex64}", "<layer>", "the same on ZFS" },
	{ ZONE_LAYERS, "mnt/{hex64}", "<layer>", "the same of the device mapper and aufs" },
	{ ZONE_LAYERS, "snapshots/{number}", "<snapshot>", "containerd and BuildKit count the container's own layers" },
	{ ZONE_LAYERS, "buildah{number}", "<drawn>", "Buildah's directory of one step of a build" },
	{ ZONE_LAYERS, "buildkit-mount{number}", "<drawn>", "BuildKit's" },
	{ ZONE_PATHS, "volumes/{hex64}", "<volume>", "a volume that nobody named" },
	{ ZONE_PATHS, "image-volumes/{hex64}", "<volume>", "the same of the CRI" },
	{ ZONE_PATHS, "containers/{hex64}", "<container>", "another container, whose namespaces this one shares" },
	{ ZONE_PATHS, "sandboxes/{hex64}", "<container>", "the same of the CRI" },
	{ ZONE_PATHS, "*-containers/{hex64}", "<container>", "the same of Podman and CRI-O" },
	{ ZONE_PATHS, "pods/{uuid}", "<pod-uid>", "the pod, in the kubelet's paths" },
	{ ZONE_PATHS, "proc/{pid}", "<pid>", "a process that was there at that time; 1 always is, and stays" },
	{ ZONE_PATHS, "netns/cni-{uuid}", "<netns>", "a network namespace of the CRI's or nerdctl's" },
	{ ZONE_PATHS, "netns/netns-{uuid}", "<netns>", "of Podman's" },
	{ ZONE_PATHS, "netns/{uuid}", "<netns>", "of CRI-O's" },
	{ ZONE_PATHS, "netns/{hex12}", "<netns>", "of Docker's" },
	{ ZONE_PATHS, "ipcns/{uuid}", "<ns>", "namespaces that CRI-O pins" },
	{ ZONE_PATHS, "utsns/{uuid}", "<ns>", "the same" },
	{ ZONE_PATHS, "pidns/{uuid}", "<ns>", "the same" },
	{ ZONE_PATHS, "userns/{uuid}", "<ns>", "the same" },
	{ ZONE_HOOK, "{hex12}", "<controller>", "Docker's hook libnetwork-setkey is told which dockerd it is of" },
	{ 0 },
};

const struct annotation_row normal_annotations[] = {
	{ "io.kubernetes.cri-o.Created", "<time>", "when it was made; Podman writes it too" },
	{ "io.kubernetes.cri-o.IP.*", "<address>", "the pod's address, as the network gave it" },
	{ "io.kubernetes.cri-o.CNIResult", "<address>", "the same" },
	{ "io.kubernetes.cri-o.LogPath", "<name>", "made of the pod's uid and the number of restarts" },
	{ "io.kubernetes.cri-o.Metadata", "<name>", "holds the number of restarts" },
	{ "io.kubernetes.cri-o.Name", "<name>", "made of the pod's name, its uid and the number of restarts" },
	{ "io.kubernetes.cri-o.SandboxName", "<name>", "the same" },
	{ "io.kubernetes.cri-o.HostName", "<name>", "the pod's name" },
	{ "io.kubernetes.cri-o.KubeName", "<name>", "the same" },
	{ "io.kubernetes.container.restartCount", "<count>", "how often it was started before" },
	{ "io.kubernetes.pod.name", "<name>", "the pod's name, whose end a controller draws by lot" },
	{ "io.kubernetes.pod.uid", "<pod-uid>", "the pod's uid" },
	{ "io.kubernetes.cri.sandbox-name", "<name>", "the pod's name" },
	{ "io.kubernetes.cri.sandbox-uid", "<pod-uid>", "the pod's uid" },
	{ "io.kubernetes.cri.sandbox-id", "<sandbox>", "the sandbox's id" },
	{ "io.kubernetes.cri.sandbox-log-directory", "<name>", "made of the pod's name and its uid" },
	{ "kubernetes.io/config.seen", "<time>", "when the kubelet saw the pod" },
	{ "io.podman.annotations.cid-file", "<name>", "where the caller wanted to be told the id" },
	{ "nerdctl/name", "<name>", "drawn by lot where nobody chose it" },
	{ "nerdctl/hostname", "<name>", "made of the id where nobody chose it" },
	{ "nerdctl/state-dir", "<name>", "made of the id" },
	{ "nerdctl/log-uri", "<name>", "made of the id" },
	{ 0 },
};

const struct word_row normal_words[WORD_MAX] = {
	[WORD_BUNDLE] = { ZONE_PATHS, BOUND_PATH, true, "the bundle's path", "<bundle>", "it has the id in it" },
	[WORD_ID] = { ZONE_ALL, BOUND_NONE, true, "the container's id of 64 hexadecimal digits", "<id>",
		"drawn by lot" },
	[WORD_ID_SHORT] = { ZONE_HOSTNAME | ZONE_ENV, BOUND_WHOLE, true, "12 and more of its first digits", "<id>",
		"Docker and Podman make the host name of it, and container_uuid" },
	[WORD_ID_CHOSEN] = { ZONE_CGROUP, BOUND_PIECE, true, "an id of any other form", "<id>",
		"ctr and runc let the user choose one; elsewhere such a word may mean something" },
	[WORD_SANDBOX] = { ZONE_ALL, BOUND_NONE, true, "the sandbox's id", "<sandbox>", "drawn by lot" },
	[WORD_POD_UID] = { ZONE_ALL, BOUND_NONE, true, "the pod's uid", "<pod-uid>", "drawn by lot" },
	[WORD_POD_UID_SLICE] = { ZONE_CGROUP, BOUND_NONE, true, "the pod's uid with underscores", "<pod-uid>",
		"so it stands in the name of a slice" },
	[WORD_POD_NAME] = { ZONE_HOSTNAME | ZONE_ENV, BOUND_WHOLE, true, "the pod's name", "<pod>",
		"its host name, too; its end is drawn by lot" },
	[WORD_HOST_NAME] = { ZONE_HOSTNAME | ZONE_ENV, BOUND_WHOLE, false, "this machine's name", "<host>",
		"what shares the machine's network gets it for a name" },
};
