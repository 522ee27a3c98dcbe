#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""embed.py OUTPUT INPUT...: the files of runtimes.d as a C table, smallest form, sorted by name."""
import json
import os
import sys

output, inputs = sys.argv[1], sys.argv[2:]
rows = []
for path in sorted(inputs):
    with open(path, encoding='ascii') as file:
        entry = json.load(file)
    name = os.path.basename(path).removesuffix('.json')
    if entry['name'] != name:
        sys.exit(f'{path}: its name is {entry["name"]}')
    text = json.dumps(json.dumps(entry, separators=(',', ':')))
    rows.append(f'\t{{ "{name}",\n\t  {text} }},\n')
with open(output, 'w', encoding='ascii') as file:
    file.write('/* Generated from runtimes.d by embed.py. */\n#include "shim/runtimes.h"\n\n')
    file.write('const struct runtime_embedded runtimes_embedded[] = {\n' + ''.join(rows) + '\t{ NULL, NULL },\n};\n')
