# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""KVM or TCG: decided by trying a tiny guest once, not by the existence of /dev/kvm.

There are hosts whose /dev/kvm interprets kernel code at about a million instructions a second and lacks many of
them; a guest is better off with TCG there. The probe executes PROBE_LOOPS × 2 instructions, which takes hardware a
millisecond or two, and such an interpreter seconds."""

import ctypes
import mmap
import os
import subprocess
import tempfile
import time

import guests
from common import Mend, boot_id, remember

QEMU = "qemu-system-x86_64"
PROBE_LOOPS = 4_000_000
PROBE_STATUS = 21
PROBE_SECONDS = 2.5
CPU_MODELS = ("host", "host,-arch-capabilities", "qemu64")  # the first can fail on nested or restricted hosts


def probe(model, code, seconds):
    """The exit status of a guest of this code under KVM; None when it did not end in time."""
    with tempfile.NamedTemporaryFile(suffix=".probe") as f:
        f.write(code)
        f.flush()
        command = [QEMU, "-M", "microvm,rtc=off,pit=off,pic=off,acpi=off", "-accel", "kvm", "-cpu", model, "-m", "8",
                   "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-kernel", f.name,
                   "-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
        try:
            return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=seconds, check=False).returncode
        except subprocess.TimeoutExpired:
            return None


def try_kvm():
    """{"fit": whether KVM is to be preferred, "why": why not, "cpu": the CPU model that it runs, None without}"""
    if not os.path.exists("/dev/kvm"):
        return {"fit": False, "why": "there is no /dev/kvm", "cpu": None}
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return {"fit": False, "why": "/dev/kvm may not be opened: join the group kvm", "cpu": None}
    quick = guests.spinning(1, PROBE_STATUS)
    wanted = 2 * PROBE_STATUS + 1
    model = next((m for m in CPU_MODELS if probe(m, quick, PROBE_SECONDS) == wanted), None)
    if model is None:
        return {"fit": False, "why": "/dev/kvm does not run a small guest", "cpu": None}
    if probe(model, guests.spinning(PROBE_LOOPS, PROBE_STATUS), PROBE_SECONDS) != wanted:
        return {"fit": False, "why": "/dev/kvm runs a guest too slowly", "cpu": model}
    return {"fit": True, "why": "", "cpu": model}


def kvm_state():
    """try_kvm(), remembered until the next boot of this machine or a change of who may open /dev/kvm."""
    return remember("kvm-probe", [boot_id(), os.getuid(), os.access("/dev/kvm", os.R_OK | os.W_OK)], try_kvm)


def choose(wanted):
    """(accelerator, CPU model, remark) for auto, kvm or tcg."""
    if wanted not in ("auto", "kvm", "tcg"):
        raise Mend(f"ACCEL={wanted}: unknown; one of auto kvm tcg")
    if wanted == "tcg":
        return "tcg", "max", ""
    state = kvm_state()
    if wanted == "kvm" and not state["cpu"]:
        raise Mend(f"ACCEL=kvm: {state['why']}; or use ACCEL=tcg")
    if wanted == "kvm" or state["fit"]:
        return "kvm", state["cpu"], ""
    return "tcg", "max", state["why"]


def read_tsc():
    """A function that reads the time stamp counter: eleven bytes of machine code in an executable page."""
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(b"\x0f\x31\x48\xc1\xe2\x20\x48\x09\xd0\xc3")  # rdtsc; shl $32,%rdx; or %rdx,%rax; ret
    call = ctypes.CFUNCTYPE(ctypes.c_uint64)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    call.page = page
    return call


def measure_tsc():
    tsc = read_tsc()
    best = None
    for _ in range(3):
        t0, c0 = time.monotonic_ns(), tsc()
        time.sleep(0.02)
        c1, t1 = tsc(), time.monotonic_ns()
        if best is None or t1 - t0 < best[0]:
            best = (t1 - t0, (c1 - c0) * 1_000_000 // (t1 - t0))
    return best[1]


def tsc_khz():
    """The host's time stamp counter in kHz: a TCG guest reads the same counter. Remembered until the next boot."""
    try:
        return remember("tsc", [boot_id()], measure_tsc)
    except (OSError, ValueError):
        return 0  # no executable page: the guest measures for itself
