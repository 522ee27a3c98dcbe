/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How each property is tried: the least that uses it. A property that no line is for is found by the test "comply".
 * Where a property's values differ in whether they are known, each is tried.
 */
#include "validate/comply.h"
#include "validate/rule/predicates.h"

static const char *const namespaces[] = { "pid", "network", "ipc", "uts", "mount", "user", "cgroup", "time", NULL };
static const char *const rlimits[] = { "RLIMIT_NOFILE", "RLIMIT_AS", "RLIMIT_CORE", "RLIMIT_CPU", "RLIMIT_DATA",
	"RLIMIT_FSIZE", "RLIMIT_LOCKS", "RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_NPROC",
	"RLIMIT_RSS", "RLIMIT_RTPRIO", "RLIMIT_RTTIME", "RLIMIT_SIGPENDING", "RLIMIT_STACK", NULL };
static const char *const capabilities[] = { "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER",
	"CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE",
	"CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER",
	"CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN",
	"CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
	"CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN",
	"CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF",
	"CAP_CHECKPOINT_RESTORE", NULL };
static const char *const policies[] = { "SCHED_OTHER", "SCHED_BATCH", "SCHED_IDLE", NULL };
static const char *const classes[] = { "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE", "IOPRIO_CLASS_RT", NULL };
static const char *const propagation[] = { "private", "shared", "slave", "unbindable", NULL };
static const char *const modes[] = { "MPOL_INTERLEAVE", "MPOL_BIND", "MPOL_PREFERRED", "MPOL_PREFERRED_MANY",
	"MPOL_WEIGHTED_INTERLEAVE", NULL };
static const char *const actions[] = { "SCMP_ACT_ERRNO", "SCMP_ACT_ALLOW", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS",
	"SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP", "SCMP_ACT_TRACE", "SCMP_ACT_LOG", "SCMP_ACT_NOTIFY", NULL };
static const char *const defaults[] = { "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS",
	"SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP", "SCMP_ACT_TRACE", "SCMP_ACT_LOG", NULL };
static const char *const operators[] = { "SCMP_CMP_EQ", "SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_GE",
	"SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ", NULL };
static const char *const archs[] = { "SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32", "SCMP_ARCH_ARM",
	"SCMP_ARCH_AARCH64", "SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS64N32", "SCMP_ARCH_MIPSEL",
	"SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PPC", "SCMP_ARCH_PPC64", "SCMP_ARCH_PPC64LE",
	"SCMP_ARCH_S390", "SCMP_ARCH_S390X", "SCMP_ARCH_PARISC", "SCMP_ARCH_PARISC64", "SCMP_ARCH_RISCV64", NULL };
static const char *const flags[] = { "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_TSYNC",
	"SECCOMP_FILTER_FLAG_SPEC_ALLOW", NULL };
static const char *const filesystems[] = { "tmpfs", "proc", "sysfs", "devpts", "mqueue", "cgroup", "overlay", NULL };

#define LINUX(s) "{'linux':{" s "}}"
#define PROCESS(s) "{'process':{" s "}}"
#define RESOURCES(s) LINUX("'resources':{" s "}")
#define MEMORY(s) RESOURCES("'memory':{" s "}")
#define CPU(s) RESOURCES("'cpu':{" s "}")
#define BLOCK(s) RESOURCES("'blockIO':{" s "}")
#define DISK(name) BLOCK("'" name "':[{'major':8,'minor':0,'rate':1048576}]")
#define SECCOMP(s) LINUX("'seccomp':{'defaultAction':'SCMP_ACT_ALLOW'," s "}")
#define CAPS PROCESS("'capabilities':{'bounding':['@'],'effective':['@'],'permitted':['@']," \
	"'inheritable':['@'],'ambient':['@']}")
#define HOOK(stage) "{'hooks':{'" stage "':[{'path':'/bin/true','args':['true'],'env':['A=b'],'timeout':5}]}}"
#define MOUNT(s) "{'mounts':[{'destination':'/mnt'," s "}]}"
#define USER(s) "{'linux':{'namespaces':[{'type':'user'},{'type':'mount'},{'type':'pid'}]," \
	"'uidMappings':[{'containerID':0,'hostID':100000,'size':65536}]," \
	"'gidMappings':[{'containerID':0,'hostID':100000,'size':65536}]" s "}}"
#define DEADLINE "'policy':'SCHED_DEADLINE','runtime':10000000,'deadline':30000000,'period':30000000"

