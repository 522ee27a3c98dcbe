/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl doctor: what is wrong with a node, as rows. What can be wrong is a table (symptom.c); whoever looks at a
 * part of the node adds rows of it with what was seen, and what to type.
 */
#pragma once

#include "ctl/node/node.h"
#include "validate/rule/rule.h"

#define DOCTOR_ROWS 256u /* more are counted only */

/* The table's order is the order of the report within an engine. */
enum symptom {
	S_CONFIG_UNREADABLE,
	S_DAEMON_SILENT,
	S_DAEMON_DIFFERS,
	S_DAEMON_OLDER,
	S_NO_RUNTIME,
	S_NOT_DEFAULT,
	S_RUNTIME_MISSING,
	S_RUNTIME_ARGS,
	S_RUNTIME_PATH,
	S_CGROUP_DRIVER,
	S_AROUND_RUNC,
	S_AROUND_BUILD,
	S_AROUND_HANDLER,
	S_AROUND_SOCKET,
	S_AROUND_CLIENT,
	S_AROUND_OPTION,
	S_AROUND_USER,
	S_AROUND_RUNNING,
	S_INSTALL_STOPPED,
	S_NAME_MISSING,
	S_BINARY_OWNER,
	S_BINARY_SETUID,
	S_POLICY_NONE,
	S_POLICY_BROKEN,
	S_POLICY_OWNER,
	S_POLICY_AUDIT,
	S_POLICY_AUDIT_OLD,
	S_POLICY_EXEMPT_ENDED,
	S_RUNTIMES_BROKEN,
	S_DELEGATE_NONE,
	S_DELEGATE_OWNER,
	S_DELEGATE_RING,
	S_DELEGATE_OLD,
	S_BYPASS,
	S_RUN_OWNER,
	S_CHAIN_OWNER,
	S_CHAIN_OFF,
	S_CHAIN_SPILLED,
	S_CHAIN_SPACE,
	S_JOURNAL_NONE,
	S_JOURNAL_GAP,
	S_JOURNAL_VOLATILE,
	S_CATALOG_MISSING,
	S_KERNEL_OLD,
	S_KERNEL_SECCOMP,
	S_ENGINE_NONE,
	SYMPTOMS,
};

struct symptom_row {
	const char *id;         /* "docker.config", stable */
	enum severity severity; /* unless a row says another */
	const char *why;        /* one sentence: what follows from it */
};
extern const struct symptom_row symptom_rows[SYMPTOMS];

struct ailment {
	enum symptom symptom;
	enum severity severity;
	const char *engine; /* "docker" …; NULL: of runvet's own */
	const char *what;   /* what was seen */
	const char *mend;   /* what to type, or to do; lines part by newlines; NULL: nothing can be done */
};

/* One engine, as it was found. */
struct seen_engine {
	const char *name, *title;    /* "docker", "Docker" */
	bool present;
	const char *file;            /* its configuration */
	const char *runtime;         /* the default one's name; NULL: not known */
	bool covered;                /* the default goes through runvet */
	pid_t pid;
};

#define ENGINES_MOST 8u

struct doctor {
	struct node *node;
	struct ailment *rows;
	size_t count, errors, warnings, infos;
	const char *engine;          /* whose rows are being added */
	struct seen_engine engines[ENGINES_MOST];
	size_t engine_count;
	const char *const *only;     /* names of engines that were asked for, closed by NULL; NULL: all */
	const char *delegates[8];    /* names below libexec that engines use */
	size_t delegate_count;
};

/* Adds a row; `what` and `mend` are kept. NULL texts come of used up memory, and are taken as empty. */
void doctor_add(struct doctor *d, enum symptom s, const char *what, const char *mend);
void doctor_add_as(struct doctor *d, enum symptom s, enum severity severity, const char *what, const char *mend);

/* Text for either. */
const char *doctor_text(struct doctor *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- engines --------------------------------------------------------------------------------------------------- */

/* A runtime that an engine can be told to use. */
struct handler {
	const char *name;       /* "runc" */
	const char *word;       /* what the engine calls: a path, or a name */
	const char *type;       /* containerd's, CRI-O's; "" */
	struct program program;
	bool reserved;          /* the engine has it whatever its configuration says */
	bool foreign;           /* no OCI runtime at all: a virtual machine, a shim of its own */
	bool is_default;
};

#define HANDLERS_MOST 64u

struct handlers {
	struct handler of[HANDLERS_MOST];
	size_t count;
};

struct handler *handler_add(struct handlers *h, const char *name, const char *word);

/* Rows about the handlers of an engine: is the default covered, what is missing, which are ways around. */
void handlers_judge(struct doctor *d, struct seen_engine *e, const struct handlers *h, const char *mend_default);

/* Starts an engine: NULL when it is not asked for, or not there. */
struct seen_engine *engine_begin(struct doctor *d, const char *name, const char *title, bool present);

/* A row when the daemon was started before its configuration was last written. */
void engine_age(struct doctor *d, const struct daemon *daemon, const struct conf *c);

/* A row when the file is there and cannot be read. True when it could, or is not there. */
bool engine_conf(struct doctor *d, const struct conf *c);

void doctor_docker(struct doctor *d);
void doctor_buildkit(struct doctor *d);
void doctor_containerd(struct doctor *d);
void doctor_crio(struct doctor *d);
void doctor_podman(struct doctor *d);

/* --- runvet's own ---------------------------------------------------------------------------------------------- */

void doctor_own(struct doctor *d);      /* names, binary, delegates, runtimes.d */
void doctor_policy(struct doctor *d);
void doctor_sinks(struct doctor *d);    /* chain, journal, /run/runvet, break-glass */
void doctor_kernel(struct doctor *d);
void doctor_running(struct doctor *d);  /* containers that came around it */
