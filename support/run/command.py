# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""From what the user asks for to the command that starts it: QEMU for kvm, the image itself for linux."""

import dataclasses
import os
import re
import shlex
import shutil
import tempfile
import time

import accel
import cpio
from common import Mend, write_atomic

COMMAND_LINE = 4095                                # bytes that QEMU hands to a PVH guest
MACHINES = {"microvm": "microvm,rtc=off,pit=off,pic=off,acpi=off", "q35": "q35"}
PLATFORMS = ("kvm", "linux")
EXIT_DEVICE = "isa-debug-exit,iobase=0xf4,iosize=4"


@dataclasses.dataclass
class Spec:
    """What to start. The lists hold words, already split."""

    image: str
    plat: str = "kvm"
    args: list = dataclasses.field(default_factory=list)
    env: list = dataclasses.field(default_factory=list)
    params: list = dataclasses.field(default_factory=list)
    mem: str = ""
    cpus: int = 1
    accel: str = "auto"
    machine: str = "microvm"
    files: str = ""
    qemu_args: list = dataclasses.field(default_factory=list)
    gdb_port: int = 0


@dataclasses.dataclass
class Command:
    """What to execute and what to say about it."""

    argv: list
    where: str
    files: list  # temporary files to remove at the end
    qemu: bool = False

    def clean(self):
        for name in self.files:
            try:
                os.unlink(name)
            except OSError:
                pass


def split_words(what, text):
    try:
        return shlex.split(text)
    except ValueError as e:
        raise Mend(f"{what}={text}: {e}: close the quotes") from e


def env_words(words):
    """K=V … as parameters env.K=V …"""
    for w in words:
        if not re.match(r"[A-Za-z_][A-Za-z0-9_]*=", w):
            raise Mend(f"ENV: {w}: not of the form NAME=value")
    return ["env." + w for w in words]


def guest_words(spec):
    """The words of the guest's command line: PARAMS, env.K=V, -- and ARGS."""
    words = spec.params + env_words(spec.env)
    return words + (["--"] + spec.args if spec.args else [])


def memory_bytes(text):
    m = re.fullmatch(r"([0-9]+)([kKmMgG]?)", text)
    if not m or int(m[1]) == 0:
        raise Mend(f"MEM={text}: not a size: a number with k, M or G behind it, as MEM=64M")
    return int(m[1]) << {"k": 10, "m": 20, "g": 30}[m[2].lower() or "m"]


def check(spec):
    """Find everything that is wrong before anything is started."""
    if spec.plat not in PLATFORMS:
        raise Mend(f"PLAT={spec.plat}: unknown platform; one of {' '.join(PLATFORMS)}")
    if not os.path.isfile(spec.image):
        raise Mend(f"{spec.image}: no such image: build it with make, its platform switched on in make menuconfig")
    if spec.machine not in MACHINES:
        raise Mend(f"MACHINE={spec.machine}: unknown machine; one of {' '.join(MACHINES)}")
    if spec.mem:
        memory_bytes(spec.mem)
    if spec.cpus < 1:
        raise Mend(f"CPUS={spec.cpus}: at least 1")
    if spec.files and not os.path.isdir(spec.files):
        raise Mend(f"FILES={spec.files}: not a folder: name one whose files the application shall see at /")
    if spec.plat == "kvm" and not shutil.which(accel.QEMU):
        raise Mend(f"{accel.QEMU} is not installed: apt-get install qemu-system-x86")


def pack_files(spec, keep):
    """The archive of FILES in a temporary file, or the name it would have."""
    if not spec.files:
        return "", []
    if keep is None:
        return "files.cpio", []
    handle, name = tempfile.mkstemp(prefix="files-", suffix=".cpio", dir=keep or None)
    os.close(handle)
    write_atomic(name, cpio.pack(spec.files))
    return name, [name]


def knows(spec, parameter):
    """Whether the image has this parameter: by its name, which stands in it."""
    with open(spec.image, "rb") as f:
        return parameter.encode() + b"\0" in f.read()


def clock_words(spec, kind):
    """A TCG guest has no way to learn the counter's frequency nor, without RTC, the time: the parameters say it.
    An image without clocks does not know the parameters."""
    if kind != "tcg":
        return []
    given = {p.partition("=")[0] for p in spec.params}
    values = {"tsc_khz": accel.tsc_khz(), "epoch": int(time.time()) if spec.machine == "microvm" else 0}
    return [f"{name}={value}" for name, value in values.items()
            if value and name not in given and knows(spec, name)]


def qemu_command(spec, initrd):
    kind, model, why = accel.choose(spec.accel)
    argv = [accel.QEMU, "-M", MACHINES[spec.machine], "-accel", kind, "-cpu", model, "-m", spec.mem or "64M"]
    argv += ["-smp", str(spec.cpus)] if spec.cpus > 1 else []
    argv += ["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-kernel", spec.image]
    argv += ["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console", "-device", EXIT_DEVICE]
    argv += ["-initrd", initrd] if initrd else []
    line = " ".join(shlex.quote(w) for w in clock_words(spec, kind) + guest_words(spec))
    if len(line.encode()) > COMMAND_LINE:
        raise Mend(f"the guest's command line has {len(line.encode())} bytes and QEMU cuts it after {COMMAND_LINE}; "
                   "shorten ARGS, ENV or PARAMS, or pass a file with FILES")
    argv += ["-append", line] if line else []
    argv += ["-S", "-gdb", f"tcp:127.0.0.1:{spec.gdb_port}"] if spec.gdb_port else []
    name = {"kvm": "KVM", "tcg": "TCG"}[kind]
    return argv + spec.qemu_args, f"kvm ({spec.machine}, {name}{': ' + why if why else ''})"


def linux_command(spec, initrd):
    words = [f"mem={memory_bytes(spec.mem) >> 10}k"] if spec.mem else []
    if spec.cpus > 1 and not knows(spec, "cpus"):
        raise Mend(f"CPUS={spec.cpus}: the image is made for one CPU: raise CORE_LOCK_CPUS in make menuconfig")
    words += [f"cpus={spec.cpus}"] if spec.cpus > 1 else []
    words += [f"initrd={initrd}"] if initrd else []
    return [os.path.abspath(spec.image)] + words + guest_words(spec), "linux"


def build(spec, keep=""):
    """The command for a checked Spec. keep: the folder for temporary files, None to make none (a dry run)."""
    check(spec)
    initrd, files = pack_files(spec, keep)
    if spec.plat == "linux":
        argv, where = linux_command(spec, initrd)
    else:
        argv, where = qemu_command(spec, initrd)
    return Command(argv, where, files, spec.plat != "linux")


def dry(spec):
    """The same as lines for a shell."""
    lines = []
    if spec.files:
        lines.append(shlex.join([os.path.join(os.path.dirname(os.path.abspath(__file__)), "cpio.py"), spec.files,
                                 "files.cpio"]))
    return "\n".join(lines + [shlex.join(build(spec, None).argv)])
