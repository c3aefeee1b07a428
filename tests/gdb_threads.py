#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Threads in gdb (support/run/gdbthreads.py): packets good and broken, memory that makes no sense, then gdb itself on
two CPUs of both platforms, where one thread computes, one waits, one is at a breakpoint and one is preempted."""

import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile

import tap
from tap import case, check, equal, skip

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOL = os.path.join(ROOT, "support/run/run.py")
sys.path.insert(0, os.path.dirname(TOOL))
import gdbthreads  # noqa: E402  pylint: disable=wrong-import-position

DIR = tempfile.mkdtemp(prefix="tessera-test.")
ROUNDS = 3000  # of random input
XML = '<target><xi:include href="core.xml"/></target>'
CORE = "<feature>" + "".join(f'<reg name="{name}" bitsize="64"/>' for name in ("rsp", "rip", "fs_base")) + "</feature>"

PROGRAM = r"""
#include <stdbool.h>
#include <stdio.h>
#include <uk/thread.h>

static struct uk_wait_queue queue = UK_WAIT_QUEUE_INIT(queue);
static volatile bool go;
static volatile unsigned long spins[2];

__attribute__((noinline)) void alice_waits(void) { uk_wait(&queue, go, UK_WAIT_FOREVER); }
void *alice(void *arg) { alice_waits(); return arg; }

/* Two of them, bound to one CPU: one runs, the other one is preempted. */
__attribute__((noinline)) void compute(volatile unsigned long *n)
{
	while (!go)
		(*n)++;
}
void *bob(void *arg) { compute(&spins[0]); return arg; }
void *bill(void *arg) { compute(&spins[1]); return arg; }

__attribute__((noinline)) void meeting_point(int n) { printf("meeting %d\n", n); }
void *carol(void *arg)
{
	while (spins[0] == 0 || spins[1] == 0)
		uk_thread_yield();
	meeting_point(1);
	meeting_point(2);
	return arg;
}

