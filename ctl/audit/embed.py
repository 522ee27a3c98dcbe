#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""embed.py OUTPUT INPUT: the entries of the message catalogue as a C table, for where it is not installed."""
import json
import sys

output, path = sys.argv[1], sys.argv[2]
with open(path, encoding='ascii') as file:
    text = ''.join(line for line in file if not line.startswith('#'))
entries = [entry.split('\n', 1) for entry in text.split('-- ')[1:]]
with open(output, 'w', encoding='ascii') as file:
    file.write('/* Generated from runvet.catalog by embed.py. */\n#include "ctl/audit/catalogue.h"\n\n')
    file.write('const struct catalogue_entry catalogue_embedded[] = {\n')
    for name, body in entries:
        file.write(f'\t{{ "{name.strip()}",\n\t  {json.dumps(body.strip() + chr(10))} }},\n')
    file.write('\t{ 0 },\n};\n')
