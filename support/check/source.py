# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""A C file as the checks need it: comments, directives, top-level declarations, functions and their nesting.

This is no compiler: it splits the text into tokens, ignores what macros expand to and reads both branches of an
#if. The layout that clang-format enforces makes that exact enough.
"""
import bisect
import re

SKIP = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(\w*)((?:[^\\\n]|\\.)*)", re.M | re.S)
TOKEN = re.compile(r'[A-Za-z_]\w*|"[^"]*"|\'[^\']*\'|\d[\w.]*|\S')
INCLUDE = re.compile(r'\s*([<"])([^>"]+)[>"]')
DECORATION = re.compile(r"(__attribute__|_Alignas|__declspec|UK_[A-Z_]+)$")
OPEN, CLOSE = {"(": ")", "{": "}", "[": "]"}, set(")}]")
CONTROL = {"if", "for", "while", "switch"}


def blank(text):
    return re.sub(r"[^\n]", " ", text)


class Function:
    """A function with a body. `heading` holds the tokens before the body."""

    def __init__(self, name, heading, first, last, depth):
        self.name, self.heading, self.first, self.last, self.depth = name, heading, first, last, depth

    @property
    def lines(self):
        return self.last - self.first + 1


class Declaration:
    """A function prototype or an extern object; `text` is normalised to single spaces."""

    def __init__(self, name, text, first, last):
        self.name, self.text, self.first, self.last = name, text, first, last


class Source:
    def __init__(self, path, text=None):
        self.path = path
        if text is None:
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
        self.text = text
        self.starts = [0] + [m.end() for m in re.finditer("\n", text)]
        self.comments = []                    # (first line, last line)
        code = SKIP.sub(self._skip, text)
        self.directives = []                  # (line, name, rest with comments blanked)
        self.code = DIRECTIVE.sub(self._directive, code)
        self.tokens = [(m.group(), m.start()) for m in TOKEN.finditer(self.code)]
        self.functions, self.declarations, self.broken = [], [], None
        try:
            self._scan()
        except (IndexError, ValueError):
            self.broken = self.line(self.tokens[-1][1]) if self.tokens else 1

    def line(self, offset):
        return bisect.bisect_right(self.starts, offset)

    def _skip(self, match):
        text = match.group()
        if text[0] == "/":
            self.comments.append((self.line(match.start()), self.line(match.end() - 1)))
            return blank(text)
        return text[0] + re.sub(r"[^\n]", "_", text[1:-1]) + text[-1]

    def _directive(self, match):
        self.directives.append((self.line(match.start()), match.group(1), match.group(2)))
        return blank(match.group())

    def includes(self):
        """Yields (line, '<' or '"', name)."""
        for line, name, _ in self.directives:
            if name == "include":
                raw = self.text[self.starts[line - 1]:].split("include", 1)[1]
                match = INCLUDE.match(raw)
                if match:
                    yield line, match.group(1), match.group(2)

    def _match(self, at):
        """The index of the token that closes the bracket at index `at`."""
        stack = []
        for i in range(at, len(self.tokens)):
            token = self.tokens[i][0]
            if token in OPEN:
                stack.append(OPEN[token])
            elif token in CLOSE:
                if stack.pop() != token:
                    raise ValueError
                if not stack:
                    return i
        raise ValueError

    def _scan(self):
        """Splits the top level into declarations and functions."""
        at, head = 0, []
        while at < len(self.tokens):
            token = self.tokens[at][0]
            if token == ";":
                self._declaration(head, at)
                head = []
            elif token == "{":
                end = self._match(at)
                name = self._callee(head)
                if name:
                    depth = self._nesting(at + 1, end)
                    first, last = (self.line(self.tokens[i][1]) for i in (head[0], end))
                    self.functions.append(Function(name, [self.tokens[i][0] for i in head], first, last, depth))
                    head = []
                else:
                    head += [at, end]
                at = end
            elif token in OPEN:
                end = self._match(at)
                head += range(at, end + 1)
                at = end
            else:
                head.append(at)
            at += 1

    def _plain(self, head):
        """Indices of the heading without attributes and other decorations."""
        out, at = [], 0
        while at < len(head):
            token = self.tokens[head[at]][0]
            following = self.tokens[head[at + 1]][0] if at + 1 < len(head) else ""
            if DECORATION.match(token) and at > 0 and following == "(" or token == "__attribute__":
                end = self._match(head[at + 1])
                while at < len(head) and head[at] <= end:
                    at += 1
                continue
            if not re.match(r"UK_[A-Z]+$", token) or following == "(":
                out.append(head[at])
            at += 1
        return out

    def _callee(self, head):
        """The name of the function that the heading declares, or None."""
        head = self._plain(head)
        if not head or self.tokens[head[-1]][0] != ")" or any(self.tokens[i][0] == "=" for i in head):
            return None
        depth = 0
        for i in reversed(range(len(head))):
            token = self.tokens[head[i]][0]
            depth += (token == ")") - (token == "(")
            if depth == 0:
                name = self.tokens[head[i - 1]][0] if i else ""
                return name if re.match(r"[A-Za-z_]\w*$", name) else None
        return None

    def _declaration(self, head, end):
        head = self._plain(head)
        words = [self.tokens[i][0] for i in head]
        if not words or words[0] in ("typedef", "_Static_assert") or words[0] == "}":
            return
        name = self._callee(head)
        if name and (len(words) > 1 and words[1] == "(" or words[0] == "__asm__"):
            return                              # a macro call or asm at file scope
        if not name and words[0] == "extern":
            name = next((w for w in reversed(words) if re.match(r"[A-Za-z_]\w*$", w)), None)
        if name and "{" not in words:
            first, last = self.line(self.tokens[head[0]][1]), self.line(self.tokens[end][1])
            self.declarations.append(Declaration(name, spaced(words), first, last))

    def _nesting(self, at, end):
        """The deepest nesting of control structures among the tokens [at, end)."""
        deepest = 0
        while at < end:
            at, depth = self._statement(at, end)
            deepest = max(deepest, depth)
        return deepest

    def _statement(self, at, end):
        """Reads one statement: (index behind it, its nesting)."""
        token = self.tokens[at][0]
        if token == "{":
            close = self._match(at)
            return close + 1, self._nesting(at + 1, close)
        if token in CONTROL:
            return self._controlled(self._match(at + 1) + 1, end, token)
        if token == "do":
            after, depth = self._statement(at + 1, end)
            return self._behind(after, end), depth + 1
        if token.isidentifier() and self.tokens[at + 1][0] == "(":       # a loop macro has a block
            close = self._match(at + 1)
            if self.tokens[close + 1][0] == "{":
                return self._controlled(close + 1, end, token)
        return self._behind(at, end), 0

    def _controlled(self, at, end, keyword):
        after, depth = self._statement(at, end)
        depth += 1
        if keyword == "if" and after < end and self.tokens[after][0] == "else":
            chained = self.tokens[after + 1][0] == "if"
            after, other = self._statement(after + 1, end)
            depth = max(depth, other if chained else other + 1)
        return after, depth

    def _behind(self, at, end):
        """The index behind the next semicolon or colon of a label, outside brackets."""
        label = self.tokens[at][0] in ("case", "default") or self.tokens[at + 1][0] == ":"
        while at < end:
            token = self.tokens[at][0]
            if token in OPEN:
                at = self._match(at)
            elif token == ";" or label and token == ":":
                return at + 1
            at += 1
        return at

    def documented(self, line):
        """Whether a comment stands directly over the block of lines that this line belongs to, or beside it."""
        lines = self.text.split("\n")
        ends = {last for _, last in self.comments}
        if line in {first for first, _ in self.comments}:
            return True
        line -= 1
        while line > 0 and lines[line - 1].strip():
            if line in ends:
                return True
            line -= 1
        return False

    def commented(self, line):
        """Whether there is a comment on the line or directly above it."""
        return any(first <= line <= last or last == line - 1 for first, last in self.comments)

    def conditionals_in_bodies(self):
        """Lines of the #if, #ifdef and #ifndef inside functions."""
        spans = [(f.first, f.last) for f in self.functions]
        return [line for line, name, _ in self.directives if name in ("if", "ifdef", "ifndef")
                and any(first < line < last for first, last in spans)]


def spaced(words):
    """The words of a declaration, with spaces where the coding style has them."""
    text = " ".join(words)
    text = re.sub(r" ([,;)\]])", r"\1", text)
    text = re.sub(r"([(\[]) ", r"\1", text)
    text = re.sub(r"\* (?=[\w*])", "*", re.sub(r"\* (?=\*)", "*", text))
    text = re.sub(r"(\w|\)) (?=[(\[])", r"\1", text)
    text = text.replace(". . .", "...").replace("* (*", "*(*")
    return re.sub(r"(\w)\(\*", r"\1 (*", text)
