# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""How long building hello takes: from nothing, for kvm as the peer does and for both, and with nothing to do."""

import shutil

import lib

TITLE = "build time of hello, -j2"
RECORDED = 4.5
PEER = "unikraft (recorded)"


def clean_build(bench, settings):
    """The seconds of builds from nothing: configuration, compilation, link, strip."""
    out = f"{lib.OUT}/build"

    def once():
        shutil.rmtree(out, ignore_errors=True)
        return lib.timed(lambda: lib.jobs.make(["-j2", f"O={out}", "APP=hello", *settings], bench.log))

    once()
    return bench.repeat(f"clean build {' '.join(settings)}", once)


def run(bench):
    one = clean_build(bench, ["setconfig", "PLAT_LINUX=n", "all"])
    both = clean_build(bench, [])
    nothing = bench.repeat("nothing to do", lambda: lib.timed(
        lambda: lib.jobs.make(["-j2", f"O={lib.OUT}/build", "APP=hello"], bench.log)))
    return [lib.Figure("clean build, kvm image, -j2", "s", one, RECORDED, PEER, "<=1.5"),
            lib.Figure("clean build, kvm and linux images, -j2", "s", both, RECORDED, PEER, "<=1.5"),
            lib.Figure("nothing to do", "s", nothing, None, "", "<=0.2")]
