/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of a container, and what it has to show. Its output is that of ctl/inside.c. */
#include "ctl/probe.h"

#define CAPS "['CAP_AUDIT_WRITE','CAP_KILL','CAP_NET_BIND_SERVICE']"
#define PROC                                                                                                           \
	"{'destination':'/proc','type':'proc','source':'proc'},"                                                       \
	"{'destination':'/dev','type':'tmpfs','source':'tmpfs','options':['nosuid','mode=755','size=65536k']},"        \
	"{'destination':'/dev/pts','type':'devpts','source':'devpts',"                                                 \
	"'options':['nosuid','noexec','newinstance','ptmxmode=0666','mode=0620']}"

const char probe_config[] =
	"{'ociVersion':'1.0.2','root':{'path':'rootfs'},'hostname':'runvet-probe',"
	"'annotations':{'org.example.probe':'yes'},"
	"'process':{'user':{'uid':0,'gid':0},'args':['/runvet-probe','report'],'env':['RUNVET=probe'],'cwd':'/',"
	"'capabilities':{'bounding':" CAPS ",'effective':" CAPS ",'permitted':" CAPS "}},"
	"'mounts':[" PROC "],"
	"'linux':{'namespaces':[{'type':'pid'},{'type':'network'},{'type':'ipc'},{'type':'uts'},{'type':'mount'}]}}";

#define ORDINARY "{}"
#define EXTRAS                                                                                                         \
	"{'process':{'user':{'uid':1000,'gid':1001,'additionalGids':[5,6],'umask':63},'cwd':'/work',"                  \
	"'rlimits':[{'type':'RLIMIT_NOFILE','hard':300,'soft':200}],'oomScoreAdj':500,'noNewPrivileges':true}}"
#define LOCKED                                                                                                         \
	"{'root':{'path':'rootfs','readonly':true},"                                                                   \
	"'linux':{'maskedPaths':['/masked'],'readonlyPaths':['/readonly']}}"
#define MOUNTED                                                                                                        \
	"{'mounts':[" PROC ",{'destination':'/m-tmpfs','type':'tmpfs','source':'tmpfs',"                               \
	"'options':['nosuid','noexec','size=65536']},{'destination':'/m-ro','type':'tmpfs','source':'tmpfs',"          \
	"'options':['ro']},{'destination':'/m-bind','type':'none','source':'bound','options':['bind']}]}"
#define NO_CAPS                                                                                                        \
	"{'process':{'capabilities':{'bounding':['CAP_KILL'],'effective':['CAP_KILL'],"                                \
	"'permitted':['CAP_KILL'],'inheritable':['CAP_KILL'],'ambient':['CAP_KILL']}}}"
#define MKNOD                                                                                                          \
	"{'linux':{'devices':[{'path':'/dev/runvet','type':'c','major':1,'minor':3,'fileMode':384,"                    \
	"'uid':7,'gid':8}]}}"
#define KERNEL "{'linux':{'sysctl':{'net.ipv4.ip_forward':'1'}}}"
#define FILTER                                                                                                         \
	"{'linux':{'seccomp':{'defaultAction':'SCMP_ACT_ALLOW','syscalls':"                                            \
	"[{'names':['getpriority'],'action':'SCMP_ACT_ERRNO'}]}}}"
#define FILTER_ERRNO                                                                                                   \
	"{'linux':{'seccomp':{'defaultAction':'SCMP_ACT_ALLOW','syscalls':"                                            \
	"[{'names':['getpriority'],'action':'SCMP_ACT_ERRNO','errnoRet':99}]}}}"
#define CGROUPS                                                                                                        \
	"'mounts':[" PROC ",{'destination':'/sys','type':'sysfs','source':'sysfs','options':['ro']},"                  \
	"{'destination':'/sys/fs/cgroup','type':'cgroup','source':'cgroup','options':['ro']}]"
