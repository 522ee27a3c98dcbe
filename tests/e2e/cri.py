#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""cri.py SOCKET HANDLER VERB [ARGUMENT…]: as much of a kubelet as it takes to run a container through containerd's CRI.

	life IMAGE          a pod and a container in it: start, ExecSync, stop, remove; prints what a kubelet would see
	refused IMAGE NAME  a container whose configuration the specification forbids: prints the error
	shown IMAGE KIND    a container as a kubelet asks for one, "default" or "hardened", which need not start

The few messages are written by hand, by the field numbers of k8s.io/cri-api runtime/v1/api.proto.
"""
import sys
import time

import grpc

NODE = 2  # NamespaceMode: the host's


def varint(number):
    out = bytearray()
    while True:
        out.append(number & 0x7F | (0x80 if number > 0x7F else 0))
        number >>= 7
        if not number:
            return bytes(out)


def message(**fields):
    """f1="text", f2=number, f3=b"message", f4=[…] repeated."""
    out = b""
    for name, values in fields.items():
        number = int(name[1:])
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, int):
                out += varint(number << 3) + varint(value)
            else:
                data = value.encode() if isinstance(value, str) else value
                out += varint(number << 3 | 2) + varint(len(data)) + data
    return out


def parse(data):
    """{number: [values]} of one message; numbers and bytes."""
    fields, at = {}, 0

    def number():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = number()
        if key & 7 == 0:
            value = number()
        else:
            size = number()
            value = data[at:at + size]
            at += size
        fields.setdefault(key >> 3, []).append(value)
    return fields


class Runtime:
    def __init__(self, socket, handler):
        self.channel, self.handler = grpc.insecure_channel("unix://" + socket), handler
        self.sandbox = b""

    def call(self, method, request):
        send = self.channel.unary_unary("/runtime.v1.RuntimeService/" + method)
        return parse(send(request, timeout=240))

    def pod(self):
        namespaces = message(f1=NODE, f2=0, f3=0)
        linux = message(f2=message(f1=namespaces))
        self.config = message(f1=message(f1="pod", f2="uid-1", f3="default"), f3="/var/log/pods", f8=linux)
        self.sandbox = self.call("RunPodSandbox", message(f1=self.config, f2=self.handler))[1][0]

    def create(self, image, command, directory=""):
        config = message(f1=message(f1="box"), f2=message(f1=image), f3=command, f5=directory, f11="box.log")
        return self.call("CreateContainer", message(f1=self.sandbox, f2=config, f3=self.config))[1][0]

    def create_as_kubelet(self, image, kind):
        """With the security context that a kubelet always sends."""
        masked = ["/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
                  "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware"]
        readonly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
        context = message(f3=message(f1=NODE, f2=1, f3=0), f13=masked, f14=readonly)
        if kind == "hardened":
            context += message(f1=message(f2="ALL"), f5=message(f1=1000), f7=1, f11=1, f15=message(f1=0))
        else:
            context += message(f15=message(f1=1))
        linux = message(f1=message(f3=2, f5=1000), f2=context)
        config = message(f1=message(f1=kind), f2=message(f1=image), f3=["/bin/true"], f11=kind + ".log", f15=linux)
        return self.call("CreateContainer", message(f1=self.sandbox, f2=config, f3=self.config))[1][0]

    def state(self, container):
        status = parse(self.call("ContainerStatus", message(f1=container))[1][0])
        return status.get(3, [0])[0], status.get(7, [0])[0]

    def done(self):
        self.call("StopPodSandbox", message(f1=self.sandbox))
        self.call("RemovePodSandbox", message(f1=self.sandbox))


def life(runtime, image):
    runtime.pod()
    container = runtime.create(image, ["/bin/sh", "-c", "trap 'exit 5' TERM; echo from the container; >/up; while :; do sleep 0.1; done"])
    runtime.call("StartContainer", message(f1=container))
    print("state after start:", runtime.state(container)[0])
    # It is told to stop below, and has to know by then what it does on that.
    said = "until [ -e /up ]; do sleep 0.1; done; echo in; echo err >&2; exit 9"
    reply = runtime.call("ExecSync", message(f1=container, f2=["/bin/sh", "-c", said], f3=120))
    print("exec:", reply.get(1), reply.get(2), reply.get(3, [0]))
    runtime.call("StopContainer", message(f1=container, f2=60))
    for _ in range(100):
        state, code = runtime.state(container)
        if state == 2:
            break
        time.sleep(0.1)
    print("stopped:", state, code)
    runtime.call("RemoveContainer", message(f1=container))
    with open("/var/log/pods/box.log", encoding="utf-8") as log:
        print("log:", [line.split(" ", 1)[1] for line in log.read().splitlines()])
    runtime.done()
    # For whoever looks the container up in the trail, and not for comparison.
    with open("/run/cri.id", "wb") as file:
        file.write(container)


def refused(runtime, image, directory):
    runtime.pod()
    container = runtime.create(image, ["/bin/true"], directory)
    try:
        runtime.call("StartContainer", message(f1=container))
        print("it started")
    except grpc.RpcError as error:
        print(error.code().name, error.details())
    runtime.done()
    with open("/run/cri.id", "wb") as file:
        file.write(container)


def shown(runtime, image, kind):
    runtime.pod()
    container = runtime.create_as_kubelet(image, kind)
    try:
        runtime.call("StartContainer", message(f1=container))
    except grpc.RpcError as error:
        print(error.code().name, error.details())
    runtime.done()


if __name__ == "__main__":
    {"life": life, "refused": refused, "shown": shown}[sys.argv[3]](Runtime(sys.argv[1], sys.argv[2]), *sys.argv[4:])
