#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Third-party sources: download once, verify, unpack, patch, share between checkouts.

    ensure(origin, patches, cache, where) -> folder of the unpacked sources

An origin is the words of a library's ORIGIN variable: debian PACKAGE VERSION FILE SHA256.
The mirror is the machine's own: whatever its apt is configured for. $TESSERA_MIRROR (URLs of
archives, separated by blanks) goes before it. The cache is $TESSERA_CACHE, default
~/.cache/tessera (or $XDG_CACHE_HOME/tessera):

    dl/FILE                      archives as downloaded; a file copied here by hand is as good
    src/PACKAGE-VERSION-KEY/     unpacked; KEY covers the archive's hash and every patch, and the
                                 folder appears by rename, so that it exists only when complete

The engine imports this on every run: nothing heavy is imported before it is needed.
"""
import errno
import os
import sys

try:
    from makefile_uk import BuildError  # inside the engine, which prints it as one line
except ImportError:
    BuildError = Exception

APT_HELPER = "/usr/lib/apt/apt-helper"
SUITES = ("stable", "oldstable", "oldoldstable", "testing", "unstable", "sid", "bookworm", "trixie", "forky")
FORMAT = b"1"  # part of every key: raise it when unpacking itself changes


class FetchError(BuildError):
    """One line: what is wrong and what mends it."""


class Origin:
    """The words of ORIGIN, checked."""

    def __init__(self, words):
        if len(words) != 5 or words[0] != "debian":
            raise FetchError("ORIGIN wants: debian PACKAGE VERSION FILE SHA256, not: %s" % " ".join(words))
        _, self.package, self.version, self.file, self.sha256 = words
        if len(self.sha256) != 64 or self.sha256.strip("0123456789abcdef"):
            raise FetchError("ORIGIN: the SHA-256 of %s must be 64 lower-case hex digits" % self.file)
        if "/" in self.package + self.file or self.file.startswith(".") or self.package.startswith("."):
            raise FetchError("ORIGIN: package and file are plain names, not paths: %s %s" % (self.package, self.file))


def cache_dir():
    """The download cache, shared by all checkouts of a user."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.environ.get("TESSERA_CACHE") or os.path.join(base, "tessera")


def source_key(origin, patches):
    """Name of the unpacked folder: another archive or patch is another folder."""
    import hashlib
    key = hashlib.sha256(FORMAT + origin.sha256.encode())
    for path in patches:
        try:
            with open(path, "rb") as f:
                key.update(f.read())
        except OSError as e:
            raise FetchError("patch %s: %s" % (path, e.strerror)) from e
    version = "".join(c if c.isalnum() or c in ".-+" else "_" for c in origin.version)
    return "%s-%s-%s" % (origin.package, version, key.hexdigest()[:8])


def file_sha256(path):
    import hashlib
    digest = hashlib.sha256()
    with open(path, "rb") as f:
        while block := f.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def mirrors():
    """Archive roots: $TESSERA_MIRROR, then every Debian archive of the machine's apt configuration."""
    import subprocess
    roots = os.environ.get("TESSERA_MIRROR", "").split()
    try:
        out = subprocess.run(["apt-get", "update", "--print-uris"], capture_output=True, text=True, check=False).stdout
    except OSError:
        out = ""
    for line in out.splitlines():
        root, dists, rest = line.split(" ")[0].strip("'").partition("/dists/")
        if dists and rest.endswith("/InRelease") and rest.replace("-", "/").split("/")[0] in SUITES:
            roots.append(root)
    return list(dict.fromkeys(root.rstrip("/") for root in roots))


def pool_urls(origin):
    """Where a Debian archive keeps the file: every suite of an archive shares one pool."""
    package = origin.package
    letter = package[:4] if package.startswith("lib") else package[:1]
    for root in mirrors():
        base = root.replace("file:", "copy:", 1) if root.startswith("file:") else root
        for part in ("updates/main", "main") if "security" in root else ("main",):
            yield "%s/pool/%s/%s/%s/%s" % (base, part, letter, package, origin.file)


def download_one(url, path):
    """Load url into path. Returns None, or why not. The progress is apt's own, on a terminal only."""
    import subprocess
    command = [APT_HELPER, "-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=30"]
    if os.geteuid() == 0:
        command += ["-o", "APT::Sandbox::User=root"]
    shown = sys.stderr if sys.stderr.isatty() else subprocess.DEVNULL
    run = subprocess.run(command + ["download-file", url, path], stdout=shown, stderr=subprocess.PIPE, text=True,
                         check=False)
    if run.returncode == 0 and os.path.exists(path):
        return None
    lines = [line for line in run.stderr.splitlines() if line.startswith("E: ")]
    return lines[0][3:].replace("Failed to fetch " + url, "").strip() if lines else "unknown failure"


