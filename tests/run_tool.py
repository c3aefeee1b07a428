#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""The run tool on guests of a few bytes: console both ways, every way to end, background runs, mistakes."""

import json
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

import tap
from tap import case, check, equal

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOL = os.path.join(ROOT, "support/run/run.py")
sys.path.insert(0, os.path.dirname(TOOL))
import guests  # noqa: E402  pylint: disable=wrong-import-position

DIR = tempfile.mkdtemp(prefix="tessera-test.")
CODE = guests.BASE + 0x100


def print_code(text):
    """mov $COM1,%dx; mov $text,%esi; mov $length,%ecx; rep outsb; then over the text."""
    data = text.encode()
    head = struct.pack("<BBHBIBIBB", 0x66, 0xBA, 0x3F8, 0xBE, CODE + 21, 0xB9, len(data), 0xF3, 0x6E)
    return head + struct.pack("<BI", 0xE9, len(data)) + data


def echo_code():
    """Sends back every byte until q or Ctrl-D."""
    return bytes.fromhex("66bafd03ec a801 74f7 66baf803 ec 3c71 7407 3c04 7403 ee ebe7")


def image(name, code):
    path = os.path.join(DIR, name + "_kvm-x86_64")
    with open(path, "wb") as f:
        f.write(guests.elf(code))
    return path


def script(name, text):
    path = os.path.join(DIR, name + "_linux-x86_64")
    with open(path, "w", encoding="utf-8") as f:
        f.write("#!/bin/sh\n" + text)
    os.chmod(path, 0o755)
    return path


def tool(*words, stdin=subprocess.DEVNULL, timeout=60, **more):
    return subprocess.run([TOOL, *words], stdin=stdin if not isinstance(stdin, bytes) else None, timeout=timeout,
                          input=stdin if isinstance(stdin, bytes) else None, capture_output=True, check=False, **more)


HELLO = image("hello", print_code("hello from the guest\n") + guests.exit_code(0))
ECHO = image("echo", print_code("ready\n") + echo_code() + guests.exit_code(3))
TRACE = image("trace", print_code(f"backtrace: {CODE + 1:#x} 0x10\nafter\n") + guests.exit_code(99))
HANG = image("hang", print_code("hanging\n") + b"\xfa\xf4\xeb\xfd")
FAULT = image("fault", b"\x0f\x0b")


@case
def console_and_status():
    end = tool("--accel=tcg", HELLO)
    equal((end.returncode, end.stdout), (0, b"hello from the guest\n"))
    check(b"status 0" in end.stderr, end.stderr)


@case
def status_is_the_guests():
    equal([tool("--accel=tcg", image("s", guests.exit_code(n))).returncode for n in (1, 7, 99, 127)], [1, 7, 99, 127])


@case
def q35_boots_too():
    equal(tool("--accel=tcg", "--machine=q35", HELLO).stdout, b"hello from the guest\n")


@case
def piped_input_arrives_and_its_end_is_ctrl_d():
    end = tool("--accel=tcg", ECHO, stdin=b"x" * 3000)
    equal((end.returncode, end.stdout), (3, b"ready\n" + b"x" * 3000))


@case
def reset_is_no_success():
    end = tool("--accel=tcg", FAULT)
    equal(end.returncode, 125)
    check(b"triple fault" in end.stderr, end.stderr)


@case
def time_limit():
    start = time.monotonic()
    end = tool("--accel=tcg", "--timeout=1", HANG)
    equal((end.returncode, end.stdout), (124, b"hanging\n"))
    check(time.monotonic() - start < 6, "took too long")


@case
def qemu_refusing_is_told():
    end = tool("--accel=tcg", "--qemu-args=-nonsense", HELLO)
    equal(end.returncode, 125)
    check(b"QEMU refused" in end.stderr, end.stderr)


