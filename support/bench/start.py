# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""How long a start takes from nothing to the end, and with how little memory it succeeds."""

import statistics
import subprocess

import lib

import command  # noqa: E402  (from support/run)
import guests

TITLE = "start to exit, and least memory, of hello"
PROCESS_PAIRS = 301
EMPTY_PROGRAM = '__asm__(".globl _start\\n_start: mov $231, %eax\\nxor %edi, %edi\\nsyscall\\n");\n'
LIBC_PROGRAM = "#include <unistd.h>\nint main(void) { _exit(0); }\n"
LEAST_KIB, MOST_KIB, STEP_KIB = 1024, 16384, 4


def machine(image, memory, machine_name="microvm"):
    """A function that runs QEMU on an image and returns its seconds; the command is the run tool's own."""
    made = command.build(command.Spec(image, accel="tcg", mem=memory, machine=machine_name))

    def once():
        end = []
        seconds = lib.timed(lambda: end.append(subprocess.run(
            made.argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)))
        if end[0].returncode != 1:  # status 0 through isa-debug-exit
            raise lib.jobs.Failure("starts", f"{image}: QEMU ended with {end[0].returncode}: {end[0].stderr.decode()}")
        return seconds

    return once


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)
    return path


def compiled(name, source, flags):
    """A program of the build machine."""
    path = f"{lib.OUT}/{name}"
    write(path + ".c", source.encode())
    subprocess.run(["gcc", "-O2", "-static", *flags, path + ".c", "-o", path], check=True)
    return path


def processes(bench, figure, image, peer):
    """Medians in microseconds of starting two programs in turn."""
    spawn = f"{lib.OUT}/spawn"
    subprocess.run(["gcc", "-O2", "support/bench/spawn.c", "-o", spawn], check=True)
    out = subprocess.run([spawn, str(PROCESS_PAIRS), image, peer], capture_output=True, text=True, check=False)
    if out.returncode:
        raise lib.jobs.Failure("starts", out.stderr.strip())
    pairs = [[int(word) / 1000 for word in line.split()] for line in out.stdout.splitlines()]
    bench.keep(figure, [p[0] for p in pairs], [p[1] for p in pairs])
    return [statistics.median(p[i] for p in pairs) for i in (0, 1)]


def least_memory(bench, image):
    """The smallest -m in KiB with which the image says what it should and ends with status 0, by bisection."""

    def runs(kib):
        made = command.build(command.Spec(image, accel="tcg", mem=f"{kib}k"))
        try:
            end = subprocess.run(made.argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False)
        except subprocess.TimeoutExpired:
            return False
        bench.log(f"{kib} KiB: QEMU ended with {end.returncode}\n")
        return end.returncode == 1 and b"Hello" in end.stdout

    low, high = LEAST_KIB - STEP_KIB, MOST_KIB
    if not runs(high):
        return None
    while high - low > STEP_KIB:
        middle = (low + high) // 2 // STEP_KIB * STEP_KIB
        low, high = (low, middle) if runs(middle) else (middle, high)
    return high


def run(bench):
    bench.pairs = max(bench.pairs, 21)  # a start is short, and the machine is not quiet
    out = bench.build("hello", f"{lib.OUT}/start", ["PLAT_KVM=y", "PLAT_LINUX=y"])
    kvm, linux = (lib.jobs.image(out, "hello", plat) for plat in ("kvm", "linux"))
    empty = write(f"{lib.OUT}/empty_kvm-x86_64", guests.empty())
    figures = []
    for name, goal in (("microvm", "<=1.1x"), ("q35", "")):
        ours, peer = bench.in_turn(f"QEMU {name}", machine(kvm, "64M", name), machine(empty, "64M", name))
        title = f"QEMU {name} (TCG), start to exit"
        figures.append(lib.Figure(title, "ms", ours * 1000, peer * 1000, "empty guest", goal))
    for name, source, flags, goal in (("_exit(0), no libc", EMPTY_PROGRAM, ["-nostdlib"], "<=2x"),
                                      ("_exit(0), static glibc", LIBC_PROGRAM, [], "<=2x")):
        peer_path = compiled("exit-" + ("bare" if "-nostdlib" in flags else "glibc"), source, flags)
        ours, peer = processes(bench, f"linux, against {name}", linux, peer_path)
        figures.append(lib.Figure("linux, start to exit", "us", ours, peer, name, goal))
    bench.say("least memory by bisection")
    least = least_memory(bench, kvm)
    return figures + [lib.Figure("least memory, microvm", "KiB", least, 1396, "unikraft (recorded)", "<=1152")]
