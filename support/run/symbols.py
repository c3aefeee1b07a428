# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Backtraces with names: behind a console line with `backtrace: 0x… 0x…` come its functions, files and lines."""

import re
import subprocess

MARK = re.compile(rb"backtrace:((?:\s+0x[0-9a-fA-F]+)+)")


def resolve(debug, addresses):
    """[(address, function, place)] from addr2line, or [] when it or the debug image is missing.

    All but the first, the place of the panic itself, are return addresses: the byte before belongs to the call."""
    places = addresses[:1] + [a - 1 for a in addresses[1:]]
    command = ["addr2line", "-f", "-C", "-e", debug] + [hex(a) for a in places]
    try:
        out = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        return []
    names = [out[i] for i in range(0, len(out) - 1, 2)]
    lines = [re.sub(r" \(discriminator \d+\)", "", line).removeprefix("./") for line in out[1::2]]
    return list(zip(addresses, names, lines))


class Symboliser:
    """A filter on the console's bytes: passes everything on at once, and adds lines behind a backtrace."""

    def __init__(self, debug):
        self.debug = debug
        self.line = b""

    def feed(self, data):
        """The bytes to show for the bytes that came."""
        out = []
        for piece in data.splitlines(keepends=True) if b"\n" in data else [data]:
            out.append(piece)
            self.line = (self.line + piece)[-4096:]
            if piece.endswith(b"\n"):
                out.append(self.explain())
        return b"".join(out)

    def finish(self):
        """What is left to explain when the output ends in the middle of a line."""
        text = self.explain()
        return b"\n" + text if text else b""

    def explain(self):
        line, self.line = self.line, b""
        found = MARK.search(line)
        if not found or not self.debug:
            return b""
        rows = resolve(self.debug, [int(a, 16) for a in found[1].split()])
        return "".join(f"  {a:#10x}  {name} ({place})\n" for a, name, place in rows if name != "??").encode()
