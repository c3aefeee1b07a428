#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Turns records of allocations into the traces that apps/heapbench replays.

    pack.py [--ops N] RECORD OUT.trace

RECORD is what support/traces/preload.c wrote, or the console log of an image that ran with heap.trace=on (option
MEM_HEAP_TRACE). Only the first N operations are taken. Blocks that are live at the end are freed by the replay.

A trace is "UKT1", then three 32-bit little-endian numbers (operations, blocks live at most, bytes of the body), then
the body in LZ4's block format. Each operation of the body is a number in LEB128, 4 * value + kind, with more behind it:
    kind 0  allocate `value` bytes, aligned to 16
    kind 1  free the block that is `value` blocks older than the newest
    kind 2  resize that block; its new size follows. It counts as the newest then
    kind 3  allocate `value` bytes at the alignment 2^n; n follows
"""
import argparse
import base64
import re
import struct
import sys

MARK = b"heap.trace: "


def stream_of(data):
    """The bytes of the record in a console log or a recorder's file."""
    if MARK not in data:
        return data
    return b"".join(base64.b64decode(line) for line in re.findall(MARK + rb"([A-Za-z0-9+/]+)", data))


def records(data):
    """Yields (letter, [numbers])."""
    at, counts = 0, {ord("a"): 3, ord("f"): 1, ord("r"): 3}
    while at < len(data):
        letter, at, numbers = data[at], at + 1, []
        for _ in range(counts.get(letter, 0)):
            value = shift = 0
            while True:
                if at == len(data):
                    return
                byte, at = data[at], at + 1
                value, shift = value | (byte & 127) << shift, shift + 7
                if byte < 128:
                    break
            numbers.append(value)
        if letter in counts:
            yield chr(letter), numbers


def leb(n):
    out = bytearray()
    while n >= 128:
        out.append(n & 127 | 128)
        n >>= 7
    return bytes(out) + bytes([n])


def encode(data, limit):
    """The body, the number of operations, the most blocks that live at a time."""
    body, ops, born, most, live = bytearray(), 0, 0, 0, {}
    for letter, numbers in records(data):
        if ops == limit:
            break
        known = letter == "a" or numbers[0] in live
        if letter == "f" and known:
            body += leb((born - live.pop(numbers[0])) * 4 + 1)
        elif letter == "r" and known:
            body += leb((born - live.pop(numbers[0])) * 4 + 2) + leb(numbers[2])
            born += 1
            live[numbers[1]] = born
        elif letter == "a":
            body += leb(numbers[1] * 4) if numbers[2] <= 4 else leb(numbers[1] * 4 + 3) + leb(numbers[2])
            born += 1
            live[numbers[0]] = born
        ops += known
        most = max(most, len(live))
    return bytes(body), ops, most


def extended(n):
    """LZ4's way to write what does not fit a nibble."""
    return b"" if n < 15 else b"\xff" * ((n - 15) // 255) + bytes([(n - 15) % 255])


def longest_match(data, at, places, end):
    best, where = 0, 0
    for place in reversed(places[-64:]):
        if at - place > 65535:
            break
        length = 4
        while at + length < end and data[at + length] == data[place + length]:
            length += 1
        if length > best:
            best, where = length, place
    return best, where


def lz4(data):
    """LZ4's block format: greedy, with chains of 64 places for each four bytes."""
    out, at, start, places, end = bytearray(), 0, 0, {}, len(data) - 5

    def put(literals, match=0, offset=0):
        out.append(min(len(literals), 15) << 4 | (min(match - 4, 15) if match else 0))
        out.extend(extended(len(literals)) + literals)
        if match:
            out.extend(struct.pack("<H", offset) + extended(match - 4))

    while at < len(data) - 12:
        chain = places.setdefault(data[at:at + 4], [])
        length, where = longest_match(data, at, chain, end)
        if length >= 4:
            put(data[start:at], length, at - where)
            for i in range(at, at + length):
                places.setdefault(data[i:i + 4], []).append(i)
            at = start = at + length
        else:
            chain.append(at)
            at += 1
    put(data[start:])
    return bytes(out)


def main():
    parser = argparse.ArgumentParser(description="turns a record of allocations into a trace")
    parser.add_argument("--ops", type=int, default=0)
    parser.add_argument("record")
    parser.add_argument("out")
    args = parser.parse_args()
    with open(args.record, "rb") as file:
        body, ops, most = encode(stream_of(file.read()), args.ops or -1)
    if not ops:
        sys.exit(f"{args.record}: no operations in it: was the recorder on?")
    packed = lz4(body)
    with open(args.out, "wb") as file:
        file.write(b"UKT1" + struct.pack("<III", ops, most, len(body)) + packed)
    print(f"{args.out}: {ops} operations, {most} blocks live at most, {len(packed) + 16} bytes")


if __name__ == "__main__":
    main()
