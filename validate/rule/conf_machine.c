/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host.json: what a host has, as validate/host/host.h describes it and `runvetctl host` prints it. Every member may
 * be left out, and is unknown then. A name that is not here would be unknown too, and quietly so: it is an error.
 */
#include "validate/rule/predicates.h"
#include "validate/rule/tables.h"

#define OF OF_MACHINE, .quote = QUOTE_VALUE, .spec = "runvet-host(5)"
#define TYPES "{pid,network,mount,ipc,uts,user,cgroup,time}"
/* What may be at a path, alone or for one of two paths of one place. */
#define PATHS "{source,destination,node,host}"

static const char *const modes[] = { "v1", "hybrid", "v2", NULL };
static const char *const kinds[] = { "absent", "file", "directory", "socket", "fifo", "block", "character", "namespace",
	"other", NULL };

/* Numbers that the kernel counts without a sign, and never as 2^64. */
#define NATURAL .type = DOC_INT, .width = INT_U64

static const struct rule rows[] = {
	{ .at = "", .of = OF, .type = DOC_OBJECT },
	{ .at = "{kernel,self,namespaces,init,cgroup,seccomp,apparmor,selinux,capabilities,filesystems,limits,cpus,"
		"nodes,scheduler,interfaces,resctrl,clocks,hardware,tuning,gpu,places}", .of = OF, .type = DOC_OBJECT },
	{ .at = "{lsm,hugePages,rdma}", .of = OF, .type = DOC_ARRAY },
	{ .at = "{lsm,hugePages,rdma}[]", .of = OF, .type = DOC_STRING },

	{ .at = "kernel.{release,machine}", .of = OF, .type = DOC_STRING },
	{ .at = "capabilities.last", .of = OF, NATURAL },
	{ .at = "limits.nrOpen", .of = OF, NATURAL },
	{ .at = "cpus.{online,possible}", .of = OF, .type = DOC_STRING },
	{ .at = "nodes.{online,memory}", .of = OF, .type = DOC_STRING },
	{ .at = "nodes.numa", .of = OF, .type = DOC_BOOL },

	{ .at = "self.{euid,egid,nice,oomScoreAdj}", .of = OF, .type = DOC_INT },
	{ .at = "self.{initialUserNamespace,setgroups}", .of = OF, .type = DOC_BOOL },
	{ .at = "self.{cpusAllowed,memsAllowed}", .of = OF, .type = DOC_STRING },
	{ .at = "self.{uidMap,gidMap,subuids,subgids}", .of = OF, .type = DOC_ARRAY },
	{ .at = "self.{uidMap,gidMap,subuids,subgids}[]", .of = OF, .type = DOC_ARRAY },
	{ .at = "self.{uidMap,gidMap,subuids,subgids}[][]", .of = OF, NATURAL },
	{ .at = "self.{capabilities,namespaces,rlimits}", .of = OF, .type = DOC_OBJECT },
	{ .at = "self.capabilities.{effective,bounding}", .of = OF, .type = DOC_ARRAY },
	{ .at = "self.capabilities.{effective,bounding}[]", .of = OF, .type = DOC_STRING },
	{ .at = "self.rlimits.*", .of = OF, .type = DOC_OBJECT },
	{ .at = "self.rlimits.*.{soft,hard}", .of = OF, NATURAL },

	{ .at = "init.namespaces", .of = OF, .type = DOC_OBJECT },
	{ .at = "{self,init}.namespaces." TYPES, .of = OF, .type = DOC_OBJECT },
	{ .at = "{self,init}.namespaces." TYPES ".device", .of = OF, .type = DOC_STRING },
	{ .at = "{self,init}.namespaces." TYPES ".inode", .of = OF, NATURAL },
	{ .at = "namespaces.unprivilegedUser", .of = OF, .type = DOC_BOOL },
	{ .at = "namespaces." TYPES, .of = OF, .type = DOC_OBJECT },
	{ .at = "namespaces." TYPES ".available", .of = OF, .type = DOC_BOOL },
	{ .at = "namespaces." TYPES ".quota", .of = OF, NATURAL },

	{ .at = "cgroup.mode", .of = OF, .type = DOC_STRING },
	{ .id = "machine.cgroup-mode", .at = "cgroup.mode", .of = OF_MACHINE, .must = &be_one_of, .words = modes,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-host(5)" },
	{ .at = "cgroup.{controllers,v2}", .of = OF, .type = DOC_ARRAY },
	{ .at = "cgroup.{controllers,v2}[]", .of = OF, .type = DOC_STRING },
	{ .at = "cgroup.{own,cpus,mems}", .of = OF, .type = DOC_STRING },
	{ .at = "cgroup.delegated", .of = OF, .type = DOC_BOOL },
	{ .at = "cgroup.files", .of = OF, .type = DOC_OBJECT },
	{ .at = "cgroup.files.*", .of = OF, .type = DOC_ARRAY },
	{ .at = "cgroup.files.*[]", .of = OF, .type = DOC_STRING },

	{ .at = "seccomp.{actions,flags}", .of = OF, .type = DOC_ARRAY },
	{ .at = "seccomp.{actions,flags}[]", .of = OF, .type = DOC_STRING },
	{ .at = "seccomp.architecture", .of = OF, .type = DOC_STRING },
	{ .at = "apparmor.enabled", .of = OF, .type = DOC_BOOL },
	{ .at = "apparmor.profiles", .of = OF, .type = DOC_OBJECT },
	{ .at = "apparmor.profiles.*", .of = OF, .type = DOC_STRING },
	{ .at = "selinux.{enabled,enforcing}", .of = OF, .type = DOC_BOOL },

	{ .at = "filesystems.{known,loadable}", .of = OF, .type = DOC_ARRAY },
	{ .at = "filesystems.{known,loadable}[]", .of = OF, .type = DOC_STRING },
	{ .at = "filesystems.modules", .of = OF, .type = DOC_BOOL },
	{ .at = "scheduler.rtRuntimeUs", .of = OF, .type = DOC_INT, .width = INT_I64 },
	{ .at = "scheduler.rtGroup", .of = OF, .type = DOC_BOOL },
	{ .at = "scheduler.{deadlinePeriodMinUs,deadlinePeriodMaxUs}", .of = OF, NATURAL },
	{ .at = "interfaces.*", .of = OF, .type = DOC_OBJECT },
	{ .at = "interfaces.*.{loopback,immutable}", .of = OF, .type = DOC_BOOL },
	{ .at = "resctrl.{mounted,l3,mb,l3Monitoring}", .of = OF, .type = DOC_BOOL },
	{ .at = "resctrl.closids", .of = OF, NATURAL },
	{ .at = "resctrl.groups", .of = OF, .type = DOC_OBJECT },
	{ .at = "resctrl.groups.*", .of = OF, .type = DOC_ARRAY },
	{ .at = "resctrl.groups.*[]", .of = OF, .type = DOC_STRING },
	{ .at = "clocks.{monotonic,boottime}", .of = OF, .type = DOC_OBJECT },
	{ .at = "clocks.{monotonic,boottime}.secs", .of = OF, .type = DOC_INT, .width = INT_I64 },

	{ .at = "hardware.{cpu,numaCpus}", .of = OF, .type = DOC_OBJECT },
	{ .at = "hardware.cpu.{vendor,model,microcode}", .of = OF, .type = DOC_STRING },
	{ .at = "hardware.cpu.flags", .of = OF, .type = DOC_ARRAY },
	{ .at = "hardware.cpu.flags[]", .of = OF, .type = DOC_STRING },
	{ .at = "hardware.smt", .of = OF, .type = DOC_BOOL },
	{ .at = "hardware.{governor,isolated}", .of = OF, .type = DOC_STRING },
	{ .at = "hardware.numaNodes", .of = OF, NATURAL },
	{ .at = "hardware.numaCpus.*", .of = OF, .type = DOC_STRING },
	{ .at = "tuning.{aslr,swappiness,overcommit}", .of = OF, NATURAL },
	{ .at = "tuning.thp", .of = OF, .type = DOC_STRING },
	{ .at = "tuning.{numaBalancing,realtime}", .of = OF, .type = DOC_BOOL },
	{ .at = "gpu.nvidia", .of = OF, .type = DOC_OBJECT },
	{ .at = "gpu.nvidia.driver", .of = OF, .type = DOC_STRING },
	{ .at = "gpu.nvidia.devices", .of = OF, .type = DOC_ARRAY },
	{ .at = "gpu.nvidia.devices[]", .of = OF, .type = DOC_OBJECT },
	{ .at = "gpu.nvidia.devices[].{pci,uuid,model}", .of = OF, .type = DOC_STRING },
	{ .at = "gpu.nvidia.devices[].mig", .of = OF, .type = DOC_ARRAY },
	{ .at = "gpu.nvidia.devices[].mig[]", .of = OF, .type = DOC_STRING },

	{ .at = "places.*", .of = OF, .type = DOC_OBJECT },
	{ .at = "places.*.above", .of = OF, .type = DOC_ARRAY },
	{ .at = "places.*.above[]", .of = OF, .type = DOC_OBJECT },
	{ .at = "places.*.above[].path", .of = OF, .type = DOC_STRING },
	{ .at = "places.*.above[].{uid,gid,mode}", .of = OF, NATURAL },
	{ .at = "places.*.layers", .of = OF, .type = DOC_ARRAY },
	{ .at = "places.*.layers[]", .of = OF, .type = DOC_OBJECT },
	{ .at = "places.*.layers[].{role,kind,path,device,number,filesystem}", .of = OF, .type = DOC_STRING },
	{ .at = "places.*.layers[].{uid,gid,mode,inode}", .of = OF, NATURAL },
	{ .at = "places.*.layers[].{clean,executable,network,submounts}", .of = OF, .type = DOC_BOOL },
	{ .at = "places.*.layers[].flags", .of = OF, .type = DOC_ARRAY },
	{ .at = "places.*.layers[].flags[]", .of = OF, .type = DOC_STRING },
	{ .at = "places.*." PATHS, .of = OF, .type = DOC_OBJECT },
	{ .at = "places.*.{kind,path,device,number,filesystem,dev,proc,sys,type,digest}", .of = OF,
	  .type = DOC_STRING },
	{ .at = "places.*.{uid,gid,mode,inode}", .of = OF, NATURAL },
	{ .at = "places.*.{clean,executable,network,submounts,escapes,whole,exists,writable,populated,frozen,valid}",
	  .of = OF, .type = DOC_BOOL },
	{ .at = "places.*.flags", .of = OF, .type = DOC_ARRAY },
	{ .at = "places.*.flags[]", .of = OF, .type = DOC_STRING },
	{ .id = "machine.place-kind", .at = "places.*.kind", .of = OF_MACHINE, .must = &be_one_of, .words = kinds,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-host(5)" },
	{ .at = "places.*." PATHS ".{kind,path,device,number,filesystem}", .of = OF, .type = DOC_STRING },
	{ .at = "places.*." PATHS ".{uid,gid,mode,inode}", .of = OF, NATURAL },
	{ .at = "places.*.source.mountPoint", .of = OF, .type = DOC_STRING },
	{ .at = "places.*.source.elsewhere", .of = OF, .type = DOC_ARRAY },
	{ .at = "places.*.source.elsewhere[]", .of = OF, .type = DOC_STRING },
	{ .at = "places.*." PATHS ".{clean,executable,network,submounts,escapes}", .of = OF, .type = DOC_BOOL },
	{ .at = "places.*." PATHS ".flags", .of = OF, .type = DOC_ARRAY },
	{ .at = "places.*." PATHS ".flags[]", .of = OF, .type = DOC_STRING },
	{ .id = "machine.path-kind", .at = "places.*." PATHS ".kind", .of = OF_MACHINE, .must = &be_one_of,
	  .words = kinds, .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-host(5)" },
};

const struct rules conf_machine_rules = RULES(rows);
