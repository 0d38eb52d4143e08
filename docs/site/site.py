#!/usr/bin/env python3
"""Builds the site: README.md and all pages that it leads to, and the reference of the public headers, by Doxygen.

  site.py BUILD OUT      from the programs of the snippets in BUILD/tests/docs, into the folder OUT
  site.py --check        only looks whether each link of the pages leads somewhere, and what is called missing is missing
"""
import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import headers
import snippets

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r'\[([^\]]*)\]\(([^)\s]+)\)')
LANGUAGES = {'py': '.py', 'cpp': '.cpp'}


def identifier(path: str, slug: str = '') -> str:
    page = 'index' if path == 'README.md' else 'page_' + re.sub(r'\W+', '_', path)
    return f'{page}_{slug}' if slug else page


def slugs(text: str):
    """The anchors of a page's headings, as GitHub makes them."""
    seen = {}
    for block in snippets.blocks(text):
        for heading in re.findall(r'^#+ (.*)$', '' if block.language else block.text, re.M):
            slug = re.sub(r'[^\w\- ]', '', heading.lower()).strip().replace(' ', '-')
            seen[slug] = seen.get(slug, -1) + 1
            yield f'{slug}-{seen[slug]}' if seen[slug] else slug


def prose_and_code(text: str):
    """Prose in pieces: what is no code, and code spans or indented lines."""
    return re.split(r'(`[^`]+`|(?:(?<=\n\n)|^)(?: {4,}.*\n?)+(?:\n+ {4,}.*)*)', text)


class Site:
    def __init__(self):
        self.pages: dict[str, str] = {}    # text by path
        self.sources: set[str] = set()     # other files that are linked to
        self.broken: list[str] = []
        waiting = ['README.md']
        while waiting:
            path = waiting.pop(0)
            if path in self.pages:
                continue
            self.pages[path] = (ROOT / path).read_text()
            for target, _ in self.links(path):
                (waiting.append if target.endswith('.md') else self.sources.add)(target)
        self.anchors = {path: list(slugs(text)) for path, text in self.pages.items()}
        for path in self.pages:
            for target, anchor in self.links(path):
                if anchor and anchor not in self.anchors.get(target, []):
                    self.broken.append(f'{path}: no heading #{anchor} in {target}')

    def target(self, page: str, link: str):
        """The file and the anchor that a link of a page means; None for one into the net."""
        if re.match(r'https?://', link):
            return None
        file, _, anchor = link.partition('#')
        path = os.path.normpath(Path(page).parent / file) if file else page
        if (ROOT / path).is_dir():
            path = f'{path}/README.md'
        if not (ROOT / path).exists():
            self.broken.append(f'{page}: {link} is not there')
            return None
        return path, anchor

    def links(self, page: str):
        for block in snippets.blocks(self.pages[page]):
            if not block.language:
                for piece in prose_and_code(block.text)[::2]:
                    yield from filter(None, (self.target(page, link) for _, link in LINK.findall(piece)))

    def reference(self, page: str, match: re.Match) -> str:
        found = self.target(page, match[2])
        return f'[{match[1]}](@ref {identifier(*found)})' if found else match[0]

    # --- as Doxygen reads it ---

    def prose(self, page: str, text: str, anchors) -> str:
        pieces = prose_and_code(text)
        for i in range(0, len(pieces), 2):
            parts = re.split(r'(\[[^\]]*\]\([^)\s]+\))', pieces[i])
            parts[::2] = [re.sub(r'([<>@\\])', r'\\\1', part) for part in parts[::2]]
            parts[1::2] = [LINK.sub(lambda m: self.reference(page, m), part) for part in parts[1::2]]
            pieces[i] = ''.join(parts)
        first = self.anchors[page][0]

        def labelled(heading):
            slug = next(anchors)
            name = identifier(page, '' if slug == first else slug)
            return heading[0] if name == 'index' else f'{heading[0]} {{#{name}}}'
        return re.sub(r'^#+ .*$', labelled, ''.join(pieces), flags=re.M)

    def page(self, path: str, notebook) -> str:
        blocks = snippets.blocks(self.pages[path])
        anchors = iter(self.anchors[path])
        out, i = [], 0
        while i < len(blocks):
            block = blocks[i]
            row = rows(blocks, i) if path.startswith('docs/from_') or set(block.words) - {'compiled'} else None
            if not block.language:
                out.append(self.prose(path, block.text, anchors))
            elif block.language == 'picture':
                out.append(picture(block.words[0]))
            elif block.language in ('cell', 'py') and block.words and path == 'docs/notebook.md':
                name = ' '.join(block.words)
                left = code(block) if block.language == 'py' else None
                out.append(table([left, code_text(notebook[0][name], '.cpp')],
                                 [None, output(notebook[1].get(name, ''))]))
            elif row:
                used, cells, prints = row
                out.append(table(cells, prints))
                i += used - 1
            else:
                out.append(code(block))
            i += 1
        return '\n'.join(out) + '\n'


def code_text(text: str, language: str) -> str:
    return f'@code{{{language}}}\n{text}\n@endcode'


def code(block: snippets.Block) -> str:
    return code_text(block.text, LANGUAGES.get(block.language, '.unparsed'))


