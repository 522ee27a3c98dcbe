#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tables.py profiles|pss|sentence: what the built-in profiles are, and how far they are the Pod Security Standards.

Prints docs/profiles.md, docs/pss.md, or the sentence that README.md has of it. The profiles are the files beside this
one, what is seen of each check is tests/policy/pss.json, which the tests hold them to, and of the benchmarks cis.json.
"""
import json
import os
import sys

from embed import merge

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.join(HERE, '../../../tests/policy')
FAMILIES = ('baseline', 'restricted', 'cis-docker', 'cis-k8s', 'escape', 'sandbox', 'start', 'privileged', 'deterministic',
            'simulation', 'robotics')

PROFILES = """<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Generated: validate/policy/profiles/tables.py profiles > docs/profiles.md -->
# Built-in profiles

A profile is a set of controls, each with a mode and parameters; [policy.md](policy.md) says how one is chosen, extended and excepted from, and
[rules.md](rules.md) what each control asks for. These come with runvet. They have a version and never change: what `baseline@v1.37` refuses today it refuses
after every upgrade, and nothing else. `runvetctl policy show --profile NAME` prints one as this runvet has it.

    { "version": 1, "profile": "team", "profiles": { "team": { "extends": ["baseline@v1.37", "escape@2026-09"] } } }

- On a Docker host, begin with `baseline@v1.37` and `escape@2026-09`, in `audit` mode for a week.
- On a node of Kubernetes, give the sandboxes (`"when": { "container.type": "sandbox" }`) `sandbox@1`, system namespaces `privileged@1`, tenants
  `restricted` of the cluster's version. Whether it is a sandbox is believed only where the engine says so.
- For experiments, `deterministic@1`, or a pack on top of it: `simulation@1` for numerical simulators, and beside it `robotics@1` for control loops.
  [deterministic.md](deterministic.md) says what they can do. No engine's default container keeps them: what an experiment depends on has to be said.
- The default containers of Docker, Podman (root's and a user's own), `ctr`, the CRI of containerd and `buildah run` keep every version of `baseline`, and
  `escape@2026-09`; containers without capabilities, as a user, with `no-new-privileges` and a filter keep every version of `restricted`. That is a test
  (`tests/policy/documents.json`), on hosts with cgroup v1, v2 and hybrid, AppArmor, SELinux and neither.

A mode is `enforce` where none is said; `-` stands for no parameters. A parameter that is not set has the value that [rules.md](rules.md) names.
"""

PSS = """<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Generated: validate/policy/profiles/tables.py pss > docs/pss.md -->
# The Pod Security Standards, at the runtime

Kubernetes judges a pod by what its author wrote. `baseline@v1.0` to `v1.37` and `restricted@v1.0` to `v1.37` judge what will run by what it comes to: the
same field set by an image, a default, a webhook, `docker run` or `ctr` has the same effect, and one that was written and lost on the way has none. So a
container may be refused here that the API server let pass (an image whose user is the number 0 in disguise), and some of what the standards forbid is not in
a `config.json` at all.

"""

AFTER = """
"In versions" are the releases of Kubernetes in which the check came or changed. "Denied from … to" says for which versions of the profile the cases of
`tests/policy/pss.json` are refused; each check has neighbours that are not.

## What differs by design

- `CAP_NET_RAW` is among the capabilities of `baseline`, because every engine gives it by default and what was added is not told from what was given.
- A filter that is missing is refused by `baseline` where the engine always writes one (Docker, Podman, nerdctl, Buildah), so that leaving it out was a choice;
  a kubelet leaves it out unless it is told otherwise, and `baseline` allows that. `restricted` asks for one everywhere from 1.19 on.
- AppArmor and SELinux are asked for on hosts that have them, of engines that write a profile or label by themselves; AppArmor never of an engine without privileges.
- The sysctls of a pod are set for its sandbox: select `sandbox@1` for sandboxes, which holds them to the newest list.
- Devices are no subject of the standards. `baseline` refuses disks, memory, ports, consoles and whole ranges, since with those a container has the
  host; accelerators, `/dev/fuse`, `/dev/kvm` and `/dev/net/tun`, which somebody has to have handed over, pass. A claim of `volumeMode: Block` is a disk:
  allow its numbers in `devices.cgroup`.
- Volumes of the kubelet's are told from host paths by the pod's uid in their path, those of an engine by its own directories.

## The benchmarks

