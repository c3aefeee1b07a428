#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Start an image and exit with its status: QEMU for the platform kvm, the image itself for linux.

    run.py [options] IMAGE      start it, with its console here
    run.py --debug IMAGE        start it with gdb attached
    run.py --ps | --logs NAME | --stop NAME

The console is this terminal or pipe. Exit status: the image's own; 99 after a panic; 124 stopped by --timeout;
125 it ended without saying how; 128+n killed by signal n; 130 after Ctrl-C; 2 nothing was started."""

import argparse
import os
import re
import shlex
import signal
import sys
import time

import command
import console
import outcome
import state
import symbols
from common import Mend, fail

INTERRUPTED = 130
MAKE_NAMES = {"ARGS": "--args", "ENV": "--env", "PARAMS": "--params", "MEM": "--mem", "CPUS": "--cpus",
              "ACCEL": "--accel", "MACHINE": "--machine", "FILES": "--files", "QEMU_ARGS": "--qemu-args",
              "TIMEOUT": "--timeout", "NAME": "--name", "GDB_ARGS": "--gdb-args"}
MAKE_FLAGS = {"DRY": "--dry", "DETACH": "--detach", "FOLLOW": "--follow", "QUIET": "--quiet"}


class Stopped(Exception):
    """SIGTERM arrived: `make stop`."""


def parser():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("image", nargs="?", help="the image to start")
    p.add_argument("--plat", default="", help="kvm or linux (default: as the image is named)")
    p.add_argument("--args", default="", metavar="WORDS", help="what main's argv gets, with shell quotes")
    p.add_argument("--env", default="", metavar="WORDS", help="K=V … for main's environment, with shell quotes")
    p.add_argument("--params", default="", metavar="WORDS", help="the system's own parameters")
    p.add_argument("--mem", default="", metavar="SIZE", help="memory, as 64M (kvm: 64M; linux: the platform's own)")
    p.add_argument("--cpus", default="1", metavar="N", help="CPUs; the image uses as many as it is made for")
    p.add_argument("--accel", default="auto", help="auto, kvm or tcg (kvm): auto tries KVM once on this machine")
    p.add_argument("--machine", default="microvm", help="microvm or q35 (kvm)")
    p.add_argument("--files", default="", metavar="DIR", help="the folder that the application sees at /")
    p.add_argument("--qemu-args", default="", metavar="WORDS", help="further options for QEMU, with shell quotes")
    p.add_argument("--timeout", default="", metavar="SECONDS", help="stop it after this time")
    p.add_argument("--dry", action="store_true", help="print the command instead")
    p.add_argument("--quiet", action="store_true", help="only the console: no lines of the tool's own")
    p.add_argument("--debug", action="store_true", help="attach gdb, stopped at main")
    p.add_argument("--gdb-args", default="", metavar="WORDS", help="further options for gdb, as -batch -ex bt")
    p.add_argument("--detach", action="store_true", help="run in the background under --name")
    p.add_argument("--name", default="", help="the name of a run in the background")
    p.add_argument("--state", default="build/run", metavar="DIR", help="where runs in the background are kept")
    p.add_argument("--ps", action="store_true", help="list the runs in the background")
    p.add_argument("--logs", action="store_true", help="print the console of the run --name")
    p.add_argument("--follow", action="store_true", help="with --logs: go on until it ends")
    p.add_argument("--stop", action="store_true", help="stop the run --name")
    p.add_argument("--make", action="store_true", help="take further options from RUN_ARGS, RUN_ENV, … (for make)")
    return p


def from_make():
    """The options that make hands over in the environment, where no quoting can go wrong."""
    words = []
    for name, option in MAKE_NAMES.items():
        if os.environ.get("RUN_" + name):
            words.append(f"{option}={os.environ['RUN_' + name]}")
    return words + [o for n, o in MAKE_FLAGS.items() if os.environ.get("RUN_" + n, "0") not in ("", "0", "n", "no")]


def name_parts(image):
    """(application, platform) of an image named <app>_<plat>-<isa>."""
    m = re.fullmatch(r"(.+)_([a-z0-9]+)-[a-z0-9_]+", os.path.basename(image))
    return (m[1], m[2]) if m else (os.path.basename(image), "kvm")


def number(what, text, kind):
    try:
        value = kind(text)
    except ValueError:
        raise Mend(f"{what}={text}: not a {'whole ' if kind is int else ''}number") from None
    if value <= 0:
        raise Mend(f"{what}={text}: must be more than 0")
    return value


def spec_of(o):
    return command.Spec(image=o.image, plat=o.plat or name_parts(o.image)[1], args=command.split_words("ARGS", o.args),
                        env=command.split_words("ENV", o.env), params=command.split_words("PARAMS", o.params),
                        mem=o.mem, cpus=number("CPUS", o.cpus, int), accel=o.accel, machine=o.machine, files=o.files,
                        qemu_args=command.split_words("QEMU_ARGS", o.qemu_args))


def say(quiet, text):
    if not quiet:
        print(text, file=sys.stderr, flush=True)


def show_on(fd, symboliser):
    """A function that writes console bytes, and the names behind a backtrace, to a descriptor."""

    def show(data):
        data = symboliser.feed(data)
        while data:
            data = data[os.write(fd, data):]

    return show


def supervise(spec, o, keep="", source=0):
    """Run to the end. (status, words)"""
    made = command.build(spec, keep)
    name = name_parts(spec.image)[0]
    say(o.quiet, f"run: {name} on {made.where}")
    debug = spec.image + ".dbg"
    symboliser = symbols.Symboliser(debug if os.path.exists(debug) else spec.image)
    start = time.monotonic()
    try:
        how, value, errors = console.run(made, show_on(1, symboliser), o.timeout or None, source)
        end = outcome.of_end(made, how, value, errors)
    except KeyboardInterrupt:
        end, errors = outcome.Outcome(INTERRUPTED, "interrupted"), ""
    except Stopped:
        end, errors = outcome.Outcome(128 + signal.SIGTERM, "stopped"), ""
    except OSError as e:
        raise Mend(f"{spec.image}: cannot be started: {e.strerror}") from e
    finally:
        made.clean()
    os.write(1, symboliser.finish())
    if errors and not o.quiet:
        sys.stderr.write(errors)
    say(o.quiet, f"run: {name} ended: {end.text} ({time.monotonic() - start:.2f} s)")
    return end


def on_term(*_):
    raise Stopped


def in_background(spec, o):
    run = state.Run(o.state, o.name)
    command.build(spec, None)  # every mistake is told here, before anything goes into the background

    def work():
        signal.signal(signal.SIGTERM, on_term)
        try:
            end = supervise(spec, o, run.dir, None)
        except Mend as e:
            end = outcome.Outcome(2, str(e))
            print(f"error: {e}", file=sys.stderr)
        run.ended(end.text)
        return end.status

    run.detach(shlex.join(command.build(spec, None).argv), work)
    say(o.quiet, f"run: {o.name} is running: make logs NAME={o.name}, make stop NAME={o.name}")
    return 0


def manage(o):
    """ps, logs and stop."""
    if o.ps:
        print("\n".join(state.table(o.state)))
        return 0
    run = state.Run(o.state, o.name)
    if o.stop:
        run.require()
        print(f"{o.name}: {run.stop()}")
    elif o.follow:
        state.follow(run, sys.stdout.buffer)
    else:
        with open(run.require().path("log"), "rb") as f:
            sys.stdout.buffer.write(f.read())
    return 0


def start(o):
    if not o.image:
        raise Mend("no image: run.py [options] IMAGE; --help lists the options")
    spec = spec_of(o)
    o.timeout = number("TIMEOUT", o.timeout, float) if o.timeout else 0
    if o.dry:
        print(command.dry(spec))
        return 0
    if o.debug:
        import debug  # pylint: disable=import-outside-toplevel  (only this path needs it)

        return debug.session(spec, command.split_words("GDB_ARGS", o.gdb_args))
    if o.detach:
        return in_background(spec, o)
    signal.signal(signal.SIGTERM, on_term)
    return supervise(spec, o).status


def main(argv):
    words = argv[1:]
    if "--make" in words:
        words = from_make() + words
    o = parser().parse_args(words)
    try:
        sys.exit(manage(o) if o.ps or o.logs or o.stop else start(o))
    except Mend as e:
        fail(e)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Stopped:
        sys.exit(128 + signal.SIGTERM)
    except BrokenPipeError:
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv)
