/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a place of config.json changes. Sentences speak to who asks why two runs differ; what confines has one as well.
 * What is in the posture of a fingerprint (validate/fingerprint/posture.c) is in the group of confinement here: a test
 * holds the two together.
 */
#include "ctl/diff/diff.h"

#define RESULTS      .of = OF_BUNDLE, .groups = DIFF_RESULTS
#define CONFINEMENT  .of = OF_BUNDLE, .groups = DIFF_CONFINEMENT
#define BOTH         .of = OF_BUNDLE, .groups = DIFF_RESULTS | DIFF_CONFINEMENT
#define HOOKS        "hooks.{prestart,createRuntime,createContainer,startContainer,poststart,poststop}"

const struct diff_row diff_rows_config[] = {
	{ .at = "ociVersion", RESULTS,
	  .says = "Another release of the specification: an engine of another version wrote it, or a runtime may "
		"read it in another way." },

	{ .at = "root", RESULTS, .says = "Another root file system: every program and file in it may be another." },
	{ .at = "root.path", RESULTS,
	  .says = "Another root file system: every program and file in it may be another." },
	{ .at = "root.readonly", BOTH,
	  .says = "What one run may leave behind in the root file system, the next one reads." },
	{ .at = "{hostname,domainname}", RESULTS,
	  .says = "Programs name files, choose seeds and elect leaders by the host's name." },
	{ .at = "annotations", RESULTS, .says = "Engines, runtimes and hooks act upon annotations." },
	{ .at = "annotations.*", RESULTS, .says = "Engines, runtimes and hooks act upon annotations." },

	{ .at = "process", RESULTS, .says = "Another process is started." },
	{ .at = "process.terminal", RESULTS,
	  .says = "On a terminal programs buffer, colour and count otherwise." },
	{ .at = "process.consoleSize", RESULTS, .says = "Programs break their lines where the terminal ends." },
	{ .at = "process.args", RESULTS, .whole = true,
	  .says = "Another program is run, or it is told something else." },
	{ .at = "process.cwd", RESULTS, .says = "Relative paths lead to other files." },
	{ .at = "process.user", CONFINEMENT, .says = "Another user, who may read and write other files." },
	{ .at = "process.user.{uid,gid}", BOTH,
	  .says = "Another user, who may read and write other files, and whose home and settings are others." },
	{ .at = "process.user.additionalGids", CONFINEMENT, .list = DIFF_SET,
	  .says = "Other groups, whose files may be read and written." },
	{ .at = "process.user.umask", RESULTS, .says = "Files that are made have other permissions." },
	{ .at = "process.capabilities", CONFINEMENT, .says = "The kernel lets the process do other things." },
	{ .at = "process.capabilities.{bounding,effective,inheritable,permitted,ambient}",
	  CONFINEMENT, .list = DIFF_SET,
	  .says = "The kernel lets the process do other things." },
	{ .at = "process.noNewPrivileges", CONFINEMENT,
	  .says = "Whether a program can gain rights by being started, as set-user-ID programs do." },
	{ .at = "process.apparmorProfile", CONFINEMENT, .says = "Another AppArmor profile says what it may do." },
	{ .at = "process.selinuxLabel", CONFINEMENT, .says = "Another SELinux label says what it may do." },
	{ .at = "process.rlimits", CONFINEMENT, .list = DIFF_KEYED, .by = { "type" },
	  .says = "The kernel lets the process use more or less of it." },
	{ .at = "process.rlimits.{RLIMIT_STACK,RLIMIT_AS,RLIMIT_DATA,RLIMIT_NOFILE,RLIMIT_NPROC,RLIMIT_RTPRIO,"
		"RLIMIT_MEMLOCK,RLIMIT_CPU,RLIMIT_FSIZE}", BOTH,
	  .says = "Programs size buffers, threads and recursion by it, and fail when it is used up." },
	{ .at = "process.oomScoreAdj", BOTH, .says = "When memory runs short, another process is killed first." },
	{ .at = "process.scheduler", RESULTS,
	  .says = "It gets the processor at other times: what races, wins otherwise, and what is timed takes longer "
		"or shorter." },
	{ .at = "process.scheduler.flags", RESULTS, .list = DIFF_SET,
	  .says = "It gets the processor at other times: what races, wins otherwise, and what is timed takes longer "
		"or shorter." },
	{ .at = "process.ioPriority", RESULTS, .says = "It waits for disks longer or shorter: what is timed differs." },
	{ .at = "process.execCPUAffinity", RESULTS,
	  .says = "What is executed in it begins on other processors: what counts them sees another number." },

	{ .at = "mounts", BOTH, .list = DIFF_KEYED, .by = { "destination" }, .ordered = true,
	  .says = "Other files are there, or not there." },
	{ .at = "mounts[]", BOTH, .says = "Other files are there, or not there." },
	{ .at = "mounts[].{source,type}", BOTH, .says = "What is read there comes from another place." },
	{ .at = "mounts[].options", CONFINEMENT, .list = DIFF_NAMED, .says = "What may be done with the files there." },
	{ .at = "mounts[].options.{ro,rw,rro,rrw}", BOTH,
	  .says = "Whether it can be written to: what one run leaves there, the next one reads." },
	{ .at = "mounts[].options.{lowerdir,upperdir,workdir,subvol,subvolid,nfsvers,vers,addr,nolock,local_lock}",
	  BOTH,
	  .says = "What is read there comes from another place, or in another way." },
	{ .at = "mounts[].options.{size,nr_inodes,nr_blocks,huge,mpol,pagesize}", BOTH,
	  .says = "Where memory is used as a file system, programs meet its end sooner or later, or other pages." },
	{ .at = "mounts[].options.{noatime,atime,relatime,strictatime,lazytime,sync,async,dirsync,noacl,acl}", BOTH,
	  .says = "When and what is written there differs: what is timed, or compares times of files, does too." },
	{ .at = "mounts[].{uidMappings,gidMappings}", CONFINEMENT, .list = DIFF_KEYED, .by = { "containerID" },
	  .says = "Other users own the files there." },

	{ .at = "hooks", BOTH, .says = "A program of the host's prepares the container, or cleans up after it." },
	{ .at = HOOKS, BOTH, .list = DIFF_KEYED, .by = { "path" }, .ordered = true,
	  .says = "A program of the host's prepares the container, or cleans up after it." },
	{ .at = HOOKS "[].args", BOTH, .whole = true,
	  .says = "A program of the host's that prepares the container is told something else." },
	{ .at = HOOKS "[].env", BOTH, .list = DIFF_NAMED,
	  .says = "A program of the host's that prepares the container is told something else." },
	{ .at = HOOKS "[].timeout", RESULTS, .says = "How long a hook may take before the container fails to start." },

	{ .at = "linux", CONFINEMENT, .says = "What the container is held to." },
	{ .at = "linux.namespaces", CONFINEMENT, .list = DIFF_KEYED, .by = { "type" },
	  .says = "What the container has of its own, and what it shares with the host or another container." },
	{ .at = "linux.namespaces.{network,uts,time}", BOTH,
	  .says = "The container meets another network, name or clock: what it reads from there is another." },
	{ .at = "linux.{uidMappings,gidMappings}", CONFINEMENT, .list = DIFF_KEYED, .by = { "containerID" },
	  .says = "Which users of the host its users are." },
	{ .at = "linux.timeOffsets", RESULTS, .says = "Clocks that count from the boot are moved by another amount." },
	{ .at = "linux.devices", CONFINEMENT, .list = DIFF_KEYED, .by = { "path" },
	  .says = "Another device is there to be opened." },
	{ .at = "linux.netDevices", CONFINEMENT, .says = "Other network devices of the host are moved into it." },
	{ .at = "linux.cgroupsPath", CONFINEMENT, .says = "Limits of another parent hold for it as well." },
	{ .at = "linux.sysctl", CONFINEMENT, .says = "The kernel is set otherwise for it." },
	{ .at = "linux.seccomp", CONFINEMENT, .says = "The filter lets other system calls pass." },
	{ .at = "linux.seccomp.syscalls", CONFINEMENT, .list = DIFF_SYSCALLS,
	  .says = "The filter lets other system calls pass." },
	{ .at = "linux.seccomp.{architectures,flags}", CONFINEMENT, .list = DIFF_SET,
	  .says = "The filter holds in another way." },
	{ .at = "linux.rootfsPropagation", CONFINEMENT,
	  .says = "Whether mounts made on one side are seen on the other." },
	{ .at = "linux.{maskedPaths,readonlyPaths}", CONFINEMENT, .list = DIFF_SET,
	  .says = "What of the kernel's files can be read or written." },
	{ .at = "linux.mountLabel", CONFINEMENT, .says = "Files have another SELinux label." },
	{ .at = "linux.intelRdt", RESULTS,
	  .says = "Another share of cache and memory bandwidth: what is timed differs." },
	{ .at = "linux.memoryPolicy", RESULTS, .says = "Memory comes from other NUMA nodes: what is timed differs." },
	{ .at = "linux.memoryPolicy.flags", RESULTS, .list = DIFF_SET,
	  .says = "Memory comes from other NUMA nodes: what is timed differs." },
	{ .at = "linux.personality", RESULTS,
	  .says = "Programs are told of another kind of machine, or find their memory at other addresses." },
	{ .at = "linux.personality.flags", RESULTS, .list = DIFF_SET,
	  .says = "Programs find their memory at other addresses: what is sorted or hashed by address comes in "
		"another order." },

	{ .at = "linux.resources", BOTH, .says = "More or less of what the machine has." },
	{ .at = "linux.resources.cpu", RESULTS,
	  .says = "More or less of the processors' time: what is timed, or does as much as it can until a deadline, "
		"differs." },
	{ .at = "linux.resources.cpu.cpus", BOTH,
	  .says = "Another number of processors, or others: programs choose their number of threads by it, and sums "
		"of floats come in another order." },
	{ .at = "linux.resources.cpu.mems", BOTH,
	  .says = "Memory comes from other NUMA nodes: what is timed differs." },
	{ .at = "linux.resources.cpu.{quota,period,burst}", BOTH,
	  .says = "Some runtimes choose their number of threads by it (Go, Java, .NET), and what is timed differs." },
	{ .at = "linux.resources.cpu.{shares,idle,realtimeRuntime,realtimePeriod}", BOTH,
	  .says = "Another share of the processors' time: what is timed, or does as much as it can until a "
		"deadline, differs." },
	{ .at = "linux.resources.memory", BOTH,
	  .says = "Programs size caches, batches and heaps by it, and are killed when it is used up." },
	{ .at = "linux.resources.hugepageLimits", BOTH, .list = DIFF_KEYED, .by = { "pageSize" },
	  .says = "Programs get more or fewer huge pages, and fall back to small ones." },
	{ .at = "linux.resources.pids", BOTH, .says = "Programs that start more threads or processes than that fail." },
	{ .at = "linux.resources.devices", CONFINEMENT, .says = "Other devices can be opened or made." },
	{ .at = "linux.resources.blockIO", BOTH, .says = "Disks answer sooner or later: what is timed differs." },
	{ .at = "linux.resources.blockIO.{weightDevice,throttleReadBpsDevice,throttleWriteBpsDevice,"
		"throttleReadIOPSDevice,throttleWriteIOPSDevice}", BOTH, .list = DIFF_KEYED, .by = { "major", "minor" },
	  .says = "Disks answer sooner or later: what is timed differs." },
	{ .at = "linux.resources.network", CONFINEMENT, .says = "Its packets are marked in another way." },
	{ .at = "linux.resources.network.priorities", CONFINEMENT, .list = DIFF_KEYED, .by = { "name" },
	  .says = "Its packets are marked in another way." },
	{ .at = "linux.resources.rdma", BOTH,
	  .says = "More or less of the RDMA devices, which programs fail without." },
	{ .at = "linux.resources.unified", BOTH, .says = "A limit of the cgroup is another." },
};

const size_t diff_rows_config_count = sizeof(diff_rows_config) / sizeof(diff_rows_config[0]);
