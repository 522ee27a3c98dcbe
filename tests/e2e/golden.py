#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""golden.py corpus | state NAME | list: what a delegate receives through runvet is what it would have received without it.

Each case starts the stub delegate (stub.c, which writes down all that it was given) twice under the same circumstances, directly
and through runvet, and compares the two accounts, less the pid. Runs inside tests/lib/sandbox, as root.
"""
import ctypes
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys

DIALECTS = ("runc", "crun", "youki", "runsc")
STUBS = "/opt/stub"
GOLDEN = "/run/golden"
ID = "c1.a_b-2"
LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
PLAIN_ENV = [b"PATH=/usr/bin:/bin", b"HOME=/root", b"TTRPC_ADDRESS=/run/x.ttrpc", b"NOTIFY_SOCKET=/run/notify"]
RESOURCES = b'{"pids":{"limit":10}}'


def lay():
    """Stub delegates for every dialect, and every file that the corpus names."""
    os.makedirs(STUBS, exist_ok=True)
    os.makedirs("/etc/runvet/runtimes.d", exist_ok=True)
    stub = os.path.join(os.environ["RUNVET_BUILD"], "tests", "stub")
    for name in DIALECTS:
        shutil.copy(stub, os.path.join(STUBS, name))
        with open("/etc/runvet/runtimes.d/%s.json" % name, "w", encoding="ascii") as file:
            json.dump({"name": name, "dialect": name, "priority": 60, "paths": [os.path.join(STUBS, name)]}, file)
    shutil.rmtree(GOLDEN, ignore_errors=True)
    os.makedirs(GOLDEN + "/bundle/rootfs")
    subprocess.run(["runc", "spec"], cwd=GOLDEN + "/bundle", check=True)
    with open(GOLDEN + "/bundle/config.json", encoding="utf-8") as file:
        config = json.load(file)
    with open(GOLDEN + "/process.json", "w", encoding="ascii") as file:
        json.dump(config["process"], file)
    shutil.copy(GOLDEN + "/bundle/config.json", GOLDEN + "/other.json")
    with open(GOLDEN + "/resources.json", "wb") as file:
        file.write(RESOURCES)
    for name in ("bundle/config.json", "process.json", "other.json", "resources.json"):
        os.chmod(os.path.join(GOLDEN, name), 0o644)


def strings(words):
    return (ctypes.c_char_p * (len(words) + 1))(*words, None)


class Case:
    """Circumstances: everything is done in the child, right before execve."""

    def __init__(self, words, stdin=None, env=None, cwd=GOLDEN + "/bundle", before=()):
        self.words, self.stdin, self.cwd, self.before = words, stdin, cwd, before
        self.env = PLAIN_ENV if env is None else env

    def start(self, path):
        """Runs path under the circumstances; (exit status, stderr)."""
        err_read, err_write = os.pipe()
        feed = self.feed()
        pid = os.fork()
        if pid == 0:
            self.become(path, feed, err_write)
        os.close(err_write)
        if feed is not None:
            os.close(feed)
        err = b""
        while True:
            part = os.read(err_read, 65536)
            if not part:
                break
            err += part
        os.close(err_read)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), err.decode("utf-8", "replace")

    def feed(self):
        if self.stdin is None:
            return None
        read, write = os.pipe()
        os.write(write, self.stdin)
        os.close(write)
        return read

    def become(self, path, feed, err):
        try:
            os.dup2(os.open("/dev/null", os.O_RDONLY) if feed is None else feed, 0)
            os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
            os.dup2(err, 2)
            os.closerange(3, 64)
            # Python ignores SIGPIPE and SIGXFSZ; a runtime's caller does so only where a case says so.
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            os.umask(0o022)
            os.chdir(self.cwd)
            for step in self.before:
                step()
            argv = strings([path.encode()] + [os.fsencode(word) for word in self.words])
            LIBC.execve(path.encode(), argv, strings(self.env))
        finally:
            os._exit(120)


def account(name):
    """The stub's last account, None when it has not run."""
    out = os.path.join(STUBS, name + ".out")
    if not os.path.exists(out):
        return None
    with open(out, encoding="ascii") as file:
        lines = file.read().splitlines()
    os.unlink(out)
    return json.loads(lines[-1]) if len(lines) == 1 else "%d accounts" % len(lines)


def comparable(seen, replayed):
    """Less what has to differ: the pid and, where stdin was read and put back, the object that stands on 0."""
    if not isinstance(seen, dict):
        return seen
    seen = dict(seen)
    for key in ("pid", "pgid", "sid"):
        seen[key] = "own" if seen[key] == seen["pid"] and key != "pid" else seen[key]
    del seen["pid"]
    fds = []
    for fd in seen["fds"]:
        target = fd["target"].split(":")[0] if fd["target"].startswith(("pipe:", "socket:")) else fd["target"]
        fds.append({"fd": fd["fd"]} if replayed and fd["fd"] == 0 else dict(fd, target=target))
    seen["fds"] = fds
    return seen


def passes(name, case, what, replayed=False):
    """The delegate gets the same; the caller sees the same status and no word of ours."""
    # The corpus creates one container under many names; a note of it would rightly lead to the delegate before.
    shutil.rmtree("/run/runvet/ctr", ignore_errors=True)
    account(name)
    direct = case.start(os.path.join(STUBS, name))
    want = comparable(account(name), replayed)
    vetted = case.start("/usr/libexec/runvet/" + name)
    got = comparable(account(name), replayed)
    if want is not None and want == got and direct == vetted:
        return 0
    print("%s: %s" % (name, what))
    print("  status and stderr: alone %s, through runvet %s" % (direct, vetted))
    if not isinstance(want, dict) or not isinstance(got, dict):
        print("  accounts: alone %s, through runvet %s" % (type(want).__name__, type(got).__name__))
        return 1
    for key in sorted(set(want) | set(got)):
        if want.get(key) != got.get(key):
            print("  %s\n    alone:          %s\n    through runvet: %s" % (key, want.get(key), got.get(key)))
    return 1


