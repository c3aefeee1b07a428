#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Shows gdb the threads of an image: speaks gdb's remote protocol to gdb on the standard input and output, and to a
stub that only knows CPUs (QEMU's, or gdbserver with the process' host threads) behind it.

    gdbthreads.py IMAGE.dbg --connect PORT          the stub listens on this machine
    gdbthreads.py IMAGE.dbg --exec COMMAND…         the stub is this command, on its standard input and output

To gdb a thread is its struct uk_thread and generation, which get numbers in the order of their appearance. Registers of
one that runs are those of its CPU; of one that does not, what uk_arch_switch() left on its stack. Which thread a CPU
runs says the thread-local uk_thread_current there. Before that is set, and wherever memory makes no sense, gdb sees
the CPU itself as a thread.
Protocol: "GDB Remote Serial Protocol" in gdb's manual; all-stop only. What is not about threads passes through."""

import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
from xml.sax.saxutils import escape, quoteattr

MOST_THREADS = 4096   # gdb needs a while for each
MOST_BYTES = 1 << 20  # of a packet
MASK = (1 << 64) - 1
STATES = {"UK_THREAD_READY": "ready", "UK_THREAD_WAITING": "waiting", "UK_THREAD_ENDED": "ended", "UK_THREAD_FREE": ""}
FIELDS = ("sp", "tp", "state", "cpu", "next", "generation", "name")
SAVED = ("r15", "r14", "r13", "r12", "rbx", "rbp", "rip")  # above the control words; see arch/x86_64/switch.S
STOPS = (b"?", b"c", b"C", b"s", b"S", b"vCont;", b"vRun", b"vAttach")
DROPPED = (b"multiprocess", b"QStartNoAckMode", b"QNonStop", b"QThreadEvents", b"qXfer:threads:read")


class Lost(Exception):
    """The other side is gone, or does not speak the protocol."""


# Packets


def framed(payload):
    return b"$" + payload + b"#%02x" % (sum(payload) & 0xFF)


class Reader:
    """Takes bytes as they come and gives events: ("packet", payload), ("bad", b"") for a wrong check sum,
    ("interrupt", b""). Acknowledgements and noise between packets are dropped."""

    def __init__(self):
        self.data = b""

    def feed(self, data):
        self.data += data
        events = []
        while event := self.next():
            events.append(event)
        return events

    def next(self):
        start = re.search(rb"[$%\x03]", self.data)
        self.data = self.data[start.start():] if start else b""
        if not start:
            return None
        if self.data[:1] == b"\x03":
            self.data = self.data[1:]
            return "interrupt", b""
        end = self.data.find(b"#")
        if end < 0 or len(self.data) < end + 3:
            if len(self.data) > MOST_BYTES:
                raise Lost("a packet without end")
            return None
        kind, payload, told = self.data[:1], self.data[1:end], self.data[end + 1:end + 3]
        self.data = self.data[end + 3:]
        if kind == b"%":
            return self.next()
        good = re.fullmatch(rb"[0-9a-fA-F]{2}", told) and int(told, 16) == sum(payload) & 0xFF
        return ("packet", payload) if good else ("bad", b"")


def expanded(payload):
    """A reply without run lengths and escapes."""
    out, i = bytearray(), 0
    while i < len(payload):
        byte = payload[i]
        if byte == 0x2A and out and i + 1 < len(payload):  # '*': the byte before, so many times more
            out += out[-1:] * max(0, payload[i + 1] - 29)
            i += 1
        elif byte == 0x7D and i + 1 < len(payload):
            out.append(payload[i + 1] ^ 0x20)
            i += 1
        else:
            out.append(byte)
        i += 1
    return bytes(out)


def number(text):
    """A hexadecimal number of a packet; None for anything else."""
    return int(text, 16) if re.fullmatch(rb"[0-9a-fA-F]{1,16}", text) else None


def unhex(text):
    """Bytes; unknown ones (x) as 0. None if it is no hexadecimal text."""
    text = text.replace(b"x", b"0")
    return bytes.fromhex(text.decode()) if re.fullmatch(rb"(?:[0-9a-fA-F]{2})*", text) else None


def word(data, at, size=8):
    """A little-endian number out of bytes; None where they end before."""
    return int.from_bytes(data[at:at + size], "little") if 0 <= at and at + size <= len(data) else None


# The image


