#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""differential.py SHOW DIALECT DELEGATE [COUNT]: argv_read against a real runtime.

Makes COUNT unusual command lines, asks SHOW (tests/argv/show.c) how argv_read reads them, and runs DELEGATE under strace with those
that argv_read does not refuse. Where it was told to change to (its bundle) and which container it looked for below which root is what
it understood; that has to be what argv_read understood, and of a line that merely passes nothing may be created. Every container
that could be meant exists already as an empty directory, so that nothing is ever started. Run it where it may be root and
/run may be covered: unshare --mount, as tests/e2e/argv_differential.bats does.
"""
import json
import os
import random
import re
import subprocess
import sys
import tempfile

IDS = ['x', 'y', 'create', '2']
OPTIONS = ['--bundle A', '--bundle A', '--bundle=B', '-b C', '-bundle B', '-bB', '-b=B', '--bun C', '--bundle=', '--bundle', ' --bundle B', '--no-pivot',
           '--no-pivot=false', '-no-pivot', '--no-new-keyring', '--pid-file /nonexistent/pid', '--help', '--help=false', '-h', '-?', '--preserve-fds 0',
           '--preserve-fds=0', '--root R', '--', '-', '', 'y', '--config B/config.json', '-f B/config.json']
GLOBALS = ['--root R', '--root=R', '--root S', '--roo S', '-root S', '--rootless true', '--rootless=true', '--rootless S', '--debug', '--debug=false', '--log /dev/null', '--log=/dev/null',
           '--log-format json', '--systemd-cgroup', '--', '--help', '--help=false', '--version', '', ' ', 'y']
VERBS = ['create'] * 8 + [' create', 'state', 'creat', 'help', '-create']


def lines(count, here):
    """Word lists: globals, a verb, options, an id, and something behind it now and then."""
    dice = random.Random(20260601)
    place = {w: os.path.join(here, w) for w in 'ABCRS'}

    def pick(choices, most):
        words = []
        for _ in range(dice.choice([0, 0, 1, 1, 1, 2, most])):
            text = dice.choice(choices)
            lead = text[:len(text) - len(text.lstrip())]
            words += [lead + w if n == 0 else w for n, w in enumerate(text.split())] or [text]
        return [re.sub(r'(^|=|-b)([ABCRS])(?=$|/)', lambda m: m.group(1) + place[m.group(2)], w) for w in words]

    made = []
    for _ in range(count):
        words = pick(GLOBALS, 3) + [dice.choice(VERBS)] + pick(OPTIONS, 4)
        words += [dice.choice(IDS)] if dice.random() < 0.9 else []
        words += pick(OPTIONS, 2) if dice.random() < 0.15 else []
        made.append(words)
    return made


def escaped(words):
    return ' '.join(''.join(c if 0x21 <= ord(c) < 0x7f and c != '\\' else f'\\x{ord(c):02x}' for c in w) or '\\0' for w in words)


def make_bundle(path):
    os.makedirs(os.path.join(path, 'rootfs'))
    subprocess.run(['runc', 'spec'], cwd=path, check=True)
    with open(os.path.join(path, 'config.json'), 'r+', encoding='ascii') as file:
        config = json.load(file)
        config['process']['terminal'] = False
        file.seek(0)
        file.truncate()
        json.dump(config, file)


def understood(delegate, words, here, trace):
    """(bundle, root, id) as the system calls tell; each None where it did not get that far."""
    subprocess.run(['strace', '-f', '-qq', '-s', '4096', '-e', 'trace=file,chdir', '-o', trace, delegate, *words], cwd=here, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20, check=False)
    bundle = found = None
    roots = '|'.join(re.escape(r) for r in (os.path.join(here, 'R'), os.path.join(here, 'S'), f'/run/{os.path.basename(delegate)}'))
    with open(trace, encoding='utf-8', errors='replace') as file:
        for call in file:
            moved = re.search(r'\bchdir\("([^"]*)"', call)
            looked = re.search(rf'"({roots})/+([^"/]+)', call)
            if moved and not found:
                bundle = os.path.normpath(os.path.join(here, moved.group(1)))
            if looked and not found:
                found = (looked.group(1), looked.group(2))
    return bundle, *(found or (None, None))


def main():
    show, dialect, delegate = sys.argv[1:4]
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 300
    with tempfile.TemporaryDirectory() as here:
        default = f'/run/{os.path.basename(delegate)}'
        for bundle in 'ABC':
            make_bundle(os.path.join(here, bundle))
        make_bundle(here)
        for root in (os.path.join(here, 'R'), os.path.join(here, 'S'), default):
            for name in IDS + ['-', '--', 'state', 'help']:
                os.makedirs(os.path.join(root, name), exist_ok=True)
        made = lines(count, here)
        asked = subprocess.run([show, dialect], input='\n'.join(map(escaped, made)) + '\n', capture_output=True, text=True, check=True)
        told, wrong, judged, passed, agreed = asked.stdout.splitlines(), 0, 0, 0, 0
        assert len(told) == len(made)
        for words, line in zip(made, told):
            outcome, verb, root, bundle, ident, _ = line.split('\t', 5)
            if outcome == 'refuse':
                continue
            got_bundle, got_root, got_id = understood(delegate, words, here, os.path.join(here, 'trace'))
            fault = None
            if outcome == 'judge':
                judged += 1
                agreed += got_id is not None
                want = (here if bundle == '-' else bundle), (default if root == '-' else root), ident
                if got_bundle not in (None, want[0]) or (got_id is not None and (got_root, got_id) != want[1:]):
                    fault = f'argv_read {want}, {dialect} {(got_bundle, got_root, got_id)}'
            else:
                passed += 1
                if got_bundle in [os.path.join(here, b) for b in 'ABC'] or (got_id and verb not in ('state', '-')):
                    fault = f'argv_read lets it pass as {verb}, {dialect} {(got_bundle, got_root, got_id)}'
            if fault:
                wrong += 1
                print(f'# {words}\n#   {fault}')
        print(f'{dialect}: {count} lines, {judged} judged ({agreed} followed to the container), {passed} passed, {wrong} misread')
        sys.exit(1 if wrong or agreed < count // 20 or passed < count // 20 else 0)


if __name__ == '__main__':
    main()
