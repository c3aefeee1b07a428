# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""The parts of an ELF64 image that the reports need (System V ABI, chapters 4 and 5)."""
import struct

SHT_NOBITS = 8
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR = 1, 2, 4


class ElfError(ValueError):
    """Not an ELF64 file, or a damaged one."""


class Section:
    """One line of the section header table."""

    def __init__(self, fields):
        self.name_at, self.type, self.flags, self.addr, self.offset, self.size, _, _, self.align, _ = fields
        self.name = ""

    @property
    def in_file(self):
        return self.type != SHT_NOBITS and self.type != 0

    @property
    def column(self):
        """Which column of a size report it counts for; None when it is not loaded."""
        if not self.flags & SHF_ALLOC:
            return None
        return "bss" if not self.in_file else "data" if self.flags & SHF_WRITE else "text"


class Image:
    """A whole ELF file in memory."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        if self.data[:6] != b"\x7fELF\x02\x01":
            raise ElfError("%s: not an ELF64 image" % path)
        try:
            header = struct.unpack_from("<HHIQQQIHHHHHH", self.data, 16)
            self.phoff, self.shoff = header[4:6]
            self.ehsize, self.phentsize, self.phnum, self.shentsize, self.shnum, self.shstrndx = header[7:13]
            self.sections = [Section(struct.unpack_from("<IIQQQQIIQQ", self.data, self.shoff + i * self.shentsize))
                             for i in range(self.shnum)]
        except struct.error as e:
            raise ElfError("%s: damaged ELF headers" % path) from e
        names = self.sections[self.shstrndx] if self.shnum else None
        for section in self.sections:
            start = names.offset + section.name_at
            section.name = self.data[start:self.data.find(b"\0", start)].decode("ascii", "replace")

    def contents(self, name):
        """The bytes of a section, or None."""
        for section in self.sections:
            if section.name == name and section.in_file:
                return self.data[section.offset:section.offset + section.size]
        return None
