/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Namespaces: which kinds there are, how many may be made, and in which ones this process and process 1 are. The links
 * of /proc/self/ns tell: stat(2) follows them to the namespace, in a tree their text "pid:[4026531836]" says the inode.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/file.h"
#include "validate/host/probe_ns.h"
#include "validate/host/read.h"
#include "validate/rule/around.h"

/* The specification's names, and the kernel's. */
static const struct {
	const char *type, *link, *quota;
} kinds[] = {
	{ "pid", "pid", "proc/sys/user/max_pid_namespaces" },
	{ "network", "net", "proc/sys/user/max_net_namespaces" },
	{ "mount", "mnt", "proc/sys/user/max_mnt_namespaces" },
	{ "ipc", "ipc", "proc/sys/user/max_ipc_namespaces" },
	{ "uts", "uts", "proc/sys/user/max_uts_namespaces" },
	{ "user", "user", "proc/sys/user/max_user_namespaces" },
	{ "cgroup", "cgroup", "proc/sys/user/max_cgroup_namespaces" },
	{ "time", "time", "proc/sys/user/max_time_namespaces" },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* The number in "pid:[4026531836]". */
static bool inode_of(struct bytes link, uint64_t *ret)
{
	const char *open = link.len ? memchr(link.data, '[', link.len) : NULL;
	if (!open || link.data[link.len - 1] != ']')
		return false;
	return read_number((struct bytes){ open + 1, (size_t)(link.data + link.len - 1 - (open + 1)) }, ret);
}

/* Reading the link is half as long a way as following it, and its text has all but the device. */
static bool look(struct probe *p, int directory, const char *link, uint64_t *ret)
{
	char text[64];
	if (!p->host->live)
		return inode_of(read_link(directory, link, text, sizeof(text)), ret);
	const ssize_t n = readlinkat(directory, link, text, sizeof(text));
	return n > 0 && inode_of((struct bytes){ text, (size_t)n }, ret);
}

/* All namespaces are files of one file system. */
static bool device_of(struct probe *p, int directory, char *to, size_t size)
{
	struct stat st;
	for (size_t i = 0; p->host->live && i < KINDS; i++)
		if (fstatat(directory, kinds[i].link, &st, 0) == 0) {
			(void)snprintf(to, size, "%u:%u", major(st.st_dev), minor(st.st_dev));
			return true;
		}
	return false;
}

/* The kernel's links to the namespaces that this process is in: a descriptor that stays open; negative: none. */
static int probe_links(struct probe *p)
{
	if (p->links == -1)
		p->links = read_open(p->host->root, "proc/self/ns", O_PATH | O_DIRECTORY);
	return p->links;
}

void probe_add_namespaces(struct probe *p, struct doc *to, const char *path)
{
	cleanup_close int directory = read_open(p->host->root, path, O_PATH | O_DIRECTORY);
	char device[32];
	const bool known = directory >= 0 && device_of(p, directory, device, sizeof(device));
	for (size_t i = 0; directory >= 0 && i < KINDS; i++) {
		uint64_t inode;
		if (!look(p, directory, kinds[i].link, &inode))
			continue;
		struct doc *one = make_object(p->arena, to, kinds[i].type);
		if (known)
			make_string(p->arena, one, "device", bytes_of(device));
		make_uint(p->arena, one, "inode", inode);
	}
}

enum user_namespace probe_user_namespace(struct probe *p)
{
	if (p->user_namespace != USER_NAMESPACE_UNASKED)
		return p->user_namespace;
	if (p->host->live && user_namespace_initial()) {
		p->user_inode = USER_NAMESPACE_INODE;
		p->user_namespace = USER_NAMESPACE_INITIAL;
		return p->user_namespace;
	}
	/* On this machine by its path: the directory is not needed for the other kinds where these are known. */
	const bool there = p->host->live ? look(p, p->host->root, "proc/self/ns/user", &p->user_inode)
					 : probe_links(p) >= 0 && look(p, p->links, "user", &p->user_inode);
	p->user_namespace = !there                      ? USER_NAMESPACE_UNKNOWN
		: p->user_inode == USER_NAMESPACE_INODE ? USER_NAMESPACE_INITIAL
							: USER_NAMESPACE_OTHER;
	return p->user_namespace;
}

bool probe_rootless(struct probe *p)
{
	struct bytes ids, word;
	uint64_t euid = 0;
	if (probe_user_namespace(p) == USER_NAMESPACE_OTHER)
		return true;
	if (p->host->live)
		return geteuid() != 0;
	ids = probe_status(p, "Uid");
	return read_word(&ids, &word) && read_word(&ids, &word) && read_number(word, &euid) && euid != 0;
}

/* Whether the document asks for a namespace of that kind, so that its quota is of interest. */
static bool wanted(const struct probe *p, const char *type)
{
	return !p->config || (!*p->below && around_namespace(p->config, type));
}

bool probe_joins(const struct probe *p)
{
	const struct doc *list = p->config && !*p->below ? doc_find(p->config, "linux.namespaces") : NULL;
	for (const struct doc *e = list ? list->first : NULL; e; e = e->next)
		if (doc_string(e, "path", BYTES("")).len)
			return true;
	return !p->config;
}

/*
 * What keeps a user without privilege from making a user namespace: Debian's switch, and the quota. Ubuntu's takes the
 * rights in it away from those whose AppArmor profile does not grant them: whose does is not known here.
 */
static void add_unprivileged(struct probe *p, struct doc *to)
{
	bool allowed = true, restricted = false;
	uint64_t quota = 1;
	const bool known = read_number_below(p->host->root, "proc/sys/user/max_user_namespaces", &quota);
	(void)probe_bool(p, "proc/sys/kernel/unprivileged_userns_clone", &allowed);
	(void)probe_bool(p, "proc/sys/kernel/apparmor_restrict_unprivileged_userns", &restricted);
	if (!allowed || quota == 0)
		make_bool(p->arena, to, "unprivilegedUser", false);
	else if (known && !restricted)
		make_bool(p->arena, to, "unprivilegedUser", true);
}

/* A kind is there for good; a quota that was not zero earlier in this boot is not read again, and unknown. */
static void add_kind(struct probe *p, struct doc *to, const char *type, const char *link, const char *path)
{
	struct bytes words;
	uint64_t quota;
	struct stat st;
	if (probe_recall(p, "quota", type, &words)) {
		make_bool(p->arena, make_object(p->arena, to, type), "available", true);
		return;
	}
	if (probe_links(p) < 0)
		return;
	struct doc *one = make_object(p->arena, to, type);
	const bool there = fstatat(p->links, link, &st, AT_SYMLINK_NOFOLLOW) == 0;
	make_bool(p->arena, one, "available", there);
	if (!read_number_below(p->host->root, path, &quota))
		return;
	make_uint(p->arena, one, "quota", quota);
	if (quota && there)
		(void)probe_learn(p, "quota", type);
}

void probe_namespaces(struct probe *p)
{
	struct doc *to = make_member(p->arena, p->to, "namespaces");
	for (size_t i = 0; i < KINDS; i++)
		if (wanted(p, kinds[i].type))
			add_kind(p, to, kinds[i].type, kinds[i].link, kinds[i].quota);
	if (wanted(p, "user") || probe_rootless(p))
		add_unprivileged(p, to);
	struct doc *first = probe_joins(p) ? make_document(p->arena) : NULL;
	if (first)
		probe_add_namespaces(p, first, "proc/1/ns");
	if (first && first->count)
		make_copy(p->arena, make_member(p->arena, p->to, "init"), "namespaces", first);
}
