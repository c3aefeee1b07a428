#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Prints what an image says about itself: version, libraries and configuration."""
import os
import sys

import elf
import note


def info(path):
    """The report on one image as text. Raises elf.ElfError, ValueError or OSError."""
    image = elf.Image(path)
    data = image.contents(note.SECTION)
    if data is None:
        raise ValueError("%s: no section %s: not an image of this system, or stripped of it" % (path, note.SECTION))
    about = note.read_note(data)
    lines = ["%s: %d bytes" % (path, len(image.data)),
             "version       " + about["version"],
             "application   " + about["app"],
             "platform      %s-%s" % (about["plat"], about["isa"]),
             "libraries     %d" % len(about["libs"])]
    lines += ["  " + name for name in about["libs"]]
    lines += ["configuration %d options differ from their defaults" % len(about["config"])]
    return "\n".join(lines + ["  " + line for line in about["config"]])


def main(args):
    """info.py IMAGE...: status 1 when one could not be read."""
    status = 0
    if not args:
        print("error: which image? make info IMAGE=build/hello/hello_kvm-x86_64", file=sys.stderr)
        status = 1
    for path in args:
        try:
            print(info(path))
        except OSError as e:
            print("error: %s: %s" % (path, os.strerror(e.errno)), file=sys.stderr)
            status = 1
        except ValueError as e:
            print("error: %s" % (e if path in str(e) else "%s: %s" % (path, e)), file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
