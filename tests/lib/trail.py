#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""trail.py DIR COUNT [--every SECONDS] [--until EPOCH] [--rotate LINES] [--boot ID] [--hostile]: makes a chain of COUNT
records in DIR, as a node would have written it: creates that were allowed and refused, their starts and ends, execs, a gap.
With --hostile every value that a user may have chosen is one that a format, a terminal or a spreadsheet would act on.

Written from the description (docs/audit.md), not from the program. Always the same for the same words.
"""
import argparse
import hashlib
import json
import os
import random
import time

RULES = ["caps.allowed", "mount.host", "nnp", "escape.docker-socket", "spec.process.cwd-absolute"]
IMAGES = ["registry.example.org/team/web:1.4.2", "docker.io/library/redis:7", "quay.io/ops/shell:latest"]
NAMESPACES = ["payments", "shop", "kube-system"]


def stamp(at):
    whole = int(at)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + ".%09dZ" % int((at - whole) * 1e9)


HOSTILE = ['=cmd|"/c calc"!A1', "+1+1", "-2", "@SUM(A1)", "\t=1", "a,b\"c\";d", "x\ny\r\nz", "\x1b[2J\x1b]0;t\x07", "\u009b31m\u202e\u2028",
           "a|b=c\\d", "<script>alert(1)</script>", "\"},{\"decision\":\"allow\"", "%0d%0a", "' or 1=1"]


def spoil(record, n):
    """Each string a user may choose becomes a hostile one, another one each time."""
    for path in ("message", "reason", "bundle", "root", "container.name", "container.image.name", "k8s.namespace.name", "k8s.pod.name",
                 "caller.exe", "caller.unit", "engine.namespace", "policy.name", "violations"):
        *parents, last = path.split(".")
        at = record
        for name in parents:
            at = at.get(name, {})
        if last == "violations":
            for v in at.get(last, []):
                n += 1
                v.update(path=HOSTILE[n % len(HOSTILE)], text=HOSTILE[(n + 3) % len(HOSTILE)])
        elif last in at:
            n += 1
            at[last] = HOSTILE[n % len(HOSTILE)]


class Trail:
    def __init__(self, directory, rotate, boot, seed=7):
        self.directory, self.rotate, self.boot = directory, rotate, boot
        self.random = random.Random(seed)
        self.chain = "%032x" % self.random.getrandbits(128)
        self.seq, self.prev, self.lines, self.files = 0, "0" * 64, 0, []
        os.makedirs(directory, mode=0o700, exist_ok=True)
        self.out, self.hostile = None, False

    def uuid(self, at):
        n = (int(at * 1000) << 80) | (7 << 76) | (self.random.getrandbits(12) << 64) | (2 << 62) | self.random.getrandbits(62)
        h = "%032x" % n
        return "-".join((h[:8], h[8:12], h[12:16], h[16:20], h[20:]))

    def add(self, at, record):
        self.seq += 1
        if self.hostile:
            spoil(record, self.seq)
        record.update(id=record.get("id") or self.uuid(at), time=stamp(at), schema=1, seq=self.seq, prev=self.prev, chain=self.chain)
        record.setdefault("host", {"id": "3d" * 16, "name": "node-1", "boot_id": self.boot, "kernel": "6.1.0"})
        record.setdefault("product", {"version": "0.1.0"})
        text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        self.prev = record["hash"] = hashlib.sha256((record["prev"] + text).encode()).hexdigest()
        if self.out is None or (self.rotate and self.lines == self.rotate):
            if self.out is not None:
                self.out.close()
            self.files.append([])
            self.out = open(os.path.join(self.directory, "part.%d" % len(self.files)), "w")
            self.lines = 0
        self.lines += 1
        self.out.write(json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True) + "\n")
        return record["id"]

    def close(self):
        if self.out is None:
            return
        self.out.close()
        last = len(self.files)
        for n in range(1, last + 1):
            name = "chain" if n == last else "chain.%d" % (last - n)
            os.rename(os.path.join(self.directory, "part.%d" % n), os.path.join(self.directory, name))


def call(trail, action, container, decision, event=None):
    image = container["image"]["name"]
    record = {
        "action": action, "decision": decision, "mode": "enforce", "severity": "notice" if decision == "allow" else "warning",
        "event": {"code": "%s.%s" % (action, event or {"allow": "allowed", "deny": "denied"}.get(decision, decision))},
        "message": "%s %s of container %s" % (decision, action, container["id"][:12]),
        "policy": {"name": "baseline", "version": "v1.37", "digest": "sha256:" + "9f" * 32},
        "container": container, "engine": {"name": "containerd-cri", "namespace": "k8s.io", "trust": "place"},
        "k8s": {"namespace": {"name": container["ns"]}, "pod": {"name": container["pod"], "uid": "0a5c0a5c"}},
        "identity_trust": "engine", "runtime": {"path": "/usr/bin/runc", "digest": "sha256:" + "5a" * 32, "version": "1.1.5"},
        "bundle": "/run/containerd/io.containerd.runtime.v2.task/k8s.io/" + container["id"],
        "root": "/run/containerd/runc/k8s.io", "config": {"digest": "sha256:" + "2c" * 32},
        "process": {"pid": 4242, "parent_pid": 4100}, "user": {"euid": 0},
        "caller": {"exe": "/usr/bin/containerd-shim-runc-v2", "unit": "containerd.service"},
        "facts": {"namespaces": [{"kind": k, "how": "host" if image.startswith("quay") and k == "net" else "new"}
                                 for k in ("cgroup", "ipc", "mnt", "net", "pid", "uts")],
                  "capabilities": ["CAP_CHOWN", "CAP_KILL"] + (["CAP_SYS_ADMIN"] if image.startswith("quay") else [])},
        "duration_us": 812, "counts": {"errors": 0},
    }
    if decision == "deny":
        rules = trail.random.sample(RULES, trail.random.randint(1, 3))
        record["counts"]["errors"] = len(rules)
        record["reason"] = "rule-violation"
        record["violations"] = [{"path": "/mounts/7/source", "rule": r, "severity": "error", "text": "is not allowed here"} for r in rules]
    record["container"] = {k: v for k, v in container.items() if k not in ("ns", "pod")}
    return record


def make(trail, count, began, every):
    at, live = began, []
    while trail.seq < count:
        at += every
        dice = trail.random.random()
        if live and dice < 0.5:
            container, create = live[trail.random.randrange(len(live))]
            if dice < 0.1:
                record = call(trail, "exec", container, "allow")
                record["create_id"] = create
            else:
                action = ["start", "kill", "delete"][container["step"]]
                container["step"] += 1
                record = {"action": action, "event": {"code": "container." + action}, "severity": "info", "create_id": create,
                          "message": "%s of container %s" % (action, container["id"][:12]), "container": {"id": container["id"]},
                          "root": "/run/containerd/runc/k8s.io", "user": {"euid": 0}}
                if action == "delete":
                    live = [one for one in live if one[0] is not container]
            record.get("container", {}).pop("step", None)
            trail.add(at, record)
        elif dice > 0.999:
            trail.add(at, {"event": {"code": "audit.gap"}, "severity": "critical", "gap": {"count": 3, "since": stamp(at - 60)},
                           "message": "the journal did not take or confirm 3 records since %s; the chain has them" % stamp(at - 60)})
        else:
            n = trail.random.getrandbits(256)
            container = {"id": "%064x" % n, "name": "app-%d" % (n % 100), "type": "container", "ns": NAMESPACES[n % 3],
                         "pod": "web-%05x" % (n & 0xfffff), "image": {"name": IMAGES[n % 3], "id": "sha256:" + "77" * 32}}
            decision = "deny" if trail.random.random() < 0.2 else "allow"
            create = trail.add(at, call(trail, "create", dict(container), decision))
            if decision == "allow":
                live.append((dict(container, step=0), create))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("dir")
    p.add_argument("count", type=int)
    p.add_argument("--every", type=float, default=1.0)
    p.add_argument("--until", type=float, default=None)
    p.add_argument("--rotate", type=int, default=0)
    p.add_argument("--hostile", action="store_true")
    p.add_argument("--boot", default="ce" * 16)
    o = p.parse_args()
    trail = Trail(o.dir, o.rotate, o.boot)
    trail.hostile = o.hostile
    make(trail, o.count, (o.until or time.time()) - o.count * o.every, o.every)
    trail.close()


if __name__ == "__main__":
    main()