#define SPACES(s) "'namespaces':[{'type':'pid'},{'type':'ipc'},{'type':'uts'},{'type':'mount'}," s "]"
#define LIMIT(s) "{" CGROUPS ",'linux':{" SPACES("{'type':'cgroup'}") ",'resources':{" s "}}}"
#define WITH(s) "{'linux':{" SPACES(s) "}}"
#define MAPPED                                                                                                         \
	"{'linux':{" SPACES("{'type':'user'}") ",'uidMappings':[{'containerID':0,'hostID':0,'size':4000}],"            \
					       "'gidMappings':[{'containerID':0,'hostID':0,'size':4000}]}}"
#define OFFSET "{'linux':{" SPACES("{'type':'time'}") ",'timeOffsets':{'boottime':{'secs':7000}}}}"
#define JOINED WITH("{'type':'network','path':'/proc/self/ns/net'}")
#define STREAMS "{'process':{'args':['/runvet-probe','streams']}}"
#define RESOURCES "linux.resources."
#define L "config-linux.md#"
#define C "config.md#"

const struct seen probe_seen[] = {
	/* The first one tells whether there is any use in the others. */
	{ .patch = ORDINARY,
		.section = COMPLY_PROCESS,
		.place = "process.args",
		.wants = "arg report",
		.spec = C "process" },
	{ .patch = ORDINARY, .place = "process.env", .wants = "env RUNVET=probe" },
	{ .patch = ORDINARY, .place = "hostname", .wants = "hostname runvet-probe" },
	{ .patch = ORDINARY, .place = "root.path", .wants = "write root works" },
	{ .patch = ORDINARY, .place = "linux.namespaces[].type: pid", .kind = DIFFERS, .wants = "pid" },
	{ .patch = ORDINARY, .place = "linux.namespaces[].type: network", .kind = DIFFERS, .wants = "net" },
	{ .patch = ORDINARY, .place = "linux.namespaces[].type: ipc", .kind = DIFFERS, .wants = "ipc" },
	{ .patch = ORDINARY, .place = "linux.namespaces[].type: uts", .kind = DIFFERS, .wants = "uts" },
	{ .patch = ORDINARY, .place = "linux.namespaces[].type: mount", .kind = DIFFERS, .wants = "mnt" },
	{ .patch = ORDINARY,
		.section = COMPLY_NAMESPACES,
		.line = "a namespace that is not listed is the runtime's own",
		.kind = SHARES,
		.wants = "user",
		.spec = L "namespaces" },
	{ .patch = ORDINARY,
		.section = COMPLY_PROCESS,
		.line = "the process is the first of its pid namespace",
		.wants = "pid 1",
		.spec = L "namespaces" },
	{ .patch = ORDINARY,
		.section = COMPLY_SECURITY,
		.line = "capabilities that are not listed are dropped",
		.wants = "CapBnd:*0000000020000420",
		.spec = C "linux-process" },
	{ .patch = ORDINARY,
		.section = COMPLY_SECURITY,
		.line = "listed capabilities are effective",
		.wants = "CapEff:*0000000020000420",
		.spec = C "linux-process" },
	{ .patch = ORDINARY,
		.section = COMPLY_ROOTFS,
		.line = "default devices: null",
		.wants = "dev null 1:3 666*",
		.spec = L "default-devices" },
	{ .patch = ORDINARY,
		.section = COMPLY_ROOTFS,
		.line = "default devices: zero",
		.wants = "dev zero 1:5 666*",
		.spec = L "default-devices" },
	{ .patch = ORDINARY,
		.section = COMPLY_ROOTFS,
		.line = "default devices: full",
		.wants = "dev full 1:7 666*",
		.spec = L "default-devices" },
	{ .patch = ORDINARY,
		.section = COMPLY_ROOTFS,
		.line = "default devices: random",
		.wants = "dev random 1:8 666*",
		.spec = L "default-devices" },
	{ .patch = ORDINARY,
		.section = COMPLY_ROOTFS,
		.line = "default devices: urandom",
		.wants = "dev urandom 1:9 666*",
		.spec = L "default-devices" },
	{ .patch = ORDINARY,
		.section = COMPLY_ROOTFS,
		.line = "default devices: tty",
		.wants = "dev tty 5:0 666*",
		.spec = L "default-devices" },
	{ .patch = ORDINARY,
		.section = COMPLY_ROOTFS,
		.line = "/dev/fd leads to /proc/self/fd",
		.wants = "dev fd /proc/self/fd",
		.spec = "runtime-linux.md#dev-symbolic-links" },
	{ .patch = ORDINARY,
		.section = COMPLY_STREAMS,
		.line = "without a terminal the streams are none",
		.wants = "tty 000",
		.spec = C "process" },
	{ .patch = EXTRAS, .place = "process.user.uid", .wants = "uid 1000" },
	{ .patch = EXTRAS, .place = "process.user.gid", .wants = "gid 1001" },
	{ .patch = EXTRAS, .place = "process.user.additionalGids", .wants = "groups*5 6*" },
	{ .patch = EXTRAS, .place = "process.user.umask", .wants = "umask 0077" },
	{ .patch = EXTRAS, .place = "process.cwd", .wants = "cwd /work" },
	{ .patch = EXTRAS, .place = "process.rlimits[].soft", .wants = "nofile 200 *" },
	{ .patch = EXTRAS, .place = "process.rlimits[].hard", .wants = "nofile * 300" },
	{ .patch = EXTRAS, .place = "process.oomScoreAdj", .wants = "oom 500" },
	{ .patch = EXTRAS, .place = "process.noNewPrivileges", .wants = "NoNewPrivs:*1" },
	{ .patch = LOCKED, .place = "root.readonly", .wants = "write root read-only" },
	{ .patch = LOCKED, .place = "linux.maskedPaths", .wants = "masked -" },
	{ .patch = LOCKED, .place = "linux.readonlyPaths", .wants = "write readonly read-only" },
	{ .patch = MOUNTED, .place = "mounts[].destination", .wants = "mount /m-tmpfs tmpfs *" },
	{ .patch = MOUNTED, .place = "mounts[].source", .wants = "bound yes" },
	{ .patch = MOUNTED,
		.section = COMPLY_MOUNTS,
		.line = "mount options nosuid and noexec",
		.wants = "mount /m-tmpfs tmpfs *nosuid*noexec*",
		.spec = C "mounts" },
	{ .patch = MOUNTED,
		.section = COMPLY_MOUNTS,
		.line = "mount option ro",
		.wants = "write ro read-only",
		.spec = C "mounts" },
	{ .patch = MOUNTED,
		.section = COMPLY_MOUNTS,
		.line = "a destination that is missing is made",
		.wants = "mount /m-bind *",
		.spec = C "mounts" },
	{ .patch = NO_CAPS,
		.section = COMPLY_SECURITY,
		.line = "inheritable capabilities",
		.wants = "CapInh:*0000000000000020",
		.spec = C "linux-process" },
	{ .patch = NO_CAPS,
		.section = COMPLY_SECURITY,
		.line = "ambient capabilities",
		.wants = "CapAmb:*0000000000000020",
		.spec = C "linux-process" },
	{ .patch = MKNOD, .place = "linux.devices[].path", .wants = "dev runvet 1:3 *" },
	{ .patch = MKNOD, .place = "linux.devices[].fileMode", .wants = "dev runvet 1:3 600 *" },
	{ .patch = MKNOD, .place = "linux.devices[].uid", .wants = "dev runvet 1:3 * 7:*" },
	{ .patch = MKNOD, .place = "linux.devices[].gid", .wants = "dev runvet 1:3 * *:8" },
	{ .patch = KERNEL, .place = "linux.sysctl", .wants = "forward 1" },
	{ .patch = FILTER,
		.section = COMPLY_SECURITY,
		.line = "a filtered system call fails",
		.wants = "getpriority 1",
		.spec = L "seccomp" },
	{ .patch = FILTER_ERRNO, .place = "linux.seccomp.syscalls[].errnoRet", .wants = "getpriority 99" },
	{ .patch = LIMIT("'memory':{'limit':67108864}"),
		.place = RESOURCES "memory.limit",
		.wants = "cgroup memory 67108864" },
	{ .patch = LIMIT("'pids':{'limit':50}"), .place = RESOURCES "pids.limit", .wants = "cgroup pids 50" },
	{ .patch = LIMIT("'cpu':{'shares':512,'quota':50000,'period':100000}"),
		.place = RESOURCES "cpu.quota",
		.wants = "cgroup quota 50000*" },
	{ .patch = LIMIT("'unified':{'memory.high':'67108864'}"),
		.place = RESOURCES "unified",
		.wants = "cgroup high 67108864" },
	{ .patch = WITH("{'type':'cgroup'}"),
		.place = "linux.namespaces[].type: cgroup",
		.kind = DIFFERS,
		.wants = "cgroup" },
	{ .patch = WITH("{'type':'time'}"),
		.place = "linux.namespaces[].type: time",
		.kind = DIFFERS,
		.wants = "time" },
	{ .patch = MAPPED, .place = "linux.namespaces[].type: user", .kind = DIFFERS, .wants = "user" },
	{ .patch = MAPPED, .place = "linux.uidMappings[].size", .wants = "uidmap*0*0*4000" },
	{ .patch = JOINED, .place = "linux.namespaces[].path", .kind = SHARES, .wants = "net" },
	{ .patch = OFFSET, .place = "linux.timeOffsets.*.secs", .wants = "offset boottime 7000" },
	{ .patch = "{'domainname':'runvet-domain'}", .place = "domainname", .wants = "domainname runvet-domain" },
	{ .patch = "{'process':{'scheduler':{'policy':'SCHED_BATCH'}}}",
		.place = "process.scheduler.policy",
		.wants = "policy 3" },
	{ .patch = "{'process':{'ioPriority':{'class':'IOPRIO_CLASS_IDLE','priority':0}}}",
		.place = "process.ioPriority.class",
		.wants = "ionice 24576" },
	{ .patch = "{'linux':{'personality':{'domain':'LINUX32'}}}",
		.place = "linux.personality.domain",
		.wants = "personality 8" },
	{ .patch = "{'linux':{'rootfsPropagation':'shared'}}",
		.place = "linux.rootfsPropagation",
		.wants = "mount / *,shared" },
	{ .patch = STREAMS,
		.section = COMPLY_STREAMS,
		.line = "standard input reaches the process",
		.wants = "in probe-input*",
		.spec = "runtime.md#run" },
	{ .patch = STREAMS,
		.section = COMPLY_STREAMS,
		.line = "standard output comes out as such",
		.wants = "out",
		.spec = "runtime.md#run" },
	{ .patch = STREAMS,
		.section = COMPLY_STREAMS,
		.line = "standard error comes out as such",
		.kind = SAYS,
		.wants = "err",
		.spec = "runtime.md#run" },
	{ .patch = STREAMS,
		.section = COMPLY_STREAMS,
		.line = "the two are not mixed",
		.kind = LACKS,
		.wants = "err",
		.spec = "runtime.md#run" },
	{ .patch = "{'process':{'args':['/runvet-probe','exit','42']}}",
		.section = COMPLY_PROCESS,
		.line = "the exit code of the process is that of run",
		.kind = ENDS,
		.wants = "42",
		.spec = "runtime.md#run" },
	{ .patch = "{'process':{'args':['/runvet-probe','exit','0']}}",
		.section = COMPLY_PROCESS,
		.line = "a process that succeeds lets run succeed",
		.kind = ENDS,
		.wants = "0",
		.spec = "runtime.md#run" },
	{ .wants = NULL },
};

