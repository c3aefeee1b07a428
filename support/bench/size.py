# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""How large the images of hello are, stripped, everything in the file counted."""

import os

import lib

TITLE = "image sizes of hello, stripped"
UNIKRAFT = "unikraft (recorded)"
NOTHING = ["PLAT_KVM=y", "PLAT_LINUX=n"]


def run(bench):
    default = bench.build("hello", f"{lib.OUT}/size-default", ["PLAT_KVM=y", "PLAT_LINUX=y"])
    least = bench.build("hello", f"{lib.OUT}/size-least", NOTHING, ["allnoconfig"])
    sizes = [os.path.getsize(lib.jobs.image(out, "hello", plat)) for out, plat in
             ((default, "kvm"), (least, "kvm"), (default, "linux"))]
    return [lib.Figure("hello kvm, default", "B", sizes[0], 172584, UNIKRAFT, "<=32768"),
            lib.Figure("hello kvm, default (Solo5 hvt)", "B", sizes[0], 34064, "solo5 hvt (recorded)"),
            lib.Figure("hello kvm, everything off", "B", sizes[1], 147648, UNIKRAFT, "<=8192"),
            lib.Figure("hello linux, default", "B", sizes[2], 21496, "solo5 spt (recorded)", "<=12288")]
