#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# ./tessera: which packages which command needs, as root and not, with and without a network. Nothing is installed: the
# package tools and make are stand-ins that only write down how they were called.
set -u

. tests/tap.sh

bin=$TAP_DIR/bin
log=$TAP_DIR/log
mkdir "$bin"

# stand_in NAME: with the script of standard input
stand_in() {
	{ echo '#!/bin/sh'; cat; } >"$bin/$1"
	chmod +x "$bin/$1"
}

# Installed is what $TAP_DIR/installed lists; apt-get install adds to it, unless there is no network.
stand_in dpkg-query <<END
for word; do
	if grep -qx -e "\$word" $TAP_DIR/installed; then printf 'installed:%s ' "\$word"; fi
done
END
stand_in apt-cache <<END
[ -e $TAP_DIR/lists ]
END
stand_in apt-get <<END
case " \$* " in
*" --assume-no "*)
	echo "Need to get 12.3 MB of archives."
	echo "After this operation, 45.6 MB of additional disk space will be used."
	exit 1 ;;
esac
echo "apt-get \$*" >>$log
[ ! -e $TAP_DIR/offline ] || exit 100
case " \$* " in
*" update "*) touch $TAP_DIR/lists ;;
*" install "*) for word; do echo "\$word" >>$TAP_DIR/installed; done ;;
esac
END
stand_in id <<END
cat $TAP_DIR/uid
END
stand_in sudo <<END
echo "sudo \$*" >>$log
"\$@"
END
stand_in make <<END
echo "make \$*" >>$log
exit \${MAKE_STATUS-0}
END

# machine UID PACKAGES: a machine with these packages, without package lists
machine() {
	rm -f "$log" "$TAP_DIR/lists" "$TAP_DIR/offline"
	: >"$log"
	echo "$1" >"$TAP_DIR/uid"
	printf '%s\n' $2 >"$TAP_DIR/installed"
}

front() {
	PATH=$bin:/usr/bin:/bin ./tessera "$@"
}

base='gcc make python3 python3-kconfiglib patch xz-utils'
machine 0 ''
tap_ok "root, nothing there: it installs and runs make" front run
tap_has "the package lists are loaded" " update" "$log"
tap_has "what is missing is installed" "install $base qemu-system-x86" "$log"
tap_has "without recommendations" "--no-install-recommends" "$log"
tap_has "and without questions" " -y " "$log"
tap_lacks "no sudo" sudo "$log"
tap_is "then make" "make run" "$(tail -n 1 "$log")"
tap_has "it says what for" "compiles the images" "$TAP_OUT"
tap_has "and how much is loaded" "to load: 12.3 MB" "$TAP_OUT"
tap_has "and stays on the disk" "on disk: 45.6 MB" "$TAP_OUT"
: >"$log"
tap_ok "a second time" front run APP=hello ARGS='two words'
tap_is "goes straight to make" "make run APP=hello ARGS=two words" "$(cat "$log")"

machine 0 "$base"
tap_ok "a process needs no monitor" front run PLAT=linux
tap_lacks "none is installed" qemu "$log"
tap_ok "bench needs its peers" front bench
tap_has "gnuplot" gnuplot-nox "$log"
tap_has "Debian's lua" lua5.4 "$log"
tap_lacks "but no tool of the tests" tmux "$log"
tap_ok "test needs more" front test
tap_has "tmux" tmux "$log"
tap_has "the second compiler" clang "$log"

machine 1000 "$base"
tap_ok "an ordinary user" front run
tap_has "installs with sudo" "sudo env DEBIAN_FRONTEND=noninteractive apt-get" "$log"
tap_has "after saying so" "with sudo" "$TAP_OUT"

machine 1000 "$base"
tap_status "SETUP=no" 1 env SETUP=no PATH="$bin:/usr/bin:/bin" ./tessera run
tap_has "lists what is missing" qemu-system-x86 "$TAP_OUT"
tap_has "how large" "to load: 12.3 MB" "$TAP_OUT"
tap_has "and how to install it" "sudo apt-get install --no-install-recommends qemu-system-x86" "$TAP_OUT"
tap_is "it changes nothing and runs nothing" "" "$(cat "$log")"
tap_status "SETUP=no as an argument" 1 front run SETUP=no
machine 1000 "$base qemu-system-x86"
tap_ok "SETUP=no with everything there" front run SETUP=no
tap_lacks "runs nothing either" "make run" "$log"

machine 0 "$base"
touch "$TAP_DIR/offline"
tap_status "no network" 1 front run
tap_has "is said with the packages that could not be had" "apt-get failed (its message is above) for: qemu" "$TAP_OUT"
tap_lacks "and make is not run" "make run" "$log"

rm "$bin/sudo"
machine 1000 "$base"
mkdir "$TAP_DIR/tools"
for tool in sh awk sed dirname printf env grep touch cat tail; do
	ln -s "$(command -v $tool)" "$TAP_DIR/tools/$tool"
done
tap_status "no sudo" 1 env PATH="$bin:$TAP_DIR/tools" ./tessera run
tap_has "the command for root is printed" "apt-get install --no-install-recommends qemu-system-x86" "$TAP_OUT"

machine 0 "$base qemu-system-x86"
tap_status "make's status is the front's" 7 env MAKE_STATUS=7 PATH="$bin:/usr/bin:/bin" ./tessera run

# The list itself: each package exists, each group is used.
for group in $(awk '!/^#/ && NF { print $1 }' support/setup/packages | sort -u); do
	tap_has "some command needs the group $group" "$group" tessera
done
tap_is "every package says what for" "" "$(awk '!/^#/ && NF && NF < 3' support/setup/packages)"
tap_done