#define R "runtime.md#"
#define OP .section = COMPLY_OPERATIONS
#define ST .section = COMPLY_STATES

static const struct act life[] = {
	{ .does = DOES_CREATE, .needed = true, OP, .line = "create makes a container", .spec = R "create" },
	{ .does = DOES_STATE, .status = "created", ST, .line = "it is created after create", .spec = R "state" },
	{ .does = DOES_STATE, .member = "ociVersion", ST, .line = "state tells ociVersion", .spec = R "state" },
	{ .does = DOES_STATE, .member = "id", ST, .line = "state tells id", .spec = R "state" },
	{ .does = DOES_STATE, .member = "status", ST, .line = "state tells status", .spec = R "state" },
	{ .does = DOES_STATE, .member = "pid", ST, .line = "state tells pid", .spec = R "state" },
	{ .does = DOES_STATE, .member = "bundle", ST, .line = "state tells bundle", .spec = R "state" },
	{ .does = DOES_STATE, .member = "annotations", ST, .line = "state tells annotations", .spec = R "state" },
	{ .does = DOES_CREATE, .fails = true, OP, .line = "create of an id in use fails", .spec = R "create" },
	{ .does = DOES_START, .needed = true, OP, .line = "start starts it", .spec = R "start" },
	{ .does = DOES_STATE, .status = "running", ST, .line = "it is running after start", .spec = R "state" },
	{ .does = DOES_START, .fails = true, OP, .line = "start of a running container fails", .spec = R "start" },
	{ .does = DOES_DELETE, .fails = true, OP, .line = "delete of a running container fails", .spec = R "delete" },
	{ .does = DOES_STATE,
		.status = "running",
		ST,
		.line = "it is still running after calls that failed",
		.spec = R "delete" },
	{ .does = DOES_EXEC,
		.command = "report",
		.wants = "env EXEC=yes",
		.section = COMPLY_PROCESS,
		.line = "exec runs a process.json",
		.spec = "config.md#process" },
	{ .does = DOES_EXEC,
		.command = "report",
		.wants = "hostname runvet-probe",
		.section = COMPLY_PROCESS,
		.line = "exec runs it in the container",
		.spec = "config.md#process" },
	{ .does = DOES_EXEC,
		.command = "exit",
		.code = 7,
		.section = COMPLY_PROCESS,
		.line = "exec hands its exit code through",
		.spec = "config.md#process" },
	{ .does = DOES_PAUSE, OP, .line = "pause pauses it", .spec = "runtime.md#operations" },
	{ .does = DOES_STATE, .status = "paused", ST, .line = "it is paused after pause", .spec = R "state" },
	{ .does = DOES_RESUME, OP, .line = "resume resumes it", .spec = "runtime.md#operations" },
	{ .does = DOES_STATE, .status = "running", ST, .line = "it is running after resume", .spec = R "state" },
	{ .does = DOES_KILL, .needed = true, OP, .line = "kill sends a signal", .spec = R "kill" },
	{ .does = DOES_STATE,
		.status = "stopped",
		ST,
		.line = "it is stopped once its process is gone",
		.spec = R "state" },
	{ .does = DOES_KILL, .fails = true, OP, .line = "kill of a stopped container fails", .spec = R "kill" },
	{ .does = DOES_START, .fails = true, OP, .line = "start of a stopped container fails", .spec = R "start" },
	{ .does = DOES_DELETE,
		.needed = true,
		OP,
		.line = "delete of a stopped container removes it",
		.spec = R "delete" },
	{ .does = DOES_STATE, .fails = true, ST, .line = "it is gone after delete", .spec = R "delete" },
	{ .does = DOES_CREATE, OP, .line = "its id can be used again", .spec = R "delete" },
	{ .does = DOES_END },
};

