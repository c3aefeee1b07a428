# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""The common runner of benchmarks: ours and the peer in turn, medians, a table, a CSV file and its plots.

A benchmark is a module support/bench/NAME.py with TITLE and run(bench), which returns figures. Peers that cannot be
built from Debian are recorded figures, and are called so."""

import csv
import dataclasses
import os
import re
import statistics
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[1:1] = [os.path.join(ROOT, "support", d) for d in ("test", "run")]

import jobs  # noqa: E402  pylint: disable=wrong-import-position

OUT = "build/bench"
PAIRS = 7
COLUMNS = "figure unit ours peer peer_name ratio goal met".split()
GOAL = re.compile(r"(<=|>=)\s*([0-9.]+)(x?)$")


@dataclasses.dataclass
class Figure:
    """One line of the result. goal is "", or "<=" or ">=" and a value of ours, or with an x behind it one of the
    ratio ours / peer. peer is None where there is none."""

    figure: str
    unit: str
    ours: float
    peer: float = None
    peer_name: str = ""
    goal: str = ""

    def ratio(self):
        return None if self.peer in (None, 0) or self.ours is None else self.ours / self.peer

    def met(self):
        """True, False, or None without a goal."""
        if not self.goal or self.ours is None:
            return None if not self.goal else False
        sign, limit, of_ratio = GOAL.match(self.goal).groups()
        value = self.ratio() if of_ratio else self.ours
        return value is not None and (value <= float(limit) if sign == "<=" else value >= float(limit))

    def row(self):
        """The values of COLUMNS as text."""
        ratio, met = self.ratio(), self.met()
        return [self.figure, self.unit, number(self.ours), number(self.peer), self.peer_name,
                "" if ratio is None else f"{ratio:.3f}", self.goal, {True: "yes", False: "NO", None: ""}[met]]


def number(value):
    """Four significant digits, integers whole."""
    if value is None:
        return ""
    if float(value).is_integer() or abs(value) >= 10000:
        return str(round(value))
    return f"{value:.4g}"


class Bench:
    """What a benchmark works with: builds, pairs of measurements, words on the screen."""

    def __init__(self, name, pairs=PAIRS):
        self.name, self.pairs, self.raw = name, pairs, []
        os.makedirs(f"{OUT}/logs", exist_ok=True)
        self.file = open(f"{OUT}/logs/{name}.log", "w", encoding="utf-8")

    def log(self, text):
        self.file.write(text)
        self.file.flush()

    def say(self, text):
        print(f"  {text}", flush=True)

    def build(self, app, out, settings=(), base=None):
        """Configure and build an application; its folder."""
        self.say(f"building {app} ({' '.join([*(base or []), *settings]) or 'default configuration'})")
        jobs.build(out, app, self.log, list(settings), base)
        return out

    def in_turn(self, figure, ours, peer):
        """Medians of ours() and peer(), called in turn, first one first, then the other."""
        left, right = [], []
        for n in range(self.pairs):
            for call, values in ((ours, left), (peer, right)) if n % 2 == 0 else ((peer, right), (ours, left)):
                values.append(call())
            progress(f"{figure}: pair {n + 1}/{self.pairs}")
        self.keep(figure, left, right)
        return statistics.median(left), statistics.median(right)

    def repeat(self, figure, ours):
        """The median of ours() alone."""
        values = []
        for n in range(self.pairs):
            values.append(ours())
            progress(f"{figure}: run {n + 1}/{self.pairs}")
        self.keep(figure, values, [])
        return statistics.median(values)

    def keep(self, figure, left, right):
        """Remember every single value for NAME-runs.csv."""
        progress("")
        for n, value in enumerate(left):
            self.raw.append([figure, n + 1, f"{value:.9g}", f"{right[n]:.9g}" if right else ""])


def progress(text):
    """A line that the next one replaces, on a terminal."""
    if sys.stdout.isatty():
        print(f"\r\033[K  {text}", end="" if text else "\r", flush=True)


def save(name, figures, raw=()):
    """build/bench/NAME.csv, and every single run beside it."""
    os.makedirs(OUT, exist_ok=True)
    with open(f"{OUT}/{name}.csv", "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(COLUMNS)
        out.writerows(figure.row() for figure in figures)
    if raw:
        with open(f"{OUT}/{name}-runs.csv", "w", encoding="utf-8", newline="") as f:
            out = csv.writer(f, lineterminator="\n")
            out.writerow(["figure", "run", "ours", "peer"])
            out.writerows(raw)


def table(header, rows):
    """Aligned lines; columns of numbers to the right."""
    widths = [max(len(str(r[i])) for r in [header, *rows]) for i in range(len(header))]
    numeric = [all(re.fullmatch(r"[-0-9.e+ ]*", str(r[i])) for r in rows) for i in range(len(header))]
    lines = []
    for row in [header, *rows]:
        cells = [f"{c:>{w}}" if right else f"{c:<{w}}" for c, w, right in zip(map(str, row), widths, numeric)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def timed(call):
    """Seconds that call() takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
