# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""What every tool under support/run shares: the error that a user sees, and the cache folder."""

import json
import os
import sys
import tempfile


class Mend(Exception):
    """Something that the user can mend; str() is the one line that says what and how."""


def fail(error, status=2):
    """Print the line and end."""
    print(f"error: {error}", file=sys.stderr)
    sys.exit(status)


def cache_dir():
    """The folder for what checkouts share; made if absent."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    path = os.environ.get("TESSERA_CACHE") or os.path.join(home, "tessera")
    os.makedirs(path, exist_ok=True)
    return path


def read_text(path, default=""):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()
    except OSError:
        return default


def write_atomic(path, data):
    """Write text or bytes so that a reader sees the old or the new file, never half of one."""
    mode = "wb" if isinstance(data, bytes) else "w"
    with tempfile.NamedTemporaryFile(mode, dir=os.path.dirname(path) or ".", delete=False) as f:
        f.write(data)
    os.chmod(f.name, 0o644)
    os.replace(f.name, path)


def remember(name, key, measure):
    """The value of measure() for this key: a dictionary kept in the cache, measured when absent or when key changed."""
    path = os.path.join(cache_dir(), name + ".json")
    try:
        kept = json.loads(read_text(path, "{}"))
    except ValueError:
        kept = {}
    if kept.get("key") != key:
        kept = {"key": key, "value": measure()}
        try:
            write_atomic(path, json.dumps(kept) + "\n")
        except OSError:
            pass  # a cache that cannot be written only costs the next measurement
    return kept["value"]


def boot_id():
    return read_text("/proc/sys/kernel/random/boot_id").strip()
