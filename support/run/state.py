# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Runs in the background: a folder for each name with pid, log, cmd and, once it has ended, status.

pid holds the process id of the run tool that watches the image, and its start time, so that a number which the
kernel has given to somebody else meanwhile is never taken for ours."""

import json
import os
import re
import shutil
import signal
import sys
import time

from common import Mend, read_text, write_atomic

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
STOP_SECONDS = 6


def start_time(pid):
    """When the process started, in clock ticks since boot; None if there is no such process (or only its corpse)."""
    fields = read_text(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 and fields[0] not in "ZX" else None


class Run:
    """One name under the state folder."""

    def __init__(self, root, name):
        if not NAME.fullmatch(name or ""):
            raise Mend(f"NAME={name}: a name of letters, digits, dots and dashes is needed, as NAME=web")
        self.name, self.dir = name, os.path.join(root, name)

    def path(self, leaf):
        return os.path.join(self.dir, leaf)

    def pid(self):
        """The process that watches it, if it still runs."""
        words = read_text(self.path("pid")).split()
        if len(words) != 2 or not words[0].isdigit():
            return None
        return int(words[0]) if start_time(int(words[0])) == words[1] else None

    def require(self):
        if not os.path.isdir(self.dir):
            raise Mend(f"NAME={self.name}: there is no such run; `make ps` lists them")
        return self

    def state(self):
        if self.pid():
            return "running"
        return read_text(self.path("status")).strip() or "gone without a status"

    def claim(self):
        """Make the folder, in the place of a run that has ended."""
        if self.pid():
            raise Mend(f"NAME={self.name}: is running: make stop NAME={self.name}, or take another name")
        shutil.rmtree(self.dir, ignore_errors=True)
        os.makedirs(self.dir)

    def detach(self, title, work):
        """Run work() in a process of its own whose output is the log; return once it has been started."""
        self.claim()
        write_atomic(self.path("cmd"), json.dumps(title) + "\n")
        read_end, write_end = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read_end)
            self.background(write_end, work)
        os.close(write_end)
        os.waitpid(child, 0)
        with os.fdopen(read_end) as f:
            error = f.read()
        if error:
            raise Mend(error)

    def background(self, ready, work):
        """The middle process of the two forks, and then the watcher itself. Never returns."""
        os.setsid()
        if os.fork():
            os._exit(0)
        log = os.open(self.path("log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        null = os.open(os.devnull, os.O_RDONLY)
        sys.stdout.flush()
        for target, source in ((0, null), (1, log), (2, log)):
            os.dup2(source, target)
        write_atomic(self.path("pid"), f"{os.getpid()} {start_time(os.getpid())}\n")
        os.close(ready)
        status = 1
        try:
            status = work()
        finally:
            sys.stdout.flush()
            os._exit(status)

    def ended(self, text):
        write_atomic(self.path("status"), text + "\n")

    def stop(self):
        """End it; the words for how it ended."""
        pid = self.require().pid()
        if pid:
            os.kill(pid, signal.SIGTERM)
            limit = time.monotonic() + STOP_SECONDS
            while self.pid() and time.monotonic() < limit:
                time.sleep(0.05)
            if self.pid():
                os.kill(pid, signal.SIGKILL)
                self.ended("stopped the hard way")
        return self.state()


def every(root):
    names = sorted(os.listdir(root)) if os.path.isdir(root) else []
    return [Run(root, n) for n in names if NAME.fullmatch(n) and os.path.isdir(os.path.join(root, n))]


def table(root):
    """The lines of `make ps`."""
    rows = [("NAME", "PID", "STATE", "COMMAND")]
    for run in every(root):
        try:
            title = json.loads(read_text(run.path("cmd"), '""'))
        except ValueError:
            title = ""
        rows.append((run.name, str(run.pid() or "-"), run.state(), title))
    widths = [max(len(r[i]) for r in rows) for i in range(3)]
    return [f"{r[0]:{widths[0]}}  {r[1]:{widths[1]}}  {r[2]:{widths[2]}}  {r[3]}".rstrip() for r in rows]


def follow(run, out):
    """Copy the log to out, and go on until the run has ended."""
    with open(run.require().path("log"), "rb") as f:
        while True:
            alive = run.pid()
            data = f.read()
            out.write(data)
            out.flush()
            if not alive and not data:
                return
            time.sleep(0.1)
