# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Threads of Tessera as a process against pthreads of Linux: the same source (apps/schedbench), the same compiler and
optimisation, in turn. One image is for one CPU, as its users would have it, and one for several."""

import glob
import os
import statistics
import subprocess

import lib
import plot

import command  # from support/run

TITLE = "threads, linux platform against Linux pthreads"
PEER = "Linux pthreads"
SOURCES = "apps/schedbench"
QEMU_SUCCESS = 1      # isa-debug-exit makes 2 * status + 1 of it
MANY = 100000         # threads alive at once
MEMORY = 1228 * 1024  # KiB that they may take: 1.2 GiB
LEAST = ["SCHED_THREAD_DUMP=n", "SCHED_THREAD_MARKS=n", "SCHED_THREAD_CPUTIME=n", "SCHED_THREAD_GUARD=n",
         "TOOLCHAIN_LTO=y"]

# What one CPU does: words for schedbench, its metric, unit, goal of the ratio.
ONE_CPU = [("yield", "yield", "ns", "<=0.1x"),
           ("cond", "cond", "ns", "<=0.05x"),
           ("create", "create", "ns", "<=0.05x"),
           ("mutex", "mutex", "ns", "<=1.05x"),
           ("clock", "clock", "ns", "<=1.05x")]
NAMES = {"yield": "yield between two threads", "cond": "condition variables, round trip",
         "create": "thread created and joined", "mutex": "mutex, uncontended pair",
         "clock": "clock_gettime(CLOCK_MONOTONIC)"}
# Lateness: words, what it is called.
LATENESS = [(["sleep"], "sleep", "clock_nanosleep, idle"),
            (["sleep", "1"], "sleep_busy", "clock_nanosleep, SCHED_FIFO beside a load"),
            (["timer"], "timer", "timer's signal, idle"),
            (["timer", "1"], "timer_busy", "timer's signal, SCHED_FIFO beside a load")]


def peer_program(bench):
    """The same sources as a program of Linux."""
    path = f"{lib.OUT}/schedbench-linux"
    bench.say("building the peer")
    end = subprocess.run(["gcc", "-O2", "-pthread", "-o", path, *sorted(glob.glob(f"{SOURCES}/*.c"))],
                         capture_output=True, text=True, check=False)
    if end.returncode:
        raise lib.jobs.Failure("builds", "the peer does not compile: " + end.stderr[-300:])
    return path


def run_once(bench, argv, success=0):
    """Metrics {name: value}, buckets {name: [(bound, count)]} and the largest memory in KiB of a run, which ends with
    the status that means success."""
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    bench.log(f"{' '.join(argv)}\n{text}")
    if process.returncode != success:
        raise lib.jobs.Failure("runs", f"{' '.join(argv)}: status {process.returncode}: {text[-300:]}")
    metrics, buckets = {}, {}
    for words in map(str.split, text.splitlines()):
        if words[:1] == ["metric"]:
            metrics[words[1]] = float(words[2])
        elif words[:1] == ["bucket"]:
            buckets.setdefault(words[1], []).append((float(words[2]), int(words[3])))
    return metrics, buckets, usage.ru_maxrss


class Ours:
    """An image, with the run tool's way of starting it."""

    def __init__(self, bench, name, plat, settings):
        self.plat = plat
        out = bench.build("schedbench", f"{lib.OUT}/{name}", [f"PLAT_{plat.upper()}=y", *settings])
        self.image = lib.jobs.image(out, "schedbench", plat)

    def argv(self, words, cpus=1, mem="512M"):
        params = ["banner=off"]
        return command.build(command.Spec(self.image, self.plat, args=words, params=params, cpus=cpus, mem=mem)).argv


def in_pairs(bench, label, ours, theirs, names):
    """Medians of several metrics of one measurement, ours and the peer's in turn; the buckets of all runs."""
    values = {name: ([], []) for name in names}
    sums = ({}, {})
    for n in range(bench.pairs):
        for side in (0, 1) if n % 2 == 0 else (1, 0):
            metrics, buckets, _ = run_once(bench, (ours, theirs)[side])
            for name in names:
                values[name][side].append(metrics[name])
            for bound, count in [b for each in buckets.values() for b in each]:
                sums[side][bound] = sums[side].get(bound, 0) + count
        lib.progress(f"{label}: pair {n + 1}/{bench.pairs}")
    for name, (left, right) in values.items():
        bench.keep(name, left, right)
    return {name: (statistics.median(left), statistics.median(right)) for name, (left, right) in values.items()}, sums


def one_cpu(bench, image, peer, suffix="", goals=True):
    figures = []
    for word, metric, unit, goal in ONE_CPU:
        name = NAMES[word] + suffix
        found, _ = in_pairs(bench, name, image.argv([word]), [peer, word], [metric])
        figures.append(lib.Figure(name, unit, *found[metric], PEER, goal if goals else ""))
    return figures


def lateness(bench, image, peer):
    figures, rows = [], []
    for words, metric, name in LATENESS:
        found, sums = in_pairs(bench, name, image.argv(words), [peer, *words], [f"{metric}_median", f"{metric}_p99"])
        for point in ("median", "p99"):
            figures.append(lib.Figure(f"{name}: late by, {point}", "ns", *found[f"{metric}_{point}"], PEER, "<=1.0x"))
        rows.append((name, sums))
    return figures, rows


