/* SPDX-License-Identifier: Apache-2.0 */
/* Questions that nobody answers yet. */
#include "validate/host/probe.h"

void probe_kernel(struct probe *p)
{
	(void)p;
}

void probe_self(struct probe *p)
{
	(void)p;
}

void probe_rlimits(struct probe *p)
{
	(void)p;
}

void probe_subids(struct probe *p)
{
	(void)p;
}

void probe_namespaces(struct probe *p)
{
	(void)p;
}

void probe_cgroup(struct probe *p)
{
	(void)p;
}

void probe_cgroup_files(struct probe *p)
{
	(void)p;
}

void probe_seccomp(struct probe *p)
{
	(void)p;
}

void probe_lsm(struct probe *p)
{
	(void)p;
}

void probe_apparmor_profiles(struct probe *p)
{
	(void)p;
}

void probe_capabilities(struct probe *p)
{
	(void)p;
}

void probe_filesystems(struct probe *p)
{
	(void)p;
}

void probe_limits(struct probe *p)
{
	(void)p;
}

void probe_cpus(struct probe *p)
{
	(void)p;
}

void probe_huge_pages(struct probe *p)
{
	(void)p;
}

void probe_scheduler(struct probe *p)
{
	(void)p;
}

void probe_interfaces(struct probe *p)
{
	(void)p;
}

void probe_rdma(struct probe *p)
{
	(void)p;
}

void probe_resctrl(struct probe *p)
{
	(void)p;
}

void probe_clocks(struct probe *p)
{
	(void)p;
}
