#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# make menuconfig as a user sees it: a real terminal (tmux), keys typed, the screen read, .config looked at.
set -u

. tests/tap.sh
tap_require_tool tmux

out=$TAP_DIR/o
socket=$TAP_DIR/tmux
mux() {
	tmux -S "$socket" "$@"
}
trap 'mux kill-server 2>/dev/null; tap_cleanup' EXIT

# begin: make menuconfig in a terminal of 100 x 40
begin() {
	: >"$TAP_DIR/status"
	mux -f /dev/null new-session -d -x 100 -y 40 \
	    "TERM=screen make menuconfig O=$out 2>$TAP_DIR/err; echo \$? >$TAP_DIR/status"
}

# sees NAME TEXT: the text appears on the screen within 10 seconds
sees() {
	for _ in $(seq 100); do
		mux capture-pane -p >"$TAP_OUT" 2>/dev/null
		if grep -qF -e "$2" "$TAP_OUT"; then
			tap_report 0 "$1" ""
			return
		fi
		sleep 0.1
	done
	tap_report 1 "$1" "'$2' is not on the screen"
}

keys() {
	mux send-keys "$@"
}

# find OPTION: the search that jumps to it
find_option() {
	keys /
	sees "the search opens for $1" "Jump to symbol"
	keys -l "$1"
	sees "the search finds $1" "$1("
	keys Enter
}

# ended NAME: menuconfig has ended with status 0
ended() {
	for _ in $(seq 100); do
		[ ! -s "$TAP_DIR/status" ] || break
		sleep 0.1
	done
	tap_is "$1" 0 "$(cat "$TAP_DIR/status")"
}

begin
sees "the top menu has its title" "Tessera configuration"
sees "areas are menus" "Memory  --->"
sees "platforms are a menu" "Platforms  --->"
mux kill-server
sleep 0.2

begin
sees "it starts again" "Tessera configuration"
find_option TOOLCHAIN_LTO
sees "the option is shown with its prompt" "Link-time optimisation"
keys '?'
sees "every option has help" "Optimise across libraries"
keys Escape
sleep 0.2
keys y
sees "y switches it on" "[*] Link-time optimisation"
find_option TOOLCHAIN_OPTIMIZE_SPEED
sees "a choice shows its members" "size (-Os)"
keys Space
sleep 0.3
keys s
sees "saving asks for the file" "Filename to save configuration to"
keys Enter
sleep 0.5
keys Enter
sleep 0.3
keys q
ended "menuconfig ends with status 0"
tap_has "the option is in .config" "CONFIG_TOOLCHAIN_LTO=y" "$out/.config"
tap_has "the choice is in .config" "CONFIG_TOOLCHAIN_OPTIMIZE_SPEED=y" "$out/.config"
tap_has "the other member is off" "# CONFIG_TOOLCHAIN_OPTIMIZE_SIZE is not set" "$out/.config"
tap_ok "what was saved resolves" make -s O="$out" olddefconfig
tap_has "and stays" "CONFIG_TOOLCHAIN_LTO=y" "$out/.config"

cp "$out/.config" "$TAP_DIR/before"
begin
sees "it starts with the saved values" "Tessera configuration"
find_option TOOLCHAIN_LTO
keys n
sleep 0.3
keys q
sees "leaving asks what to do with changes" "Save configuration"
keys n
ended "leaving without saving ends with status 0"
tap_ok "and changes nothing" cmp "$out/.config" "$TAP_DIR/before"
tap_done
