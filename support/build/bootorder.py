# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""make boot-order: the initialisation table of each image, as it runs."""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    build = json.load(file)
for plat, table in build["init"].items():
    print(f"{plat}:")
    for at, (level, lib, init, fini) in enumerate(table, 1):
        print(f"  {at:3} {level:8} {lib:20} {init}" + (f", at the end {fini}" if fini else ""))
