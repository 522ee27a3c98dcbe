#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""embed.py ENDIAN OUTPUT INPUT...: the built-in profiles as a C table, in the form of validate/host/flat.h.

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
import struct
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


TYPES = {type(None): 1, bool: 2, int: 4, str: 16, list: 32, dict: 64}


def flat(root, order):
    """The value as flat_read takes it, of a machine of that byte order."""
    values, text = [], bytearray()

    def put(said):
        at = len(text)
        text.extend(said.encode())
        return at, len(text) - at

    def walk(value, key):
        kind = TYPES[type(value)]
        entries = value.items() if kind == 64 else ((None, e) for e in value) if kind == 32 else ()
        at, length = (0, 0) if key is None else put(key)
        flag = value if kind == 2 else value < 0 if kind == 4 else 0
        said = struct.pack(order + 'Q', abs(value) if kind == 4 else 0)
        if kind == 16:
            said = struct.pack(order + 'II', *put(value))
        count = len(value) if kind >= 32 else 0
        values.append(struct.pack(order + 'BBHIII', kind, flag, 0, at, length, count) + said)
        for name, entry in entries:
            walk(entry, name)

    walk(root, None)
    head = struct.pack(order + '16sII', b'runvet-flat 1\n', len(values), len(text))
    return head + b''.join(values) + bytes(text)


def words(data, endian):
    """The bytes as lines of 64-bit numbers, so that they are aligned."""
    data += bytes(-len(data) % 8)
    numbers = [int.from_bytes(data[i:i + 8], endian) for i in range(0, len(data), 8)]
    return ''.join('\t' + ' '.join(f'{n:#x},' for n in numbers[i:i + 6]) + '\n' for i in range(0, len(numbers), 6))


def main():
    """Writes the table."""
    endian, output, inputs = sys.argv[1], sys.argv[2], sys.argv[3:]
    order = '<' if endian == 'little' else '>'
    texts, rows = {}, []
    for path in sorted(inputs):
        for name, about, text in family(path):
            texts.setdefault(text, len(texts))
            rows.append(f'\t{{ "{name}", {json.dumps(about)}, flat_{texts[text]}, '
                        f'{len(flat(json.loads(text), order))} }},\n')
    with open(output, 'w', encoding='ascii') as file:
        file.write('/* Generated from validate/policy/profiles by embed.py. */\n')
        file.write('#include "validate/policy/policy_parts.h"\n\n')
        for text, number in texts.items():
            file.write(f'static const uint64_t flat_{number}[] = {{\n')
            file.write(words(flat(json.loads(text), order), endian) + '};\n')
        file.write('\nconst struct builtin builtin_profiles[] = {\n' + ''.join(rows) + '\t{ NULL, NULL, NULL, 0 },\n};\n')


if __name__ == '__main__':
    main()
