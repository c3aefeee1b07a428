#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""`make bench [B=name]`: runs benchmarks and writes build/bench/NAME.csv, NAME.svg and NAME.png.

    bench.py [--pairs N] [--list] [NAME…]

The status is 0 only when every goal was met."""

import argparse
import importlib.util
import os
import sys

import lib
import plot

HELPERS = {"lib", "plot", "bench", "sweep", "measure"}


def names():
    here = os.path.dirname(os.path.abspath(__file__))
    return sorted(n[:-3] for n in os.listdir(here) if n.endswith(".py") and n[:-3] not in HELPERS)


def load(name):
    """The module of a benchmark, by its path: names such as `size` may be taken elsewhere."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".py")
    spec = importlib.util.spec_from_file_location("bench_" + name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def draw(name, title, figures):
    """Each figure relative to its peer, or to its goal where there is no peer."""
    rows = []
    for f in figures:
        goal = lib.GOAL.match(f.goal)
        base, of = (f.peer, f.peer_name) if f.peer else (goal and float(goal[2]), "goal")
        if base and f.ours is not None:
            rows.append((f.figure, [f.ours / base], [f"{f.ours / base:.2f}   {lib.number(f.ours)} {f.unit} / "
                                                     f"{lib.number(base)} {of}"]))
    return plot.bars(f"{lib.OUT}/{name}", title, "ours / peer", rows, ["ours"], [(1, "")])


def run_one(name, pairs):
    """Run, save, draw, print. True when every goal was met."""
    module = load(name)
    print(f"{name}: {module.TITLE}", flush=True)
    bench = lib.Bench(name, pairs)
    try:
        figures = module.run(bench)
    except lib.jobs.Failure as e:
        print(f"error: {name}: {e.remark} (log: {lib.OUT}/logs/{name}.log)", file=sys.stderr)
        return False
    lib.save(name, figures, bench.raw)
    complaint = draw(name, module.TITLE, figures)
    print(lib.table(lib.COLUMNS, [f.row() for f in figures]))
    print(complaint or f"wrote {lib.OUT}/{name}.csv, .svg, .png", flush=True)
    return all(f.met() is not False for f in figures)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("names", nargs="*", metavar="NAME")
    p.add_argument("--pairs", type=int, default=lib.PAIRS, help="measurements of each kind (at least 7 to be kept)")
    p.add_argument("--list", action="store_true")
    o = p.parse_args()
    os.chdir(lib.ROOT)
    if o.list:
        print("\n".join(f"{n:8} {load(n).TITLE}" for n in names()))
        return 0
    unknown = set(o.names) - set(names())
    if unknown:
        sys.exit(f"error: B={' '.join(sorted(unknown))}: no such benchmark; one of {' '.join(names())}")
    good = [run_one(n, max(1, o.pairs)) for n in o.names or names()]
    print("every goal met" if all(good) else "some goals were not met, or could not be measured")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
