#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
#
# make fresh: the README's two commands in a minimal Debian 12, as proof that no step of the installation is missing.
# Needs root (debootstrap, chroot). The base system and the .deb files are kept in the cache, the rest is new each time.
#
#   FRESH='./tessera run;./tessera test'   the commands, separated by semicolons
#   FRESH_KEEP=1                           leave the system in place afterwards, to look around
set -eu

suite=bookworm
cd -- "$(dirname -- "$0")/../.."
cache=${TESSERA_CACHE:-$HOME/.cache/tessera}/fresh
commands=${FRESH:-./tessera run;./tessera test}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

fail() {
	printf 'fresh: %s\n' "$*" >&2
	exit 1
}

# This machine's own Debian sources, one `deb` line each: no mirror is written in the tree.
sources() {
	apt-get indextargets --format 'deb $(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
	    awk -v suite="$suite" '$3 ~ "^" suite "(-updates|-security)?$"' | sort -u
}

# What this machine's apt knows of proxies, for the new system.
proxies() {
	apt-config dump | grep -E '^Acquire::(https?|ftp)::.*[Pp]roxy' || true
}

[ "$(id -u)" = 0 ] || fail "needs root for debootstrap and chroot: sudo make fresh"
for tool in debootstrap git unshare; do
	command -v $tool >/dev/null || fail "needs $tool: ./tessera fresh installs it"
done
mirror=$(sources | awk -v suite="$suite" '$3 == suite { print $2; exit }')
[ -n "$mirror" ] || fail "this machine's apt has no source for Debian $suite: add one to its sources.list"

mkdir -p "$cache/archives/partial"
base=$cache/$suite.tar
if [ ! -f "$base" ]; then
	echo "fresh: making a minimal Debian $suite (once)"
	root=$(mktemp -d "$cache/base.XXXXXX")
	debootstrap --variant=minbase --keyring="$keyring" "$suite" "$root" "$mirror" >"$cache/debootstrap.log" 2>&1 ||
	    fail "debootstrap failed: see $cache/debootstrap.log"
	rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
	tar -C "$root" --numeric-owner -cf "$base.new" . && mv "$base.new" "$base"
	rm -rf --one-file-system "$root"
fi

root=$(mktemp -d "$cache/root.XXXXXX")
clean() {
	if [ -n "${FRESH_KEEP-}" ]; then
		echo "fresh: kept in $root"
	else
		rm -rf --one-file-system "$root"
	fi
}
trap clean EXIT
trap 'exit 130' INT TERM
chmod 755 "$root"
tar -C "$root" --numeric-owner -xf "$base"
sources >"$root/etc/apt/sources.list"
{ proxies; echo 'APT::Sandbox::User "root";'; } >"$root/etc/apt/apt.conf.d/99fresh"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
[ ! -d /etc/apt/auth.conf.d ] || cp -r /etc/apt/auth.conf.d "$root/etc/apt/"
git clone -q --no-hardlinks . "$root/root/tessera"
[ -z "$(git status --porcelain)" ] || echo "fresh: changes that are not committed are not tried"

# In a mount and process namespace of its own: nothing stays mounted and nothing keeps running.
cat >"$root/root/inside" <<'INSIDE'
set -u
cd /root/tessera || exit 1
status=0
printf '%s\n' "$1" | tr ';' '\n' >/root/commands
while read -r line <&3; do
	[ -n "$line" ] || continue
	printf '\nfresh: $ %s\n' "$line"
	begin=$(date +%s)
	sh -c "$line" </dev/null
	got=$?
	[ $got = 0 ] || status=1
	printf '%s: status %s, %s s\n' "$line" "$got" "$(($(date +%s) - begin))" >>/root/result
done 3</root/commands
exit $status
INSIDE
status=0
unshare --mount --pid --fork --kill-child --propagation private sh -eu -c '
	mount --bind "$2/archives" "$1/var/cache/apt/archives"
	mount -t proc proc "$1/proc"
	mount -t sysfs -o ro sysfs "$1/sys"
	mount --rbind /dev "$1/dev"
	exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM="${TERM-dumb}" \
	    ${http_proxy+http_proxy="$http_proxy"} ${https_proxy+https_proxy="$https_proxy"} \
	    ${no_proxy+no_proxy="$no_proxy"} sh /root/inside "$3"
' fresh "$root" "$cache" "$commands" || status=$?
echo
echo "fresh: Debian $suite, $(du -shx "$root" | cut -f 1), commit $(git rev-parse --short HEAD)"
sed 's/^/fresh: /' "$root/root/result"
exit $status
