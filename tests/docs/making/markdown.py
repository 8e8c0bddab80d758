"""Pieces of Markdown, and the notes that code cannot say of itself."""

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

_NOTES = Path(__file__).parents[1] / "notes"


@cache
def notes(name: str) -> dict[str, Any]:
    """What people wrote beside the code: `tests/docs/notes/NAME.toml`."""
    return tomllib.loads((_NOTES / f"{name}.toml").read_text("utf-8"))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar in a cell is escaped."""
    lines = ("| " + " | ".join(map(_cell, row)) + " |" for row in (heads, ["---"] * len(heads), *rows))
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def code(text: str) -> str:
    """Text as code; empty text stays empty."""
    return f"`{text}`" if text else ""


def plain(docstring: str | None) -> str:
    """A docstring's paragraphs, each as one line."""
    paragraphs = (docstring or "").strip().split("\n\n")
    return "\n\n".join(" ".join(line.strip() for line in each.splitlines()) for each in paragraphs)
