# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Compiler and linker flags, from the toolchain menu and from what a library declares."""
import fnmatch
import os
import subprocess

from makefile_uk import BuildError

WARNINGS = ("-Wall -Wextra -Wshadow -Wundef -Wmissing-prototypes -Wstrict-prototypes -Wcast-qual -Wwrite-strings "
            "-Wpointer-arith").split()

# General registers on x86_64; every isa adds its line here and nothing else.
ISA_FLAGS = {"x86_64": {"all": ["-mno-red-zone"], "general": ["-mgeneral-regs-only"]}}

# Flags that clang refuses and does not need: with -fno-builtin it leaves loops alone.
GCC_ONLY = {"-fno-tree-loop-distribute-patterns"}

OPTIMIZE = {"SIZE": "-Os", "SPEED": "-O2", "DEBUG": "-Og", "NONE": "-O0"}


class Toolchain:
    """The chosen compiler and what the configuration wants of it."""

    def __init__(self, image, out, cache):
        self.image, self.out, self.cache = image, out, cache
        self.clang = self.on("TOOLCHAIN_CLANG")
        self.cc = "clang" if self.clang else "gcc"
        self.lto = self.on("TOOLCHAIN_LTO") and not image.hosted

    def on(self, name):
        return self.image.config.get(name, "n") == "y"

    def ask(self, option):
        """The first line that the compiler answers to an option."""
        try:
            result = subprocess.run([self.cc, option], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise BuildError(f"the compiler {self.cc} does not run ({error}): `./tessera all` installs what is "
                             f"missing, or apt-get install {self.cc}") from None
        return result.stdout.split("\n")[0]

    def builtin_headers(self):
        """The folder of stdint.h, stdarg.h and their kin, which belong to the compiler."""
        return self.ask("-print-resource-dir") + "/include" if self.clang else self.ask("-print-file-name=include")

    def version(self):
        return self.ask("--version")

    def optimize(self, lib):
        level = next((flag for name, flag in OPTIMIZE.items() if self.on("TOOLCHAIN_OPTIMIZE_" + name)), "-Os")
        return "-O2" if level == "-Os" and lib.is_true("OPTIMIZE", "speed") else level

    def common(self):
        """What all objects of a configuration share."""
        image, flags = self.image, ["-std=gnu11", "-fno-common", "-ffunction-sections", "-fdata-sections"]
        flags += [f"-ffile-prefix-map={a}={b}" for a, b in self.prefixes()]
        flags += ["-g"] if self.on("TOOLCHAIN_DEBUG_INFO") else ["-g0"]
        if self.clang:
            flags += ["-Wno-unknown-warning-option", "-Wno-unused-command-line-argument"]
        if image.hosted:
            return flags + ["-fno-omit-frame-pointer"] + [f for plat in image.plats for f in plat.words("API_CFLAGS")]
        flags += ["-nostdinc", "-fPIE", "-ftls-model=local-exec", "-fvisibility=hidden",
                  "-fno-asynchronous-unwind-tables", "-fcf-protection=none"] + ISA_FLAGS[image.isa]["all"]
        flags += ["-fno-omit-frame-pointer" if self.on("TOOLCHAIN_FRAME_POINTER") else "-fomit-frame-pointer"]
        flags += ["-fstack-protector-strong" if self.on("TOOLCHAIN_STACK_PROTECTOR") else "-fno-stack-protector"]
        if self.on("TOOLCHAIN_UBSAN"):
            flags += ["-fsanitize=undefined"]
            flags += ["-fsanitize-trap=all" if self.clang else "-fsanitize-undefined-trap-on-error"]
        return flags

    def prefixes(self):
        """Folders that must not show in the bytes of an image, and what stands for each."""
        app = self.image.app
        pairs = [(os.getcwd(), "."), (self.out, "out"), (self.cache, "cache")]
        return pairs + ([(os.path.abspath(app.dir), app.name)] if os.path.isabs(app.dir) else [])

    def library(self, lib, tests=False):
        """The flags of one library's sources, without those of single files."""
        image, flags = self.image, []
        for variable in ("INCLUDES",):
            flags += ["-I" + self.folder(lib, word) for word in lib.words(variable)]
        seen = image.visible(lib, tests)
        for other in seen:
            own = os.path.join(other.dir, "include")
            flags += ["-I" + own] if os.path.isdir(own) else []
            flags += ["-I" + self.folder(other, word) for word in other.words("API_INCLUDES")]
        flags += [f"-I{image.arch.dir}/include", "-Iplat/include", f"-I{self.out}/include"]
        system = [self.folder(other, word) for other in seen for word in other.words("API_ISYSTEM")]
        libc = bool(system)
        for path in system + ([] if image.hosted else [self.builtin]):
            flags += ["-isystem", path]
        flags += self.common()
        if not libc and not image.hosted:
            flags += ["-ffreestanding"]
        if lib.is_true("REGS", "general") and not image.hosted:
            flags += ISA_FLAGS[image.isa]["general"]
        if self.lto and not lib.is_true("ARCHIVE", "y"):
            flags += ["-flto"] + ([] if self.clang else ["-fno-fat-lto-objects"])
        flags += [self.optimize(lib)] + ([] if "ORIGIN" in lib.found else WARNINGS)
        if self.on("TOOLCHAIN_WERROR") and "ORIGIN" not in lib.found:
            flags += ["-Werror"]
        flags += [f"-DUK_LIB='\"{lib.name}\"'", f"-DUK_LIB_ID={lib.id}"]
        for other in seen:
            flags += other.words("API_CFLAGS") if other.kind != "plat" else []
        flags += lib.words("CFLAGS")
        return [flag for flag in flags if not (self.clang and flag in GCC_ONLY)]

    def file(self, lib, source):
        """Flags of single files: CFLAGS[pattern], matched against the file's name and the end of its path."""
        flags = []
        for key, words in lib.found.items():
            pattern = key[7:-1] if key.startswith("CFLAGS[") else None
            base = os.path.basename(source)
            if pattern and (fnmatch.fnmatch(base, pattern) or fnmatch.fnmatch(source, "*/" + pattern)):
                flags += words
        return flags

    def folder(self, lib, word):
        return word if os.path.isabs(word) else os.path.normpath(os.path.join(lib.dir, word))

    def link(self, plat):
        """Flags of the image's link, in front of the objects."""
        if self.image.hosted:
            return plat.words("API_CFLAGS") + plat.words("LDFLAGS")
        flags = ["-nostdlib", "-static", "-no-pie", "-Wl,--gc-sections", "-Wl,--build-id=none", "-Wl,-z,noexecstack",
                 "-Wl,--orphan-handling=place"]
        if self.clang:
            flags += ["-Wno-unused-command-line-argument"]
            flags += ["-fuse-ld=lld", "-Wl,-z,nostart-stop-gc"] if self.lto else ["-fuse-ld=bfd"]
        if self.lto:
            # main() may be defined with or without arguments: C11 5.1.2.2.1
            flags += ["-flto" if self.clang else "-flto=auto", "-Wno-lto-type-mismatch"]
            flags += [self.optimize(self.image.app)] + self.common_link()
        script = plat.word("LDSCRIPT")
        return flags + [f"-Wl,-T,{os.path.join(plat.dir, script)}"] * bool(script) + plat.words("LDFLAGS")

    def common_link(self):
        """Code generation flags that link-time optimisation needs again."""
        return [f for f in self.common() if f.startswith(("-f", "-m", "-g")) and "prefix-map" not in f] + \
            [f"-ffile-prefix-map={a}={b}" for a, b in self.prefixes()]
