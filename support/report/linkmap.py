# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Reads what the linker put where: the map files of GNU ld and of lld."""
import re

OUTPUT = re.compile(r"^(\.?[\w.$-]+)(?:\s+0x([0-9a-f]+)\s+0x([0-9a-f]+).*)?$")
INPUT = re.compile(r"^ ([.\w*$-]\S*)(?:\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)(?:\s+(\S.*))?)?$")
WRAPPED = re.compile(r"^\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)(?:\s+(\S.*))?$")
LLD = re.compile(r"^\s*([0-9a-f]+)\s+[0-9a-f]+\s+([0-9a-f]+)\s+\d+( +)(.+)$")


class Piece:
    """One input section, or a part of one: which object it came from and where it lies."""

    def __init__(self, output, name, addr, size, file):
        self.output, self.name, self.addr, self.size, self.file = output, name, addr, size, file


def parse_ld(lines):
    """GNU ld: name, address and size on one line, or the name alone when it is long."""
    output, name, pieces = None, None, []
    for line in lines:
        if found := OUTPUT.match(line):
            output, name = found[1], None
            continue
        found = INPUT.match(line)
        if found and not found[2]:
            name = found[1]
            continue
        wrapped = WRAPPED.match(line) if name and not found else None
        if wrapped:
            at, size, file = wrapped.groups()
        elif found:
            name, at, size, file = found.groups()
        if (found or wrapped) and output and name != "*fill*" and file:
            pieces.append(Piece(output, name, int(at, 16), int(size, 16), file))
        name = None
    return pieces


def parse_lld(lines):
    """lld: columns; an output section is indented by one blank, an input section by nine."""
    output, pieces = None, []
    for line in lines:
        found = LLD.match(line)
        if not found:
            continue
        text = found[4]
        if len(found[3]) == 1:
            output = text
        elif text.endswith(")") and ":(" in text and len(found[3]) < 16:
            file, _, name = text.rpartition(":(")
            pieces.append(Piece(output, name[:-1], int(found[1], 16), int(found[2], 16), file))
    return pieces


def clip(pieces):
    """Makes each piece end where the next begins: ld overstates sections whose strings it merged into others."""
    for piece, following in zip(pieces, pieces[1:]):
        if piece.output == following.output and following.addr >= piece.addr:
            piece.size = min(piece.size, following.addr - piece.addr)


def read(path):
    """All pieces of an image, in the order of the map; those of no size are left out."""
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    if lines and lines[0].split()[:2] == ["VMA", "LMA"]:
        pieces = parse_lld(lines[1:])
    else:
        start = next((i for i, line in enumerate(lines) if line.startswith("Linker script and memory map")), 0)
        pieces = parse_ld(lines[start + 1:])
    clip(pieces)
    return [piece for piece in pieces if piece.size]
