# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Reads TAP as our tests print it, between whatever else a console shows."""

import dataclasses
import re

PLAN = re.compile(r"^1\.\.(\d+)(?:\s*#\s*SKIP\s*(.*))?\s*$", re.I)
RESULT = re.compile(r"^(not )?ok\s+(\d+)(?:\s*-\s*)?(.*)$")
SKIP = re.compile(r"\s*#\s*SKIP\b\s*(.*)$", re.I)


@dataclasses.dataclass
class Case:
    """One result: state is "passed", "failed" or "skipped", with the remark behind it."""

    name: str
    state: str
    remark: str = ""


def passed(name):
    return Case(name, "passed")


def failed(name, remark):
    return Case(name, "failed", remark)


def skipped(name, remark):
    return Case(name, "skipped", remark)


def result(match):
    """The case of a line that RESULT matched."""
    text = match[3].strip()
    found = SKIP.search(text)
    if found and not match[1]:
        return skipped(text[:found.start()], found[1])
    name, _, remark = text.partition(" # ")
    return failed(name, remark) if match[1] else passed(name)


def read(text, status):
    """The cases in an output, completed by what the plan and the exit status say: a test that stops half-way, promises
    nothing, or ends with another status than its results, has failed."""
    cases, plan, reason = [], None, ""
    for line in text.replace("\r", "").splitlines():
        planned = PLAN.match(line)
        if planned:
            plan, reason = int(planned[1]), planned[2] or ""
            continue
        found = RESULT.match(line)
        if found:
            cases.append(result(found))
    if plan == 0 and not cases and status == 0:
        return [skipped("everything", reason or "no reason given")]
    if plan is None:
        cases.append(failed("has a plan", f"no line 1..N in the output; status {status}"))
    elif plan != len(cases):
        last = f"after {cases[-1].name}" if cases else "before the first"
        cases.append(failed("runs to its end", f"{len(cases)} of {plan} results, {last}; status {status}"))
    elif status != 0 and not any(c.state == "failed" for c in cases):
        cases.append(failed("ends with status 0", f"status {status}, though no case failed"))
    return cases
