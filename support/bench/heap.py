# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Heaps on recorded traces: ours in a process of the linux platform, the peer's as an ordinary Linux program, the same
replay loop in both. mimalloc is held against Debian's mimalloc, tlsf and the others against glibc's malloc."""

import os
import shutil
import subprocess

import lib

TITLE = "heaps on traces of Lua, SQLite and Redis, linux platform against glibc and mimalloc on Linux"
APP = "apps/heapbench"
TRACES = ["lua", "sqlite", "redis"]
MILLISECONDS = 200
PEERS = {"glibc": ([], []), "mimalloc": (["-DPEER_MIMALLOC"], ["-lmimalloc"])}
# heap -> (peer, goal); a heap with a goal is measured in an image that has no other, as it would be used.
HEAPS = {"mimalloc": ("mimalloc", ">=1.0x"), "tlsf": ("glibc", ">=1.0x"), "buddy": ("glibc", ""), "tiny": ("glibc", ""),
         "bump": ("glibc", "")}


def build_peer(name):
    """The path of the peer's program."""
    flags, libraries = PEERS[name]
    if name == "mimalloc" and not os.path.exists("/usr/include/mimalloc.h"):
        raise lib.jobs.Failure("builds", "libmimalloc-dev is not installed: apt-get install libmimalloc-dev")
    out = f"{lib.OUT}/heap-peer-{name}"
    done = subprocess.run([shutil.which("gcc") or "gcc", "-O2", *flags, f"-I{APP}", "-o", out,
                           "support/bench/heap_peer.c", f"{APP}/trace.c", *libraries],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise lib.jobs.Failure("builds", f"the peer {name}: {done.stderr[-300:]}")
    return out


def operations(argv, heap):
    """A function that runs a command and returns the millions of operations a second of the heap in its CSV.

    It runs a fresh copy of the program each time: the very same file, byte for byte, was seen to run at 0.6 times the
    speed of its copies, for as long as its pages lay where they did in the host's memory."""

    def once():
        copy = f"{lib.OUT}/heap-copy"
        shutil.copy(argv[0], copy)
        done = subprocess.run([copy, *argv[1:]], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
                              check=False)
        for line in done.stdout.splitlines():
            fields = line.split(",")
            if fields[0] == heap and len(fields) > 2:
                return float(fields[2] or 0) / 1e6
        raise lib.jobs.Failure("runs", f"{' '.join(argv)}: no figure in its output: {done.stdout[-300:]}")

    return once


def run(bench):
    peers = {name: build_peer(name) for name in PEERS}
    every = bench.build("heapbench", f"{lib.OUT}/heapbench", ["PLAT_LINUX=y", "PLAT_KVM=n"])
    figures = []
    for heap, (peer, goal) in HEAPS.items():
        out = every
        if goal:
            symbol = f"MEM_{heap.upper()}"
            out = bench.build("heapbench", f"{lib.OUT}/heapbench-{heap}", [
                "PLAT_LINUX=y", "PLAT_KVM=n", f"{symbol}_DEFAULT=y",
                *(f"MEM_{h.upper()}=n" for h in HEAPS if h != heap)])
        image = lib.jobs.image(out, "heapbench", "linux")
        for trace in TRACES:
            ours = operations([image, "banner=off", "--", f"--ms={MILLISECONDS}", "--csv", f"--heap={heap}",
                               f"--trace={trace}"], heap)
            theirs = operations([peers[peer], str(MILLISECONDS), f"{APP}/traces/{trace}.trace"], peer)
            figure = f"{heap}, {trace}"
            mine, other = bench.in_turn(figure, ours, theirs)
            figures.append(lib.Figure(figure, "M operations/s", mine, other, f"{peer} (Linux)", goal))
    return figures
