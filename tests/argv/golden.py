#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints golden.txt: every command line that a known engine writes, one per line.

Below, each line stands as its engine composes it: [words] come and go, and <slot=value> marks a word (or the rest of one
behind "=") whose meaning argv_read has to find; <slot=> marks a flag. A line with up to four bracketed parts is written in
all its forms, one with more without any, with all, with each alone and with all but each.

Columns, separated by tabs: dialects, what is expected, the words (separated by spaces).
"""
import itertools
import re

B, P, S = '<bundle=/run/golden/bundle>', '<pid-file=/run/golden/init.pid>', '<console-socket=/run/golden/tty.sock>'
ID = '<id=c1.a_b-2>'
PROC = '<process=/run/golden/process.json>'
SYS = '[--systemd-cgroup<systemd-cgroup=>]'
CTRD = '--root <root=/run/containerd/runc/k8s.io> --log <log=/run/golden/log.json> --log-format <log-format=json>'
LINES = []


def engine(name):
    LINES.append('# ' + name)


def line(dialects, outcome, template):
    groups = re.findall(r'\[[^]]*\]', template)
    n = len(groups)
    if n <= 4:
        chosen = itertools.product([False, True], repeat=n)
    else:
        chosen = [(False,) * n, (True,) * n]
        for keep in range(n):
            chosen.append(tuple(i == keep for i in range(n)))
            chosen.append(tuple(i != keep for i in range(n)))
    for choice in dict.fromkeys(chosen):
        picks = iter(choice)
        text = re.sub(r'\[([^]]*)\]', lambda m: m.group(1) if next(picks) else '', template)
        marks = dict(m.split('=', 1) for m in re.findall(r'<([^>]*)>', text))
        words = ' '.join(re.sub(r'<[^=>]*=([^>]*)>', r'\1', text).split())
        columns = ' '.join([outcome] + [f'{k}={v}' for k, v in sorted(marks.items())])
        LINES.append(f'{dialects}\t{columns}\t{words}')


engine('containerd, its shim (go-runc): 1.6 to 2.x; --criu is 1.6, --pidfd-socket what comes next')
for verb, tail in (('create', '[--no-pivot] [--no-new-keyring]'), ('run', '[--no-pivot] [--no-new-keyring] [--detach<detach=>]')):
    line('runc', f'judge verb={verb}', f'{CTRD} [--criu /usr/sbin/criu] {SYS} {verb} --bundle {B} --pid-file {P} '
         f'[--console-socket {S}] [--pidfd-socket /run/golden/p.sock] {tail} {ID}')
    line('crun,youki,runsc', f'judge verb={verb}', f'{CTRD} {SYS} {verb} --bundle {B} --pid-file {P} [--console-socket {S}] {tail} {ID}')
line('runc', 'judge verb=exec', f'{CTRD} {SYS} exec --process {PROC} [--console-socket {S}] [--pidfd-socket /run/golden/p.sock] '
     f'--detach<detach=> --pid-file {P} {ID}')
line('crun,youki,runsc', 'judge verb=exec', f'{CTRD} {SYS} exec --process {PROC} [--console-socket {S}] --detach<detach=> --pid-file {P} {ID}')
RESTORE = (f'{CTRD} {SYS} restore --image-path /run/golden/image --work-path /run/golden/work [--parent-path /run/golden/parent] '
           f'--detach<detach=> --pid-file {P} [--console-socket {S}] [--no-pivot] -no-subreaper --bundle {B} {ID}')
line('runc,runsc', 'judge verb=restore', RESTORE)
for verb in ('start', 'delete', 'delete --force', 'pause', 'resume', 'ps --format json', 'state'):
    line('all', f'pass verb={verb.split()[0]}', f'{CTRD} {SYS} {verb} {ID}')
line('all', 'pass verb=kill rest=1', f'{CTRD} {SYS} kill [--all] {ID} 9')
line('all', 'judge verb=update', f'{CTRD} {SYS} update --resources=<resources=-> {ID}')
line('runc', 'pass verb=checkpoint', f'{CTRD} {SYS} checkpoint --image-path /run/golden/image --work-path /run/golden/work '
     f'[--parent-path /run/golden/parent] [--tcp-established] [--ext-unix-sk] [--shell-job] [--file-locks] '
     f'[--empty-ns network --empty-ns mount] [--leave-running] {ID}')
line('crun,youki', 'pass verb=checkpoint', f'{CTRD} {SYS} checkpoint --image-path /run/golden/image --work-path /run/golden/work '
     f'[--parent-path /run/golden/parent] [--tcp-established] [--ext-unix-sk] [--shell-job] [--file-locks] [--leave-running] {ID}')
line('all', 'pass verb=features', f'[{CTRD}] features')
line('all', 'pass verb=list', f'{CTRD} list [--format json]')
line('all', 'pass verb=events', f'{CTRD} events [--stats] {ID}')
line('all', 'pass verb=', '--version<version=>')
line('runc,crun,youki', 'pass verb=', '-v<version=>')
line('crun', 'pass verb=', '-V')
line('all', 'pass verb=', '--help')
line('all', 'pass verb=', '')

engine('conmon 2.1 for Podman; containers.conf may add global flags, here --debug')
POD = '[--debug<debug=>] --log-format=<log-format=json> --log <log=/run/golden/oci-log>'
KEYS = '[--no-pivot] [--no-new-keyring]'
for dialect, extra in (('runc', ''), ('crun', ' [--cgroup-manager disabled]'), ('youki', '')):
    line(dialect, 'judge verb=create', f'{SYS} {POD}{extra} create --bundle {B} --pid-file {P} {KEYS} [--preserve-fds 2] [--console-socket {S}] {ID}')
    line(dialect, 'judge verb=exec', f'{POD}{extra} exec --pid-file {P} --process {PROC} --detach<detach=> [--preserve-fds 2] [--console-socket {S}] {ID}')
for dialect in ('runc', 'crun'):
    line(dialect, 'judge verb=restore', f'{SYS} {POD} restore --bundle {B} --pid-file {P} {KEYS} --detach<detach=> --image-path /run/golden/image '
         f'--work-path /run/golden/bundle [--tcp-established] [--tcp-close] [--file-locks] [--lsm-profile=selinux:container_runtime_t] '
         f'[--lsm-mount-context=system_u:object_r:container_file_t:s0:c1,c2] [--console-socket {S}] {ID}')
line('runc,crun,youki', 'judge verb=exec', f'{POD} exec --pid-file {P} --process {PROC} -d<detach=> [--tty<tty=>] {ID}')
for verb in ('start', 'delete --force', 'pause', 'resume', 'state'):
    line('all', f'pass verb={verb.split()[0]}', f'{SYS} {verb} {ID}')
line('all', 'pass verb=kill rest=1', f'kill [--all] {ID} 15')
line('all', 'judge verb=update', f'update --resources=<resources=/run/golden/resources.json> {ID}')
line('all', 'pass verb=checkpoint', 'checkpoint --help')
line('runc,crun', 'pass verb=restore', 'restore --lsm-mount-context')

engine('conmon 2.1 for CRI-O, and CRI-O itself')
CRIO = '--root=<root=/run/runc>'
for dialect in ('runc', 'crun', 'youki', 'runsc'):
    line(dialect, 'judge verb=create', f'{SYS} {CRIO} create --bundle {B} --pid-file {P} {KEYS} [--console-socket {S}] {ID}')
    line(dialect, 'judge verb=exec', f'{CRIO} exec --pid-file {P} --process {PROC} --detach<detach=> [--console-socket {S}] {ID}')
line('runc,crun', 'judge verb=restore', f'{SYS} {CRIO} restore --bundle {B} --pid-file {P} {KEYS} --detach<detach=> --image-path /run/golden/image '
     f'--work-path /run/golden/bundle [--console-socket {S}] {ID}')
CRIO2 = '--root <root=/run/runc>'
for verb in ('start', 'state', 'delete --force', 'pause', 'resume'):
    line('all', f'pass verb={verb.split()[0]}', f'{CRIO2} {SYS} {verb} {ID}')
line('all', 'pass verb=kill rest=1', f'{CRIO2} {SYS} kill {ID} TERM')
line('runc,crun,youki', 'pass verb=checkpoint', f'{CRIO2} {SYS} checkpoint --image-path /run/golden/image --work-path /run/golden/work [--leave-running] {ID}')
line('all', 'judge verb=update', f'{CRIO2} update --resources <resources=-> {ID}')
line('all', 'judge verb=exec', f'{CRIO2} {SYS} exec --process {PROC} {ID}')

engine('conmon-rs: some globals twice')
RS = '--root=<root=/run/runc> --systemd-cgroup<systemd-cgroup=>'
for dialect, extra in (('runc', ''), ('crun', '[--log=<log=journald:c1> --log-level=debug]')):
    line(dialect, 'judge verb=create', f'{extra} {RS} {RS} create --bundle {B} --pid-file {P} {KEYS} [--console-socket=<console-socket=/run/golden/tty.sock>] {ID}')
    line(dialect, 'judge verb=exec rest=3', f'{extra} {RS} {RS} exec -d<detach=> [--console-socket=<console-socket=/run/golden/tty.sock> --tty<tty=>] '
         f'--pid-file=<pid-file=/run/golden/init.pid> {ID} sh -c true')

engine('Buildah, isolation oci')
line('runc,crun,youki,runsc', 'judge verb=create', f'{SYS} create --bundle {B} --pid-file {P} [--no-new-keyring] [--no-pivot] [--console-socket {S}] {ID}')
for verb in ('start', 'state', 'delete'):
    line('all', f'pass verb={verb}', f'{verb} {ID}')
line('all', 'pass verb=kill', f'kill {ID}')
line('all', 'pass verb=kill rest=1', f'kill {ID} 9')

engine('BuildKit, docker build')
BK = '--log <log=/run/golden/runc-log.json> --log-format <log-format=json>'
line('runc,crun,youki', 'judge verb=run', f'{BK} run --bundle {B} [--no-pivot] [--keep] {ID}')
line('all', 'judge verb=exec', f'{BK} exec --process {PROC} --pid-file {P} {ID}')
line('all', 'pass verb=delete', f'{BK} delete {ID}')
line('all', 'pass verb=state', f'{BK} state {ID}')

engine("gVisor's own shim")
GV = ('--root=<root=/run/containerd/runsc/k8s.io> --log=<log=/run/golden/log.json> --log-format=<log-format=json> '
      '[--debug=<debug=true>] [--platform=systrap]')
line('runsc', 'judge verb=create', f'{GV} create --bundle {B} [--console-socket {S}] --pid-file {P} [--user-log /run/golden/user.log] {ID}')
line('runsc', 'pass verb=wait', f'{GV} wait {ID}')

engine('a person')
line('runc,crun,youki', 'judge verb=run', f'run -b {B} {ID}')
line('all', 'judge verb=create', f'create --bundle {B} -- {ID}')
line('all', 'judge verb=create', f'create {ID}')
line('runc,crun', 'judge verb=exec rest=2 flags=1', f'exec -t<tty=> -e A=B -e C=D --user 0:0 -c CAP_SYS_ADMIN {ID} ls -l')
line('youki', 'judge verb=exec rest=2 flags=1', f'exec -t<tty=> -e A=B -e C=D --user 0:0 --cap CAP_SYS_ADMIN {ID} ls -l')
line('runsc', 'judge verb=exec rest=2 flags=1', f'exec --env A=B --env C=D --user 0:0 --cap CAP_SYS_ADMIN {ID} ls -l')
line('runc,crun', 'judge verb=update', f'update --memory 100 --memory-swap=-1 --pids-limit=10 {ID}')
line('crun', 'judge verb=create', f'create --bundle {B} -f <config=/run/golden/other.json> {ID}')

print('# SPDX-License-Identifier: Apache-2.0')
print('# Printed by golden.py, which also says what the columns mean.')
print('\n'.join(LINES))