def output(text: str) -> str | None:
    return code_text(text.strip('\n'), '.unparsed') if text.strip() else None


def rows(blocks, i):
    """The two columns of the row that begins with block i, and what they print; how many blocks that is."""
    used, cells, prints = 0, [None, None], [None, None]
    while i + used < len(blocks) and (block := blocks[i + used]).language:
        column = 0 if block.language == 'py' or 'libtorch' in block.words else 1
        if block.language == 'text' and not block.words:
            prints[1 if cells[1] else 0] = output(block.text)
        elif cells[column] or (column == 0 and cells[1]):
            break
        else:
            cells[column] = code(block)
        used += 1
    return (used, cells, prints) if cells[1] else None


def table(cells, prints) -> str:
    def line(parts, kind):
        if not any(parts):
            return ''
        if parts[0] is None and kind == 'prints' or cells[0] is None:
            return f'<tr class="{kind}"><td colspan="2">\n{parts[1]}\n</td></tr>\n'
        return f'<tr class="{kind}">' + ''.join(f'<td>\n{part or ""}\n</td>' for part in parts) + '</tr>\n'
    return f'\n<table class="idiom">\n{line(cells, "code")}{line(prints, "prints")}</table>\n'


def picture(name: str) -> str:
    if name.endswith('.html'):
        return f'\n@htmlonly\n<iframe class="graph" src="{name}" title="{name}"></iframe>\n@endhtmlonly\n'
    return f'\n@htmlonly\n<img class="graph" src="{name}" alt="{name}"/>\n@endhtmlonly\n'


def run_notebook(build: Path, html_folder: Path):
    source = ROOT / 'examples/notebook.cpp'
    for name in ('graph.svg', 'graph.html'):
        run = subprocess.run([build / 'tests/docs/notebook', name], cwd=html_folder, capture_output=True, text=True, check=True)
    return snippets.cells(source), snippets.printed(run.stdout)


def doxyfile(out: Path, extra_files: list[str]) -> str:
    undefined = sorted({name for h in headers.public_headers(ROOT)
                        for name in re.findall(r'^#undef (\w+)', headers.path_of(ROOT, h).read_text(), re.M)})
    settings = {'INPUT': f'{out}/pages {out}/headers', 'OUTPUT_DIRECTORY': out, 'STRIP_FROM_PATH': f'{out}/headers',
                'INCLUDE_PATH': f'{out}/headers', 'USE_MDFILE_AS_MAINPAGE': f'{out}/pages/index.md',
                'LAYOUT_FILE': ROOT / 'docs/site/layout.xml', 'HTML_EXTRA_STYLESHEET': ROOT / 'docs/site/site.css',
                'HTML_EXTRA_FILES': ' '.join(extra_files)}
    lines = [f'{name} = {value}' for name, value in settings.items()]
    return (ROOT / 'docs/site/Doxyfile').read_text() + '\n'.join([*lines, f'EXCLUDE_SYMBOLS += {" ".join(undefined)}', ''])


def build_site(build: Path, out: Path) -> int:
    shutil.rmtree(out, ignore_errors=True)
    for folder in ('pages', 'headers', 'pictures'):
        (out / folder).mkdir(parents=True)
    site = Site()
    headers.write(ROOT, out / 'headers')
    notebook = run_notebook(build, out / 'pictures')
    for path in site.pages:
        (out / 'pages' / f'{identifier(path)}.md').write_text(site.page(path, notebook))
    for path in sorted(site.sources):
        language = '.cpp' if path.endswith(('.cpp', '.h')) else '.unparsed'
        text = code_text((ROOT / path).read_text(), language)
        (out / 'pages' / f'{identifier(path)}.md').write_text(f'# {path} {{#{identifier(path)}}}\n\n{text}\n')
    (out / 'Doxyfile').write_text(doxyfile(out, sorted(map(str, (out / 'pictures').iterdir()))))
    status = subprocess.run(['doxygen', out / 'Doxyfile'], cwd=ROOT).returncode
    return status or report(site.broken + dangling(out / 'html'))


def dangling(folder: Path) -> list[str]:
    """The links of the pages, as they came out, that lead nowhere."""
    found = []
    for page in sorted([*folder.glob('page_*.html'), folder / 'index.html']):
        for link in sorted(set(re.findall(r'(?:href|src)="([^"#:]+)["#]', page.read_text()))):
            if not (folder / html.unescape(link)).exists():
                found.append(f'{page.name}: {link} is not there')
    return found


def not_missing() -> list[str]:
    """What docs/missing.md says is missing and the headers declare."""
    text = '\n'.join(headers.path_of(ROOT, h).read_text() for h in headers.public_headers(ROOT))
    names = set(re.findall(r'`(\w+)`', (ROOT / 'docs/missing.md').read_text()))
    return [f'docs/missing.md: {name} is declared' for name in sorted(names)
            if re.search(rf'[\w&>] {name}\(|(class|struct|namespace) (XGRAD_API )?{name}\b|^ *XGRAD_\w+\({name}\b|\b{name} =',
                         text, re.M)]


def report(complaints: list[str]) -> int:
    for line in dict.fromkeys(complaints):
        print(line, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == '__main__':
    if sys.argv[1:] == ['--check']:
        sys.exit(report(Site().broken + not_missing()))
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(build_site(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
