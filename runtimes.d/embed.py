#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""embed.py OUTPUT INPUT...: the files of runtimes.d as a C table, sorted by name: each as it is, and what it says."""
import json
import os
import sys

SIZES = {'name': 32, 'dialect': 16, 'paths': 256, 'quirks': 128, 'text': 512}  # of struct runtime_embedded

output, inputs = sys.argv[1], sys.argv[2:]


def quoted(path, member, text):
    if len(text) + 1 > SIZES[member]:
        sys.exit(f'{path}: {member} is too long for struct runtime_embedded')
    # Octal in full, so that no digit behind it is taken for one of it.
    return '"' + ''.join(c if c.isprintable() and c not in '"\\' else f'\\{ord(c):03o}' for c in text) + '"'


def row(path):
    with open(path, encoding='ascii') as file:
        text = file.read()
    entry = json.loads(text)
    name = os.path.basename(path).removesuffix('.json')
    if entry['name'] != name:
        sys.exit(f'{path}: its name is {entry["name"]}')
    if set(entry) - {'name', 'dialect', 'priority', 'paths', 'options', 'quirks'} or entry.get('options'):
        sys.exit(f'{path}: struct runtime_embedded has no room for all that it says')
    lists = {member: ''.join(word + '\0' for word in entry.get(member, [])) for member in ('paths', 'quirks')}
    members = {'name': name, 'dialect': entry['dialect'], **lists, 'text': text}
    return '\t{ ' + f'.priority = {entry.get("priority", 0)},\n' + ''.join(
        f'\t  .{member} = {quoted(path, member, value)},\n' for member, value in members.items()) + '\t},\n'


with open(output, 'w', encoding='ascii') as file:
    file.write('/* Generated from runtimes.d by embed.py. */\n#include "shim/runtimes.h"\n\n')
    file.write('const struct runtime_embedded runtimes_embedded[] = {\n')
    file.write(''.join(row(path) for path in sorted(inputs)) + '\t{ .name = "" },\n};\n')
