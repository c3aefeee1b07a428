# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Lua scripts as a process of ours against Debian's lua5.4 on Linux: the same source, start to exit."""

import glob
import os
import shutil
import subprocess

import lib

import command  # from support/run

TITLE = "Lua scripts, linux platform against Debian's lua5.4"
SCRIPTS = "apps/lua/bench"
SCALE = "4"  # makes a run last about a second


def process(argv, wanted):
    """A function that runs a command and returns its seconds; wanted collects the output, which must never differ."""

    def once():
        box = []
        seconds = lib.timed(lambda: box.append(subprocess.run(
            argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)))
        if box[0].returncode:
            raise lib.jobs.Failure("runs", f"{' '.join(argv)}: status {box[0].returncode}: {box[0].stdout[-300:]}")
        wanted.add(b"".join(line for line in box[0].stdout.splitlines(True) if not line.startswith(b"seconds")))
        if len(wanted) > 1:
            raise lib.jobs.Failure("runs", f"{' '.join(argv)}: its output differs from the peer's")
        return seconds

    return once


def run(bench):
    peer = shutil.which("lua5.4")
    if not peer:
        raise lib.jobs.Failure("runs", "lua5.4 is not installed: apt-get install lua5.4")
    out = bench.build("lua", f"{lib.OUT}/lua", ["PLAT_LINUX=y"])
    image = lib.jobs.image(out, "lua", "linux")
    figures = []
    for script in sorted(glob.glob(f"{SCRIPTS}/*.lua")):
        name = os.path.basename(script)
        made = command.build(command.Spec(image, "linux", args=[name, SCALE], files=SCRIPTS, params=["banner=off"]))
        same = set()
        try:
            ours, theirs = bench.in_turn(name, process(made.argv, same), process([peer, script, SCALE], same))
        finally:
            made.clean()
        figures.append(lib.Figure(f"{name}, speed", "runs/s", 1 / ours, 1 / theirs, "lua5.4 (Debian)", ">=1.0x"))
    if not figures:
        raise lib.jobs.Failure("runs", f"{SCRIPTS}/: no scripts")
    return figures
