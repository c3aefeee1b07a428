# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Tiny PVH guests, written byte by byte: the probe for KVM's speed and the empty guest that benchmarks start against.

QEMU enters a PVH guest in 32-bit protected mode with flat segments at the address in the Xen ELF note
(XEN_ELFNOTE_PHYS32_ENTRY, Xen's public/elfnote.h)."""

import struct

EXIT_PORT = 0xF4
BASE = 0x100000


def exit_code(value):
    """mov $port,%dx; mov $value,%al; out; then halt for ever, should the port be absent."""
    return struct.pack("<BBHBBB", 0x66, 0xBA, EXIT_PORT, 0xB0, value, 0xEE) + b"\xfa\xf4\xeb\xfd"


def loop_code(count):
    """Two instructions, count times: mov $count,%ecx; 1: dec %ecx; jnz 1b."""
    return struct.pack("<BI", 0xB9, count) + b"\x49\x75\xfd"


def elf(code):
    """An ELF64 file with one loaded segment and the PVH note."""
    note = struct.pack("<III4sI", 4, 4, 18, b"Xen\0", BASE + 0x100)
    ident = b"\x7fELF\x02\x01\x01"
    header = struct.pack("<16sHHIQQQIHHHHHH", ident, 2, 62, 1, BASE + 0x100, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    size = 0x100 + len(code)
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, BASE, BASE, size, size, 0x1000)
    notes = struct.pack("<IIQQQQQQ", 4, 4, 0xC0, BASE + 0xC0, BASE + 0xC0, len(note), len(note), 4)
    return (header + load + notes).ljust(0xC0, b"\0") + note.ljust(0x40, b"\0") + code


def empty():
    """A guest that ends with status 0 in its first three instructions."""
    return elf(exit_code(0))


def spinning(count, status):
    """A guest that executes 2 × count instructions in ring 0 and ends with the status."""
    return elf(loop_code(count) + exit_code(status))
