#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""hostile_trail.py DIR [--names]: a chain whose every name wants to be more than a name: markup, ends of attributes, of CSV cells,
of CEF values, of labels, of lines, terminal escapes. With --names it prints what a page has to show as text instead.
"""
import sys

from trail import Trail

NAMES = [
    "\"><script>document.title='owned'</script>", "'><img src=x onerror=document.title='owned'>",
    "</title></style></svg><svg onload=document.title='owned'>", "<!-- --><iframe srcdoc=x>", "x\" onmouseover=\"x",
    "&lt;b&gt;&amp;", "a|b=c act=allow\\", "{{7*7}}${x}", "=cmd()", "javascript:document.title='owned'", "`id`",
]
DIRTY = ["line\nCEF:0|x|y|z|a|b|0|act=allow", "\x1b[2J\x1b]0;owned\x07", "a\u202egpj.exe", "\u2028x", "\x01soh", "\ud7ff\x85"]


def main():
    if "--names" in sys.argv:
        print("\n".join(NAMES))
        return
    trail = Trail(sys.argv[1], 0, "ce" * 16)
    at = 1795000000.0
    for i, name in enumerate(NAMES + DIRTY):
        for decision in ("deny", "would-deny", "bypass", "error", "allow"):
            at += 61
            trail.add(at, {
                "action": "create", "decision": decision, "mode": name, "reason": name, "severity": name, "message": name,
                "event": {"code": "create." + name},
                "policy": {"name": name, "version": name, "digest": name,
                           "shadow": [{"profile": name, "decision": "deny", "rules": name}]},
                "container": {"id": name, "name": name, "type": name, "image": {"name": name, "id": name}},
                "k8s": {"namespace": {"name": name}, "pod": {"name": name, "uid": name}}, "engine": {"name": name},
                "caller": {"exe": name, "unit": name}, "runtime": {"path": name}, "bundle": name, "root": name,
                "facts": {"namespaces": [{"kind": name, "how": name}]}, "duration_us": 100 * i,
                "host": {"id": name, "name": "node-1", "boot_id": name, "kernel": name},
                "violations": [{"rule": name, "severity": "error", "path": "/" + name, "text": name}],
            })
        trail.add(at + 1, {"event": {"code": "audit.gap"}, "message": name, "gap": {"count": 1, "since": name}})
        trail.add(at + 2, {"action": name, "event": {"code": name}, "container": {"id": name}, "message": name})
    trail.close()


main()