`cis-docker@1.6` and `cis-k8s@1.9` hold what the benchmarks of the Center for Internet Security say of containers, as far as one shows it
(`tests/policy/cis.json`).
"""


def read(path):
    """A JSON file."""
    with open(path, encoding='utf-8') as file:
        return json.load(file)


def cell(text):
    """What a table of Markdown can hold."""
    return text.replace('|', '\\|')


def said(params):
    """Parameters in one cell."""
    if not params:
        return '-'
    return '<br>'.join(f'`{name}`: ' + cell(', '.join(f'`{v}`' for v in value) or 'none' if isinstance(value, list)
                                           else f'`{json.dumps(value)}`') for name, value in params.items())


def family(name):
    """One file of profiles, as a section."""
    given = read(os.path.join(HERE, name + '.json'))
    versions, now = list(given['changes']), {'rules': {}}
    for version in versions:
        now = merge(now, given['changes'][version])
    names = f'{name}@{given["first"]}' + ('' if given['first'] == given['last'] else f' to {name}@{given["last"]}')
    out = [f'\n## {names}\n\n{given["about"][0].upper()}{given["about"][1:]}.\n']
    if now.get('extends'):
        out.append('\nIt extends ' + ', '.join(f'`{e}`'.replace('{version}', 'vN') for e in now['extends']) + '.\n')
    if now['rules']:
        last = f' (as of {given["last"]})' if len(versions) > 1 else ''
        out.append(f'\n| control | mode | parameters{last} |\n| --- | --- | --- |\n')
    for rule, entry in sorted(now['rules'].items()):
        out.append(f'| `{rule}` | {entry.get("mode", "enforce")} | {said(entry.get("params"))} |\n')
    if len(versions) > 1:
        out.append('\n| from | what changed |\n| --- | --- |\n')
    for before, version in zip(versions, versions[1:]):
        rules = given['changes'][version]['rules']
        out.append(f'| {version} | ' + '<br>'.join(f'`{r}` {change(given, before, version, r)}' for r in rules) + ' |\n')
    return ''.join(out)


def change(given, before, version, rule):
    """What a version does to a rule: what it adds to lists, or the new value."""
    now = {'rules': {}}
    for earlier in given['changes']:
        now = merge(now, given['changes'][earlier])
        if earlier == before:
            break
    old, words = now['rules'].get(rule, {}).get('params', {}), []
    for name, value in given['changes'][version]['rules'][rule].get('params', {}).items():
        if isinstance(value, list) and set(old.get(name, [])) < set(value) and name in old:
            words.append(f'`{name}`: also ' + ', '.join(f'`{v}`' for v in value if v not in old[name]))
        else:
            words.append(said({name: value}))
    return ', '.join(words)


def counts():
    """How many checks there are, and how many of them are seen, seen in part, and not."""
    checks = read(os.path.join(TESTS, 'pss.json'))['checks']
    return len(checks), *(sum(c['visible'] == v for c in checks) for v in ('yes', 'in part', 'no'))


def sentence():
    """For README.md and docs/pss.md."""
    total, whole, part, no = counts()
    unseen = ' and '.join(f'`{c["check"]}`' for c in read(os.path.join(TESTS, 'pss.json'))['checks'] if c['visible'] == 'no')
    return (f'Of the {total} checks of the Pod Security Standards {whole} are seen whole at the runtime and {part} in part; '
            f'{unseen} are not, and `windowsHostProcess` does not apply.')


def denied(check):
    """For which versions a check's cases are refused."""
    ranges = []
    for level in ('baseline', 'restricted'):
        for case in check['cases']:
            if level in case and case['rules']:
                text = f'{level} 1.{case[level][0]} to 1.{case[level][1]}'
                if text not in ranges:
                    ranges.append(text)
    return '<br>'.join(ranges) or '-'


def pss():
    """The table of checks, and of the benchmarks."""
    checks = read(os.path.join(TESTS, 'pss.json'))['checks']
    out = [PSS, sentence(), '\n\n| check | level | in versions | seen | by | denied from … to | why, or how |\n',
           '| --- | --- | --- | --- | --- | --- | --- |\n']
    for check in checks:
        rules = sorted({r for case in check['cases'] for r in case['rules']})
        out.append(f'| `{check["check"]}` | {check["level"]} | {check["versions"]} | {check["visible"]} | '
                   f'{", ".join(f"`{r}`" for r in rules) or "-"} | {denied(check)} | {cell(check.get("why", ""))} |\n')
    out.append(AFTER)
    for profile in read(os.path.join(TESTS, 'cis.json'))['profiles']:
        out.append(f'\n### {profile["profile"]}\n\n| control | asks for | by |\n| --- | --- | --- |\n')
        for control in profile['controls']:
            rules = sorted({r for case in control.get('cases', []) for r in case['rules']})
            by = ', '.join(f'`{r}`' for r in rules) or 'not seen: ' + control['why']
            out.append(f'| {control["control"]} | {cell(control["says"])} | {cell(by)} |\n')
    return ''.join(out)


if __name__ == '__main__':
    print({'profiles': lambda: PROFILES + ''.join(map(family, FAMILIES)), 'pss': pss,
           'sentence': lambda: sentence() + '\n'}[sys.argv[1]](), end='')
