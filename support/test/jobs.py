# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Jobs of the test runner: something to do that yields cases, with a time limit and a log."""

import dataclasses
import os
import select
import shlex
import signal
import subprocess
import sys
import time
import typing

import tapread

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OUT = "build/test"
BUILD_SECONDS = 600
SILENCE_SECONDS = 45  # an image that says nothing for so long hangs
sys.path.insert(1, os.path.join(ROOT, "support/run"))


@dataclasses.dataclass
class Job:
    """work(log) does it and returns cases; log(text) writes to the job's log. match says whether T= may pick cases
    within it."""

    name: str
    work: typing.Callable
    match: bool = False
    cases: list = dataclasses.field(default_factory=list)
    seconds: float = 0.0

    def path(self):
        return os.path.join(OUT, "logs", self.name.replace("/", "-").replace(" ", "-") + ".log")

    def count(self, state):
        return sum(c.state == state for c in self.cases)

    def run(self):
        os.makedirs(os.path.join(OUT, "logs"), exist_ok=True)
        start = time.monotonic()
        with open(self.path(), "w", encoding="utf-8") as log:

            def write(text):
                log.write(text)
                log.flush()

            try:
                self.cases = self.work(write)
            except Failure as e:
                self.cases = [tapread.failed(e.what, e.remark)]
            for case in self.cases:
                if case.state == "failed":
                    write(f"\nfailed: {case.name}: {case.remark}\n")
        self.seconds = time.monotonic() - start


class Failure(Exception):
    """The job cannot go on: the one case that failed, and why."""

    def __init__(self, what, remark):
        super().__init__(what)
        self.what, self.remark = what, remark


def clean_environment(**more):
    """Without what a calling make leaves, so that a make below starts afresh."""
    drop = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MAKE_TERMOUT", "MAKE_TERMERR")
    env = {k: v for k, v in os.environ.items() if k not in drop and not k.startswith("RUN_")}
    return {**env, **more}


def end_group(child):
    """End a process and all that it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, number)
            child.wait(3)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass


def collect(child, seconds, silence):
    """(output, why it was stopped or ""): all that a child prints until it ends or a limit is reached."""
    out, now = [], time.monotonic()
    end, last = now + seconds, now
    while True:
        now = time.monotonic()
        limit = min(end, last + silence)
        if now >= limit:
            return b"".join(out), f"not finished after {seconds} s" if now >= end else f"silent for {silence} s"
        if select.select([child.stdout], [], [], limit - now)[0]:
            data = os.read(child.stdout.fileno(), 65536)
            if not data:
                return b"".join(out), ""
            out.append(data)
            last = time.monotonic()


def execute(words, log, seconds, env=None, silence=None):
    """Run a command to its end or its time limit, of silence or in all. (status, output); 124 when it was stopped."""
    log(f"$ {shlex.join(words)}\n")
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             env=env or clean_environment(), start_new_session=True)
    try:
        out, stopped = collect(child, seconds, silence or seconds)
        if not stopped:
            child.wait(seconds)
    finally:
        if child.poll() is None:
            end_group(child)
        child.stdout.close()
    status = 124 if stopped else child.returncode
    text = out.decode(errors="replace") + (f"\nstopped: {stopped}\n" if stopped else "")
    log(text + ("" if text.endswith("\n") else "\n") + f"status {status}\n")
    return status, text


def make(words, log, seconds=BUILD_SECONDS):
    """A make of its own; the output, or a failed case with the end of what it said."""
    status, text = execute(["make", "--no-print-directory", *words], log, seconds)
    if status != 0:
        raise Failure("builds", f"make {shlex.join(words)}: " + first_error(text))
    return text


def first_error(text):
    """The line of an output that says what went wrong."""
    lines = [line for line in text.splitlines() if line.strip()]
    for line in lines:
        if line.startswith("error:") or " error: " in line or "*** " in line:
            return line.strip()
    return lines[-1].strip() if lines else "no output"


def configure(out, app, settings, log, base=None):
    """A configuration from nothing: the application's defaults (or a target such as allnoconfig), then settings."""
    path = os.path.join(out, ".config")
    if os.path.exists(path):
        os.unlink(path)
    where = [f"O={out}", f"APP={app}"]
    if base:
        make([*where, *base], log, 60)
    if settings or not base:
        make([*where, *(["setconfig", *settings] if settings else ["defconfig"])], log, 60)


def build(out, app, log, settings=(), base=None, seconds=BUILD_SECONDS):
    """Configure and build."""
    configure(out, app, settings, log, base)
    make([f"O={out}", f"APP={app}"], log, seconds)


def image(out, app, plat):
    return os.path.join(out, f"{app}_{plat}-x86_64")


def boot(out, app, plat, log, options=(), seconds=120, words=()):
    """Start an image under the run tool. (status, output)"""
    tool = os.path.join(ROOT, "support/run/run.py")
    if plat == "host":
        return execute([image(out, app, plat), *words], log, seconds, silence=SILENCE_SECONDS)
    command = [tool, "--quiet", f"--timeout={seconds}", f"--plat={plat}", *options, image(out, app, plat)]
    if words:
        command.append("--params=" + shlex.join(words))
    return execute(command, log, seconds + 10, silence=SILENCE_SECONDS)
