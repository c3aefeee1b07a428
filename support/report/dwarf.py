# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Which source file an address of the image comes from, for code that link-time optimisation has moved around.

After link-time optimisation the objects of the link are partitions with no name. The debug information still
refers each function and variable to the unit it was written in (DW_AT_abstract_origin, DWARF 5 section 3.3.8).
"""
import bisect
import re
import subprocess

UNIT = re.compile(r"Compilation Unit @ offset (?:0x)?([0-9a-f]+):")
ENTRY = re.compile(r"^ <([0-9a-f]+)><([0-9a-f]+)>: Abbrev Number: \d+ \((\w+)\)")
NAME = re.compile(r"DW_AT_name\s+:.*?: ([^:]+)$")
ORIGIN = re.compile(r"DW_AT_(?:abstract_origin|specification)\s*:.*<0x([0-9a-f]+)>")
LOW_PC = re.compile(r"DW_AT_low_pc\s+:.*0x([0-9a-f]+)$")
ADDRESS = re.compile(r"DW_AT_location\s+:.*\(DW_OP_addr: ([0-9a-f]+)")


class Sources:
    """addresses of an image to the names of source files, and function names to the same."""

    def __init__(self, path):
        self.units, self.unit_names = [], []
        self.at, self.named = {}, {}
        found = []  # (address, offset of the entry that says where it was written)
        self.scan(path, found)
        for address, offset in found:
            self.at.setdefault(address, self.unit_of(offset))
        self.addresses = sorted(self.at)

    def scan(self, path, found):
        run = subprocess.run(["readelf", "-W", "--debug-dump=info", path], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True, errors="replace", check=False)
        tag, offset, origin = "", 0, None
        for line in run.stdout.splitlines():
            if entry := ENTRY.match(line):
                offset, origin, tag = int(entry[2], 16), None, entry[3]
            elif unit := UNIT.search(line):
                self.units.append(int(unit[1], 16))
                self.unit_names.append("")
            elif "DW_AT_" not in line:
                continue
            elif tag == "DW_TAG_compile_unit":
                if name := NAME.search(line):
                    self.unit_names[-1] = name[1].strip()
            elif tag in ("DW_TAG_subprogram", "DW_TAG_variable"):
                if name := NAME.search(line):
                    self.named.setdefault(name[1].strip(), self.unit_names[-1])
                elif link := ORIGIN.search(line):
                    origin = int(link[1], 16)
                elif address := LOW_PC.search(line) if tag == "DW_TAG_subprogram" else ADDRESS.search(line):
                    found.append((int(address[1], 16), offset if origin is None else origin))

    def unit_of(self, offset):
        index = bisect.bisect_right(self.units, offset) - 1
        return self.unit_names[index] if index >= 0 else ""

    def source(self, piece):
        """The source file of a piece of the map, or None."""
        index = bisect.bisect_left(self.addresses, piece.addr)
        if index < len(self.addresses) and self.addresses[index] < piece.addr + piece.size:
            return self.at[self.addresses[index]]
        for part in piece.name.split("."):
            if part in self.named and self.named[part] != "<artificial>":
                return self.named[part]
        return None
