#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""embed.py OUTPUT INPUT...: the built-in profiles as a C table.

Each input is one family of versions:

    { "name": "baseline", "about": "one sentence", "first": "v1.0", "last": "v1.37",
      "changes": { "v1.0": { "extends": [], "mode": "enforce", "rules": { ID: { "mode": ..., "params": { ... } } } },
                   "v1.27": { "rules": { ID: { "params": { ... } }, OTHER: null } } } }

Every version from first to last is a profile, NAME@VERSION (its last number counts up). It says what the version
before it said, with its own changes: a rule's mode, each of its parameters, "extends" and "mode" are replaced, null
takes a rule away. In "extends" stands {version} for the version itself.
"""
import json
import os
import re
import sys


def numbers(first, last):
    """The versions from first to last: all that differs is the last number."""
    head, low = re.fullmatch(r'(.*?)(\d+)', first).groups()
    if not last.startswith(head):
        sys.exit(f'{first} and {last} are not of one row')
    return [f'{head}{n:0{len(low) if low[0] == "0" else 1}d}' for n in range(int(low), int(last[len(head):]) + 1)]


def merge(before, change):
    """What a version says, from what the one before it said."""
    now = json.loads(json.dumps(before))
    for key in ('extends', 'mode'):
        if key in change:
            now[key] = change[key]
    for rule, said in change.get('rules', {}).items():
        if said is None:
            now['rules'].pop(rule)
            continue
        to = now['rules'].setdefault(rule, {})
        if 'mode' in said:
            to['mode'] = said['mode']
        if 'params' in said:
            to.setdefault('params', {}).update(said['params'])
    return now


def family(path):
    """The versions of one file, as (name, about, text)."""
    with open(path, encoding='ascii') as file:
        given = json.load(file)
    if os.path.basename(path) != given['name'] + '.json':
        sys.exit(f'{path}: its name is {given["name"]}')
    changes = dict(given['changes'])
    now, rows = {'rules': {}}, []
    for version in numbers(given['first'], given['last']):
        now = merge(now, changes.pop(version, {}))
        said = dict(now)
        said['extends'] = [e.replace('{version}', version) for e in now.get('extends', [])]
        rows.append((f'{given["name"]}@{version}', given['about'], json.dumps(said, separators=(',', ':'))))
    if changes:
        sys.exit(f'{path}: changes of versions that it does not have: {", ".join(changes)}')
    return rows


def main():
    """Writes the table."""
    output, inputs = sys.argv[1], sys.argv[2:]
    texts, rows = {}, []
    for path in sorted(inputs):
        for name, about, text in family(path):
            texts.setdefault(text, len(texts))
            rows.append(f'\t{{ "{name}", {json.dumps(about)}, text_{texts[text]} }},\n')
    with open(output, 'w', encoding='ascii') as file:
        file.write('/* Generated from validate/policy/profiles by embed.py. */\n')
        file.write('#include "validate/policy/policy_parts.h"\n\n')
        for text, number in texts.items():
            file.write(f'static const char text_{number}[] =\n')
            file.write('\n'.join('\t' + json.dumps(text[i:i + 4000]) for i in range(0, len(text), 4000)) + ';\n')
        file.write('\nconst struct builtin builtin_profiles[] = {\n' + ''.join(rows) + '\t{ NULL, NULL, NULL },\n};\n')


if __name__ == '__main__':
    main()
