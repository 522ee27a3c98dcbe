#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""exposition.py < FILE: whether it is the text format of Prometheus 0.0.4 as node_exporter's textfile collector takes it, and
what `promtool check metrics` would find: HELP and TYPE once before each family, families together, no time stamps, counters
end in _total, histograms whole and rising, no sample twice. Says what is wrong; exits 1 when there is any.
"""
import re
import sys

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(r"(%s)(?:\{(%s(?:,%s)*)\})? ([+-]?(?:\d+(?:\.\d+)?|Inf|NaN))$" % (NAME, LABEL, LABEL))


def main():
    faults, types, helps, order, seen, buckets = [], {}, set(), [], set(), {}
    text = sys.stdin.read()
    if not text.endswith("\n"):
        faults.append("the last line does not end")
    for n, line in enumerate(text.split("\n")[:-1], 1):
        head = re.match(r"# (HELP|TYPE) (%s) (.+)$" % NAME, line)
        if head:
            kind, name, rest = head.groups()
            if name in (helps if kind == "HELP" else types):
                faults.append("%d: %s of %s twice" % (n, kind, name))
            if kind == "HELP":
                helps.add(name)
            else:
                types[name] = rest
                order.append(name)
                if rest == "counter" and not name.endswith("_total"):
                    faults.append("%d: counter %s does not end in _total" % (n, name))
                if rest != "counter" and name.endswith("_total"):
                    faults.append("%d: %s is no counter" % (n, name))
            continue
        sample = SAMPLE.match(line)
        if not sample:
            faults.append("%d: not a sample: %s" % (n, line))
            continue
        name, labels, value = sample.groups()
        family = re.sub(r"_(bucket|sum|count)$", "", name) if re.sub(r"_(bucket|sum|count)$", "", name) in types else name
        if not order or order[-1] != family or family not in helps:
            faults.append("%d: %s does not stand below its own HELP and TYPE" % (n, name))
        if (name, labels) in seen:
            faults.append("%d: %s{%s} twice" % (n, name, labels))
        seen.add((name, labels))
        if types.get(family) == "counter" and float(value) < 0:
            faults.append("%d: a counter below zero" % n)
        if name.endswith("_bucket"):
            le = re.search(r'le="([^"]+)"', labels).group(1)
            buckets.setdefault(family, []).append((float(le), float(value)))
        if name.endswith("_count") and buckets.get(family, [(0, -1)])[-1] != (float("inf"), float(value)):
            faults.append("%d: the count is not that of the last bucket" % n)
    for family, list_ in buckets.items():
        if list_ != sorted(list_) or [v for _, v in list_] != sorted(v for _, v in list_):
            faults.append("%s does not rise" % family)
    if re.search(r"container|pod|image", " ".join(str(l) for _, l in seen)):
        faults.append("a label names a container, a pod or an image")
    for fault in faults[:20]:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
