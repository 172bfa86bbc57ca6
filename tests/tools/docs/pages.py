"""Checks the pages of a checkout: pages.py FOLDER.

Every link to a file or heading leads somewhere. In README.md and in results/ every number with an
interval stands in a table that its row links or, where the row links none, its section. README.md
keeps to its length and width. Prints what is wrong; exit status 1 when anything is.
"""

import pathlib
import re
import sys
import unicodedata

LINES, COLUMNS = 150, 120
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)? ± \d[\d,]*(?:\.\d+)?")


def columns(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line
               if not unicodedata.combining(c))


def prose(text):
    """The lines and their numbers, without blocks of code."""
    code = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            code = not code
        elif not code:
            yield number, re.sub(r"`[^`]*`", "", line)


def anchors(text):
    """Headings as GitHub names them in links."""
    return {re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-")
            for _, line in prose(text) if line.startswith("#")}


def targets(page, line):
    for target in LINK.findall(line):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield target, (page.parent / path).resolve() if path else page, anchor


def wrong_links(page):
    for number, line in prose(page.read_text()):
        for target, path, anchor in targets(page, line):
            if not path.exists():
                yield number, f"no such file: {target}"
            elif anchor and anchor not in anchors(path.read_text()):
                yield number, f"no such heading: {target}"


def tables(page, lines):
    """The text of the tables that these lines link."""
    found = {path for line in lines for _, path, _ in targets(page, line)
             if path.parent.name == "tables" and path.suffix == ".md" and path.exists()}
    return "".join(path.read_text() for path in sorted(found))


def sections(page):
    section = []
    for number, line in prose(page.read_text()):
        if line.startswith("#") and section:
            yield section
            section = []
        section.append((number, line))
    yield section


def wrong_numbers(page):
    for section in sections(page):
        of_section = tables(page, [line for _, line in section])
        for number, line in section:
            own = tables(page, [line]) if line.startswith("|") else ""
            for value in NUMBER.findall(line):
                if value not in (own or of_section):
                    yield number, f"{value} is in no table that this {'row' if own else 'section'} links"


def wrong_shape(page):
    lines = page.read_text().splitlines()
    if len(lines) > LINES:
        yield None, f"want at most {LINES} lines, have {len(lines)}"
    for number, line in enumerate(lines, 1):
        if columns(line) > COLUMNS:
            yield number, f"want at most {COLUMNS} columns, have {columns(line)}"


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    front = root / "README.md"
    results = sorted((root / "results").glob("*.md"))
    pages = [front, *results, *sorted(root.glob("*/README.md")), *sorted(root.glob("*/*/README.md")),
             *sorted((root / ".github").glob("*.md"))]
    pages = [page for page in dict.fromkeys(pages) if "build" not in page.relative_to(root).parts]
    checks = [(wrong_links, pages), (wrong_numbers, [front, *results]), (wrong_shape, [front])]
    wrong = [f"{page.relative_to(root)}{f':{number}' if number else ''}: {text}"
             for check, over in checks for page in over for number, text in check(page)]
    print("\n".join(wrong), end="\n" if wrong else "")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
