#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# Lua on newlib, on both platforms: scripts out of FILES and EMBED, modules, prompt, statuses, refused files.
. tests/tap.sh
tap_require_tool qemu-system-x86_64

O=build/test/lua
tool=support/run/run.py
files=$TAP_DIR/files
mkdir -p "$files/sub" "$files/lua"

cat >"$files/main.lua" <<'END'
print("args", #arg, arg[1], arg[2])
print("module", require("mod").answer, require("sub.deep"))
for line in io.lines("/sub/data.txt") do print("line", line) end
print("write", io.open("/new", "w"))
print("none", io.open("/none"))
print("env", os.getenv("COLOUR"))
print("execute", os.execute())
print("number", 0.1 + 0.2, 2^53, 1e100, -0.0, math.maxinteger, 7 // 2, 3 % -2)
print("format", string.format("%5.1f|%-4d|%q|%a", 2.25, 7, "a\n", 1.0))
print("time", os.time{year = 2000, month = 2, day = 29, hour = 12}, os.date("!%F %T", 951825600))
END
echo 'return { answer = 42 }' >"$files/lua/mod.lua"
echo 'return "deep"' >"$files/sub/deep.lua"
printf 'one\ntwo' >"$files/sub/data.txt"
echo 'os.exit(7)' >"$files/seven.lua"
echo 'error("on purpose")' >"$files/error.lua"
echo 'local function f() return f() + 1 end f()' >"$files/deep.lua"
echo 'local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(1000) .. i end' >"$files/hungry.lua"
cat >"$files/read.lua" <<'END'
print("prompting")
print("got", io.read("n", "l", "L"))
END
ln -s main.lua "$files/link.lua"

# boot PLAT FILES ARGS: the image with a folder as its files; input comes from the caller
boot() {
	timeout 60 $tool --accel=tcg --plat="$1" --mem=192M --files="$2" --env=COLOUR=red --args="$3" \
		"$O/lua_$1-x86_64"
}

# output PLAT: what main.lua must have printed
output() {
	tap_has "$1: arguments" "args	2	a b	c" "$TAP_OUT"
	tap_has "$1: modules" "module	42	deep" "$TAP_OUT"
	tap_has "$1: a last line without newline" "line	two" "$TAP_OUT"
	tap_has "$1: files are read-only" "write	nil	/new: Read-only file system	30" "$TAP_OUT"
	tap_has "$1: a missing file" "none	nil	/none: No such file or directory	2" "$TAP_OUT"
	tap_has "$1: environment" "env	red" "$TAP_OUT"
	tap_has "$1: no command processor" "execute	false" "$TAP_OUT"
	tap_has "$1: numbers" \
	    "number	0.3	9.007199254741e+15	1e+100	-0.0	9223372036854775807	3	-1" \
		"$TAP_OUT"
	tap_has "$1: formats" "format	  2.2|7   |\"a\\" "$TAP_OUT"
	tap_has "$1: time" "time	951825600	2000-02-29 12:00:00" "$TAP_OUT"
}

tap_ok "configured" make --no-print-directory O=$O APP=lua defconfig
tap_ok "builds" make --no-print-directory O=$O APP=lua all
for plat in kvm linux; do
	tap_ok "$plat: a script" boot $plat "$files" '/main.lua "a b" c'
	output $plat
	tap_ok "$plat: a link to it" boot $plat "$files" /link.lua
	tap_status "$plat: os.exit" 7 boot $plat "$files" /seven.lua
	tap_status "$plat: an error is status 1" 1 boot $plat "$files" /error.lua
	tap_has "$plat: with its place" "/error.lua:1: on purpose" "$TAP_OUT"
	tap_status "$plat: endless recursion is an error" 1 boot $plat "$files" /deep.lua
	tap_has "$plat: which says so" "stack overflow" "$TAP_OUT"
	tap_status "$plat: memory that runs out is an error" 1 boot $plat "$files" /hungry.lua
	tap_has "$plat: which says so, too" "not enough memory" "$TAP_OUT"
	tap_status "$plat: a script that is not there" 1 boot $plat "$files" /absent.lua
	tap_has "$plat: is named" "cannot open /absent.lua" "$TAP_OUT"
	[ $plat = kvm ] || tap_status "$plat: an archive that is not there" 70 $O/lua_linux-x86_64 initrd=/absent
	printf '12 rest\nlast\n' | boot $plat "$files" /read.lua >"$TAP_OUT" 2>&1
	tap_has "$plat: input" "got	12	 rest	last" "$TAP_OUT"
	printf 'x = 6\nprint(x * 7)\nfor i = 1, 2 do\nprint("i", i)\nend\nerror("oops")\nos.exit(3)\n' |
		boot $plat "$files" -i >"$TAP_OUT" 2>&1
	tap_is "$plat: the prompt ends with the status of os.exit" 3 $?
	tap_has "$plat: the prompt answers" "42" "$TAP_OUT"
	tap_has "$plat: takes several lines" "i	2" "$TAP_OUT"
	tap_has "$plat: survives an error" "stdin:1: oops" "$TAP_OUT"
done

# On the bare console of a guest the system edits and echoes; a process' pipe gets nothing of that.
printf 'print(1000+99\b00)\n\004' | boot kvm "$files" '' >"$TAP_OUT" 2>&1
tap_has "kvm: backspace edits the line" "1900" "$TAP_OUT"
tap_has "kvm: Ctrl-D ends the prompt with status 0" "status 0" "$TAP_OUT"
printf 'print("plain")' | boot linux "$files" '' >"$TAP_OUT" 2>&1
tap_lacks "linux: piped input is a script, without a prompt" "> " "$TAP_OUT"

head -c 200 build/test/lua/.config >"$TAP_DIR/broken.cpio"
tap_status "a broken archive ends the start" 70 timeout 60 $O/lua_linux-x86_64 "initrd=$TAP_DIR/broken.cpio"
tap_has "and is named" "no newc header" "$TAP_OUT"

tap_ok "files linked into the image" make --no-print-directory O=$O APP=lua EMBED="$files" all
tap_ok "linux: one artefact" timeout 60 $O/lua_linux-x86_64 env.COLOUR=red -- /main.lua "a b" c
output embedded
tap_done
