"""A picture of the terminal, from a real run: `python -m tests.docs.making.picture` writes docs/img/terminal.svg."""

import tempfile
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path

from tests.docs.blocks import ROOT
from tests.docs.console import Console, console

PICTURE = ROOT / "docs" / "img" / "terminal.svg"
_TITLE = "campaign in a terminal: a sample is written, called in the sandbox, and a row that was not called says why"
_FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"
_COLUMNS = 112
_LINE, _CHARACTER, _EDGE = 18, 7.25, 16
_KEPT = "\u00a0"
"""A space that browsers keep."""
# Typed, and how many of the last lines that it says are shown.
_TYPED = (
    ("campaign init --sample", 2),
    ("campaign run appointments.csv -t appointment_reminder.toml --sandbox --yes --rate 20 --name visits", 3),
    ("campaign status visits --why 12", 4),
)


def lines_of(at: Console) -> Iterator[str]:
    """What the terminal shows."""
    for command, last in _TYPED:
        yield f"$ {command}"
        yield from at.type(command)[-last:]


def drawn(lines: list[str]) -> str:
    """The lines as SVG, in a dark window; it is as readable on a light page as on a dark one."""
    width, height = _COLUMNS * _CHARACTER + 2 * _EDGE, len(lines) * _LINE + 2 * _EDGE
    texts = "\n".join(_text(line, place) for place, line in enumerate(lines))
    head = f'viewBox="0 0 {width:g} {height}" width="{width:g}" height="{height}"'
    return f"""<svg xmlns="http://www.w3.org/2000/svg" {head} role="img">
<title>{_TITLE}</title>
<rect width="100%" height="100%" rx="8" fill="#1b1f27"/>
<g font-family="{_FONTS}" font-size="12" fill="#d7dae0">
{texts}
</g>
</svg>
"""


def shown_in(picture: str) -> list[str]:
    """The lines that a picture shows, as they are written in it."""
    texts = [
        line.partition(">")[2].removesuffix("</text>") for line in picture.splitlines() if line.startswith("<text")
    ]
    return [unescape(text.replace(_KEPT, " ")) for text in texts]


def pictured(place: Path) -> str:
    """The picture as a run of now gives it."""
    with console(place) as at:
        return drawn(list(lines_of(at)))


def _text(line: str, place: int) -> str:
    cut = line if len(line) <= _COLUMNS else f"{line[: _COLUMNS - 1]}…"
    colour = ' fill="#8fd18b" font-weight="bold"' if line.startswith("$ ") else ""
    return f'<text x="{_EDGE}" y="{_EDGE + _LINE * place + 13}"{colour}>{escape(cut.replace(" ", _KEPT))}</text>'


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        PICTURE.write_text(pictured(Path(folder)), encoding="utf-8")
