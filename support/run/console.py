# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""The console between a terminal, a pipe or a file and what runs: relays bytes both ways until it ends.

kvm: QEMU's serial line is a pair of pipes. On a terminal the guest echoes, so ours is taken out of line mode while
it runs; Ctrl-C still interrupts. A pipe's end becomes Ctrl-D, since a serial line has no end of file.
linux: the process gets a pseudo terminal when we have one, so that it behaves as if started from the shell."""

import contextlib
import ctypes
import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

END_OF_INPUT = b"\x04"
INPUT_GRACE = 1.0  # seconds that piped input waits for a guest that prints nothing
PR_SET_PDEATHSIG = 1
KVM_DEAD = b"KVM internal error"


def die_with_parent():
    """In the child, before exec: end when the run tool is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@contextlib.contextmanager
def terminal_mode(fd, change):
    """Change a terminal's settings, and put them back whatever happens."""
    before = termios.tcgetattr(fd)
    after = termios.tcgetattr(fd)
    change(after)
    termios.tcsetattr(fd, termios.TCSADRAIN, after)
    try:
        yield
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, before)


def guest_echoes(mode):
    """No echo, no lines: but Ctrl-C interrupts, and output is still translated."""
    mode[3] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
    mode[6][termios.VSUSP] = mode[6][termios.VQUIT] = b"\0"
    mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0


def all_raw(mode):
    """Every byte passes: the pseudo terminal on the other side does the rest."""
    mode[0] &= ~(termios.ICRNL | termios.IXON | termios.INLCR | termios.IGNCR | termios.ISTRIP)
    mode[1] &= ~termios.OPOST
    mode[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)
    mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0


class Session:
    """One process and its console. show(bytes) gets the output; source is the descriptor of the input or None."""

    def __init__(self, argv, show, source, qemu):
        self.argv, self.show, self.source, self.qemu = argv, show, source, qemu
        self.child = None
        self.output = self.input = -1
        self.errors = b""
        self.heard = False
        self.pending = b""
        self.dead = ""

    def start_pipes(self):
        """Output through a pipe; input through a pipe for QEMU, and for a process whatever we have ourselves."""
        read_end, write_end = os.pipe()
        feed = None if self.source is None else self.source
        if self.qemu and self.source is not None:
            feed, self.input = os.pipe()
            os.set_blocking(self.input, False)
        self.child = subprocess.Popen(self.argv, stdin=subprocess.DEVNULL if feed is None else feed, stdout=write_end,
                                      stderr=subprocess.PIPE if self.qemu else subprocess.STDOUT,
                                      start_new_session=self.qemu, preexec_fn=die_with_parent)
        os.close(write_end)
        if self.input >= 0:
            os.close(feed)
        else:
            self.source = None
        self.output = read_end

    def start_pty(self):
        """A pseudo terminal of the same size as ours."""
        self.output, slave = pty.openpty()
        self.input = self.output
        size = fcntl.ioctl(self.source, termios.TIOCGWINSZ, bytes(8))
        fcntl.ioctl(slave, termios.TIOCSWINSZ, size)

        def prepare():
            die_with_parent()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.child = subprocess.Popen(self.argv, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                                      preexec_fn=prepare)
        os.close(slave)

    def read_output(self):
        """False at the end."""
        try:
            data = os.read(self.output, 65536)
        except OSError:  # a pseudo terminal says EIO when the other side is gone
            data = b""
        self.heard = self.heard or bool(data)
        if data:
            self.show(data)
        return bool(data)

    def read_errors(self):
        """QEMU's own messages; False at the end. One of them means that the machine has stopped for ever."""
        data = os.read(self.child.stderr.fileno(), 65536)
        self.errors = (self.errors + data)[-65536:]
        if KVM_DEAD in self.errors and not self.dead:
            self.dead = "KVM could not execute an instruction of the guest: use ACCEL=tcg"
            self.child.kill()
        return bool(data)

    def read_input(self):
        """Take what the user typed; False at the end."""
        try:
            data = os.read(self.source, 4096)
        except OSError:
            data = b""
        self.pending += data or (END_OF_INPUT if self.qemu else b"")
        return bool(data)

    def push_input(self):
        """Hand over as much as the other side takes."""
        try:
            self.pending = self.pending[os.write(self.input, self.pending):]
        except BlockingIOError:
            pass
        except OSError:
            self.pending = b""

    def wait_list(self, readers, start):
        """What to wait for now: input is taken only when the last of it has gone, and when the guest listens."""
        wanted = [self.output] + readers
        listens = self.heard or time.monotonic() - start > INPUT_GRACE
        if self.source is not None and not self.pending and listens:
            wanted.append(self.source)
        return wanted, [self.input] if self.pending else [], None if listens else INPUT_GRACE / 4

    def relay(self, deadline):
        """Until the output ends. False when the deadline passed first."""
        start = time.monotonic()
        errors = [self.child.stderr.fileno()] if self.child.stderr else []
        while True:
            wanted, writable, pause = self.wait_list(errors, start)
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                pause = left if pause is None else min(pause, left)
            ready, room, _ = select.select(wanted, writable, [], pause)
            if self.output in ready and not self.read_output():
                return True
            if errors and errors[0] in ready and not self.read_errors():
                errors = []
            if self.source is not None and self.source in ready and not self.read_input():
                self.source = None
            if room:
                self.push_input()

    def stop(self):
        """End the process: politely, then not."""
        self.child.terminate()
        try:
            self.child.wait(2)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()

    def finish(self):
        """Collect what is left once the output has ended: QEMU's messages and its status."""
        try:
            self.child.wait(5)
        except subprocess.TimeoutExpired:
            self.stop()
        if self.child.stderr:
            os.set_blocking(self.child.stderr.fileno(), False)
            self.errors += self.child.stderr.read() or b""
            self.child.stderr.close()
        for fd in {self.output, self.input} - {-1}:
            os.close(fd)

    def run(self, timeout=None):
        """(how it ended, value): "code" n, "timeout" seconds, or "dead" reason."""
        deadline = None if timeout is None else time.monotonic() + timeout
        try:
            in_time = self.relay(deadline)
            if not in_time:
                self.stop()
        except BaseException:
            self.stop()
            raise
        finally:
            self.finish()
        if self.dead:
            return "dead", self.dead
        return ("code", self.child.returncode) if in_time else ("timeout", timeout)


def run(command, show, timeout=None, source=0):
    """Run a Command with its console here. source: descriptor of the input, None for none.

    Returns (how, value, QEMU's messages)."""
    interactive = source is not None and os.isatty(source)
    session = Session(command.argv, show, source, command.qemu)
    with contextlib.ExitStack() as stack:
        if interactive and not command.qemu and sys.stdout.isatty():
            stack.enter_context(terminal_mode(source, all_raw))
            session.start_pty()
        else:
            if interactive and command.qemu:
                stack.enter_context(terminal_mode(source, guest_echoes))
                session.heard = True
            session.start_pipes()
        how, value = session.run(timeout)
    return how, value, session.errors.decode(errors="replace")
