#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""chain.py DIR: recomputes the hash chain of DIR (chain and the files rotated out of it) and says how many records it holds.

Written from the description, not from the program: hash is SHA-256 over the previous hash's hex digits followed by the
line's canonical JSON (sorted keys, no white space, ASCII) without "hash"; the sequence counts up by one; ids are unique.
"""
import hashlib
import json
import os
import sys


def lines(directory):
    names = ["chain.%d" % n for n in range(99, 0, -1)] + ["chain"]
    for name in names:
        path = os.path.join(directory, name)
        if os.path.exists(path):
            with open(path, "rb") as file:
                for number, line in enumerate(file, 1):
                    yield "%s:%d" % (name, number), line


def main(directory):
    seq, prev, chain, ids, count = None, None, None, set(), 0
    for place, line in lines(directory):
        if not line.endswith(b"\n"):
            return "%s: half a line" % place
        record = json.loads(line)
        own = record.pop("hash")
        text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        if hashlib.sha256((record["prev"] + text).encode()).hexdigest() != own:
            return "%s: hash does not follow from the line" % place
        if prev is not None and record["prev"] != prev:
            return "%s: prev is not the line before" % place
        if seq is not None and record["seq"] != seq + 1:
            return "%s: sequence %d follows %d" % (place, record["seq"], seq)
        if chain is not None and record["chain"] != chain:
            return "%s: another chain" % place
        if record["id"] in ids:
            return "%s: a second record with this id" % place
        ids.add(record["id"])
        seq, prev, chain, count = record["seq"], own, record["chain"], count + 1
    print(count)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