@case
def backtraces_get_names():
    source = os.path.join(DIR, "f.c")
    with open(source, "w", encoding="utf-8") as f:
        f.write("void some_function(void) { __asm__(\"nop; nop; nop; nop\"); }\n")
    subprocess.run(["gcc", "-g", "-nostdlib", "-static", "-no-pie", f"-Wl,-Ttext={CODE:#x}", "-Wl,-e,some_function",
                    source, "-o", TRACE + ".dbg"], check=True, capture_output=True)
    end = tool("--accel=tcg", TRACE)
    lines = end.stdout.decode().splitlines()
    check("some_function" in lines[1] and "f.c:1" in lines[1], lines)
    equal(lines[-1], "after")
    check(b"panic" in end.stderr, end.stderr)


@case
def ctrl_c_ends_it_and_nothing_is_left():
    child = subprocess.Popen([TOOL, "--accel=tcg", HANG], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
    child.stdout.read(8)
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=10)
    equal(child.returncode, 130)
    check(b"interrupted" in errors, errors)
    check(not processes_with(HANG), "QEMU is still there")


def processes_with(text):
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                words = f.read()
        except OSError:
            continue
        if text.encode() in words and int(pid) != os.getpid():
            found.append(int(pid))
    return found


def on_terminal(words, typed, wanted):
    """Start with a pseudo terminal, type once the output has `ready`, and return (status, output, terminal mode)."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(TOOL, [TOOL, *words])
    out, sent, limit = b"", False, time.monotonic() + 20
    while time.monotonic() < limit:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                data = os.read(fd, 4096)
            except OSError:
                data = b""
            if not data:
                break
            out += data
        if not sent and b"ready" in out:
            time.sleep(0.2)
            os.write(fd, typed)
            sent = True
    _, status = os.waitpid(pid, 0)
    os.close(fd)
    check(wanted in out, out)
    return os.waitstatus_to_exitcode(status), out


@case
def terminal_guest_echoes_once():
    status, out = on_terminal(["--accel=tcg", ECHO], b"abcq", b"abc")
    equal((status, out.count(b"abc")), (3, 1))


@case
def terminal_ctrl_c():
    status, _ = on_terminal(["--accel=tcg", ECHO], b"\x03", b"interrupted")
    equal(status, 130)


@case
def linux_process_sees_a_terminal():
    path = script("term", "test -t 0 && test -t 1 && echo ready && read line && echo \"<$line>\" && exit 5\n")
    status, _ = on_terminal([path], b"some words\n", b"<some words>")
    equal(status, 5)


@case
def linux_ctrl_d_ends_input():
    path = script("ends", "echo ready; while read l; do :; done; echo 'end of input'\n")
    equal(on_terminal([path], b"\x04", b"end of input")[0], 0)


@case
def linux_words_arrive_as_given():
    path = script("args", "for w in \"$@\"; do echo \"[$w]\"; done\n")
    end = tool("--params=heap=tlsf", "--env=A='x y' B=2", "--args=one 'two words' \"it's\" \\$x", "--mem=8M", path)
    equal(end.stdout.decode().split("\n")[:-1], ["[mem=8192k]", "[heap=tlsf]", "[env.A=x y]", "[env.B=2]", "[--]",
                                                  "[one]", "[two words]", "[it's]", "[$x]"])


@case
def linux_killed_by_signal_is_told():
    end = tool(script("killed", "kill -SEGV $$\n"))
    equal(end.returncode, 128 + signal.SIGSEGV)
    check(b"SIGSEGV" in end.stderr, end.stderr)


@case
def dry_run_prints_a_command_that_works():
    dry = tool("--dry", "--accel=tcg", "--args='a b' c", HELLO)
    equal(dry.returncode, 0)
    done = subprocess.run(["sh", "-c", dry.stdout.decode()], stdin=subprocess.DEVNULL, capture_output=True, timeout=30,
                          check=False)
    equal((done.returncode, done.stdout), (1, b"hello from the guest\n"))


@case
def files_are_packed_reproducibly():
    source = os.path.join(DIR, "files")
    os.makedirs(source + "/sub/deep")
    for name, text in (("z.txt", "z"), ("a.txt", "aa"), ("sub/deep/x", "")):
        with open(os.path.join(source, name), "w", encoding="utf-8") as f:
            f.write(text)
    os.symlink("a.txt", source + "/link")
    copy = os.path.join(DIR, "copy")
    shutil.copytree(source, copy, symlinks=True)
    os.utime(copy + "/a.txt", (1, 1))
    out = []
    for folder in (source, copy):
        target = folder + ".cpio"
        subprocess.run([os.path.join(ROOT, "support/run/cpio.py"), folder, target], check=True)
        with open(target, "rb") as f:
            out.append(f.read())
    equal(out[0], out[1])
    if shutil.which("cpio"):
        listed = subprocess.run(["cpio", "-it", "--quiet"], input=out[0], capture_output=True, check=True).stdout
        equal(listed.decode().split(), ["a.txt", "link", "sub", "sub/deep", "sub/deep/x", "z.txt"])


@case
def mistakes_are_one_line_with_the_mend():
    for words, text in ((["--args=" + "x" * 5000, HELLO], "QEMU cuts it after 4095"),
                        (["--mem=12Q", HELLO], "MEM=12Q"), (["--machine=vax", HELLO], "microvm q35"),
                        (["--accel=warp", HELLO], "auto kvm tcg"), (["--files=/nowhere", HELLO], "not a folder"),
                        ([DIR + "/absent_kvm-x86_64"], "no such image"), (["--env=1x=2", HELLO], "NAME=value"),
                        (["--args=it's", HELLO], "quot"), (["--cpus=0", HELLO], "CPUS=0"),
                        (["--timeout=soon", HELLO], "TIMEOUT=soon"), (["--plat=vms", HELLO], "kvm linux"),
                        (["--detach", HELLO], "NAME="), (["--stop", "--name=none", "--state", DIR], "make ps")):
        end = tool(*words)
        lines = end.stderr.decode().splitlines()
        check(end.returncode == 2 and len(lines) == 1 and lines[0].startswith("error: ") and text in lines[0],
              f"{words}: {end.returncode} {lines}")


@case
def qemu_missing_is_told():
    end = subprocess.run(["/usr/bin/python3", TOOL, HELLO], env={"PATH": DIR, "HOME": DIR}, capture_output=True,
                         check=False)
    check(b"apt-get install qemu-system-x86" in end.stderr, end.stderr)


@case
def background_run_start_list_log_stop():
    runs = os.path.join(DIR, "runs")
    words = ["--state", runs, "--name=job"]
    equal(tool(*words, "--accel=tcg", "--detach", HANG).returncode, 0)
    limit = time.monotonic() + 10
    while b"hanging" not in tool(*words, "--logs").stdout and time.monotonic() < limit:
        time.sleep(0.1)
    check(b"hanging" in tool(*words, "--logs").stdout, "no console in the log")
    check(b"job" in tool("--state", runs, "--ps").stdout and b"running" in tool("--state", runs, "--ps").stdout, "ps")
    again = tool(*words, "--accel=tcg", "--detach", HANG)
    check(again.returncode == 2 and b"is running" in again.stderr, again.stderr)
    check(b"stopped" in tool(*words, "--stop").stdout, "stop")
    check(not processes_with(HANG), "QEMU is still there")
    check(b"stopped" in tool("--state", runs, "--ps").stdout, "ps after")


@case
def background_run_that_ends_keeps_its_status():
    runs = os.path.join(DIR, "runs")
    words = ["--state", runs, "--name=short"]
    tool(*words, "--accel=tcg", "--detach", HELLO)
    end = tool(*words, "--logs", "--follow")
    check(b"hello from the guest" in end.stdout and b"status 0" in end.stdout, end.stdout)


@case
def a_stale_pid_is_never_killed():
    runs = os.path.join(DIR, "runs")
    victim = subprocess.Popen(["sleep", "60"])
    try:
        os.makedirs(runs + "/stale")
        for leaf, text in (("pid", f"{victim.pid} 12345\n"), ("cmd", json.dumps("x")), ("log", "")):
            with open(f"{runs}/stale/{leaf}", "w", encoding="utf-8") as f:
                f.write(text)
        tool("--state", runs, "--name=stale", "--stop")
        equal(victim.poll(), None)
    finally:
        victim.kill()
        victim.wait()


if __name__ == "__main__":
    try:
        tap.run()
    finally:
        shutil.rmtree(DIR, ignore_errors=True)
