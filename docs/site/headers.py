"""The public headers as Doxygen shall read them: families as groups, pieces (.inc) in their places.

Doxygen includes nothing into a class, takes a comment behind a macro for one on the last thing it expands to, and knows
no families. So it gets copies; the headers themselves stay as a reader wants them."""
import re
from pathlib import Path

INCLUDE = re.compile(r'\s*#\s*include\s*<(xgrad/[^>]+)>')
BEHIND = re.compile(r'(\s*XGRAD_\w+\(.*\))\s*///< (.*)')
TITLES = {'core/ops': 'Ops', 'nn': 'Modules (nn)', 'optim': 'Optimisers (optim)', 'data': 'Data', 'io': 'Files (io)',
          'graph': 'Graphs made visible', 'core': 'Core', 'xgrad': 'Umbrellas and xtensor'}


def path_of(root: Path, header: str) -> Path:
    inside = root / 'include' / header
    return inside if inside.exists() else root / header.removeprefix('xgrad/')


def public_headers(root: Path) -> list[str]:
    """Those in include/xgrad and all they include, as cmake/public_headers.cmake says."""
    waiting = [f'xgrad/{p.name}' for p in sorted((root / 'include/xgrad').glob('*.h'))]
    found = []
    while waiting:
        header = waiting.pop(0)
        found.append(header)
        for line in path_of(root, header).read_text().splitlines():
            if (match := INCLUDE.match(line)) and match[1] not in found + waiting:
                waiting.append(match[1])
    return sorted(found)


def plain(text: str) -> str:
    """A comment's text without what Doxygen would take for its own: tags, commands, links."""
    return ''.join(part if part.startswith('`') else re.sub(r'([<>#@\\])', r'\\\1', part)
                   for part in re.split(r'(`[^`]*`)', text))


def lines_of(root: Path, header: str):
    """The header's lines, with those of its pieces."""
    for line in path_of(root, header).read_text().splitlines():
        match = INCLUDE.match(line)
        if match and match[1].endswith('.inc'):
            yield from (piece for piece in lines_of(root, match[1]) if not re.match('//[^/]', piece))
        elif behind := BEHIND.match(line):
            yield f'/// {plain(behind[2])}'
            yield behind[1]
        elif (comment := re.match(r'(\s*///<? )(.*)', line)) or (comment := re.match(r'(.*\S\s*///< )(.*)', line)):
            yield comment[1] + plain(comment[2])
        else:
            yield line


def family_of(header: str) -> str:
    folder = str(Path(header).parent)
    return folder if folder == 'xgrad' else folder.removeprefix('xgrad/')


def group_id(family: str) -> str:
    return 'family_' + family.replace('/', '_')


def within_group(lines: list[str], group: str):
    """A group opened around a namespace would hold the namespace and nothing in it."""
    for number, line in enumerate(lines):
        if line.startswith('}  // namespace') and 'detail' not in line:
            yield '/// @}'
        yield line
        forward_only = lines[number + 2:number + 3] == ['}']
        if re.match(r'namespace [\w:]+ \{$', line) and 'detail' not in line and not forward_only:
            yield f'/// @addtogroup {group}\n/// @{{'


def copy_for_doxygen(root: Path, header: str) -> str:
    lines = list(lines_of(root, header))
    about = []
    while lines and lines[0].startswith('//'):
        about.append(plain(lines.pop(0).lstrip('/').strip()))
    group = group_id(family_of(header))
    text = '\n'.join([f'/// @file {header}', f'/// @ingroup {group}', *(f'/// {line}' for line in about), '',
                      *within_group(lines, group), ''])
    return re.sub(r'(?ms)(^///[^\n]*\n)*^template <>\nstruct std::.*?^};\n', '', text)  # Doxygen knows no namespace std


def groups(headers: list[str]) -> str:
    """The index by family: a group for each folder, in that of the folder above."""
    families = {family_of(h) for h in headers}
    for family in list(families):
        families.update(str(p) for p in Path(family).parents if str(p) != '.')
    text = ''
    for family in sorted(families):
        title = TITLES.get(family, Path(family).name)
        parent = str(Path(family).parent)
        text += f'/// @defgroup {group_id(family)} {title}\n'
        text += f'/// @ingroup {group_id(parent)}\n\n' if parent != '.' else '\n'
    return text


def write(root: Path, folder: Path) -> None:
    headers = [h for h in public_headers(root) if h.endswith('.h')]
    for header in headers:
        target = folder / header
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(copy_for_doxygen(root, header))
    (folder / 'families.dox').write_text(groups(headers))