def refuses(name, case, what, rule):
    account(name)
    status, err = case.start("/usr/libexec/runvet/" + name)
    seen = account(name)
    wanted = 255 if "exec" in case.words else 1
    if seen is None and status == wanted and err.count("\n") == 1 and len(err) <= 512 and ("[%s]" % rule) in err:
        return 0
    print("%s: %s: status %s, %s, delegate %s" % (name, what, status, err, "ran" if seen else "did not run"))
    return 1


def corpus():
    faults = count = 0
    with open(os.path.join(os.environ["RUNVET_TREE"], "tests/argv/golden.txt"), encoding="ascii") as file:
        lines = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    for dialects, expected, *words in lines:
        words = words[0].split() if words else []
        stdin = RESOURCES if any(word in ("--resources=-", "-") for word in words) else None
        for name in DIALECTS if dialects == "all" else dialects.split(","):
            count += 1
            case = Case(words, stdin=stdin)
            if expected.startswith("refuse"):
                faults += refuses(name, case, " ".join(words), expected.split("rule=")[1].split()[0])
            else:
                faults += passes(name, case, " ".join(words), replayed=stdin is not None)
    print("%d command lines, %d wrong" % (count, faults))
    return faults or count < 500


CALLS = {
    "create": (["--root", "/run/r", "create", "--bundle", GOLDEN + "/bundle", ID], None),
    "exec": (["--root", "/run/r", "exec", "--process", GOLDEN + "/process.json", ID], b"the user's stream"),
    "update": (["--root", "/run/r", "update", "--resources", "-", ID], RESOURCES),
    "kill": (["--root", "/run/r", "kill", ID, "9"], b"not ours to read"),
    "state": (["--root", "/run/r", "state", ID], None),
}


def closing(*numbers):
    return lambda: [os.close(number) for number in numbers]


def ignoring(*signals):
    return lambda: [signal.signal(one, signal.SIG_IGN) for one in signals]


def blocking(*signals):
    return lambda: signal.pthread_sigmask(signal.SIG_SETMASK, signals)


def open_fds():
    """A file in the middle, a pipe, a socket, and one far up: none of them ours to touch."""
    file = os.open(GOLDEN + "/process.json", os.O_RDWR | os.O_APPEND)
    os.lseek(file, 7, os.SEEK_SET)
    pipe, pair = os.pipe(), socket.socketpair()
    for number, fd in ((20, file), (21, pipe[0]), (22, pipe[1]), (23, pair[0].fileno()), (200, file)):
        os.dup2(fd, number, inheritable=True)
    for fd in (file, *pipe, pair[0].detach(), pair[1].detach()):
        os.close(fd)
    os.dup2(20, 3, inheritable=True)
    os.dup2(21, 4, inheritable=True)


def oom():
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("321")


def death_signal():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def limits():
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 128))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_STACK, (1 << 20, 2 << 20))


def gone_cwd():
    os.makedirs("/run/gone", exist_ok=True)
    os.chdir("/run/gone")
    os.rmdir("/run/gone")


STATES = {
    "plain": {},
    "umask": {"before": [lambda: os.umask(0o137)]},
    "umask-all": {"before": [lambda: os.umask(0o777)]},
    "signals-ignored": {"before": [ignoring(signal.SIGPIPE, signal.SIGCHLD, signal.SIGXFSZ, signal.SIGHUP)]},
    "signals-blocked": {"before": [blocking(signal.SIGUSR1, signal.SIGCHLD, signal.SIGALRM, signal.SIGTERM, signal.SIGRTMIN + 3)]},
    "process-group": {"before": [lambda: os.setpgid(0, 0)]},
    "session": {"before": [os.setsid]},
    "oom-score": {"before": [oom]},
    "death-signal": {"before": [death_signal]},
    "no-new-privs": {"before": [lambda: LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)]},
    "nice": {"before": [lambda: os.nice(7)]},
    "limits": {"before": [limits]},
    "stdin-closed": {"before": [closing(0)], "but": ("update",)},
    "stdout-closed": {"before": [closing(1)]},
    "stderr-closed": {"before": [closing(2)]},
    "all-closed": {"before": [closing(0, 1, 2)], "but": ("update",)},
    "descriptors": {"before": [open_fds]},
    "listen-fds": {"before": [open_fds], "env": PLAIN_ENV + [b"LISTEN_FDS=2", b"LISTEN_PID=4242", b"LISTEN_FDNAMES=a:b"]},
    "environment-empty": {"env": []},
    "environment-odd": {"env": [b"PATH=", b"A=1", b"A=2", b"no equals sign", b"=", b"BYTES=\xff\xfe\x01", b"HOME", b"X=" + b"y" * 100000]},
    "cwd-root": {"cwd": "/"},
    "cwd-gone": {"before": [gone_cwd]},
}


def state(name):
    spec = dict(STATES[name])
    but = spec.pop("but", ())
    faults = 0
    for call, (words, stdin) in CALLS.items():
        if call not in but:
            faults += passes("runc", Case(words, stdin=stdin, **spec), "%s, %s" % (name, call), replayed=call == "update")
    return faults


if __name__ == "__main__":
    if sys.argv[1] == "list":
        print("\n".join(STATES))
        sys.exit(0)
    lay()
    sys.exit(1 if (corpus() if sys.argv[1] == "corpus" else state(sys.argv[2])) else 0)