def gdb_values(image, expressions):
    """[integer or None] as gdb evaluates them in a program that does not run."""
    command = ["gdb", "-nx", "-q", "-batch"]
    for e in expressions:
        command += ["-ex", "echo =\\n", "-ex", f"output/d {e}", "-ex", "echo \\n"]
    done = subprocess.run([*command, image], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    pieces = [p.strip() for p in done.stdout.split("=\n")[1:]]
    return [int(p) if re.fullmatch(r"-?\d+", p) else None for p in pieces]


def has_threads(image):
    """Whether an ELF file contains sched/thread."""
    return tls_offset(image, "uk_thread_current") is not None


def tls_offset(image, symbol):
    """Where a thread-local variable is relative to the thread pointer (x86_64, local-exec: below it)."""
    def lines(option):
        return subprocess.run(["readelf", "-W", option, image], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True, errors="replace", check=False).stdout

    segment = re.search(r"^\s+TLS\s+0x\w+ 0x\w+ 0x\w+ 0x\w+ 0x(\w+)\s+\S+\s+0x(\w+)", lines("-l"), re.M)
    found = re.search(rf"^\s*\d+: (\w+)\s+\d+ TLS\s+\w+\s+\w+\s+\d+ {symbol}$", lines("-s"), re.M) if segment else None
    if not found:
        return None
    size, align = int(segment[1], 16), max(1, int(segment[2], 16))
    return int(found[1], 16) - (size + align - 1) // align * align


class Layout:
    """Where things are in struct uk_thread."""

    def __init__(self, image):
        wanted = [f"(long)&((struct uk_thread *)0)->{f}" for f in FIELDS]
        wanted += [f"sizeof ((struct uk_thread *)0)->{f}" for f in FIELDS]
        wanted += ["sizeof(struct uk_thread)", "(long)&uk_thread_list", *(f"(int){s}" for s in STATES)]
        values = gdb_values(image, wanted)
        if len(values) != len(wanted) or None in values:
            raise Lost(f"{image}: no debug information of struct uk_thread")
        count = len(FIELDS)
        self.fields = {f: (values[n], values[count + n]) for n, f in enumerate(FIELDS)}
        self.size, self.head = values[2 * count], values[2 * count + 1]
        self.states = dict(zip(values[2 * count + 2:], STATES.values()))
        self.current = tls_offset(image, "uk_thread_current")

    def field(self, data, name):
        """A field of the bytes of a struct uk_thread, as a number; the name as text."""
        at, size = self.fields[name]
        if name != "name":
            return word(data, at, size)
        text = data[at:at + size].split(b"\0")[0].decode(errors="replace")
        return "".join(c if c.isprintable() else "?" for c in text)


class Registers:
    """Where each register is in a g packet, by the stub's target description (XML)."""

    def __init__(self, texts):
        self.at, self.numbers, after = {}, {}, 0
        found, last = [], -1
        for tag in re.findall(r"<reg\s[^>]*>", re.sub(r"<!--.*?-->", "", "".join(texts), flags=re.S)):
            name, bits = re.search(r'\bname="([^"]+)"', tag), re.search(r'\bbitsize="(\d+)"', tag)
            given = re.search(r'\bregnum="(\d+)"', tag)
            if name and bits:
                last = int(given[1]) if given else last + 1
                found.append((last, name[1], int(bits[1]) // 8))
        for regnum, name, size in sorted(found):
            self.at[name], self.numbers[regnum] = (after, size), name
            after += size

    def get(self, data, name):
        return word(data, *self.at[name]) if name in self.at else None

    def packet(self, values, length):
        """A g packet of so many bytes with these registers; the others are said to be unknown."""
        out = [b"xx"] * length
        for name, value in values.items():
            at, size = self.at.get(name, (length, 0))
            if at + size <= length:
                out[at:at + size] = [b"%02x" % b for b in (value & (1 << 8 * size) - 1).to_bytes(size, "little")]
        return b"".join(out)


# The stub


class Stub:
    """The other side: asks and waits for the answer."""

    def __init__(self, read_fd, write_fd):
        self.read_fd, self.write_fd, self.reader, self.events = read_fd, write_fd, Reader(), []
        self.selected = None  # the CPU that registers are read of
        self.sent = b""

    def send(self, payload):
        self.sent = framed(payload)
        write(self.write_fd, self.sent)

    def pump(self):
        """Read once; whether packets are there."""
        data = os.read(self.read_fd, 65536)
        if not data:
            raise Lost("the stub is gone")
        for kind, payload in self.reader.feed(data):
            if kind == "interrupt":
                continue
            write(self.write_fd, b"+" if kind == "packet" else b"-")
            if kind == "packet":
                self.events.append(payload)
        return bool(self.events)

    def ask(self, payload):
        self.send(payload)
        while not self.events:
            self.pump()
        return self.events.pop(0)

    def select(self, cpu):
        if cpu is not None and self.selected != cpu:
            self.selected = cpu if self.ask(b"Hg" + cpu) == b"OK" else None

    def cpus(self):
        """The stub's own names of CPUs."""
        found, reply = [], self.ask(b"qfThreadInfo")
        while reply.startswith(b"m") and len(found) < MOST_THREADS:
            found += [t for t in expanded(reply)[1:].split(b",") if t]
            reply = self.ask(b"qsThreadInfo")
        return found

    def registers(self, cpu):
        """The bytes of its g packet; empty if there is none."""
        self.select(cpu)
        return unhex(expanded(self.ask(b"g"))) or b""

    def memory(self, address, size):
        """Bytes, or None where there is no memory."""
        if address is None or not 0 < address < 1 << 64:
            return None
        data = unhex(expanded(self.ask(b"m%x,%x" % (address, size))))
        return data if data is not None and len(data) == size else None

    def description(self, name="target.xml", depth=0):
        """The texts of the target description, included ones in their places."""
        text = b""
        self.selected = None
        self.ask(b"Hg0")  # gdbserver dies of the question without a thread
        while len(text) < MOST_BYTES:
            reply = expanded(self.ask(b"qXfer:features:read:%s:%x,%x" % (name.encode(), len(text), 0x7F0)))
            text += reply[1:]
            if reply[:1] != b"m" or len(reply) < 2:
                break
        parts = [text.decode(errors="replace")]
        if depth < 3:
            for included in re.findall(r'<xi:include href="([\w.-]+)"', parts[0]):
                parts += self.description(included, depth + 1)
        return parts


def write(fd, data):
    while data:
        data = data[os.write(fd, data):]


# The threads


class Thread:
    """What gdb sees. cpu: the stub's name of the CPU it runs on, or None."""

    def __init__(self, address, data, layout, cpu=None):
        self.address, self.cpu, self.number = address, cpu, b""
        self.name = layout.field(data, "name") or "(no name)"
        self.sp, self.tp, self.next = (layout.field(data, f) for f in ("sp", "tp", "next"))
        self.key = address, layout.field(data, "generation")
        state = layout.states.get(layout.field(data, "state"))
        self.sane = state is not None and layout.field(data, "cpu") < 64
        self.live = bool(state) or cpu is not None
        self.text = f"{'running' if cpu is not None else state}, CPU {layout.field(data, 'cpu')}"


class Bare:
    """A CPU that runs no thread, as gdb sees it."""

    name, text, address = "CPU", "without a thread", 0

    def __init__(self, cpu):
        self.cpu, self.key, self.number = cpu, cpu, b""


class Machine:
    """CPUs and threads as they are while the system is stopped."""

    def __init__(self, stub, image):
        self.stub, self.layout, self.known = stub, Layout(image), None
        self.numbers = {}  # of every thread ever seen: gdb's protocol has 31 bits for them
        self.length = 0
        self.forget()

    def forget(self):
        """It runs again."""
        self.by_cpu, self.by_address, self.by_number, self.complete = {}, {}, {}, False

    def enter(self, thread):
        thread.number = b"%x" % self.numbers.setdefault(thread.key, len(self.numbers) + 1)
        self.by_number[thread.number] = thread
        if thread.address:
            self.by_address[thread.address] = thread

    def read_thread(self, address, cpu=None):
        data = self.stub.memory(address, self.layout.size)
        thread = Thread(address, data, self.layout, cpu) if data else None
        return thread if thread and thread.sane else None

    def running_on(self, cpu):
        """The thread that a CPU runs, or a stand-in."""
        registers = self.stub.registers(cpu)
        self.length = len(registers) or self.length
        tp = self.known.get(registers, "fs_base")
        pointer = self.stub.memory(tp + self.layout.current, 8) if tp else None
        thread = self.read_thread(word(pointer, 0), cpu) if pointer else None
        return thread if thread and thread.address not in self.by_address else Bare(cpu)

    def look(self):
        """Who runs where."""
        if not self.known:
            self.known = Registers(self.stub.description())
        for cpu in [] if self.by_cpu else self.stub.cpus():
            self.by_cpu[cpu] = self.running_on(cpu)
            self.enter(self.by_cpu[cpu])

    def walk(self):
        """All threads, those that run first."""
        self.look()
        seen, address = set(), 0 if self.complete else word(self.stub.memory(self.layout.head, 8) or b"", 0)
        while address and address not in seen and len(seen) < MOST_THREADS:
            seen.add(address)
            thread = self.by_address.get(address) or self.read_thread(address)
            if not thread:
                break
            if thread.live and not thread.number:
                self.enter(thread)
            address = thread.next
        self.complete = True
        return list(self.by_number.values())

    def find(self, name):
        """The thread with gdb's number, or None."""
        name = name.lstrip(b"0")
        self.look()
        if name not in self.by_number:
            self.walk()
        return self.by_number.get(name)

    def saved(self, thread):
        """The registers of a thread that is not on a CPU."""
        frame = self.stub.memory(thread.sp, 64) if thread.sp else None
        if not frame:
            return {}
        values = dict(zip(SAVED, struct.unpack("<8Q", frame)[1:]))
        return {**values, "rsp": thread.sp + 64 & MASK, "fs_base": thread.tp}

    def xml(self):
        lines = [f"<thread id={quoteattr(t.number.decode())} name={quoteattr(t.name)}>{escape(t.text)}</thread>"
                 for t in self.walk()]
        return ("<threads>" + "".join(lines) + "</threads>").encode(errors="replace")


class Proxy:
    """Between gdb and the stub."""

    def __init__(self, stub, image, read_fd=0, write_fd=1):
        self.stub, self.read_fd, self.write_fd = stub, read_fd, write_fd
        self.machine, self.reader = Machine(stub, image), Reader()
        self.current = b"1"  # gdb's number of the thread that registers are read of
        self.list = b""
        self.running = self.ended = False
        self.stepping = None  # (CPU, gdb's number) that was told to step

    def reply(self, payload):
        write(self.write_fd, framed(payload))

    # What gdb asks about threads: each takes the packet and returns the answer, or None to let it pass.

    def supported(self, packet):
        features = [f for f in packet.partition(b":")[2].split(b";") if not f.startswith(DROPPED)]
        reply = self.stub.ask(b"qSupported:" + b";".join(features))
        kept = [f for f in expanded(reply).split(b";") if not f.startswith(DROPPED)]
        return b";".join(kept + [b"qXfer:threads:read+"])

    def select(self, packet):
        """H: for registers and memory (g), or for c and s, which vCont has replaced."""
        if packet[1:2] != b"g":
            return b"OK"
        thread = self.machine.find(self.current if packet[2:] in (b"0", b"-1") else packet[2:])
        if not thread:
            return b"OK" if packet[2:] in (b"0", b"-1") else b"E01"
        self.current = thread.number
        self.stub.select(thread.cpu)
        return b"OK"

    def alive(self, packet):
        return b"OK" if self.machine.find(packet[1:]) else b"E01"

    def current_thread(self, _):
        return b"QC" + self.current

    def first_threads(self, packet):
        self.list = b",".join(t.number for t in self.machine.walk())
        return self.next_threads(packet)

    def next_threads(self, _):
        piece = self.list[:1800].rpartition(b",")[0] if len(self.list) > 1800 else self.list
        self.list = self.list[len(piece):].lstrip(b",")
        return b"m" + piece if piece else b"l"

    def extra(self, packet):
        thread = self.machine.find(packet.partition(b",")[2])
        return f"{thread.name}: {thread.text}".encode(errors="replace").hex().encode() if thread else b"E01"

    def threads_xml(self, packet):
        where = re.fullmatch(rb"qXfer:threads:read::([0-9a-f]+),([0-9a-f]+)", packet)
        if not where:
            return b"E01"
        start, size = int(where[1], 16), max(1, min(int(where[2], 16), 0x400))
        if start == 0:
            self.list = self.machine.xml()
        piece = re.sub(rb"[#$}*]", lambda m: b"}" + bytes([m[0][0] ^ 0x20]), self.list[start:start + size])
        return (b"m" if start + size < len(self.list) else b"l") + piece

    def asleep(self):
        """The thread that gdb looks at, if it is on no CPU."""
        thread = self.machine.find(self.current)
        return thread if thread and thread.cpu is None else None

    def registers(self, _):
        thread = self.asleep()
        return self.machine.known.packet(self.machine.saved(thread), self.machine.length) if thread else None

    def register(self, packet):
        thread, wanted = self.asleep(), number(packet[1:])
        if not thread or wanted is None:
            return None
        known = self.machine.known
        name = known.numbers.get(wanted)
        value, size = self.machine.saved(thread).get(name), known.at.get(name, (0, 8))[1]
        return b"xx" * size if value is None else value.to_bytes(8, "little")[:size].hex().encode()

    def write_registers(self, _):
        return b"E01" if self.asleep() else None

    def symbols(self, _):
        return b"OK"

    ANSWERS = (
        (b"qSupported", supported), (b"H", select), (b"T", alive), (b"qC", current_thread),
        (b"qfThreadInfo", first_threads), (b"qsThreadInfo", next_threads), (b"qThreadExtraInfo,", extra),
        (b"qXfer:threads:read:", threads_xml), (b"qSymbol", symbols), (b"g", registers), (b"p", register),
        (b"G", write_registers), (b"P", write_registers),
    )

    def answer(self, packet):
        for start, function in self.ANSWERS:
            if packet.startswith(start) and (start != b"qC" or packet == start) and (start != b"g" or packet == start):
                return function(self, packet)
        return None

    # Running and stopping

    def resume(self, packet):
        """vCont with the stub's CPUs in the place of threads. One that is on no CPU can only go on with all."""
        actions, self.stepping = [], None
        for action in packet.split(b";")[1:]:
            what, _, who = action.partition(b":")
            every = who in (b"", b"-1")
            thread = None if every else self.machine.find(who)
            if every:
                actions.append(what)
            elif thread and thread.cpu:
                actions.append(what + b":" + thread.cpu)
                self.stepping = (thread.cpu, who) if what[:1] in b"sSr" else self.stepping
        return b";".join([b"vCont", *(actions or [b"c"])])

    def stopped(self, reply):
        """A stop reply with gdb's number of the thread. A step that ended in another thread's arms is still the
        first one's: gdb would take it for a stray signal."""
        if reply[:1] not in (b"T", b"S"):
            return reply
        reply = expanded(reply)
        self.machine.forget()
        self.stub.selected = None
        found = re.search(rb"thread:([^;]*);", reply)
        self.machine.look()
        thread = self.machine.by_cpu.get(found[1] if found else None) or next(iter(self.machine.by_cpu.values()), None)
        if not thread:
            return reply
        rest = re.sub(rb"thread:[^;]*;", b"", reply[3:])
        if self.stepping and self.stepping[0] == thread.cpu and self.stepping[1] != thread.number and \
           reply[1:3] == b"05" and not re.search(rb"break|watch", reply) and self.machine.find(self.stepping[1]):
            thread, rest = self.machine.find(self.stepping[1]), b""
        self.current = thread.number
        self.stub.select(thread.cpu)  # gdb takes it for granted
        return reply[:3].replace(b"S", b"T") + rest + b"thread:" + self.current + b";"

    def from_gdb(self, packet):
        answer = None if self.running else self.answer(packet)
        if answer is not None:
            return self.reply(answer)
        if packet.startswith(b"vCont;"):
            packet = self.resume(packet)
        if packet.startswith(STOPS):
            if packet == b"?":
                return self.reply(self.stopped(self.stub.ask(packet)))
            self.running = True
            self.machine.forget()
            return self.stub.send(packet)
        if packet == b"k":
            self.ended = True
            return self.stub.send(packet)
        return self.reply(self.stub.ask(packet))

    def from_stub(self, payload):
        """What comes without a question: the end of running, or words for the screen meanwhile."""
        if payload[:1] in (b"T", b"S", b"W", b"X"):
            self.running = False
        self.reply(self.stopped(payload))

    def serve(self):
        while not self.ended:
            while self.stub.events:
                self.from_stub(self.stub.events.pop(0))
            ready, _, _ = select.select([self.read_fd, self.stub.read_fd], [], [])
            if self.stub.read_fd in ready:
                self.stub.pump()
            elif self.read_fd in ready:
                self.from_bytes(os.read(self.read_fd, 65536))

    def from_bytes(self, data):
        if not data:
            self.ended = True
        for kind, payload in self.reader.feed(data):
            if kind == "interrupt":
                write(self.stub.write_fd, b"\x03")
            else:
                write(self.write_fd, b"+" if kind == "packet" else b"-")
                if kind == "packet":
                    self.from_gdb(payload)


def main(argv):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # gdb tells when it is meant
    image, how, *words = argv[1:]
    child = None
    if how == "--connect":
        line = socket.create_connection(("127.0.0.1", int(words[0])))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stub = Stub(line.fileno(), line.fileno())
    else:
        child = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        stub = Stub(child.stdout.fileno(), child.stdin.fileno())
    proxy = None
    try:
        proxy = Proxy(stub, image)
        proxy.serve()
    except (Lost, OSError) as e:
        if not proxy or not proxy.running:  # a machine that ends while it runs is nothing special
            print(f"gdbthreads: {e}", file=sys.stderr)
    finally:
        if child:
            child.stdin.close()
            try:
                child.wait(2)
            except subprocess.TimeoutExpired:
                child.terminate()


if __name__ == "__main__":
    main(sys.argv)
