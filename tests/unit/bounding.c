/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is held for the bounding set is the bounding set: processes of many kinds (capabilities dropped from any of the
 * sets, inheritable and ambient ones, user namespaces, other users, a root that gains nothing), each of which becomes
 * this program anew, as the runtime is executed, and asks the kernel for each capability.
 */
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tests/unit/host.h"
#include "validate/host/probe.h"

#define KNOWN 38u /* capabilities that every kernel since 3.16 has */
#define KINDS 64u

static uint64_t seed = 20;

static uint64_t random_set(void)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return seed >> 24;
}

static bool get(struct __user_cap_data_struct data[2])
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	return syscall(SYS_capget, &head, data) == 0;
}

static bool put(const struct __user_cap_data_struct data[2])
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	return syscall(SYS_capset, &head, data) == 0;
}

static bool in_bounding(unsigned i)
{
	return prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1;
}

/* What a look finds, of a document that lists those of `named`. */
static bool found(struct arena *a, uint64_t named, uint64_t *ret)
{
	const struct host h = { .root = open("/", O_PATH | O_CLOEXEC), .live = true };
	struct asking asking = { .all = ASK(ASK_SELF) };
	struct doc *config = make_document(a);
	struct doc *list = make_array(a, make_object(a, make_object(a, config, "process"), "capabilities"), "bounding");
	const struct doc *host = NULL;
	struct fail broken;
	for (unsigned i = 0; i < KNOWN; i++)
		if (named >> i & 1)
			make_string(a, list, NULL, bytes_of(probe_capability(i)));
	const struct host_question q = { .config = config, .below = "", .asking = &asking };
	const bool looked = host_look(a, &h, &q, &host, &broken) == 0;
	(void)close(h.root);
	const struct doc *is = looked ? doc_find(host, "self.capabilities.bounding") : NULL;
	*ret = 0;
	for (const struct doc *e = is ? is->first : NULL; e; e = e->next)
		for (unsigned i = 0; i < KNOWN; i++)
			if (bytes_is(e->string, probe_capability(i)))
				*ret |= UINT64_C(1) << i;
	return is != NULL;
}

/* The process that was made so, after execve(2): 0 when the kernel agrees on all that was named; 1 not. */
static int look(void)
{
	const uint64_t all = (UINT64_C(1) << KNOWN) - 1;
	struct __user_cap_data_struct data[2] = { 0 };
	uint64_t kernel = 0;
	(void)get(data);
	const uint64_t permitted = ((uint64_t)data[1].permitted << 32 | data[0].permitted) & all;
	/* What is named decides which way is taken: all of it, what is there, what is permitted, and some of that. */
	const uint64_t names[] = { all, 0, permitted, permitted & random_set(), permitted & random_set(),
		random_set() & all };
	for (unsigned i = 0; i < KNOWN; i++)
		kernel |= (uint64_t)in_bounding(i) << i;
	for (unsigned n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
		struct arena a;
		const uint64_t named = names[n] ? names[n] : kernel;
		uint64_t is;
		arena_init(&a, LIMIT_ARENA);
		const bool same = found(&a, named, &is) && (is & named) == (kernel & named);
		arena_done(&a);
		if (!same) {
			printf("# named %llx, found %llx, the kernel has %llx\n", (unsigned long long)named,
				(unsigned long long)is, (unsigned long long)kernel);
			return 1;
		}
	}
	return 0;
}

/* Some sets at random, as far as this process may. Ambient ones are inheritable and permitted. */
static void change(unsigned kind)
{
	struct __user_cap_data_struct data[2] = { 0 };
	const uint64_t keep = kind & 1 ? random_set() | random_set() : ~UINT64_C(0),
		       inherit = kind & 2 ? random_set() : 0;
	const bool drops_first = kind & 4;
	if ((kind & 8) && unshare(CLONE_NEWUSER) < 0)
		_exit(77);
	for (unsigned turn = 0; turn < 2; turn++) {
		if ((turn == 0) == drops_first)
			for (unsigned i = 0; i < KNOWN; i++)
				if (!(keep >> i & 1))
					(void)prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
		if ((turn == 0) != drops_first && get(data)) {
			data[0].inheritable = (uint32_t)inherit & data[0].permitted;
			data[1].inheritable = (uint32_t)(inherit >> 32) & data[1].permitted;
			(void)put(data);
		}
	}
	for (unsigned i = 0; i < KNOWN; i++)
		if (random_set() & 1)
			(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0);
	if (kind & 16)
		(void)prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_KEEP_CAPS | SECBIT_NO_SETUID_FIXUP, 0, 0, 0);
	if ((kind & 32) && !(kind & 8))
		(void)(setgroups(0, NULL) == 0 && setgid(1000) == 0 && setuid(1000) == 0);
}

static int ends_as(unsigned kind)
{
	int status;
	const pid_t child = fork();
	if (child == 0) {
		change(kind);
		(void)execl("/proc/self/exe", "bounding", "look", (char *)NULL);
		_exit(76);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(int argc, char **argv)
{
	unsigned looked = 0, wrong = 0;
	if (argc > 1 && strcmp(argv[1], "look") == 0)
		return look();
	for (unsigned n = 0; n < KINDS * 2; n++) {
		const int status = ends_as(n % KINDS);
		(void)random_set();
		looked += status == 0;
		/* 77: no user namespaces here; 76: another user who may not execute this file. */
		if (status == 0 || status == 77 || status == 76)
			continue;
		printf("# kind %u: %d\n", n % KINDS, status);
		wrong++;
	}
	is_int(wrong, 0, "processes in which another bounding set was found than the kernel has");
	ok(looked >= KINDS / 4, "and %u were looked at", looked);
	return tap_done();
}
