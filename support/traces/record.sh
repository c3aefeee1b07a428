#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
#
# record.sh FOLDER: runs Debian's lua5.4, sqlite3 and redis-server under the recorder and packs the first OPS operations
# of each into FOLDER/NAME.trace.
set -eu

folder=$1
here=$(dirname "$0")
work=$(mktemp -d)
ops=${OPS:-150000}
redis=
trap 'test -z "$redis" || kill "$redis" 2>/dev/null; rm -rf "$work"' EXIT INT TERM

for tool in gcc lua5.4 sqlite3 redis-server redis-benchmark redis-cli; do
	command -v "$tool" >/dev/null && continue
	echo "error: $tool is missing: apt-get install gcc lua5.4 sqlite3 redis-server redis-tools" >&2
	exit 1
done
gcc -O2 -shared -fPIC -o "$work/recorder.so" "$here/preload.c"

# recorded NAME COMMAND...: run a command under the recorder.
recorded() {
	name=$1
	shift
	TRACE_FILE="$work/$name" LD_PRELOAD="$work/recorder.so" "$@"
}

recorded lua lua5.4 "$here/work.lua" >/dev/null
/usr/bin/python3 -B "$here/sql.py" | recorded sqlite sqlite3 :memory: >/dev/null

# Not through recorded(): in the background its process would be a shell's.
TRACE_FILE="$work/redis" LD_PRELOAD="$work/recorder.so" redis-server --port 0 --unixsocket "$work/socket" --save '' \
	--appendonly no >/dev/null &
redis=$!
until test -S "$work/socket"; do
	kill -0 "$redis"
	sleep 0.2
done
redis-benchmark -s "$work/socket" -c 8 -n 3000 -r 2000 -d 120 -q \
	-t set,get,lpush,lpop,sadd,hset,spop,zadd,mset >/dev/null
redis-cli -s "$work/socket" shutdown nosave >/dev/null || true
wait "$redis" || true
redis=

for name in lua sqlite redis; do
	/usr/bin/python3 -B "$here/pack.py" --ops "$ops" "$work/$name" "$folder/$name.trace"
done
