"""The code blocks of a page, and whether what a command said is what the page shows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^ *```(\w*)(?:[^\n]*?title=\"([^\"]+)\")?[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
# What differs from run to run.
_CHANGING = (
    (re.compile(r"\b[0-9a-f]{24}\b"), "ID"),
    (re.compile(r"\d{4}-\d\d-\d\d(?:T|, | )\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z| UTC|[+-]\d\d:\d\d)?"), "TIME"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "DAY"),
    (re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) DAY\b|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) TIME"), "TIME"),
    (re.compile(r"\b[\d.,]+/s\b"), "N/s"),
)


@dataclass(frozen=True)
class Block:
    """One code block: its language, the file that it is (`title="..."`), its text, and where the text begins."""

    language: str
    title: str | None
    text: str
    begins: int


@dataclass(frozen=True)
class Step:
    """One command of a console block, and what the page shows below it."""

    command: str
    shown: tuple[str, ...]


def pages() -> list[Path]:
    """All pages of the documentation that are written by hand, and the README."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def name_of(page: Path) -> str:
    """A page's name in the list of tests."""
    return str(page.relative_to(ROOT))


def blocks_of(text: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for found in _FENCE.finditer(text):
        yield Block(found[1], found[2], found[3], found.start(3))


def steps_of(block: Block) -> Iterator[Step]:
    """The commands of a console block: each begins with `$ `; a backslash at its end continues it."""
    command, shown = "", list[str]()
    for line in block.text.splitlines():
        if command.endswith("\\"):
            command = f"{command[:-1]}{line}"
        elif line.startswith("$ "):
            if command:
                yield Step(command, tuple(shown))
            command, shown = line[2:], []
        else:
            shown.append(line)
    if command:
        yield Step(command, tuple(shown))


def agrees(shown: Sequence[str], said: Sequence[str]) -> bool:
    """Whether the page shows what was said, but for ids, times and speeds. A line `...` stands for any lines."""
    return _matches([_steady(line) for line in shown], [_steady(line) for line in said])


def _matches(shown: Sequence[str], said: Sequence[str]) -> bool:
    if not shown:
        return not said
    if shown[0].strip() == "...":
        return any(_matches(shown[1:], said[place:]) for place in range(len(said) + 1))
    return bool(said) and _same(shown[0], said[0]) and _matches(shown[1:], said[1:])


def _same(shown: str, said: str) -> bool:
    pattern = re.sub(r"([\[?*])", "[\\1]", shown).replace(" ...", "*")
    return fnmatchcase(said.rstrip(), pattern.rstrip())


def _steady(line: str) -> str:
    for pattern, word in _CHANGING:
        line = pattern.sub(word, line)
    return line.rstrip()
