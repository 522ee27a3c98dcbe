#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mend.py RUNVETCTL SPEC_DIR [LIST]: runvetctl check --fix, on every fixture of tests/spec that breaks a rule.

Each patch is applied here, by RFC 6902; what it is said to mend must be gone then, and no error may have come. LIST
names the fixtures whose own rule is mended, "RULE FIXTURE" a line; without it they are printed.
"""

import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ctl, spec, *wanted = (pathlib.Path(word).resolve() for word in sys.argv[1:])

# Controls with a remedy; a profile of them all judges the fixtures.
CONTROLS = {"annot.unsafe": {}, "caps.allowed": {}, "caps.ambient": {}, "caps.inheritable": {}, "mount.sys": {}, "nnp": {}, "ns.host.cgroup": {},
            "ns.host.ipc": {}, "ns.host.mnt": {}, "ns.host.net": {}, "ns.host.pid": {}, "ns.host.uts": {}, "proc.masked": {}, "root.readonly": {}}


def merge(base, patch):
    """RFC 7396, as fixtures are written."""
    if not isinstance(patch, dict):
        return patch
    out = dict(base) if isinstance(base, dict) else {}
    for key, value in patch.items():
        if value is None:
            out.pop(key, None)
        else:
            out[key] = merge(out.get(key), value)
    return out


def find(document, path):
    """The parent of what a JSON Pointer names, and the last step."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]
    for step in steps[:-1]:
        document = document[int(step)] if isinstance(document, list) else document[step]
    last = steps[-1]
    if isinstance(document, list) and last != "-":
        last = int(last)
    return document, last


def apply(document, patch):
    document = copy.deepcopy(document)
    for op in patch:
        where, step = find(document, op["path"])
        if op["op"] == "test":
            assert where[step] == op["value"] and isinstance(where[step], type(op["value"])), op
        elif op["op"] == "remove":
            del where[step]
        elif op["op"] == "replace":
            assert step in where if isinstance(where, dict) else step < len(where), op
            where[step] = op["value"]
        elif op["op"] == "move":
            source, name = find(document, op["from"])
            where[step] = source.pop(name)
        elif op["op"] == "add" and isinstance(where, list):
            where.insert(len(where) if step == "-" else step, op["value"])
        else:
            assert op["op"] == "add", op
            where[step] = op["value"]
    return document


def run(*words):
    done = subprocess.run([ctl, "check", "--policy", "policy.json", *words], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def findings(names):
    return {result["path"]: result["findings"] for result in run("--format", "json", *names)["results"]}


def errors(found):
    return sum(f["severity"] == "error" and f["mode"] != "audit" for f in found)


base = json.loads((spec / "base.json").read_text())
fixtures = {}
for file in sorted(spec.glob("*/bad*.json")):
    if file.name.count(".") != 1 or not file.parent.name.startswith(("spec.", "json.", "type.", *CONTROLS)):
        continue
    try:
        fixtures[f"{file.parent.name} {file.stem}"] = merge(base, json.loads(file.read_text()))
    except ValueError:
        continue
with tempfile.TemporaryDirectory() as work:
    os.chdir(work)
    rules = {name: {"params": params} if params else {} for name, params in CONTROLS.items()}
    pathlib.Path("policy.json").write_text(json.dumps({"version": 1, "profile": "all", "profiles": {"all": {"rules": rules}}}))
    names = {}
    for number, (name, document) in enumerate(fixtures.items()):
        names[f"{number}.json"] = name
        pathlib.Path(f"{number}.json").write_text(json.dumps(document, indent="\t", ensure_ascii=bool(number % 2)))
    before = findings(names)
    patched = 0
    mended = []
    patches = {one["path"]: one["patch"] for one in run("--fix", *names)["patches"]}
    for path, patch in patches.items():
        document = apply(json.loads(pathlib.Path(path).read_text()), patch)
        pathlib.Path(path).write_text(json.dumps(document))
        patched += bool(patch)
    after = findings(names)
    for path, name in names.items():
        rule = name.split()[0]
        had, has = ([f for f in found[path] if f["rule"] == rule and f["severity"] != "off"] for found in (before, after))
        assert errors(after[path]) <= errors(before[path]), (name, after[path])
        if had and not has and patches[path]:
            mended.append(name)
    # A second look finds nothing that it could mend.
    for one in run("--fix", *names)["patches"]:
        assert one["patch"] == [], (names[one["path"]], one["patch"])
assert patched > 60, patched
text = "".join(f"{name}\n" for name in mended)
if not wanted:
    sys.stdout.write(text)
elif wanted[0].read_text() != text:
    sys.exit(f"what is mended differs from {wanted[0]}:\n{text}")
