# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Bar charts through gnuplot, as SVG and PNG."""

import os
import shutil
import subprocess

COLOURS = ("#2b6cb0", "#c05621", "#2f855a", "#6b46c1", "#b83280", "#4a5568")
FONT = "DejaVu Sans"
WIDTH = 900
CHARACTER = 7.5  # width of a character in pixels


def quoted(text):
    """A string of gnuplot, with nothing that its text mode would interpret."""
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def script(title, unit, rows, series, form, path, marks):
    """rows: [(label, [value or None for each series], [text at each bar])]"""
    height = 110 + 26 * len(rows) * max(1, len(series))
    size = f"{WIDTH},{height}"
    term = f"svg size {size} font {quoted(FONT + ',13')} noenhanced background rgb 'white'" if form == "svg" else \
        f"pngcairo size {size} font {quoted(FONT + ',11')} noenhanced"
    top = max([v for _, values, _ in rows for v in values if v is not None] + [m for m, _ in marks] + [1e-9])
    longest = max(len(t) for _, values, texts in rows for v, t in zip(values, texts) if v is not None)
    margin = max(len(label) for label, _, _ in rows) + 2
    room = WIDTH - CHARACTER * (margin + 3)  # pixels for bars and the text behind them
    reach = top * room / max(room - CHARACTER * (longest + 2), room / 4)
    step = len(series) + 0.8
    lines = [f"set terminal {term}", f"set output {quoted(path)}", f"set title {quoted(title)}", "set border 3",
             f"set xlabel {quoted(unit)}", f"set xrange [0:{reach}]", "set style fill solid 0.9 noborder",
             f"set yrange [{step * len(rows) - 0.3}:-0.9]", "set grid x lc rgb '#dddddd'",
             "set ytics nomirror scale 0", "set xtics nomirror",
             "set key bottom right" if len(series) > 1 else "unset key",
             f"set lmargin {margin}", "set ytics (" + ", ".join(
                 f"{quoted(label)} {n * step + (len(series) - 1) / 2}" for n, (label, _, _) in enumerate(rows)) + ")"]
    number = 1
    for n, (_, values, texts) in enumerate(rows):
        for s, value in enumerate(values):
            if value is None:
                continue
            y = n * step + s
            lines.append(f"set object {number} rect from 0,{y - 0.42} to {value},{y + 0.42} fc rgb "
                         f"{quoted(COLOURS[s % len(COLOURS)])} fs solid noborder")
            lines.append(f"set label {number} {quoted(texts[s])} at {value},{y} left offset 0.5,0")
            number += 1
    for value, text in marks:
        lines.append(f"set arrow from {value},graph 0 to {value},graph 1 nohead dt 2 lw 1.5 lc rgb '#444444'")
        lines.append(f"set label {quoted(text)} at {value},graph 1.0 left offset 0.4,-0.7 tc rgb '#444444'")
    keys = [f"NaN with boxes fs solid lc rgb {quoted(COLOURS[s % len(COLOURS)])} title {quoted(name)}"
            for s, name in enumerate(series)]
    return "\n".join(lines + ["plot " + ", ".join(keys)]) + "\n"


def bars(stem, title, unit, rows, series, marks=()):
    """Write stem.svg and stem.png. Returns what to say when that is not possible, else None."""
    if not shutil.which("gnuplot"):
        return "no plots: gnuplot is not installed (apt-get install gnuplot-nox)"
    if not rows:
        return "no plots: nothing to draw"
    for form in ("svg", "png"):
        text = script(title, unit, rows, series, form, f"{stem}.{form}", marks)
        end = subprocess.run(["gnuplot"], input=text, capture_output=True, text=True, check=False)
        if end.returncode or not os.path.exists(f"{stem}.{form}"):
            return "no plots: gnuplot: " + end.stderr.strip().replace("\n", " ")
    return None
