# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""How long building hello takes: from nothing, and with nothing to do."""

import shutil

import lib

TITLE = "build time of hello, -j2"
RECORDED = 4.5


def run(bench):
    out = f"{lib.OUT}/build"

    def make():
        lib.jobs.make(["-j2", f"O={out}", "APP=hello"], bench.log)

    def clean():
        shutil.rmtree(out, ignore_errors=True)
        return lib.timed(make)

    clean()
    whole = bench.repeat("clean build", clean)
    nothing = bench.repeat("nothing to do", lambda: lib.timed(make))
    return [lib.Figure("clean build, -j2", "s", whole, RECORDED, "unikraft (recorded)", "<=1.5"),
            lib.Figure("nothing to do", "s", nothing, None, "", "<=0.2")]