const struct comply_sample comply_samples[] = {
	{ .under = "ociVersion", .patch = "{'ociVersion':'1.0.2'}" },
	{ .under = "root", .patch = "{'root':{'path':'rootfs','readonly':true}}" },
	{ .under = "hostname", .patch = "{'hostname':'here'}" },
	{ .under = "domainname", .patch = "{'domainname':'there'}" },
	{ .under = "annotations", .patch = "{'annotations':{'org.example.key':'value'}}" },
	{ .under = "process", .patch = PROCESS("'terminal':false,'env':['A=b']") },
	{ .under = "process.terminal", .patch = PROCESS("'terminal':true") },
	{ .under = "process.consoleSize", .patch = PROCESS("'terminal':true,'consoleSize':{'height':24,'width':80}") },
	{ .under = "process.user", .patch = PROCESS("'user':{'uid':1000,'gid':1000,'additionalGids':[5],'umask':63}") },
	{ .under = "process.capabilities", .patch = CAPS, .words = capabilities },
	{ .under = "process.rlimits", .patch = PROCESS("'rlimits':[{'type':'RLIMIT_CORE','hard':1,'soft':1}]") },
	{ .under = "process.rlimits[].type",
	  .patch = PROCESS("'rlimits':[{'type':'@','hard':1,'soft':1}]"), .words = rlimits },
	{ .under = "process.noNewPrivileges", .patch = PROCESS("'noNewPrivileges':true") },
	{ .under = "process.apparmorProfile", .patch = PROCESS("'apparmorProfile':'docker-default'"),
	  .host = "apparmor.enabled" },
	{ .under = "process.selinuxLabel", .patch = PROCESS("'selinuxLabel':'system_u:system_r:container_t:s0'"),
	  .host = "selinux.enabled" },
	{ .under = "process.oomScoreAdj", .patch = PROCESS("'oomScoreAdj':1000") },
	{ .under = "process.scheduler.policy", .patch = PROCESS("'scheduler':{'policy':'@'}"), .words = policies },
	{ .under = "process.scheduler.nice", .patch = PROCESS("'scheduler':{'policy':'SCHED_BATCH','nice':19}") },
	{ .under = "process.scheduler.priority", .patch = PROCESS("'scheduler':{'policy':'SCHED_FIFO','priority':1}") },
	{ .under = "process.scheduler.flags",
	  .patch = PROCESS("'scheduler':{'policy':'SCHED_BATCH','flags':['SCHED_FLAG_RESET_ON_FORK']}") },
	{ .under = "process.scheduler.runtime", .patch = PROCESS("'scheduler':{" DEADLINE "}") },
	{ .under = "process.scheduler.deadline", .patch = PROCESS("'scheduler':{" DEADLINE "}") },
	{ .under = "process.scheduler.period", .patch = PROCESS("'scheduler':{" DEADLINE "}") },
	{ .under = "process.ioPriority", .patch = PROCESS("'ioPriority':{'class':'IOPRIO_CLASS_BE','priority':7}") },
	{ .under = "process.ioPriority.class",
	  .patch = PROCESS("'ioPriority':{'class':'@','priority':7}"), .words = classes },
	{ .under = "process.execCPUAffinity", .patch = PROCESS("'execCPUAffinity':{'initial':'0','final':'0'}") },
	{ .under = "mounts", .patch = MOUNT("'type':'tmpfs','source':'tmpfs','options':['nosuid']") },
	{ .under = "mounts[].type", .patch = MOUNT("'type':'@','source':'none'"), .words = filesystems },
	{ .under = "mounts[].options",
	  .patch = MOUNT("'type':'none','source':'/srv','options':['bind','@']"), .words = mount_options },
	{ .under = "mounts[].uidMappings", .patch = MOUNT("'type':'none','source':'/srv','options':['bind'],"
		"'uidMappings':[{'containerID':0,'hostID':1000,'size':1}],"
		"'gidMappings':[{'containerID':0,'hostID':1000,'size':1}]") },
	{ .under = "mounts[].gidMappings", .patch = MOUNT("'type':'none','source':'/srv','options':['bind'],"
		"'uidMappings':[{'containerID':0,'hostID':1000,'size':1}],"
		"'gidMappings':[{'containerID':0,'hostID':1000,'size':1}]") },
	{ .under = "hooks.prestart", .patch = HOOK("prestart") },
	{ .under = "hooks.createRuntime", .patch = HOOK("createRuntime") },
	{ .under = "hooks.createContainer", .patch = HOOK("createContainer") },
	{ .under = "hooks.startContainer", .patch = HOOK("startContainer") },
	{ .under = "hooks.poststart", .patch = HOOK("poststart") },
	{ .under = "hooks.poststop", .patch = HOOK("poststop") },
	{ .under = "linux.uidMappings", .patch = USER("") },
	{ .under = "linux.gidMappings", .patch = USER("") },
	{ .under = "linux.namespaces[].type",
	  .patch = LINUX("'namespaces':[{'type':'@'}]"), .words = namespaces, .each = true },
	{ .under = "linux.namespaces[].path",
	  .patch = LINUX("'namespaces':[{'type':'network','path':'/proc/self/ns/net'}]"),
	  .of_delegate = true },
	{ .under = "linux.timeOffsets",
	  .patch = LINUX("'namespaces':[{'type':'time'}],'timeOffsets':{'boottime':{'secs':5,'nanosecs':5}}") },
	{ .under = "linux.sysctl",
	  .patch = LINUX("'namespaces':[{'type':'network'}],'sysctl':{'net.ipv4.ip_forward':'1'}") },
	{ .under = "linux.cgroupsPath", .patch = LINUX("'cgroupsPath':'/runvet-sample'") },
	{ .under = "linux.devices",
	  .patch = LINUX("'devices':[{'path':'/dev/none','type':'c','major':1,'minor':3,'fileMode':438,"
		"'uid':1,'gid':1}]"), .of_delegate = true },
	{ .under = "linux.rootfsPropagation", .patch = LINUX("'rootfsPropagation':'@'"), .words = propagation },
	{ .under = "linux.maskedPaths", .patch = LINUX("'maskedPaths':['/proc/kcore']") },
	{ .under = "linux.readonlyPaths", .patch = LINUX("'readonlyPaths':['/proc/sys']") },
	{ .under = "linux.mountLabel", .patch = LINUX("'mountLabel':'system_u:object_r:container_file_t:s0'"),
	  .host = "selinux.enabled" },
	{ .under = "linux.netDevices",
	  .patch = LINUX("'namespaces':[{'type':'network'}],'netDevices':{'eth0':{'name':'inner0'}}"),
	  .of_delegate = true },
	{ .under = "linux.intelRdt",
	  .patch = LINUX("'intelRdt':{'closID':'sample','l3CacheSchema':'L3:0=1','memBwSchema':'MB:0=20'}") },
	{ .under = "linux.intelRdt.schemata", .patch = LINUX("'intelRdt':{'closID':'sample','schemata':['L3:0=1']}") },
	{ .under = "linux.intelRdt.enableMonitoring",
	  .patch = LINUX("'intelRdt':{'closID':'sample','enableMonitoring':true}") },
	{ .under = "linux.intelRdt.enableCMT", .patch = LINUX("'intelRdt':{'closID':'sample','enableCMT':true}") },
	{ .under = "linux.intelRdt.enableMBM", .patch = LINUX("'intelRdt':{'closID':'sample','enableMBM':true}") },
	{ .under = "linux.memoryPolicy",
	  .patch = LINUX("'memoryPolicy':{'mode':'MPOL_INTERLEAVE','nodes':'0','flags':['MPOL_F_STATIC_NODES']}") },
	{ .under = "linux.memoryPolicy.mode",
	  .patch = LINUX("'memoryPolicy':{'mode':'@','nodes':'0'}"), .words = modes },
	{ .under = "linux.personality", .patch = LINUX("'personality':{'domain':'LINUX','flags':[]}") },
	{ .under = "linux.resources.devices",
	  .patch = RESOURCES("'devices':[{'allow':true,'type':'c','major':1,'minor':3,'access':'rwm'}]") },
	{ .under = "linux.resources.memory.limit", .patch = MEMORY("'limit':67108864") },
	{ .under = "linux.resources.memory.reservation", .patch = MEMORY("'reservation':67108864") },
	{ .under = "linux.resources.memory.swap", .patch = MEMORY("'limit':67108864,'swap':134217728") },
	{ .under = "linux.resources.memory.kernel", .patch = MEMORY("'kernel':67108864") },
	{ .under = "linux.resources.memory.kernelTCP", .patch = MEMORY("'kernelTCP':67108864") },
	{ .under = "linux.resources.memory.swappiness", .patch = MEMORY("'swappiness':10") },
	{ .under = "linux.resources.memory.disableOOMKiller", .patch = MEMORY("'disableOOMKiller':true") },
	{ .under = "linux.resources.memory.useHierarchy", .patch = MEMORY("'useHierarchy':true") },
	{ .under = "linux.resources.memory.checkBeforeUpdate",
	  .patch = MEMORY("'limit':67108864,'checkBeforeUpdate':true") },
	{ .under = "linux.resources.cpu.shares", .patch = CPU("'shares':512") },
	{ .under = "linux.resources.cpu.quota", .patch = CPU("'quota':50000,'period':100000") },
	{ .under = "linux.resources.cpu.period", .patch = CPU("'quota':50000,'period':100000") },
	{ .under = "linux.resources.cpu.burst", .patch = CPU("'quota':50000,'period':100000,'burst':10000") },
	{ .under = "linux.resources.cpu.realtimeRuntime",
	  .patch = CPU("'realtimeRuntime':10000,'realtimePeriod':1000000") },
	{ .under = "linux.resources.cpu.realtimePeriod",
	  .patch = CPU("'realtimeRuntime':10000,'realtimePeriod':1000000") },
	{ .under = "linux.resources.cpu.cpus", .patch = CPU("'cpus':'0'") },
	{ .under = "linux.resources.cpu.mems", .patch = CPU("'mems':'0'") },
	{ .under = "linux.resources.cpu.idle", .patch = CPU("'idle':1") },
	{ .under = "linux.resources.pids", .patch = RESOURCES("'pids':{'limit':50}") },
	{ .under = "linux.resources.blockIO.weight", .patch = BLOCK("'weight':500") },
	{ .under = "linux.resources.blockIO.leafWeight", .patch = BLOCK("'leafWeight':500") },
	{ .under = "linux.resources.blockIO.weightDevice",
	  .patch = BLOCK("'weightDevice':[{'major':8,'minor':0,'weight':500}]") },
	{ .under = "linux.resources.blockIO.weightDevice[].leafWeight",
	  .patch = BLOCK("'weightDevice':[{'major':8,'minor':0,'leafWeight':500}]") },
	{ .under = "linux.resources.blockIO.throttleReadBpsDevice", .patch = DISK("throttleReadBpsDevice") },
	{ .under = "linux.resources.blockIO.throttleWriteBpsDevice", .patch = DISK("throttleWriteBpsDevice") },
	{ .under = "linux.resources.blockIO.throttleReadIOPSDevice", .patch = DISK("throttleReadIOPSDevice") },
	{ .under = "linux.resources.blockIO.throttleWriteIOPSDevice", .patch = DISK("throttleWriteIOPSDevice") },
	{ .under = "linux.resources.hugepageLimits",
	  .patch = RESOURCES("'hugepageLimits':[{'pageSize':'2MB','limit':4194304}]") },
	{ .under = "linux.resources.network.classID", .patch = RESOURCES("'network':{'classID':1048577}") },
	{ .under = "linux.resources.network.priorities",
	  .patch = RESOURCES("'network':{'priorities':[{'name':'lo','priority':5}]}") },
	{ .under = "linux.resources.rdma", .patch = RESOURCES("'rdma':{'mlx5_0':{'hcaHandles':2,'hcaObjects':100}}") },
	{ .under = "linux.resources.unified", .patch = RESOURCES("'unified':{'memory.high':'67108864'}") },
	{ .under = "linux.seccomp.defaultAction",
	  .patch = LINUX("'seccomp':{'defaultAction':'@'}"), .words = defaults },
	{ .under = "linux.seccomp.defaultErrnoRet",
	  .patch = LINUX("'seccomp':{'defaultAction':'SCMP_ACT_ERRNO','defaultErrnoRet':99,"
		"'syscalls':[{'names':['execve','exit_group','write'],'action':'SCMP_ACT_ALLOW'}]}") },
	{ .under = "linux.seccomp.syscalls",
	  .patch = SECCOMP("'syscalls':[{'names':['getcwd'],'action':'SCMP_ACT_ERRNO','errnoRet':99}]") },
	{ .under = "linux.seccomp.syscalls[].action",
	  .patch = SECCOMP("'syscalls':[{'names':['getcwd'],'action':'@'}]"), .words = actions },
	{ .under = "linux.seccomp.syscalls[].args",
	  .patch = SECCOMP("'syscalls':[{'names':['personality'],'action':'SCMP_ACT_ERRNO',"
		"'args':[{'index':0,'value':8,'valueTwo':8,'op':'SCMP_CMP_MASKED_EQ'}]}]") },
	{ .under = "linux.seccomp.syscalls[].args[].op",
	  .patch = SECCOMP("'syscalls':[{'names':['personality'],'action':'SCMP_ACT_ERRNO',"
		"'args':[{'index':0,'value':8,'op':'@'}]}]"), .words = operators },
	{ .under = "linux.seccomp.architectures", .patch = SECCOMP("'architectures':['@']"), .words = archs },
	{ .under = "linux.seccomp.flags", .patch = SECCOMP("'flags':['@']"), .words = flags },
	{ .under = "linux.seccomp.listenerPath", .patch = SECCOMP("'listenerPath':'/run/listener.sock','syscalls':"
		"[{'names':['getcwd'],'action':'SCMP_ACT_NOTIFY'}]"), .of_delegate = true },
	{ .under = "linux.seccomp.listenerMetadata",
	  .patch = SECCOMP("'listenerPath':'/run/listener.sock','listenerMetadata':'sample',"
		"'syscalls':[{'names':['getcwd'],'action':'SCMP_ACT_NOTIFY'}]"), .of_delegate = true },
	{ .under = NULL },
};
