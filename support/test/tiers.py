# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Which jobs `make test` has: library tests on the host, the same inside images, and scripts around whole systems."""

import glob
import os
from functools import partial

import accel
import configs
import coverage
import samples
import tapread
from jobs import OUT, Failure, Job, boot, build, execute

HOST = ["TARGET_HOSTED=y", "ALL_LIBRARIES=y"]
EVERY = ["ALL_LIBRARIES=y"]
BOTH = ["PLAT_KVM=y", "PLAT_LINUX=y"]
SCRIPT_SECONDS = 600
HOST_SECONDS = 180
IMAGE_SECONDS = 120
RESTRICTED_SECONDS = 300  # interpreted at a million instructions a second


class Images:
    """Configurations of the application `tests`, each built once in a run, by the first job that needs it."""

    def __init__(self, match):
        self.match = match
        self.built = {}

    def ready(self, name, settings, log, base=None):
        if name not in self.built:
            self.built[name] = None
            build(f"{OUT}/{name}", "tests", log, settings, base)
            self.built[name] = True
        if not self.built[name]:
            log(f"{OUT}/{name} could not be built: see the job before\n")
            raise Failure("builds", f"{name}: see the job before")
        return f"{OUT}/{name}"

    def words(self):
        return [f"test.match={self.match}"] if self.match else []

    def run(self, name, settings, plat, options, seconds, log):
        """The tests in one image on one platform, as cases."""
        out = self.ready(name, settings, log)
        status, text = boot(out, "tests", plat, log, options, seconds, self.words())
        if self.match and "\n1..0" in "\n" + text:
            return [tapread.skipped(f"{name} on {plat}", f"has no case {self.match}")]
        return tapread.read(text, status)


def host_jobs(images):
    """Tier 1: as a program of the build machine, under the sanitizers, and for coverage."""
    run = partial(images.run, "host", [*HOST, "PLAT_HOST_SANITIZE=y"], "host", [], HOST_SECONDS)
    jobs = [Job("tier1/host with sanitizers", run, match=True)]
    if not images.match:
        jobs.append(Job("tier1/coverage", partial(coverage.work, images)))
    return jobs


def kvm_jobs(images, name, settings):
    """An image on both machines under TCG, and under KVM where a guest runs well."""
    tcg = ["--accel=tcg", "--mem=256M"]
    jobs = [Job(f"tier2/{name} on kvm microvm (TCG)",
                partial(images.run, name, settings, "kvm", [*tcg, "--machine=microvm"], IMAGE_SECONDS), match=True),
            Job(f"tier2/{name} on kvm q35 (TCG)",
                partial(images.run, name, settings, "kvm", [*tcg, "--machine=q35"], IMAGE_SECONDS), match=True)]
    if accel.kvm_state()["fit"]:
        jobs.append(Job(f"tier2/{name} on kvm microvm (KVM)",
                        partial(images.run, name, settings, "kvm", ["--accel=kvm", "--mem=256M"], IMAGE_SECONDS),
                        match=True))
    return jobs


def restricted(images, log):
    """Core tests where KVM interprets kernel code: slow, and without many instructions."""
    state = accel.kvm_state()
    if state["fit"]:
        return [tapread.skipped("restricted KVM", "KVM here is an ordinary one; its tests ran above")]
    if not state["cpu"]:
        return [tapread.skipped("restricted KVM", state["why"])]
    names = [os.path.basename(os.path.dirname(p)).upper() for p in sorted(glob.glob("lib/core/*/Makefile.uk"))]
    core = [f"CORE_{name}=y" for name in names]
    return images.run("core", [*BOTH, "ALL_LIBRARIES=n", *core], "kvm", ["--accel=kvm"], RESTRICTED_SECONDS, log)


def linux_job(images, name, settings):
    run = partial(images.run, name, settings, "linux", ["--mem=256M"], IMAGE_SECONDS)
    return Job(f"tier2/{name} on linux", run, match=True)


VARIANTS = {
    "tests": EVERY,
    "newlib": [*EVERY, "PLAT_KVM_STACK=512", "LIBC_NEWLIB=y"],
    "clang": [*EVERY, "TOOLCHAIN_CLANG=y"],
    "lto": [*EVERY, "TOOLCHAIN_LTO=y", "TOOLCHAIN_OPTIMIZE_SPEED=y"],
    "checked": [*EVERY, "TOOLCHAIN_UBSAN=y", "TOOLCHAIN_STACK_PROTECTOR=y", "TOOLCHAIN_OPTIMIZE_NONE=y"],
}


def image_jobs(images, plats):
    """Tier 2: the tests of every library inside images, made in several ways."""
    jobs = []
    for name, settings in VARIANTS.items():
        settings = [*settings, *BOTH]
        if "linux" in plats:
            jobs.append(linux_job(images, name, settings))
        if "kvm" in plats:
            jobs += kvm_jobs(images, name, settings) if name in ("tests", "newlib") else \
                kvm_jobs(images, name, settings)[:1]
    if "kvm" in plats:
        jobs.append(Job("tier2/core on kvm (restricted KVM)", partial(restricted, images), match=True))
    return jobs


def script(path, log):
    status, text = execute([path], log, SCRIPT_SECONDS)
    return tapread.read(text, status)


def script_jobs():
    """Tier 3: every executable that prints TAP, of tests/ and of the applications' own test folders."""
    patterns = ("tests/*.sh", "tests/*.py", "apps/*/test/*.sh", "apps/*/test/*.py")
    paths = [p for pattern in patterns for p in sorted(glob.glob(pattern)) if os.access(p, os.X_OK)]
    names = [os.path.splitext(os.path.basename(p))[0] for p in paths]
    return [Job("tier3/" + n, partial(script, "./" + p)) for n, p in zip(names, paths)]


def every_job(plats, match):
    """All jobs for the platforms, in the order quick to slow. match: the glob for cases inside images, or nothing."""
    images = Images(match)
    jobs = host_jobs(images) if "host" in plats else []
    jobs += image_jobs(images, plats)
    return jobs + configs.jobs(plats) + script_jobs() + samples.jobs(plats)