def download(origin, target):
    """Get the archive from the first mirror that has it, verified, into target."""
    reasons = []
    wrong = None
    temp = "%s.%d" % (target, os.getpid())
    if not os.path.exists(APT_HELPER):
        raise no_source(origin, target, "missing tool %s (Debian package apt)" % APT_HELPER)
    print("fetch %s %s (%s)" % (origin.package, origin.version, origin.file), file=sys.stderr, flush=True)
    try:
        for url in pool_urls(origin):
            reason = download_one(url, temp)
            if reason is not None:
                reasons.append(reason)
                continue
            got = file_sha256(temp)
            if got == origin.sha256:
                os.rename(temp, target)
                return
            wrong = got
    finally:
        if os.path.exists(temp):
            os.unlink(temp)
    if wrong:
        raise wrong_hash(origin, "the mirror's file", wrong)
    if os.path.exists(target):
        raise wrong_hash(origin, target, file_sha256(target))
    if reasons and all("404" in reason for reason in reasons):
        raise no_source(origin, target, "this machine's Debian mirror does not have it (404): pin another version")
    full = [reason for reason in reasons if "No space" in reason]
    why = "disk full" if full else "no network (%s)" % reasons[0] if reasons else "apt knows no Debian archive"
    raise no_source(origin, target, why)


def wrong_hash(origin, what, got):
    other = "delete it" if os.path.exists(what) else "do not use it"
    return FetchError("%s: wrong SHA-256 (%s): wanted %s, got %s: correct ORIGIN if you trust this file, else %s"
                      % (origin.file, what, origin.sha256, got, other))


def no_source(origin, target, why):
    return FetchError("cannot fetch %s: %s; run `make fetch` where there is network, or copy the file to %s"
                      % (origin.file, why, target))


def run_tool(command, what, package, **kwargs):
    """Run tar or patch; a failure is one line with the tool's last word."""
    import subprocess
    try:
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                             errors="replace", **kwargs)
    except FileNotFoundError as e:
        raise FetchError("%s: missing tool %s: install the Debian package %s" % (what, command[0], package)) from e
    if run.returncode:
        lines = [line.strip() for line in run.stdout.splitlines() if line.strip()] or ["status %d" % run.returncode]
        telling = [line for line in lines if "FAILED" in line or "No space" in line or "Cannot" in line]
        raise FetchError("%s: %s" % (what, (telling or lines[-1:])[0]))


def unpack(origin, archive, patches, target):
    """Unpack and patch beside target, then rename: whoever comes second throws its own away."""
    import shutil
    work = os.path.join(os.path.dirname(target), ".%s.%d" % (os.path.basename(target), os.getpid()))
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    try:
        run_tool(["tar", "-xf", archive, "-C", work, "--no-same-owner", "--no-same-permissions"],
                 "cannot unpack %s" % archive, "tar")
        tops = os.listdir(work)
        inner = os.path.join(work, tops[0]) if tops else work
        root = inner if len(tops) == 1 and tops[0] != "debian" and os.path.isdir(inner) else work
        for path in patches:
            run_tool(["patch", "-p1", "-s", "-f", "-F0", "--no-backup-if-mismatch", "-i", os.path.abspath(path)],
                     "%s does not apply to %s" % (path, origin.file), "patch", cwd=root)
        try:
            os.rename(root, target)
        except OSError as e:
            if e.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def fetch_locked(origin, patches, cache, target):
    """The slow way, one process at a time for each source."""
    import fcntl
    for name in ("dl", "src"):
        os.makedirs(os.path.join(cache, name), exist_ok=True)
    archive = os.path.join(cache, "dl", origin.file)
    with open(os.path.join(cache, "src", ".lock-" + origin.file), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.isdir(target):
            return
        if not os.path.exists(archive) or file_sha256(archive) != origin.sha256:
            download(origin, archive)
        unpack(origin, archive, patches, target)


def origin_line(makefile):
    """file:line of the ORIGIN in a Makefile.uk."""
    with open(makefile, encoding="utf-8") as file:
        lines = [number for number, line in enumerate(file, 1) if line.startswith("ORIGIN")]
    return "%s:%d" % (makefile, lines[0]) if lines else makefile


def ensure(words, patches=(), cache=None, where=None):
    """The folder with the unpacked, patched sources of an ORIGIN; fetched when it is not there.

    words: ORIGIN as a list or a string; patches: files, applied with -p1 in this order;
    where: the Makefile.uk with that ORIGIN, for the error to begin with. Raises FetchError.
    """
    try:
        origin = Origin(words.split() if isinstance(words, str) else list(words))
        cache = cache or cache_dir()
        target = os.path.join(cache, "src", source_key(origin, patches))
        if not os.path.isdir(target):
            try:
                fetch_locked(origin, patches, cache, target)
            except OSError as e:
                raise FetchError("download cache %s: %s%s: set TESSERA_CACHE to a folder you may write"
                                 % (cache, e.strerror, " (%s)" % e.filename if e.filename else "")) from e
        return target
    except FetchError as e:
        raise FetchError("%s: %s" % (origin_line(where), e)) if where else e


def main(args):
    """fetch.py [--patch FILE]... debian PACKAGE VERSION FILE SHA256: prints the folder."""
    patches = []
    while args[:1] == ["--patch"] and len(args) > 1:
        patches.append(args[1])
        args = args[2:]
    try:
        print(ensure(args, patches))
    except FetchError as e:
        print("error: %s" % e, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
