#!/usr/bin/env python3
"""Writes names.h: the list of the names that xgrad, xgrad::nn and xgrad::data themselves declare.

names.py COMPILER FLAGS... reads the preprocessed <xgrad/xgrad.h> and prints the header.
"""
import re
import subprocess
import sys

# Types that LibTorch has under other names, or that belong to namespaces which compat.h makes.
OMITTED = {"detail", "Symbol"}


def tokens(text):
    """The tokens of what comes from xgrad's own headers."""
    own = False
    for line in text.splitlines():
        mark = re.match(r'# \d+ "([^"]*)"', line)
        if mark:
            own = "/xgrad/" in mark[1]
        elif own:
            yield from re.findall(r"[A-Za-z_]\w*|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|::|\d[\w.]*|\S", line)


def closing(t, i):
    """Behind the bracket that closes the one at i."""
    pairs = {"{": "}", "(": ")", "[": "]"}
    depth = 0
    while True:
        if t[i] in pairs:
            depth += 1
        elif t[i] in pairs.values():
            depth -= 1
        i += 1
        if depth == 0:
            return i


def closing_angle(t, i):
    depth = 0
    while True:
        if t[i] == "(":
            i = closing(t, i)
            continue
        depth += {"<": 1, ">": -1}.get(t[i], 0)
        i += 1
        if depth == 0:
            return i


def declaration(t, i):
    """The tokens of a declaration from i on without bodies and brackets, and where the next one begins."""
    head = []
    while True:
        if t[i] == "template" and t[i + 1] == "<":
            i = closing_angle(t, i + 1)
            continue
        if t[i] == ";":
            return head, i + 1
        if t[i] == "{":
            j = closing(t, i)
            is_type = any(k in head for k in ("class", "struct", "enum", "union")) and "(" not in head
            is_value = "=" in head and "operator" not in head
            if t[j] == ";" or is_type or is_value:
                while t[j] != ";":
                    j += 1
                j += 1
            return head, j
        if t[i] in "([":
            head.append(t[i])
            if len(head) > 1 and t[i] == "(" and t[i + 1] in ("max", "min"):
                head[-1:] = [t[i + 1], "("]  # auto(max)(...)
            i = closing(t, i)
            continue
        head.append(t[i])
        i += 1


def declared(head):
    if not head or "operator" in head or head[0] in ("static_assert", "friend", "extern", "namespace"):
        return None
    while "__attribute__" in head:
        k = head.index("__attribute__")
        del head[k : k + 2]
    if head[0] in ("requires", "template"):
        return None
    for word in ("class", "struct", "enum", "union"):
        if word in head and "(" not in head:
            rest = [x for x in head[head.index(word) + 1 :] if x not in ("class", "struct", "alignas", "(", "[")]
            return rest[0] if rest and "<" not in rest[1:2] else None
    if head[0] == "using":
        return None if head[1] == "namespace" else head[1] if "=" in head else head[-1]
    if "(" in head:
        name = head[head.index("(") - 1]
        if "::" in head[: head.index("(")][-2:] or name in ("decltype", "noexcept"):
            return None
        return name
    if "=" in head:
        return [head[k - 1] for k, token in enumerate(head) if token == "="]
    return head[-1] if "constexpr" in head else None


def names_of(t, space):
    names = set()
    spaces, i = [], 0
    while i < len(t):
        if t[i] == "inline" and t[i + 1] == "namespace":
            i += 1
        if t[i] == "namespace" and "=" not in t[i : i + 3]:
            j = i + 1
            while t[j] != "{":
                j += 1
            spaces.append("".join(t[i + 1 : j]))
            i = j + 1
        elif t[i] == "}":
            spaces.pop()
            i += 1
        else:
            head, i = declaration(t, i)
            found = declared(head) if "::".join(spaces) == space else None
            for name in found if isinstance(found, list) else [found]:
                if name and re.fullmatch(r"[A-Za-z]\w*", name):
                    names.add(name)
    return names - OMITTED


def main():
    command = sys.argv[1:] + ["-E", "-x", "c++", "-"]
    text = subprocess.run(command, input="#include <xgrad/xgrad.h>\n", capture_output=True, text=True, check=True)
    read = list(tokens(text.stdout))
    print("// Made by names.py: the names of xgrad's namespaces, for using-declarations. With a using-directive `using")
    print("// namespace torch;` would make nn both torch::nn and xgrad::nn, and that of torch::nn functional both theirs.")
    print("#pragma once\n\n// clang-format off")
    for macro, space in (("NAMES", "xgrad"), ("NN", "xgrad::nn"), ("DATA", "xgrad::data")):
        lines, line = [f"#define XGRAD_COMPAT_{macro}(X)"], " "
        for name in sorted(names_of(read, space)):
            item = f" X({name})"
            if len(line) + len(item) > 106:
                lines.append(line)
                line = " "
            line += item
        print(" \\\n".join(lines + [line]))


main()
