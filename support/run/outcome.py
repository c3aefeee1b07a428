# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""What the end of QEMU or of a process means: the status to exit with, and the words for it."""

import dataclasses
import signal

TIMEOUT_STATUS = 124
BROKEN_STATUS = 125  # what ran never said how it ended
CRASH_STATUS = 99


@dataclasses.dataclass
class Outcome:
    """status as of a shell; text for the user; ok when the image itself said 0."""

    status: int
    text: str


def qemu_complaint(errors):
    """QEMU's first message that is an error, without its program name; None when there is none."""
    for line in errors.splitlines():
        if line.startswith("qemu-system") and "warning:" not in line and "terminating on signal" not in line:
            return line.split(":", 1)[1].strip()
    return None


def said(status):
    """The words for a status that the image gave itself."""
    return f"status {status}" + (" (panic)" if status == CRASH_STATUS else "")


def of_signal(number):
    name = signal.Signals(number).name if number in iter(signal.Signals) else f"signal {number}"
    return Outcome(128 + number, f"killed by {name}")


def of_qemu(code, errors):
    """isa-debug-exit makes status v exit code 2·v+1; QEMU's own failures are exit code 1 with a message."""
    if code < 0:
        return of_signal(-code)
    complaint = qemu_complaint(errors)
    if code == 1 and complaint:
        return Outcome(BROKEN_STATUS, f"QEMU refused: {complaint}")
    if code & 1:
        return Outcome(code >> 1, said(code >> 1))
    return Outcome(BROKEN_STATUS, "the machine reset or powered off without a status (a triple fault?)")


def of_end(command, how, value, errors):
    if how == "timeout":
        return Outcome(TIMEOUT_STATUS, f"stopped: not finished after {value:g} s")
    if how == "dead":
        return Outcome(BROKEN_STATUS, value)
    if command.qemu:
        return of_qemu(value, errors)
    return of_signal(-value) if value < 0 else Outcome(value, said(value))