def scaling(bench, image, peer):
    """The sort on 1, 2 and 4 CPUs, as a speed-up over one."""
    times = {}
    for cpus in (1, 2, 4):
        words = ["sort", str(cpus)]
        found, _ = in_pairs(bench, f"sort, {cpus} CPUs", image.argv(words, cpus), [peer, *words], ["sort"])
        times[cpus] = found["sort"]
    figures = [lib.Figure("parallel sort, one CPU", "ms", *times[1], PEER)]
    for cpus in (2, 4):
        speed = [times[1][side] / times[cpus][side] for side in (0, 1)]
        goal = ">=1.85" if cpus == 2 and (os.cpu_count() or 1) >= 2 else ""
        figures.append(lib.Figure(f"parallel sort, {cpus} CPUs over one", "x", *speed, PEER, goal))
    return figures, times


def many(bench, image):
    """100,000 threads at once: whether they fit, and the memory that they take."""
    bench.say(f"{MANY} threads at once")
    metrics, _, rss = run_once(bench, image.argv(["many", str(MANY), "8192"], mem="1228M"))
    return [lib.Figure("100,000 threads of 8 KiB stacks: peak memory", "KiB", rss, goal=f"<={MEMORY}"),
            lib.Figure("100,000 threads made and joined", "s", metrics["many_time"])]


def growth(bench):
    """What threads cost in an image: two cooperative threads say hello."""
    figures = []
    for name, extra, of_hello, goal in (("default options", [], [], ""),
                                        ("least options", LEAST, ["TOOLCHAIN_LTO=y"], "<=12288")):
        stem = f"{lib.OUT}/sched-{name.split()[0]}"
        coop = bench.build("coop", f"{stem}-coop", ["PLAT_KVM=y", "PLAT_LINUX=n", *extra])
        hello = bench.build("hello", f"{stem}-hello", ["PLAT_KVM=y", "PLAT_LINUX=n", *of_hello])
        sizes = [os.path.getsize(lib.jobs.image(out, app, "kvm")) for out, app in ((coop, "coop"), (hello, "hello"))]
        figures.append(lib.Figure(f"cooperative threads over hello, kvm, {name}", "B", sizes[0] - sizes[1], goal=goal))
    return figures


def in_guest(bench):
    """The same in a virtual machine, without a peer."""
    image = Ours(bench, "sched-guest", "kvm", ["CORE_LOCK_CPUS=1"])
    figures = []
    for word, metric, unit, _ in ONE_CPU:
        metrics, _, _ = run_once(bench, image.argv([word], mem="256M"), QEMU_SUCCESS)
        figures.append(lib.Figure(f"{NAMES[word]}, kvm platform", unit, metrics[metric]))
    return figures


def draw_lateness(rows):
    """A histogram for each kind of timer: what part was at most so late."""
    for n, (name, sums) in enumerate(rows):
        bounds = sorted(set(sums[0]) | set(sums[1]))
        totals = [max(1, sum(side.values())) for side in sums]
        lines = []
        for bound in bounds:
            parts = [100 * side.get(bound, 0) / total for side, total in zip(sums, totals)]
            if max(parts) >= 0.5:
                lines.append((f"{bound / 1000:.1f} us", parts, [f"{part:.1f} %" for part in parts]))
        plot.bars(f"{lib.OUT}/sched-lateness-{n + 1}", f"lateness of timers: {name}",
                  "% of the timers, late by at most", lines, ["Tessera", PEER])


def draw_scaling(times):
    rows = []
    for cpus in sorted(times):
        speed = [times[1][side] / times[cpus][side] for side in (0, 1)]
        rows.append((f"{cpus} CPUs", speed, [f"{s:.2f} x, {t:.1f} ms" for s, t in zip(speed, times[cpus])]))
    plot.bars(f"{lib.OUT}/sched-scaling", f"parallel sort, machine of {os.cpu_count()} CPUs",
              "times as fast as one CPU", rows, ["Tessera", PEER])


def warn_of_load(bench):
    """What shares the CPUs with others is not measured: the sort, the contended mutex and the 99th percentiles."""
    load = os.getloadavg()[0]
    if load > 0.5:
        bench.say(f"the machine is busy (load {load:.1f}): figures of several CPUs and 99th percentiles mean little")


def run(bench):
    warn_of_load(bench)
    peer = peer_program(bench)
    single = Ours(bench, "sched-one", "linux", ["CORE_LOCK_CPUS=1"])
    several = Ours(bench, "sched-several", "linux", ["CORE_LOCK_CPUS=4"])
    figures = one_cpu(bench, single, peer)
    found, _ = in_pairs(bench, "contended mutex", several.argv(["contended"], 2), [peer, "contended"], ["contended"])
    figures.append(lib.Figure("contended mutex, 4 threads on 2 CPUs", "M/s", *found["contended"], PEER, ">=1.5x"))
    sorted_figures, times = scaling(bench, several, peer)
    late, rows = lateness(bench, single, peer)
    figures += sorted_figures + late + many(bench, single) + growth(bench)
    figures += one_cpu(bench, several, peer, ", image for 4 CPUs", False)
    figures += in_guest(bench)
    draw_lateness(rows)
    draw_scaling(times)
    return figures
