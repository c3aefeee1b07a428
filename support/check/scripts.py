# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Python and shell code parse; no line of the tree says where it was written."""
import ast
import shutil
import subprocess


def python(house, report, figure):
    paths = [p for p in house.files if p.endswith(".py")]
    for path in paths:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        try:
            ast.parse(text, path)
        except SyntaxError as error:
            report(path, error.lineno or 1, f"python: {error.msg}")
    figure("python files", len(paths))


def shell(house, report, figure):
    paths = [p for p in house.files if p.endswith(".sh") or p in ("tessera", ".ci/run")]
    for path in paths:
        result = subprocess.run(["sh", "-n", path], capture_output=True, text=True, check=False)
        if result.returncode:
            report(path, 1, result.stderr.strip().split("\n")[0])
    if paths and shutil.which("shellcheck"):
        result = subprocess.run(["shellcheck", "-x", "-f", "gcc", "-S", "warning", "-e", "SC2119,SC2120", "-s", "sh",
                                 *paths],
                                capture_output=True, text=True, check=False)
        for line in result.stdout.split("\n"):
            path, number, _, text = (line.split(":", 3) + [""] * 4)[:4]
            if text:
                report(path, int(number), text.strip())
    figure("shell scripts", len(paths))
