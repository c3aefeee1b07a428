# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""gdb on an image: inside QEMU through its gdb server, on linux as an ordinary program. Symbols from the .dbg file.
An image with threads is shown to gdb through gdbthreads.py, on linux with gdbserver behind it."""

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time

import command
import console
import gdbthreads
from common import Mend, read_text

CONNECT_SECONDS = 5
INTERRUPTS = ("SIGALRM", "SIGQUIT")  # of the linux platform: no news for who debugs


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def source_words(image):
    """Where the sources lie: paths in images are relative to the tree, and an application outside of it has its name
    in the place of its folder (build.json beside the image says which)."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    words = ["-ex", f"directory {root}"]
    try:
        app = json.loads(read_text(os.path.join(os.path.dirname(image), "build.json"), "{}")).get("app", {})
    except ValueError:
        app = {}
    if os.path.isabs(app.get("dir", "")):
        words += ["-ex", f"set substitute-path {app['name']} {app['dir']}"]
    return words


def gdb_words(image, connect, extra, args=()):
    """gdb's command line: the target, the user's own words, and the program with its arguments."""
    words = ["gdb", "-q", "-ex", "set confirm off", "-ex", "set pagination off"]
    words += source_words(image)
    return words + connect + extra + ["--args", symbols_of(image)] + list(args)


def symbols_of(image):
    return image + ".dbg" if os.path.exists(image + ".dbg") else image


def target(image, *how):
    """The words that connect gdb by way of gdbthreads.py."""
    proxy = [sys.executable, "-B", gdbthreads.__file__, symbols_of(image), *how]
    return ["-ex", "set sysroot /", "-ex", "target remote | " + shlex.join(proxy)]


def wait_for(port, child):
    """Until QEMU's gdb server listens."""
    limit = time.monotonic() + CONNECT_SECONDS
    while child.poll() is None and time.monotonic() < limit:
        listening = f":{port:04X} 00000000:0000 0A"
        with open("/proc/net/tcp", encoding="ascii") as f:
            if any(listening in line for line in f):
                return
        time.sleep(0.02)
    raise Mend("QEMU did not open its gdb port: " + (child.stderr.read().decode() if child.poll() else "too slow"))


def guest(spec, extra):
    """QEMU stopped at its first instruction, its console on our output, and gdb in front."""
    spec.gdb_port = free_port()
    made = command.build(spec)
    child = subprocess.Popen(made.argv, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
                             preexec_fn=console.die_with_parent)
    try:
        wait_for(spec.gdb_port, child)
        connect = ["-ex", f"target remote 127.0.0.1:{spec.gdb_port}"]
        if gdbthreads.has_threads(symbols_of(spec.image)):
            connect = target(spec.image, "--connect", str(spec.gdb_port))
        connect += ["-ex", "hbreak main", "-ex", "continue"]
        return subprocess.call(gdb_words(spec.image, connect, extra))
    finally:
        child.terminate()
        try:
            child.wait(2)
        except subprocess.TimeoutExpired:
            child.kill()
        made.clean()


def process(spec, extra):
    """The image as gdb's own child, with the same words as `make run` gives it; with threads as gdbserver's, its
    console on our output. Signals that are the system's interrupts pass."""
    threads = gdbthreads.has_threads(symbols_of(spec.image))
    if threads and not shutil.which("gdbserver"):
        print("gdb will not know the image's threads: apt-get install gdbserver", file=sys.stderr)
        threads = False
    made = command.build(spec)
    connect = [w for name in INTERRUPTS for w in ("-ex", f"handle {name} nostop noprint pass")]
    try:
        if not threads:
            return subprocess.call(gdb_words(spec.image, [*connect, "-ex", "break main", "-ex", "run"], extra,
                                             made.argv[1:]))
        connect += target(spec.image, "--exec", "gdbserver", "--no-startup-with-shell", "-", *made.argv)
        return subprocess.call(gdb_words(spec.image, [*connect, "-ex", "break main", "-ex", "continue"], extra))
    finally:
        made.clean()


def session(spec, extra):
    """Run gdb; its exit status."""
    if not shutil.which("gdb"):
        raise Mend("gdb is not installed: apt-get install gdb")
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is gdb's
    try:
        sys.stdout.flush()
        return process(spec, extra) if spec.plat == "linux" else guest(spec, extra)
    finally:
        signal.signal(signal.SIGINT, before)
