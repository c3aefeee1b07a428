#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""The test runner and the benchmark runner themselves: what they must never count as passed."""

import os
import subprocess
import sys
import tempfile

import tap
from tap import case, check, equal

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[1:1] = [os.path.join(ROOT, "support", d) for d in ("test", "bench")]
import lib  # noqa: E402  pylint: disable=wrong-import-position
import tapread  # noqa: E402  pylint: disable=wrong-import-position


def states(text, status=0):
    return [c.state for c in tapread.read(text, status)]


@case
def results_are_read_between_console_noise():
    text = "SeaBIOS\r\n1..3\r\nok 1 - a.b\r\nnoise\r\nok 2 - c # SKIP no disk\r\nnot ok 3 - d.e # x.c:3: a == b\r\n"
    cases = tapread.read(text, 1)
    equal([(c.name, c.state, c.remark) for c in cases],
          [("a.b", "passed", ""), ("c", "skipped", "no disk"), ("d.e", "failed", "x.c:3: a == b")])


@case
def silence_has_failed():
    equal(states(""), ["failed"])


@case
def stopping_early_has_failed():
    equal(states("1..3\nok 1 - a\n", 99), ["passed", "failed"])


@case
def a_bad_status_has_failed():
    equal(states("1..1\nok 1 - a\n", 1), ["passed", "failed"])


@case
def more_results_than_planned_have_failed():
    equal(states("1..1\nok 1 - a\nok 2 - b\n")[-1], "failed")


@case
def skipping_everything_needs_a_status_of_zero():
    equal(states("1..0 # SKIP no qemu\n"), ["skipped"])
    equal(states("1..0\n", 1)[-1], "failed")


def script(text):
    """What sh says about a test written with tap.sh: (status, output)."""
    with tempfile.NamedTemporaryFile("w", suffix=".sh") as f:
        f.write(". tests/tap.sh\n" + text)
        f.flush()
        end = subprocess.run(["sh", f.name], cwd=ROOT, capture_output=True, text=True, check=False)
    return end.returncode, end.stdout


@case
def tap_sh_counts():
    status, text = script("tap_ok yes true\ntap_ok no false\ntap_fails bad true\ntap_is same a a\ntap_is other a b\n"
                          "tap_status s 3 sh -c 'exit 3'\ntap_skip later why\ntap_done\n")
    equal(status, 1)
    equal([c.state for c in tapread.read(text, status)],
          ["passed", "failed", "failed", "passed", "failed", "passed", "skipped"])


@case
def tap_sh_that_dies_has_failed():
    status, text = script("tap_ok yes true\nexit 0\ntap_done\n")
    equal([c.state for c in tapread.read(text, status)], ["passed", "failed"])


@case
def goals():
    equal(lib.Figure("f", "B", 10, 5, "p", "<=10").met(), True)
    equal(lib.Figure("f", "B", 11, 5, "p", "<=10").met(), False)
    equal(lib.Figure("f", "s", 10, 5, "p", "<=1.9x").met(), False)
    equal(lib.Figure("f", "s", 10, 5, "p", ">=2x").met(), True)
    equal(lib.Figure("f", "s", 10, 5, "p").met(), None)
    equal(lib.Figure("f", "s", None, 5, "p", "<=1").met(), False)


@case
def columns_of_the_csv():
    equal(lib.COLUMNS, "figure unit ours peer peer_name ratio goal met".split(" "))
    equal(lib.Figure("f", "s", 0.5, 1, "p", "<=1.1x").row(), ["f", "s", "0.5", "1", "p", "0.500", "<=1.1x", "yes"])


@case
def unknown_tests_and_benchmarks_are_told():
    for target, word in (("bench B=nonsense", "no such benchmark"),
                         ("sweep HEAP=nonsense", "no such heap"), ("test PLAT=vms", "unknown platform")):
        env = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
        end = subprocess.run(["make", *target.split()], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        check(end.returncode != 0 and word in end.stderr, f"{target}: {end.stderr}")


if __name__ == "__main__":
    tap.run()
