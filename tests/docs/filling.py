"""Fills the console blocks of pages with what their commands say now: `python -m tests.docs.filling PAGE...`."""

import sys
import tempfile
from pathlib import Path

from tests.docs.blocks import agrees, blocks_of, steps_of
from tests.docs.console import console


def filled(text: str, place: Path) -> str:
    """The page with the blocks that no longer agree written anew."""
    parts, done = list[str](), 0
    with console(place) as at:
        for block in blocks_of(text):
            if block.title is not None:
                at.write(block)
            if block.language != "console":
                continue
            lines = list[str]()
            for step in steps_of(block):
                said = at.type(step.command)
                lines += [f"$ {step.command}", *(step.shown if agrees(step.shown, said) else said)]
            parts += [text[done : block.begins], "".join(f"{line.rstrip()}\n" for line in lines)]
            done = block.begins + len(block.text)
    return "".join((*parts, text[done:]))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        page = Path(name)
        with tempfile.TemporaryDirectory() as place:
            page.write_text(filled(page.read_text("utf-8"), Path(place)), encoding="utf-8")
