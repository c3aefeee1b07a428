#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# Heaps from the command line: the default, single libraries' own, statistics, the recorder and its packer, heapbench.
. tests/tap.sh
tap_require_tool qemu-system-x86_64

O=build/test/heaps
tool=support/run/run.py

# boot PARAMS ARGS
boot() { $tool --accel=tcg --mem=32M --params="$1" --args="$2" "$image"; }

tap_ok "every heap is configured" make --no-print-directory O=$O APP=heapbench defconfig
tap_ok "and the recorder" make --no-print-directory O=$O APP=heapbench setconfig MEM_HEAP_TRACE=y
tap_ok "heapbench builds" make --no-print-directory O=$O APP=heapbench all
for plat in kvm linux; do
	image=$O/heapbench_$plat-x86_64
	for heap in bump buddy tiny tlsf mimalloc; do
		tap_ok "$plat: heap=$heap" boot "heap=$heap heap.stats=on" '--quick --trace=lua --csv'
		tap_has "$plat: heapbench measures $heap" "$heap,lua," "$TAP_OUT"
		tap_has "$plat: the statistics name it" "heap: $heap " "$TAP_OUT"
	done
	tap_status "$plat: an unknown heap is status 64" 64 boot heap=nix ''
	tap_has "$plat: and is named" "unknown heap nix" "$TAP_OUT"
	tap_has "$plat: with those that exist" " buddy" "$TAP_OUT"
	tap_ok "$plat: libraries get heaps of their own" boot \
		"heap.stats 'heap.for=app/heapbench,libc/nolibc=tiny net/x=buddy'" '--quick --trace=lua'
	tap_has "$plat: one for two" " app/heapbench,libc/nolibc=tiny" "$TAP_OUT"
	tap_has "$plat: one for another" " net/x=buddy" "$TAP_OUT"
	tap_status "$plat: heap.for= refuses an unknown heap" 64 boot heap.for=a/b=nix ''
	tap_status "$plat: and a word without one" 64 boot heap.for=a/b ''
	tap_status "$plat: heapbench refuses an unknown trace" 64 boot banner=off '--trace=nix'
	tap_status "$plat: and an unknown word" 64 boot banner=off '--nix'
done

# The same three operations as the recorder for Linux and as an image write them must give the same trace.
cat >"$TAP_DIR/both.py" <<'END'
import base64, subprocess, sys
record = b"a\x10\x20\x04" b"r\x10\x90\x01\x80\x02" b"f\x90\x01" b"a\x10\x00\x0c"
padded = record + b" " * (-len(record) % 3)
log = b"banner\n" + b"".join(b"heap.trace: " + base64.b64encode(padded[i:i + 6]) + b"\nother\n"
                             for i in range(0, len(padded), 6))
for name, data in ("record", record), ("log", log):
    open(f"{sys.argv[1]}/{name}", "wb").write(data)
    path = f"{sys.argv[1]}/{name}"
    subprocess.run(["/usr/bin/python3", "-B", "support/traces/pack.py", path, path + ".t"], check=True)
traces = [open(f"{sys.argv[1]}/{name}.t", "rb").read() for name in ("record", "log")]
assert traces[0] == traces[1] and traces[0].startswith(b"UKT1\x04\0\0\0\x01\0\0\0"), traces
END
tap_ok "pack.py reads both kinds of records" /usr/bin/python3 -B "$TAP_DIR/both.py" "$TAP_DIR"
printf 'nothing' >"$TAP_DIR/empty"
tap_fails "pack.py refuses what holds no operation" \
	/usr/bin/python3 -B support/traces/pack.py "$TAP_DIR/empty" "$TAP_DIR/x"
tap_done
