# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""A test in Python that prints TAP: functions decorated with @case, then run().

A case fails when it raises; check(condition, text) and equal(got, wanted) raise; skip(reason) leaves it."""

import sys
import traceback

CASES = []


class Skip(Exception):
    """The case cannot be tried here."""


def case(function):
    CASES.append(function)
    return function


def check(condition, text):
    if not condition:
        raise AssertionError(text)


def equal(got, wanted):
    check(got == wanted, f"got {got!r}, wanted {wanted!r}")


def skip(reason):
    raise Skip(reason)


def run():
    """Run every case in the order of the file, and exit."""
    failed = 0
    print(f"1..{len(CASES)}", flush=True)
    for number, function in enumerate(CASES, 1):
        name = function.__name__
        try:
            function()
            print(f"ok {number} - {name}", flush=True)
        except Skip as e:
            print(f"ok {number} - {name} # SKIP {e}", flush=True)
        except Exception as e:  # a test reports whatever goes wrong
            failed += 1
            text = str(e).replace("\n", "\\n")
            print(f"not ok {number} - {name} # {type(e).__name__}: {text}", flush=True)
            print("".join("# " + line for line in traceback.format_exc().splitlines(True)), end="", flush=True)
    sys.exit(1 if failed else 0)
