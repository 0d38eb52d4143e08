#!/usr/bin/env python3
"""The snippets of the pages: made into programs, and held against what these print.

  snippets.py program PAGE [--column=C]   prints a program of the page's C++ snippets
  snippets.py check PAGE PROGRAM [--column=C] [--write]
                                                 runs it: each snippet prints the text below it; --write changes the page
  snippets.py python PAGE [--write]              the same for the Python snippets, with a Python that has PyTorch
  snippets.py cells SOURCE                       prints the source with a mark printed before each cell

A page has fenced blocks `py` or `cpp libtorch`, then `cpp`, then `text`, which both print (or each its own). Each section (##)
is a scope; a snippet marked `given` belongs to all of it, any other is a scope of its own; one marked `compiled` is not run.
One with a `main` is a program.
Columns: cpp (for xgrad), libtorch, and libtorch-itself, with those marked `itself`, which are not for xgrad's compat.
"""
import contextlib
import io
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

MARK = '\x1e'
CELL = re.compile(r'( *)// \[(.+)\]$')


class Block(NamedTuple):
    language: str  # empty: prose
    words: list[str]
    text: str
    line: int  # of its first line, from 1

    @property
    def column(self):
        return 'libtorch' if self.language == 'cpp' and 'libtorch' in self.words else self.language


def blocks(text: str) -> list[Block]:
    """A page as prose and fenced blocks, in order."""
    found, fence, lines, start = [], None, [], 1
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith('```'):
            lines.append(line)
            continue
        if fence is not None or lines:
            found.append(Block(fence[0] if fence else '', fence[1:] if fence else [], '\n'.join(lines), start))
        fence = None if fence is not None else (line[3:].split() or ['text'])
        lines, start = [], number + 1
    if lines:
        found.append(Block('', [], '\n'.join(lines), start))
    return found


def sections(page: list[Block], column: str):
    """The column's snippets of each section."""
    current = []
    for block in page:
        if not block.language and re.search(r'^## ', block.text, re.M):
            yield current
            current = []
        elif block.column == column.removesuffix('-itself') and ('itself' not in block.words or 'itself' in column):
            current.append(block)
    yield current


def expected(page: list[Block], snippet: int) -> int | None:
    """Which block says what a snippet prints: the next text, unless the other column's has one of its own."""
    for i in range(snippet + 1, min(snippet + 3, len(page))):
        if page[i].language == 'text':
            return i
        if not page[i].language or page[i].column == page[snippet].column:
            return None
    return None


def program(path: Path, column: str) -> str:
    page = blocks(path.read_text())
    library, space = ('torch/torch.h', 'torch') if 'libtorch' in column else ('xgrad/xgrad.h', 'xgrad')
    head, functions = [f'#include <{library}>', '#include <iostream>'], []
    for number, snippets in enumerate(sections(page, column)):
        body = ''
        for block in snippets:
            if 'int main(' in block.text:
                return block.text.replace('int main() {', f'int main() {{\n  std::cout << "\\036" "{block.line}\\n";')
            head += re.findall(r'^#include.*$', block.text, re.M)
            code = re.sub(r'^(#include.*|using namespace xgrad;)$', '', block.text, flags=re.M)
            start, end = ('', '') if 'given' in block.words else ('(void)[&] {\n', '};\n') if 'compiled' in block.words else ('{\n', '}\n')
            body += f'cout << "\\036" "{block.line}\\n";\n{start}#line {block.line} "{path}"\n{code}\n{end}'
        functions.append(f'void section_{number}() {{\n{body}}}\n' if body else '')
    usings = 'using std::cout;\n' if 'libtorch' in column else f'using std::cout;\nusing namespace {space};\n'
    calls = ''.join(f'  section_{i}();\n' for i, f in enumerate(functions) if f)
    return '\n'.join(dict.fromkeys(head)) + f'\n{usings}namespace {{\n{"".join(functions)}}}  // namespace\nint main() {{\n  cout << std::boolalpha;\n{calls}}}\n'


def printed(output: str) -> dict[str, str]:
    """What stands behind each mark; behind one that comes again, with what came before."""
    parts, current = {}, ''
    for part in output.split(MARK)[1:]:
        name, _, text = part.partition('\n')
        current = current if name in parts else name
        parts[current] = parts.get(current, '') + text
    return parts


def run_python(page: list[Block]) -> dict[str, str]:
    parts = {}
    for snippets in sections(page, 'py'):
        names = {}
        exec('import torch\nfrom torch import nn', names)
        for block in snippets:
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                code = compile('\n' * (block.line - 1) + block.text, 'page', 'exec')
                exec(code, names if 'given' in block.words else dict(names))
            parts[str(block.line)] = out.getvalue()
    return parts


def check(path: Path, column: str, parts: dict[str, str], write: bool) -> int:
    page = blocks(path.read_text())
    failures = 0
    for i, block in enumerate(page):
        if block.column != column.removesuffix('-itself') or str(block.line) not in parts:
            continue
        says = expected(page, i)
        text = '' if says is None else page[says].text
        now = parts.get(str(block.line), '').rstrip('\n')
        if now == text:
            continue
        if write and says is not None:
            page[says] = page[says]._replace(text=now)
            continue
        failures += 1
        print(f'{path}:{block.line}: prints\n{textwrap.indent(now, "  ")}\nand the page says\n{textwrap.indent(text, "  ")}')
    if write:
        fences = [f'```{" ".join([b.language, *b.words])}\n{b.text}\n```' if b.language else b.text for b in page]
        path.write_text('\n'.join(fences) + '\n')
    return failures


def cells(path: Path) -> dict[str, str]:
    """The parts of a source that are marked `// [name]`: up to the next one, or to the end of the function."""
    found, current, top = {}, None, False
    for line in path.read_text().splitlines():
        if mark := CELL.match(line):
            current, top = mark[2], not mark[1]
            found[current] = ''
        elif re.match(r'(void|int|//|}  //)' if top else r'\}', line):
            current = None
        elif current is not None:
            found[current] += line + '\n'
    return {name: textwrap.dedent(code).strip('\n') for name, code in found.items()}


def marked(path: Path) -> str:
    lines = [f'{m[1]}std::cout << "\\036" "{m[2]}\\n";' if (m := CELL.match(line)) and m[1] else line
             for line in path.read_text().splitlines()]
    return '\n'.join(lines) + '\n'


def main() -> int:
    column = next((a.removeprefix('--column=') for a in sys.argv if a.startswith('--column=')), 'cpp')
    command, path, *rest = [a for a in sys.argv[1:] if not a.startswith('--')]
    path = Path(path)
    if command == 'program':
        print(program(path, column), end='')
    elif command == 'cells':
        print(marked(path), end='')
    elif command == 'check':
        run = subprocess.run([rest[0]], capture_output=True, text=True)
        print(run.stderr, end='')
        return check(path, column, printed(run.stdout), '--write' in sys.argv) or run.returncode
    elif command == 'python':
        return check(path, 'py', run_python(blocks(path.read_text())), '--write' in sys.argv)
    else:
        sys.exit(__doc__)
    return 0


if __name__ == '__main__':
    sys.exit(main())
