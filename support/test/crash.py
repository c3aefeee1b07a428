#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Kills, exhaustion, damage and nonsense: whatever happens, the system ends in time, says why, and starts again."""

import os
import shlex
import signal
import string
import subprocess
import sys
import tempfile
import time

import campaign
import cpio
from campaign import expect, trials
from jobs import OUT, ROOT, boot, build, image

BOTH = ["PLAT_KVM=y", "PLAT_LINUX=y"]
HELLO = f"{OUT}/crash-hello"
BROKEN = f"{OUT}/crash-broken"
PANICS = ("bug", "assert", "null", "text", "data", "stack", "instruction", "divide", "wild", "abort")
TOOL = os.path.join(ROOT, "support/run/run.py")
NEVER_ENDED = 124
NO_STATUS = 125


def hello(log):
    build(HELLO, "hello", log, BOTH)


def says_hello(plat, log, options=()):
    options = ["--accel=tcg", *options] if plat == "kvm" else list(options)
    status, text = boot(HELLO, "hello", plat, log, options, 30)
    expect(status == 0 and "Hello" in text, f"hello on {plat} no longer starts: status {status}")


def kill_the_machine(log, seconds, seed):
    """SIGKILL to the run tool at a random moment: its guest goes with it, and the next one starts as if nothing was."""
    hello(log)

    def trial(rng):
        plat = rng.choice(["kvm", "linux"])
        child = subprocess.Popen([TOOL, "--quiet", "--accel=tcg", image(HELLO, "hello", plat)],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0, 0.15))
        child.send_signal(rng.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT]))
        child.wait(20)
        time.sleep(0.05)
        expect(not running(image(HELLO, "hello", plat)), "a killed run left its guest behind")
        says_hello(plat, log)

    return trials("kill the machine", seconds, seed, log, trial)


def running(path):
    """Whether some process has this path among its words."""
    wanted = path.encode()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                if wanted in f.read():
                    return True
        except OSError:
            pass
    return False


def little_memory(log, seconds, seed):
    """Machines from far too small to ample: the guest runs or says that it cannot; it never hangs or resets."""
    hello(log)

    def trial(rng):
        kib = rng.choice([rng.randrange(1024, 2048, 4), rng.randrange(2048, 65536, 4)])
        status, _ = boot(HELLO, "hello", "kvm", log, ["--accel=tcg", f"--mem={kib}k"], 20)
        # below 1,152 KiB even the monitor may refuse to load the image
        expect(status == 0 or kib < 1152, f"{kib} KiB of memory: status {status}")

    return trials("little memory", seconds, seed, log, trial)


def nonsense(rng):
    """Words that no one would write on a command line."""
    letters = string.ascii_letters + string.digits + " ='\"\\-.,/%\t$#~"
    return ["".join(rng.choice(letters) for _ in range(rng.randrange(1, 60))) for _ in range(rng.randrange(1, 12))]


def nonsense_on_the_command_line(log, seconds, seed):
    """Random parameters, environment and arguments: an answer with a status, no panic, no hang."""
    hello(log)

    def trial(rng):
        plat = rng.choice(["kvm", "linux"])
        command = [image(HELLO, "hello", "linux"), *nonsense(rng)]
        if plat == "kvm":
            command = [TOOL, "--quiet", "--timeout=20", "--accel=tcg", image(HELLO, "hello", "kvm"),
                       "--qemu-args=-append " + shlex.quote(" ".join(nonsense(rng)))]
        status = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, timeout=40, check=False).returncode
        expect(0 <= status < 99 or status in (NO_STATUS + 1,), f"status {status} for {command!r}")

    return trials("nonsense on the command line", seconds, seed, log, trial)


def damaged_files(log, seconds, seed):
    """An archive with flipped bits, or cut short, as the initial files: read as far as it goes, or refused."""
    hello(log)
    whole = cpio.pack("support/run")

    def trial(rng):
        data = bytearray(whole[:rng.randrange(1, len(whole))] if rng.random() < 0.3 else whole)
        for _ in range(rng.randrange(1, 40)):
            data[rng.randrange(min(len(data), 4096))] ^= 1 << rng.randrange(8)
        with tempfile.NamedTemporaryFile(suffix=".cpio") as f:
            f.write(data)
            f.flush()
            status, _ = boot(HELLO, "hello", "kvm", log, ["--accel=tcg", f"--qemu-args=-initrd {f.name}"], 20)
        expect(status not in (NEVER_ENDED, NO_STATUS, 99), f"status {status} with a damaged archive")

    return trials("damaged files", seconds, seed, log, trial)


def broken_applications(log, seconds, seed):
    """Panics of every kind in machines of every kind: status 99 each time; and all memory taken is an error only."""
    build(BROKEN, "tests/broken", log, BOTH)

    def trial(rng):
        plat, way = rng.choice(["kvm", "linux"]), rng.choice([*PANICS, "memory"])
        options = [f"--args={way}", f"--mem={rng.randrange(3, 200)}M", "--accel=tcg"]
        options += [f"--machine={rng.choice(['microvm', 'q35'])}"] if plat == "kvm" else []
        status, _ = boot(BROKEN, "broken", plat, log, options, 30)
        expect(status == (0 if way == "memory" else 99), f"{way} on {plat}: status {status} with {options}")

    return trials("broken applications", seconds, seed, log, trial)


def targets(plats):
    if not {"kvm", "linux"} <= set(plats):
        return []
    return [broken_applications, kill_the_machine, little_memory, nonsense_on_the_command_line, damaged_files]


if __name__ == "__main__":
    sys.exit(campaign.main("crash", targets, 300))