int main(void)
{
	static const struct { const char *name; void *(*entry)(void *); uint64_t affinity; } all[] = {
	    {"alice", alice, 0}, {"bob", bob, 2}, {"bill", bill, 2}, {"carol", carol, 1}};
	struct uk_thread *t[4];

	for (int i = 0; i < 4; i++) {
		struct uk_thread_attr attr = {.name = all[i].name, .affinity = all[i].affinity};

		if (uk_thread_create(&t[i], &attr, all[i].entry, NULL))
			return 1;
	}
	uk_thread_join(t[3], NULL, UK_WAIT_FOREVER, false);
	go = true;
	uk_wait_wake(&queue);
	for (int i = 0; i < 3; i++)
		uk_thread_join(t[i], NULL, UK_WAIT_FOREVER, false);
	puts("all met");
	return 0;
}
"""


class FakeStub(gdbthreads.Stub):
    """A stub in this process: two CPUs, memory as a dictionary of bytes. The lower half of Stub is replaced."""

    def __init__(self):  # pylint: disable=super-init-not-called
        self.bytes, self.registers_of, self.selected = {}, {}, None
        self.log, self.events = [], []

    def put(self, address, data):
        self.bytes.update({address + n: b for n, b in enumerate(data)})

    def ask(self, payload):
        self.log.append(payload)
        if payload == b"qfThreadInfo":
            return b"m01,02"
        if payload.startswith(b"qXfer:features"):
            return b"l" + (CORE if b"core.xml" in payload else XML).encode()
        if payload.startswith(b"Hg"):
            self.selected = payload[2:]
            return b"OK"
        if payload == b"g":
            return struct.pack("<3Q", *self.registers_of.get(self.selected, (0, 0, 0))).hex().encode()
        read = re.fullmatch(rb"m([0-9a-f]+),([0-9a-f]+)", payload)
        if read:
            where = range(int(read[1], 16), int(read[1], 16) + int(read[2], 16))
            return bytes(self.bytes[a] for a in where).hex().encode() if all(a in self.bytes for a in where) else b"E14"
        return b"l" if payload == b"qsThreadInfo" else b""

    def send(self, payload):
        self.log.append(payload)


class FakeLayout(gdbthreads.Layout):
    """struct uk_thread as sp, tp, next, generation, state, cpu, name."""

    def __init__(self, _):  # pylint: disable=super-init-not-called
        names = (("sp", 8), ("tp", 8), ("next", 8), ("generation", 4), ("state", 1), ("cpu", 2), ("name", 16))
        self.fields, at = {}, 0
        for name, size in names:
            self.fields[name], at = (at, size), at + size
        self.size, self.head, self.current = at, 0x100, -16
        self.states = dict(enumerate(gdbthreads.STATES.values()))


def thread(sp, tp, next_, state, name, cpu=0, generation=1):
    return struct.pack("<QQQIBH16s", sp, tp, next_, generation, state, cpu, name)


def machine(threads, current=(0x1000, 0)):
    """A proxy whose list has these threads, at 0x1000, 0x2000 …; the CPUs run those at current."""
    gdbthreads.Layout = FakeLayout
    stub, sent = FakeStub(), []
    stub.put(0x100, struct.pack("<Q", 0x1000))
    for n, data in enumerate(threads, 1):
        stub.put(0x1000 * n, data)
    for n, address in enumerate(current, 1):
        tp = 0x100000 * n
        stub.registers_of[b"%02d" % n] = 0x50000 * n, 0x400000 + n, tp
        stub.put(tp - 16, struct.pack("<Q", address))
    proxy = gdbthreads.Proxy(stub, "")
    proxy.reply = sent.append
    return proxy, sent


TWO = [thread(0, 1, 0x2000, 0, b"runner"), thread(0x8000, 2, 0, 1, b"sleeper", 3)]


def ask(proxy, sent, packet):
    proxy.from_gdb(packet)
    return sent.pop()


@case
def packets_arrive_whole_and_in_pieces():
    data = b"+" + gdbthreads.framed(b"qC") + b"\x03-" + gdbthreads.framed(b"") + b"%Stop:T05#00$bad#00"
    wanted = [("packet", b"qC"), ("interrupt", b""), ("packet", b""), ("bad", b"")]
    equal(gdbthreads.Reader().feed(data), wanted)
    reader = gdbthreads.Reader()
    equal([e for n in range(len(data)) for e in reader.feed(data[n:n + 1])], wanted)


@case
def run_lengths_and_escapes_are_expanded():
    equal(gdbthreads.expanded(b"0* 7}\x03f"), b"00007#f")
    equal(gdbthreads.expanded(b"*"), b"*")
    equal(gdbthreads.expanded(b"}"), b"}")


@case
def random_bytes_never_break_the_reader():
    rng = random.Random(1)
    for _ in range(ROUNDS):
        reader = gdbthreads.Reader()
        for _ in range(4):
            data = bytes(rng.choice(b"$#%\x03*}+-0aT;:\x00\xff") for _ in range(rng.randrange(40)))
            for kind, payload in reader.feed(data):
                check(kind in ("packet", "bad", "interrupt"), kind)
                gdbthreads.expanded(payload)
                gdbthreads.unhex(payload)
                gdbthreads.number(payload)
    try:
        gdbthreads.Reader().feed(b"$" + b"x" * (gdbthreads.MOST_BYTES + 10))
        check(False, "a packet without end is taken")
    except gdbthreads.Lost:
        pass


@case
def threads_are_listed_with_name_and_state():
    proxy, sent = machine(TWO)
    text = ask(proxy, sent, b"qXfer:threads:read::0,1000")
    equal(text, b'l<threads><thread id="1" name="runner">running, CPU 0</thread><thread id="2" name="CPU">without a '
                b'thread</thread><thread id="3" name="sleeper">waiting, CPU 3</thread></threads>')
    equal(ask(proxy, sent, b"qfThreadInfo"), b"m1,2,3")
    equal(ask(proxy, sent, b"qsThreadInfo"), b"l")
    equal(bytes.fromhex(ask(proxy, sent, b"qThreadExtraInfo,3").decode()), b"sleeper: waiting, CPU 3")
    equal([ask(proxy, sent, b"T" + t) for t in (b"1", b"3", b"03", b"4", b"", b"x")],
          [b"OK", b"OK", b"OK", b"E01", b"E01", b"E01"])


@case
def registers_come_from_the_cpu_or_from_the_stack():
    proxy, sent = machine(TWO)
    proxy.stub.put(0x8000, struct.pack("<8Q", 0, 15, 14, 13, 12, 3, 0xBB, 0x401234))
    equal(ask(proxy, sent, b"Hg3"), b"OK")
    equal(ask(proxy, sent, b"g"), struct.pack("<3Q", 0x8040, 0x401234, 2).hex().encode())
    equal(ask(proxy, sent, b"p1"), struct.pack("<Q", 0x401234).hex().encode())
    equal(ask(proxy, sent, b"P1=00"), b"E01")
    equal(ask(proxy, sent, b"Hg1"), b"OK")
    equal(ask(proxy, sent, b"g"), struct.pack("<3Q", 0x50000, 0x400001, 0x100000).hex().encode())
    equal(ask(proxy, sent, b"Hg9"), b"E01")


@case
def resuming_names_cpus():
    proxy, _ = machine(TWO)
    for told, wanted in ((b"vCont;c", b"vCont;c"), (b"vCont;s:1;c", b"vCont;s:01;c"), (b"vCont;s:3;c", b"vCont;c"),
                         (b"vCont;s:3", b"vCont;c"), (b"vCont;C0e:1;c:-1", b"vCont;C0e:01;c")):
        proxy.running = False
        proxy.from_gdb(told)
        equal(proxy.stub.log[-1], wanted)


@case
def a_stop_is_the_threads():
    proxy, sent = machine(TWO)
    proxy.running = True
    proxy.from_stub(b"T05hwbreak:;thread:02;")
    equal(sent.pop(), b"T05hwbreak:;thread:2;")
    equal((proxy.running, proxy.stub.selected), (False, b"02"))
    proxy.from_stub(b"T05thread:01;")
    equal(sent.pop(), b"T05thread:1;")
    equal(proxy.stub.selected, b"01")
    proxy.from_stub(b"S05")
    equal(sent.pop(), b"T05thread:1;")
    proxy.from_stub(b"W00")
    equal(sent.pop(), b"W00")


@case
def a_structure_used_again_is_another_thread():
    proxy, sent = machine(TWO)
    equal(ask(proxy, sent, b"qfThreadInfo"), b"m1,2,3")
    proxy.stub.put(0x2000, thread(0x8000, 2, 0, 1, b"heir", generation=2))
    proxy.machine.forget()
    equal(ask(proxy, sent, b"qfThreadInfo"), b"m1,2,4")


@case
def lists_that_go_round_or_astray_end():
    for first, second in ((0x2000, 0x1000), (0x2000, 0x2000), (0x2000, 0x9000000), (0xFFFFFFFFFFFFFFFF, 0)):
        proxy, sent = machine([thread(0, 1, first, 0, b"a"), thread(0x8000, 2, second, 1, b"b")])
        check(ask(proxy, sent, b"qfThreadInfo").startswith(b"m1,2"), (first, second))
        ask(proxy, sent, b"Hg3")
        ask(proxy, sent, b"g")


@case
def a_state_or_a_name_without_sense_does_no_harm():
    proxy, sent = machine([thread(0, 1, 0x2000, 0, b"<&\"\x07\xff#}"), thread(0x8000, 2, 0, 77, b"b")])
    text = ask(proxy, sent, b"qXfer:threads:read::0,1000")
    check(b"&lt;&amp;" in text and b"\x07" not in text and b"77" not in text and b'"b"' not in text, text)
    proxy, sent = machine([thread(0, 1, 0, 0, b"a", cpu=500)])
    check(b"without a thread" in ask(proxy, sent, b"qXfer:threads:read::0,1000"), "a CPU number of 500 is believed")


@case
def random_memory_and_packets_never_break_the_proxy():
    rng = random.Random(2)
    words = (b"qfThreadInfo qsThreadInfo qC g p1 pffffffffffffffff Hg1 Hg-1 Hgzz T3 vCont;s:1;c vCont; vCont;t:zz;;: "
             b"G00 X qThreadExtraInfo,2 qThreadExtraInfo P1=0 ? Hc0 qXfer:threads:read::0,1000 "
             b"qXfer:threads:read::ffff,0 qXfer:threads:read:").split(b" ") + [b""]
    for _ in range(ROUNDS // 10):
        addresses = [0, 0x1000, 0x2000, 0x3000, 0x8000, rng.getrandbits(64)]
        threads = [thread(rng.choice(addresses), 1, rng.choice(addresses), rng.randrange(5), rng.randbytes(16),
                          rng.randrange(80)) for _ in range(3)]
        proxy, sent = machine(threads, (rng.choice(addresses), rng.choice(addresses)))
        for _ in range(20):
            proxy.running = rng.random() < 0.1
            if proxy.running:
                proxy.from_stub(rng.choice((b"T05thread:01;", b"T05thread:zz;", b"T", b"S", b"O41", b"W", b"T0")))
            else:
                proxy.from_gdb(rng.choice(words))
            sent.clear()


def build():
    """The program with threads as an image for each platform; its folder."""
    app, out = os.path.join(DIR, "meeting"), os.path.join(DIR, "out")
    os.makedirs(app)
    for name, text in (("Makefile.uk", "DESC = meets\nDEPS = libc sched/thread sched/rr\nSRCS = main.c\n"),
                       ("main.c", PROGRAM), ("Config.uk", ""), ("defconfig", "CONFIG_CORE_LOCK_CPUS=2\n")):
        with open(os.path.join(app, name), "w", encoding="utf-8") as f:
            f.write(text)
    for goals in (["defconfig"], ["all"]):
        done = subprocess.run(["make", "--no-print-directory", "APP=" + app, "O=" + out, *goals], cwd=ROOT, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        check(done.returncode == 0, done.stderr[-300:])
    return out


def session(plat):
    """What gdb prints at the first meeting, and after it went on."""
    if not shutil.which("gdb") or not shutil.which("gdbserver" if plat == "linux" else "qemu-system-x86_64"):
        skip("gdb, gdbserver or QEMU is not installed")
    out = os.path.join(DIR, "out") if os.path.isdir(os.path.join(DIR, "out")) else build()
    words = " ".join(f'-ex "{w}"' for w in ("break meeting_point", "continue", "echo FIRST\\n", "info threads",
                                            "thread apply all -s bt", "echo NEXT\\n", "continue", "finish", "delete",
                                            "echo LAST\\n", "continue"))
    done = subprocess.run([TOOL, "--debug", "--accel=tcg", "--cpus=2", f"--plat={plat}", "--gdb-args=-batch " + words,
                           f"{out}/meeting_{plat}-x86_64"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60, check=False)
    pieces = re.split("FIRST|NEXT|LAST", done.stdout)
    equal(len(pieces), 4)
    return pieces, done.stdout + done.stderr


def sees_all(plat):
    pieces, text = session(plat)
    stacks = dict(re.findall(r'^Thread \d+ \(Thread \d+ "(\w+)" [^\n]*\n(.*?)(?=^Thread|\Z)', pieces[1], re.M | re.S))
    check('"carol" hit Breakpoint' in pieces[0], text)
    for name, state in (("carol", r"running, CPU 0"), ("alice", "waiting, CPU ."), ("main", "waiting, CPU ."),
                        ("(?:bob|bill)", "running, CPU 1"), ("(?:bob|bill)", "ready, CPU 1")):
        check(re.search(rf'^[ *] \d+ +Thread \d+ "{name}" \({state}\)', pieces[1], re.M), f"{name} {state}: {text}")
    for name, frames in (("carol", "meeting_point carol"), ("alice", "alice_waits alice"),
                         ("main", "uk_thread_join main"), ("bob", "compute bob"), ("bill", "compute bill")):
        for frame in frames.split():
            check(re.search(rf"^#\d+ .*\b{frame} \(", stacks.get(name, ""), re.M), f"{name}: {frame}: {text}")
    check('"carol" hit Breakpoint' in pieces[2] and "entry=2)" in pieces[2], text)
    check("in carol (" in pieces[2] or "carol (arg" in pieces[2], text)
    check("all met" in text, text)


@case
def gdb_on_linux():
    sees_all("linux")


@case
def gdb_on_kvm():
    sees_all("kvm")


if __name__ == "__main__":
    os.chdir(ROOT)
    try:
        tap.run()
    finally:
        shutil.rmtree(DIR, ignore_errors=True)
