#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# Third-party sources: a mirror made of files, so that neither network nor the machine's own archive matters.
. tests/tap.sh
tap_require_tool tar patch apt-get

mirror=$TAP_DIR/mirror
pool=$mirror/pool/main/s/sample
export TESSERA_CACHE="$TAP_DIR/cache" TESSERA_MIRROR="file:$mirror" APT_CONFIG="$TAP_DIR/apt.conf"
cat >"$APT_CONFIG" <<-END
	Dir::Etc::sourcelist "/dev/null";
	Dir::Etc::sourceparts "/dev/null";
END
mkdir -p "$pool" "$TAP_DIR/sample-1.0"
echo 'int sample(void);' >"$TAP_DIR/sample-1.0/sample.h"
tar -czf "$pool/sample_1.0.orig.tar.gz" -C "$TAP_DIR" sample-1.0
hash=$(sha256sum "$pool/sample_1.0.orig.tar.gz" | cut -d' ' -f1)
origin="debian sample 1.0 sample_1.0.orig.tar.gz $hash"
sed 's/^\t*//' >"$TAP_DIR/good.patch" <<-'END'
	Reason: a test of patches.
	--- a/sample.h
	+++ b/sample.h
	@@ -1 +1,2 @@
	 int sample(void);
	+int patched(void);
END
sed 's/int sample/int other/' "$TAP_DIR/good.patch" >"$TAP_DIR/bad.patch"

# shellcheck disable=SC2086  # an origin is words
fetch() { /usr/bin/python3 -B support/report/fetch.py "$@"; }

tap_ok "an archive is fetched" fetch $origin
plain=$(fetch $origin)
tap_has "and unpacked without its top folder" "int sample(void);" "$plain/sample.h"
tap_ok "with a patch" fetch --patch "$TAP_DIR/good.patch" $origin
patched=$(fetch --patch "$TAP_DIR/good.patch" $origin)
tap_has "the patch is applied" "int patched(void);" "$patched/sample.h"
tap_lacks "in a folder of its own" "patched" "$plain/sample.h"
tap_fails "a patch that does not fit is an error" fetch --patch "$TAP_DIR/bad.patch" $origin
tap_has "it names the patch" "bad.patch does not apply to sample_1.0.orig.tar.gz" "$TAP_OUT"
tap_is "nothing half unpacked stays" 2 "$(find "$TESSERA_CACHE/src" -mindepth 1 -maxdepth 1 -type d | wc -l)"
tap_fails "a patch that is not there is an error" fetch --patch "$TAP_DIR/none.patch" $origin

mv "$mirror" "$mirror.away"
tap_ok "what is in the cache needs no mirror" fetch $origin
rm -rf "$TESSERA_CACHE/src"
tap_ok "nor does unpacking it again" fetch $origin
echo damage >>"$TESSERA_CACHE/dl/sample_1.0.orig.tar.gz"
rm -rf "$TESSERA_CACHE/src"
tap_fails "a damaged archive is not used" fetch $origin
tap_has "the error says what was wanted" "wanted $hash" "$TAP_OUT"
tap_has "and what to do" "else delete it" "$TAP_OUT"
mv "$mirror.away" "$mirror"
tap_ok "with the mirror back it is fetched again" fetch $origin

wrong=$(echo "$hash" | tr 0-9a-f 1-9a-f0)
tap_fails "a wrong hash is an error" fetch debian sample 1.0 sample_1.0.orig.tar.gz "$wrong"
tap_has "it names the file and both hashes" "sample_1.0.orig.tar.gz: wrong SHA-256" "$TAP_OUT"
tap_has "the hash that came" "got $hash" "$TAP_OUT"
tap_fails "a file that no mirror has is an error" fetch debian sample 1.1 sample_1.1.orig.tar.gz "$hash"
tap_has "it says where to copy it" "copy the file to $TESSERA_CACHE/dl/sample_1.1.orig.tar.gz" "$TAP_OUT"
cp "$pool/sample_1.0.orig.tar.gz" "$TESSERA_CACHE/dl/sample_1.1.orig.tar.gz"
tap_ok "copied there it is taken" fetch debian sample 1.1 sample_1.1.orig.tar.gz "$hash"
TESSERA_MIRROR=
tap_fails "no mirror at all is an error" fetch debian sample 1.2 sample_1.2.orig.tar.gz "$hash"
tap_has "it says so" "apt knows no Debian archive" "$TAP_OUT"
TESSERA_MIRROR="file:$mirror"
tap_fails "an origin of other words is an error" fetch debian sample 1.0
tap_has "it shows the form" "ORIGIN wants: debian PACKAGE VERSION FILE SHA256" "$TAP_OUT"
tap_fails "a path for a file is an error" fetch debian sample 1.0 ../sample.tar.gz "$hash"
tap_fails "a cache that cannot be written is an error" env TESSERA_CACHE=/proc/nowhere \
	/usr/bin/python3 -B support/report/fetch.py $origin
tap_has "it says which and the mend" "set TESSERA_CACHE to a folder you may write" "$TAP_OUT"

rm -rf "$TESSERA_CACHE"
several() {
	for _ in 1 2 3 4 5 6; do
		fetch $origin >>"$TAP_DIR/several" 2>>"$TAP_DIR/said" &
	done
	wait
	[ "$(sort -u "$TAP_DIR/several" | wc -l)" = 1 ] && [ "$(wc -l <"$TAP_DIR/several")" = 6 ]
}
tap_ok "six at the same time get the same folder" several
tap_is "and load it once" 1 "$(grep -c '^fetch ' "$TAP_DIR/said")"
tap_done
