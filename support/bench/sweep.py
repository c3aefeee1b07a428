#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""`make sweep APP=… HEAP=all [SCHED=all] [PLAT=…] [CONFIG_X=a,b …]`: builds, boots and measures one application over
combinations of options, without a menu in between.

    sweep.py --app APP [--runs N] [--args …] NAME=VALUE,VALUE…

HEAP=all or HEAP=tlsf,bump builds with that heap and no other, SCHED=all or SCHED=rr,none with that scheduler or without
threads. PLAT=kvm,linux measures on these platforms. Any other NAME is a configuration option, with or without CONFIG_.
Measured: the stripped image, start to exit (the median of the
runs), the status, and each console line `metric NAME VALUE UNIT` that the application prints."""

import argparse
import csv
import glob
import itertools
import os
import re
import statistics
import subprocess
import sys

import lib
import plot

import command  # from support/run
from common import Mend

METRIC = re.compile(r"^metric\s+(\S+)\s+([-0-9.eE+]+)(?:\s+(\S+))?\s*$", re.M)
RUN_SECONDS = 300


# What is swept by name: what it is, the class of its providers, and the library whose option they depend on.
CLASSES = {"HEAP": ("heap", "heap", "MEM_HEAP"), "SCHED": ("scheduler", "sched", "SCHED_THREAD")}


def providers(kind):
    """{name on the command line: option of the library} of every provider of a class in the tree."""
    found = {}
    for path in sorted(glob.glob("lib/*/*/Makefile.uk")):
        with open(path, encoding="utf-8") as f:
            if re.search(rf"^PROVIDES.*=.*\b{kind}:", f.read(), re.M):
                folder = os.path.dirname(path).removeprefix("lib/")
                found[folder.split("/")[1]] = re.sub(r"[^A-Z0-9]", "_", folder.upper())
    return found


def settings_for(name, every, frame):
    """The settings for one provider alone, or for none at all."""
    if name == "none":
        return [f"{frame}=n"]
    off = [f"{symbol}=n" for other, symbol in every.items() if other != name]
    return [f"{frame}=y", f"{every[name]}=y", f"{every[name]}_DEFAULT=y", *off]


def axis(word):
    """(name, [(label, settings)]) of one NAME=VALUE,VALUE word."""
    name, equals, text = word.partition("=")
    if not equals or not text:
        raise Mend(f"sweep: {word}: not of the form NAME=value,value")
    values = text.split(",")
    if name not in CLASSES:
        option = name.removeprefix("CONFIG_")
        return option, [(v, [f"{option}={v}"]) for v in values]
    what, kind, frame = CLASSES[name]
    every = providers(kind)
    values = list(every) if values == ["all"] else values
    unknown = [v for v in values if v not in every and (name, v) != ("SCHED", "none")]
    if unknown:
        raise Mend(f"{name}={','.join(unknown)}: no such {what}; one of all {' '.join(every)}")
    return name, [(v, settings_for(v, every, frame)) for v in values]


def start(image, plat, options):
    """(seconds, status as of the run tool, output) of one run, as the run tool would start it."""
    spec = command.Spec(image, plat, command.split_words("ARGS", options.args), mem=options.mem, files=options.files,
                        params=command.split_words("PARAMS", options.params), accel=options.accel)
    made = command.build(spec)
    box = []
    try:
        seconds = lib.timed(lambda: box.append(subprocess.run(
            made.argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=RUN_SECONDS, check=False)))
    except subprocess.TimeoutExpired:
        return RUN_SECONDS, 124, ""
    finally:
        made.clean()
    code = box[0].returncode
    status = (code >> 1 if code & 1 else 125) if plat == "kvm" else code
    return seconds, status, box[0].stdout.decode(errors="replace")


def measure(image, plat, options, bench):
    """{figure: (value, unit)} of one image."""
    times, found, status = [], {}, 0
    for _ in range(options.runs):
        seconds, status, text = start(image, plat, options)
        bench.log(text + f"\nstatus {status}, {seconds:.3f} s\n")
        if status:
            break
        times.append(seconds)
        for name, value, unit in METRIC.findall(text):
            found.setdefault((name, unit), []).append(float(value))
    result = {"image": (os.path.getsize(image), "B"), "status": (status, "")}
    if times and not status:
        result["start to exit"] = (statistics.median(times) * 1000, "ms")
        result.update({name: (statistics.median(values), unit) for (name, unit), values in found.items()})
    return result


def combinations(axes):
    """[(labels, settings)] of the product of all axes."""
    for choice in itertools.product(*(values for _, values in axes)):
        yield [label for label, _ in choice], [s for _, settings in choice for s in settings]


def sweep(options, axes, plats):
    """Rows of (labels and platform, results)."""
    bench = lib.Bench("sweep-" + options.name, options.runs)
    todo = list(combinations(axes))
    rows = []
    for number, (labels, settings) in enumerate(todo, 1):
        title = " ".join(f"{name}={label}" for (name, _), label in zip(axes, labels)) or "default"
        print(f"[{number}/{len(todo)}] {title}", flush=True)
        out = "build/sweep/" + options.name + "/" + re.sub(r"[^A-Za-z0-9.]", "-", title)
        platforms = [f"PLAT_{p.upper()}={'y' if p in plats else 'n'}" for p in ("kvm", "linux")]
        try:
            lib.jobs.build(out, options.app, bench.log, [*platforms, *settings])
        except lib.jobs.Failure as e:
            if "setconfig: " in e.remark:       # a slip in the command line, the same in every combination
                raise Mend(e.remark[e.remark.index("setconfig: "):]) from e
            print(f"    does not build: {e.remark}")
            rows += [([*labels, p], {"status": (-1, "")}) for p in plats]
            continue
        for plat in plats:
            rows.append(([*labels, plat], measure(lib.jobs.image(out, options.name, plat), plat, options, bench)))
            shown = [f"{k} {lib.number(v)} {u}".strip() for k, (v, u) in rows[-1][1].items()]
            print(f"    {plat}: {', '.join(shown)}", flush=True)
    return rows


def write(name, axes, rows):
    """CSV, table and plots."""
    figures = list(dict.fromkeys((k, u) for _, result in rows for k, (_, u) in result.items()))
    header = [n for n, _ in axes] + ["PLAT"] + [f"{k} [{u}]" if u else k for k, u in figures]
    body = [labels + [lib.number(result[k][0]) if k in result else "" for k, _ in figures] for labels, result in rows]
    stem = f"{lib.OUT}/sweep-{name}"
    with open(stem + ".csv", "w", encoding="utf-8", newline="") as f:
        csv.writer(f, lineterminator="\n").writerows([header, *body])
    print(lib.table(header, body))
    for k, u in figures:
        bars = [(" ".join(labels), [result[k][0]], [f"{lib.number(result[k][0])} {u}"])
                for labels, result in rows if k in result]
        if k == "status" or not bars:
            continue
        leaf = re.sub(r"[^a-z0-9]+", "-", k.lower())
        complaint = plot.bars(f"{stem}-{leaf}", f"{name}: {k}", u, bars, [k])
        if complaint:
            return print(complaint)
    return print(f"wrote {stem}.csv and a plot of each figure as .svg and .png")


OWN = ("APP", "PLAT", "ARGS", "PARAMS", "FILES", "MEM", "ACCEL", "RUNS", "O", "V", "TESSERA_CACHE")


def from_make():
    """What is swept, from make's own list of the variables on its command line, in which blanks are escaped."""
    words = re.findall(r"(?:\\.|[^\s\\])+", os.environ.get("SWEEP_VARIABLES", ""))
    words = [re.sub(r"\\(.)", r"\1", w) for w in words if not w.startswith("-")]
    return sorted(w for w in words if w.partition("=")[0] not in OWN)


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--app", default="hello")
    p.add_argument("--plat", default="kvm")
    p.add_argument("--runs", type=int, default=lib.PAIRS)
    p.add_argument("--args", default="")
    p.add_argument("--params", default="")
    p.add_argument("--mem", default="")
    p.add_argument("--files", default="")
    p.add_argument("--accel", default="auto")
    p.add_argument("words", nargs="*", metavar="NAME=VALUE,VALUE")
    o = p.parse_args()
    o.name = os.path.basename(o.app.rstrip("/"))
    o.words += from_make()
    return o


def main():
    o = arguments()
    os.chdir(lib.ROOT)
    try:
        axes = [axis(word) for word in o.words]
        plats = ["kvm", "linux"] if o.plat == "all" else o.plat.split(",")
        unknown = set(plats) - {"kvm", "linux"}
        if unknown:
            raise Mend(f"PLAT={','.join(sorted(unknown))}: unknown platform; one of all kvm linux")
        rows = sweep(o, axes, plats)
    except Mend as e:
        sys.exit(f"error: {e}")
    write(o.name, axes, rows)
    return 0 if all(result["status"][0] == 0 for _, result in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
