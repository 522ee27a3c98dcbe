/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvet, the runtime that engines call. Where things are:
 *
 *	call.c          what was called: the line, the container's note, the delegate; how a verb passes
 *	argv.c          the command line, read the one way on which all delegates agree
 *	dialect.c       what each delegate's command line may hold
 *	runtimes.c      runtimes.d: where delegates live
 *	delegate.c      which one it is, that it is not ourselves, and execve
 *	delegate_features.c  what it says that it can
 *	judge.c         the way of a judged verb, stage by stage
 *	trial.c         what stays of it: the record, the note
 *	start.c         whether what is started is what was approved: drift.c, rewritten.c
 *	step.c          a step in a container's life, told in passing
 *	context.c       who calls, and for whom
 *	bundle.c        config.json, process.json, resources: read once, and still the same later
 *	stdin.c         the document that comes on standard input, and is put back
 *	bypass.c        the break-glass file
 *	refuse.c        "no", in the words and on the channels of the engines
 *	runtime_path.c  called as a containerd shim
 *
 * Three ways lead through main, and none comes back when all is well: this process becomes the shim, or the delegate
 * with nothing asked, or the delegate with its bundle judged and its record written.
 */
#include "shim/call.h"
#include "shim/judge.h"
#include "shim/runtime_path.h"
#include "validate/base/ours.h"

int main(int argc, char **argv, char **envp)
{
	struct call call;
	const char *name = called_name(argv);

	int code;

	dir_kept_briefly();
	call_init(&call, argc, argv, envp);
	if (runtime_path_asked(argc, argv, name)) {
		code = runtime_path_exec(&call.arena, &call.dirs, argv, envp);
	} else {
		call_read(&call);
		code = call_passes(&call) ? call_pass(&call) : judge(&call);
	}
	arena_done(&call.arena);
	return code;
}