static const struct act nobody[] = {
	{ .does = DOES_STATE,
		.fails = true,
		.other = true,
		OP,
		.line = "state of an unknown container fails",
		.spec = R "query-state" },
	{ .does = DOES_START,
		.fails = true,
		.other = true,
		OP,
		.line = "start of an unknown container fails",
		.spec = R "start" },
	{ .does = DOES_KILL,
		.fails = true,
		.other = true,
		OP,
		.line = "kill of an unknown container fails",
		.spec = R "kill" },
	{ .does = DOES_DELETE,
		.fails = true,
		.other = true,
		OP,
		.line = "delete of an unknown container fails",
		.spec = R "delete" },
	{ .does = DOES_END },
};

static const struct act early[] = {
	{ .does = DOES_CREATE, .needed = true },
	{ .does = DOES_DELETE, .fails = true, OP, .line = "delete of a created container fails", .spec = R "delete" },
	{ .does = DOES_END },
};

static const struct act unstarted[] = {
	{ .does = DOES_CREATE, .needed = true },
	{ .does = DOES_KILL, OP, .line = "kill reaches a created container", .spec = R "kill" },
	{ .does = DOES_STATE,
		.status = "stopped",
		ST,
		.line = "a created container that is killed is stopped",
		.spec = R "state" },
	{ .does = DOES_END },
};

const struct act *const probe_stories[] = { life, nobody, early, unstarted, NULL };
