# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""What an image says about itself: the ELF note in its section .note.tessera, which is not loaded.

The note (name "Tessera", type 1) counts for the size of an image that wants to be small, so its text is short:

    VERSION APP PLAT ISA
    core/boot log print mem/heap page       libraries besides the application; a name without a slash continues
                                            the area of the one before
    MEM_TLSF_STATS=y                        options that differ from their defaults, without CONFIG_

It is compressed as raw deflate with the dictionary below, whose number is the first byte. An image must stay
readable for ever: never change a dictionary, add another.
"""
import struct
import zlib

SECTION = ".note.tessera"
NAME = b"Tessera\0"
TYPE = 1
DICTIONARIES = {1: b"ns16550 drivers/virtio/blk rng console 9p mmio pci drivers/uart obs/gdb trace metrics "
                   b"netdev blkdev net/lwip socket sched/coop thread timer APP_ redis heapbench tests lua "
                   b"PLAT_XEN=y PLAT_HOST=y TOOLCHAIN_OPTIMIZE_NONE=y TOOLCHAIN_OPTIMIZE_SPEED=y TOOLCHAIN_LTO=y "
                   b"MEM_HEAP_PER_LIB=n MEM_TLSF_QUICK=n LIBC_NEWLIB=y core/bitmap log print random ring test "
                   b"text wait\ndev/tty fs/cpio vfs libc/newlib newlib-core mem/bump buddy tiny vm mimalloc heap "
                   b"page tlsf plat/xen linux posix/fd\nALL_LIBRARIES=y\nCORE_TEST=y\nPLAT_LINUX=n\n"
                   b"CORE_ASSERT_CHECKS=n\nCORE_ASSERT_REPORT=n\nCORE_BOOT_BANNER=n\nCORE_CSTD_FAST=n\n"
                   b"CORE_PARAM_HELP=n\nTOOLCHAIN_DEBUG_INFO=n 0.1.0 hello linux kvm x86_64\narch/x86_64 "
                   b"core/assert base boot cstd list lock param print text wait\nlibc/nolibc plat/kvm\n"}
CURRENT = 1


def short_names(names):
    """["core/log", "core/print"] to "core/log print"."""
    words, last = [], None
    for name in sorted(names):
        area, slash, rest = name.rpartition("/")
        words.append(rest if slash and area == last else name)
        last = area if slash else None
    return " ".join(words)


def long_names(text):
    """The inverse of short_names."""
    names, area = [], ""
    for word in text.split():
        if "/" in word:
            area = word.rpartition("/")[0]
        names.append(word if "/" in word else "%s/%s" % (area, word))
    return names


def short_option(line):
    """A line of a defconfig, without what every line has; None for comments."""
    line = line.strip()
    if line.startswith("# CONFIG_") and line.endswith(" is not set"):
        return line[len("# CONFIG_"):-len(" is not set")] + "=n"
    return line.removeprefix("CONFIG_") if line and not line.startswith("#") else None


def long_option(line):
    """The inverse: as it stands in .config."""
    name, _, value = line.partition("=")
    return "# CONFIG_%s is not set" % name if value == "n" else "CONFIG_%s=%s" % (name, value)


def make_note(about):
    """The bytes of the section.

    about: {"version", "app", "plat", "isa", "libs": [names], "config": [lines of a defconfig]}. The same contents
    give the same bytes, in whatever order they come.
    """
    options = sorted(option for option in map(short_option, about["config"]) if option)
    app = about["app"].removeprefix("app/")
    libs = [name for name in about["libs"] if name != "app/" + app]
    text = "\n".join([" ".join([about["version"], app, about["plat"], about["isa"]]), short_names(libs)] + options)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARIES[CURRENT])
    desc = bytes([CURRENT]) + packer.compress(text.encode()) + packer.flush()
    note = struct.pack("<III", len(NAME), len(desc), TYPE) + NAME + desc
    return note + bytes(-len(note) % 4)


def read_note(data):
    """The `about` that make_note was given. Raises ValueError for anything that is not such a note."""
    try:
        name_size, desc_size, kind = struct.unpack_from("<III", data)
        desc = data[12 + len(NAME):][:desc_size]
        unpacker = zlib.decompressobj(-15, DICTIONARIES[desc[0]])
        lines = unpacker.decompress(desc[1:], 1 << 20).decode().split("\n")
        version, app, plat, isa = lines[0].split(" ")
        libs = ["app/" + app] + long_names(lines[1])
    except (struct.error, zlib.error, IndexError, KeyError, ValueError) as e:
        raise ValueError("the note is damaged, or of another version of this tool") from e
    if (name_size, kind, data[12:20]) != (len(NAME), TYPE, NAME) or len(desc) != desc_size or not unpacker.eof:
        raise ValueError("the note is damaged")
    return {"version": version, "app": app, "plat": plat, "isa": isa, "libs": libs,
            "config": [long_option(line) for line in lines[2:]]}
