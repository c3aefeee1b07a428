#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Pack a folder as a newc cpio archive, byte for byte the same for the same names, modes and contents.

    cpio.py DIR OUT

Owners are root, times zero, inode numbers count from 1 in the order of the sorted names, so nothing of the packing
machine gets into the archive. Symbolic links stay links; hard links become copies; sockets and devices are refused."""

import os
import stat
import sys

from common import Mend, fail, write_atomic

TRAILER = "TRAILER!!!"


def member(name, mode, data, ino, nlink=1):
    """One archive member: header, name and data, each padded to four bytes."""
    raw = name.encode("utf-8", "surrogateescape") + b"\0"
    fields = (ino, mode, 0, 0, nlink, 0, len(data), 0, 0, 0, 0, len(raw), 0)
    head = b"070701" + b"".join(b"%08X" % f for f in fields) + raw
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


def names_below(root):
    """Every path below root, relative, sorted, a folder before what is in it."""
    found = []
    for folder, folders, files in os.walk(root):
        folders.sort()
        relative = os.path.relpath(folder, root)
        found += [os.path.normpath(os.path.join(relative, n)) for n in folders + files]
    return sorted(found)


def content(path, info):
    if stat.S_ISLNK(info.st_mode):
        return os.readlink(path).encode("utf-8", "surrogateescape")
    if stat.S_ISREG(info.st_mode):
        with open(path, "rb") as f:
            return f.read()
    if stat.S_ISDIR(info.st_mode):
        return b""
    raise Mend(f"{path}: neither a file, a folder nor a link: remove it from the folder that is packed")


def normal_mode(mode):
    """Permissions reduced to what the archive should carry: readable by all, executable if the owner may."""
    if stat.S_ISREG(mode):
        return stat.S_IFREG | (0o755 if mode & 0o100 else 0o644)
    return stat.S_IFMT(mode) | (0o777 if stat.S_ISLNK(mode) else 0o755)


def pack(root):
    """The archive of a folder as bytes."""
    if not os.path.isdir(root):
        raise Mend(f"{root}: not a folder: name one whose files the application shall see at /")
    out = []
    for ino, name in enumerate(names_below(root), 1):
        path = os.path.join(root, name)
        try:
            info = os.lstat(path)
            data = content(path, info)
        except OSError as e:
            raise Mend(f"{path}: {e.strerror}: make it readable or take it out of {root}") from e
        if len(data) > 0xFFFFFFFF:
            raise Mend(f"{path}: larger than 4 GiB, which this archive format cannot hold: take it out of {root}")
        out.append(member(name, normal_mode(info.st_mode), data, ino, 2 if stat.S_ISDIR(info.st_mode) else 1))
    out.append(member(TRAILER, 0, b"", 0))
    blob = b"".join(out)
    return blob + bytes(-len(blob) % 512)


def main(argv):
    if len(argv) != 3:
        fail("usage: cpio.py DIR OUT")
    try:
        write_atomic(argv[2], pack(argv[1]))
    except Mend as e:
        fail(e)
    except OSError as e:
        fail(f"{argv[2]}: {e.strerror}")


if __name__ == "__main__":
    main(sys.argv)
