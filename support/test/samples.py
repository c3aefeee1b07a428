# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Short samples of the long campaigns, as jobs of `make test`."""

import functools

import crash
import fuzz
import soak
from jobs import Job

SECONDS = {"fuzz": 3, "soak": 10, "crash": 10}


def sample(campaign, name, target, log):
    return target(log, SECONDS[campaign], 1)


def jobs(plats):
    """One job for each campaign that goes with the platforms."""
    found = []
    if "host" in plats:
        found.append(Job("tier3/fuzz sample", functools.partial(fuzz.every, "", SECONDS["fuzz"])))
    for name, module in (("soak", soak), ("crash", crash)):
        for target in module.targets(plats):
            found.append(Job(f"tier3/{name} sample: {target.__name__.replace('_', ' ')}",
                             functools.partial(sample, name, target.__name__, target)))
    return found
