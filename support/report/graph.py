#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Draws the libraries of an image and why each depends on which: DOT, and SVG when graphviz is there.

The reason of an edge is what is really used: functions (from the symbol tables of the objects), else headers (from
the compiler's dependency files). A dependency that is declared and not used says so; a use without a declaration
is drawn in red, unless it is in order all the same: the platform contract, a step of start-up, the provider that a
class is bound to, C library functions.
"""
import glob
import os
import re
import subprocess
import sys

import built

LAYERS = (("applications", ("app",)), ("posix, libc, abi", ("posix", "libc", "abi")), ("fs, net", ("fs", "net")),
          ("dev", ("dev",)), ("drivers", ("drivers",)), ("sched, mem", ("sched", "mem")), ("core", ("core",)),
          ("obs", ("obs",)), ("platform", ("plat",)), ("architecture", ("arch",)))
COLOURS = ("#f3d9b1", "#d5e8d4", "#cfe2f3", "#e1d5e7", "#fde2e2", "#fff2cc", "#dae8fc", "#e8e8e8", "#ead1dc", "#d9ead3")
SHOWN = 3  # names on an edge
CONTRACT = ("plat", "arch")
HANDOVER = {"uk_boot_start", "uk_libc_start", "main"}  # by which start-up goes up the layers, declared by nobody


class Graph:
    """edges[user][used] = {"how", "functions", "headers"} of one platform's image."""

    def __init__(self, build, plat):
        image_objects = set(build["images"][plat]["objects"])
        self.build, self.plat = build, plat
        self.libs = {lib["name"]: lib for lib in build["libs"]
                     if lib["kind"] != "plat" or lib["name"] == "plat/" + plat}
        self.libs = {name: lib for name, lib in self.libs.items()
                     if not lib["objs"] or image_objects & set(lib["objs"])}
        self.owner = {obj: lib["name"] for lib in self.libs.values() for obj in lib["objs"]}
        self.edges = {}
        self.declared()
        self.called()
        self.included()
        for (user, used), edge in self.edges.items():
            edge["how"] = edge["how"] or self.implied(user, used, edge)

    def edge(self, user, used):
        if user != used and user in self.libs and used in self.libs:
            return self.edges.setdefault((user, used), {"how": None, "functions": set(), "headers": set()})
        return {"how": None, "functions": set(), "headers": set()}

    def declared(self):
        """DEPS and API_DEPS; a class means all its providers."""
        providers = {}
        for lib in self.libs.values():
            for word in lib.get("provides", []):
                providers.setdefault(word.split(":")[0], []).append(lib["name"])
        for name, lib in self.libs.items():
            for how in ("deps", "api_deps"):
                for word in lib[how]:
                    for used in [word] if word in self.libs else providers.get(word, []):
                        self.edge(name, used)["how"] = how.upper()
            for used in lib.get("why", {}):
                edge = self.edge(name, used)
                edge["how"] = edge["how"] or "DEPS"

    def implied(self, user, used, edge):
        """Why an undeclared use is in order, or None: each of these is by design."""
        names, lib, other = edge["functions"], self.libs[user], self.libs[used]
        if used in lib.get("visible", []):
            return "API_DEPS of another"
        if names and names <= {word.partition(":")[2] for word in other.get("provides", [])}:
            return "class"
        libc = {name for name, found in self.libs.items() if found["abi"] == "libc"}
        if used in libc and (user in libc or libc & set(lib.get("visible", []))):
            return "C library"
        if names and names <= HANDOVER:
            return "start-up"
        return "contract" if used.split("/")[0] in CONTRACT else None

    def called(self):
        """Who uses whose symbols. A weak definition gives way to a strong one."""
        defined, wanted = {}, []
        for file, symbol, kind in built.nm(self.build, [obj for obj in self.owner if os.path.exists(obj)], "-g"):
            if kind in "Uwv":
                wanted.append((file, symbol))
            elif symbol not in defined or kind not in "VW":
                defined[symbol] = self.owner[file]
        for file, symbol in wanted:
            if symbol in defined:
                self.edge(self.owner[file], defined[symbol])["functions"].add(symbol)

    def included(self):
        """Whose headers are included, from the .d file beside each object."""
        folders = [(lib["dir"].rstrip("/") + "/", name) for name, lib in self.libs.items()]
        folders.sort(key=lambda pair: -len(pair[0]))
        for obj, user in self.owner.items():
            try:
                with open(os.path.splitext(obj)[0] + ".d", encoding="utf-8") as file:
                    words = file.read().replace("\\\n", " ").split()
            except OSError:
                continue
            for path in {word for word in words if word.endswith(".h")}:
                used = next((name for folder, name in folders if path.startswith(folder)), None)
                if used and (user, used) in self.edges:
                    self.edges[user, used]["headers"].add(path.partition("include/")[2] or path)
        self.included_by_headers()

    def included_by_headers(self):
        """Dependencies of libraries that are headers only, whom no object speaks for."""
        for (user, used), edge in self.edges.items():
            if edge["functions"] or edge["headers"]:
                continue
            for path in glob.glob(self.libs[user]["dir"] + "/include/**/*.h", recursive=True):
                with open(path, encoding="utf-8", errors="replace") as file:
                    for name in re.findall(r"^#\s*include\s*<([^>]+)>", file.read(), re.M):
                        if os.path.exists(os.path.join(self.libs[used]["dir"], "include", name)):
                            edge["headers"].add(name)

    def reason(self, edge):
        """(lines of the label, style) of an edge."""
        names = sorted(edge["functions"], key=lambda name: (len(name), name))
        more = ["and %d more" % (len(names) - SHOWN)] if len(names) > SHOWN else []
        if names:
            return names[:SHOWN] + more, "used"
        if edge["headers"]:
            return sorted(edge["headers"])[:SHOWN], "headers"
        return ["declared, unused"], "unused"

    def kind(self, name):
        head = name.split("/")[0]
        return next((i for i, (_, heads) in enumerate(LAYERS) if head in heads), LAYERS.index(LAYERS[1]))


def quoted(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')


def edge_line(graph, pair, edge):
    lines, style = graph.reason(edge)
    how = edge["how"]
    colour = "#9aa7b5" if how in ("contract", "start-up", "class", "C library") else "#444444"
    attributes = {"API_DEPS": "penwidth=1.8", "DEPS": ""}.get(how, "")
    if style == "headers":
        attributes, colour = "style=dashed", "#6c8ebf"
    if style == "unused":
        attributes, colour = "style=dotted", "#b85450"
    if graph.kind(pair[0]) > graph.kind(pair[1]):
        attributes += ",constraint=false"  # layers stay in order, whoever calls up
    if not how:
        attributes, colour = attributes + ",style=bold", "#cc0000"
        lines = ["not declared:"] + lines
    everything = "%s uses %s (%s): %s" % (pair[0], pair[1], how or "not declared",
                                          " ".join(sorted(edge["functions"] or edge["headers"])) or lines[0])
    return '  %s -> %s [label="%s",color="%s",fontcolor="%s",edgetooltip=%s,labeltooltip=%s%s];' % (
        quoted(pair[0]), quoted(pair[1]), "\\n".join(lines), colour, colour, quoted(everything), quoted(everything),
        "," + attributes.strip(",") if attributes else "")


def dot(graph):
    """The graph as DOT, the same for the same build."""
    app = graph.build["app"]["name"].removeprefix("app/")
    lines = ["// Libraries of %s on %s and why they depend on each other." % (app, graph.plat), "digraph image {",
             '  graph [rankdir=TB,newrank=true,ranksep=0.9,nodesep=0.35,fontname="Helvetica",fontsize=12,labeljust=l,'
             'label="%s for %s\\lthick: API_DEPS, thin: DEPS, dashed: headers only, dotted: declared and unused,\\l'
             'grey: platform contract, start-up and classes; hover for all names\\l"];' % (app, graph.plat),
             '  node [shape=box,style="rounded,filled",fontname="Helvetica",fontsize=12,margin="0.12,0.06"];',
             '  edge [fontname="Helvetica",fontsize=8,arrowsize=0.6];']
    for number, (title, _) in enumerate(LAYERS):
        names = sorted(name for name in graph.libs if graph.kind(name) == number)
        if names:
            lines += ['  subgraph "cluster_%d" {' % number,
                      '    label="%s"; color="#bbbbbb"; fontcolor="#666666";' % title]
            lines += ['    %s [fillcolor="%s",tooltip=%s];' % (
                quoted(name), COLOURS[number], quoted(graph.libs[name].get("desc") or name)) for name in names]
            lines.append("  }")
    lines += [edge_line(graph, pair, edge) for pair, edge in sorted(graph.edges.items())]
    return "\n".join(lines + ["}"]) + "\n"


def draw(build, plat):
    """Writes IMAGE.graph.dot and .svg; returns the lines to say."""
    stem = build["images"][plat]["image"] + ".graph"
    built.image_file(build, plat, "debug")
    graph = Graph(build, plat)
    with open(stem + ".dot", "w", encoding="utf-8") as file:
        file.write(dot(graph))
    said = ["wrote %s.dot: %d libraries, %d edges" % (stem, len(graph.libs), len(graph.edges))]
    for (user, used), edge in sorted(graph.edges.items()):
        lines, style = graph.reason(edge)
        if style == "unused":
            said.append("  %s declares %s and does not use it" % (user, used))
        elif not edge["how"]:
            said.append("  %s uses %s without declaring it: %s" % (user, used, " ".join(lines)))
    try:
        run = subprocess.run(["dot", "-Tsvg", "-o", stem + ".svg", stem + ".dot"], stderr=subprocess.PIPE, text=True,
                             check=False)
    except FileNotFoundError:
        return said + ["no SVG: the tool `dot` is missing: ./tessera graph installs it (Debian package graphviz)"]
    if run.returncode:
        raise built.ReportError("dot: %s" % run.stderr.strip().split("\n")[0])
    return said + ["wrote %s.svg" % stem]


def main(args):
    """graph.py BUILD.JSON [PLAT...]"""
    try:
        build = built.load(args[0])
        for plat in built.platforms(build, args[1:]):
            print("\n".join(draw(build, plat)))
    except (built.ReportError, OSError) as e:
        print("error: %s" % e, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
