/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a fact about a host (validate/host/host.h) changes for a container on it. What only says how this host counts
 * and names (inodes of namespaces, network devices of other containers, clocks) is noise.
 */
#include "ctl/diff/diff.h"

#define RESULTS      .of = OF_MACHINE, .groups = DIFF_RESULTS
#define CONFINEMENT  .of = OF_MACHINE, .groups = DIFF_CONFINEMENT
#define BOTH         .of = OF_MACHINE, .groups = DIFF_RESULTS | DIFF_CONFINEMENT
#define NOISE        .of = OF_MACHINE, .groups = DIFF_NOISE

const struct diff_row diff_rows_host[] = {
	{ .at = "kernel", RESULTS,
	  .says = "Another kernel shares out time and memory otherwise, and may answer programs otherwise." },
	{ .at = "kernel.release", RESULTS,
	  .says = "Another kernel shares out time and memory otherwise, and may answer programs otherwise." },
	{ .at = "kernel.machine", RESULTS,
	  .says = "Another architecture: other programs of the image are run, and floats may be rounded in other "
		"places." },

	{ .at = "hardware", RESULTS, .says = "Another machine." },
	{ .at = "hardware.cpu", RESULTS,
	  .says = "Another processor: libraries choose their code by it, and round otherwise or add up in another "
		"order." },
	{ .at = "hardware.cpu.{vendor,model}", RESULTS,
	  .says = "Another processor: libraries choose their code by it, and round otherwise or add up in another "
		"order." },
	{ .at = "hardware.cpu.flags", RESULTS, .list = DIFF_SET,
	  .says = "Libraries take the widest instructions that there are (AVX2, AVX-512, AMX, FMA): sums of floats "
		"are added up in another order." },
	{ .at = "hardware.cpu.microcode", RESULTS,
	  .says = "Microcode switches instructions off and makes others slower: what is timed differs, and "
		"libraries may choose other code." },
	{ .at = "hardware.smt", RESULTS,
	  .says = "Twice or half as many processors are seen: programs choose their number of threads by it." },
	{ .at = "hardware.governor", RESULTS, .says = "Processors run at other speeds: what is timed differs." },
	{ .at = "hardware.isolated", RESULTS,
	  .says = "Processors that others do not disturb are others: what is timed differs." },
	{ .at = "hardware.{numaNodes,numaCpus}", RESULTS,
	  .says = "Memory is near to other processors: what is timed differs, and some libraries divide work by it." },

	{ .at = "tuning", RESULTS, .says = "The kernel is set otherwise." },
	{ .at = "tuning.aslr", RESULTS,
	  .says = "Whether memory is found at random addresses: what is sorted or hashed by address comes in "
		"another order." },
	{ .at = "tuning.thp", RESULTS,
	  .says = "Large pages come by themselves or not: memory use and time differ, and batches that are sized by "
		"them." },
	{ .at = "tuning.numaBalancing", RESULTS,
	  .says = "The kernel moves memory between nodes or not: what is timed differs." },
	{ .at = "tuning.{swappiness,overcommit}", RESULTS,
	  .says = "When memory runs short, it slows down or fails elsewhere." },
	{ .at = "tuning.realtime", RESULTS,
	  .says = "Another kind of kernel: how late a program may be woken differs." },

	{ .at = "gpu", RESULTS,
	  .says = "Another driver or another GPU takes other kernels, which add up floats in another order." },
	{ .at = "gpu.nvidia.driver", RESULTS,
	  .says = "Another driver takes other kernels, which add up floats in another order." },
	{ .at = "gpu.nvidia.devices", RESULTS, .list = DIFF_KEYED, .by = { "pci" },
	  .says = "Another GPU takes other kernels, which add up floats in another order." },
	{ .at = "gpu.nvidia.devices[].uuid", RESULTS,
	  .says = "Another device of the kind: what is pinned to one by its UUID is not found." },
	{ .at = "gpu.nvidia.devices[].mig", RESULTS, .list = DIFF_SET,
	  .says = "Another share of the GPU: other kernels are taken." },

	{ .at = "cpus", RESULTS,
	  .says = "Another number of processors: programs choose their number of threads by it." },
	{ .at = "nodes", RESULTS, .says = "Memory is near to other processors: what is timed differs." },
	{ .at = "hugePages", RESULTS, .list = DIFF_SET, .says = "Programs get huge pages of another size, or none." },
	{ .at = "scheduler", RESULTS, .says = "How long real-time programs may run differs." },
	{ .at = "rdma", RESULTS, .list = DIFF_SET,
	  .says = "Another network between the machines adds up gradients in another order." },
	{ .at = "resctrl", RESULTS, .says = "Another share of cache and memory bandwidth: what is timed differs." },
	{ .at = "resctrl.groups.*", RESULTS, .list = DIFF_SET,
	  .says = "Another share of cache and memory bandwidth: what is timed differs." },
	{ .at = "resctrl.closids", RESULTS, .says = "How many containers can have a share of the cache of their own." },

	{ .at = "cgroup", CONFINEMENT, .says = "Limits hold in another way." },
	{ .at = "cgroup.mode", BOTH,
	  .says = "Limits hold in another way, and programs read how many processors and how much memory they have "
		"from another place." },
	{ .at = "cgroup.{controllers,v2}", CONFINEMENT, .list = DIFF_SET, .says = "Other limits can be set." },
	{ .at = "cgroup.files.*", CONFINEMENT, .list = DIFF_SET, .says = "Other limits can be set." },
	{ .at = "cgroup.{cpus,mems}", RESULTS,
	  .says = "Containers may run on other processors: programs choose their number of threads by it." },
	{ .at = "cgroup.own", NOISE },

	{ .at = "self", CONFINEMENT, .says = "What whoever asked may do, and hand on to a container." },
	{ .at = "self.capabilities.{effective,bounding}", CONFINEMENT, .list = DIFF_SET,
	  .says = "What whoever asked may do, and hand on to a container." },
	{ .at = "self.{cpusAllowed,memsAllowed}", RESULTS, .says = "Containers may run on other processors." },
	{ .at = "self.namespaces", NOISE },
	{ .at = "init", NOISE },
	{ .at = "namespaces", CONFINEMENT, .says = "Other kinds of namespaces can be made." },
	{ .at = "seccomp", CONFINEMENT, .says = "The kernel can filter in other ways." },
	{ .at = "seccomp.{actions,flags}", CONFINEMENT, .list = DIFF_SET,
	  .says = "The kernel can filter in other ways." },
	{ .at = "lsm", CONFINEMENT, .list = DIFF_SET, .says = "Other security modules hold." },
	{ .at = "{apparmor,selinux}", CONFINEMENT,
	  .says = "Labels and profiles hold on the one and not on the other." },
	{ .at = "capabilities", CONFINEMENT, .says = "The kernel knows other capabilities." },
	{ .at = "filesystems", CONFINEMENT, .says = "Other file systems can be mounted." },
	{ .at = "filesystems.{known,loadable}", CONFINEMENT, .list = DIFF_SET,
	  .says = "Other file systems can be mounted." },
	{ .at = "limits", CONFINEMENT, .says = "Limits can be raised further, or less." },
	{ .at = "interfaces", NOISE },
	{ .at = "clocks", NOISE },
	{ .at = "places", BOTH, .says = "Something else is at a path that the container is given." },
	{ .at = "places.*.{inode,device}", NOISE },
	{ .at = "places.*.{source,destination,node,host}.{inode,device}", NOISE },
	{ .at = "places.*.flags", BOTH, .list = DIFF_SET,
	  .says = "Something else is at a path that the container is given." },
};

const size_t diff_rows_host_count = sizeof(diff_rows_host) / sizeof(diff_rows_host[0]);
