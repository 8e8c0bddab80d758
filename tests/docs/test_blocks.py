"""What the documentation shows is what the program does: each console block is run, each template is read."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from campaign.config.template import Template
from tests.docs.blocks import Block, agrees, blocks_of, name_of, pages, steps_of
from tests.docs.console import console
from tests.docs.making.picture import PICTURE, pictured, shown_in
from tests.docs.making.verbs_page import taken

pytestmark = pytest.mark.usefixtures("workbooks_here")

DIALLING = re.compile(r"campaign (run|resume|rerun) ")
EVERY = [pytest.param(page, id=name_of(page)) for page in pages()]


def of_language(language: str) -> list[pytest.param]:  # type: ignore[valid-type] # pytest names no type for it
    return [each for each in EVERY if any(b.language == language for b in blocks_of(text_of(each.values[0])))]


def text_of(page: object) -> str:
    assert isinstance(page, Path)
    return page.read_text("utf-8")


@pytest.mark.parametrize("page", of_language("console"))
def test_each_console_block_shows_what_its_commands_say(page: Path, tmp_path: Path) -> None:
    """Filled anew by: python -m tests.docs.filling PAGE."""
    with console(tmp_path / "place") as at:
        for block in blocks_of(text_of(page)):
            if block.title is not None:
                at.write(block)
            for step in steps_of(block) if block.language == "console" else ():
                said = at.type(step.command)
                assert agrees(step.shown, said), "\n".join([f"$ {step.command}", *said])


@pytest.mark.parametrize("page", of_language("console"))
def test_no_console_block_could_ring_a_phone(page: Path) -> None:
    """Someone will paste it, with a key in the environment."""
    lines = [
        step.command for block in blocks_of(text_of(page)) if block.language == "console" for step in steps_of(block)
    ]
    assert [line for line in lines if DIALLING.match(line) and not re.search(r"--(sandbox|dry-run)\b", line)] == []


@pytest.mark.parametrize("page", of_language("sh"))
def test_each_line_of_a_shell_block_is_taken_by_the_program(page: Path) -> None:
    """Its verb, flags and values; it is not run."""
    for line in (one for block in blocks_of(text_of(page)) if block.language == "sh" for one in lines_of(block)):
        for part in re.split(r" && |; | \| ", line):
            words = shlex.split(part.strip(), comments=True)
            while words and re.fullmatch(r"\w+=.*", words[0]):
                words.pop(0)
            if words and words[0] == "campaign" and words[1] not in ("completion", "--go-on-here"):
                assert taken(shlex.join(words)), line


def lines_of(block: Block) -> list[str]:
    return block.text.replace("\\\n", " ").splitlines()


@pytest.mark.parametrize("page", of_language("toml"))
def test_each_toml_block_is_part_of_a_template(page: Path) -> None:
    """Every key of it is known, and has a value that it may have."""
    for block in (each for each in blocks_of(text_of(page)) if each.language == "toml"):
        said = tomllib.loads(block.text)
        columns = {"name": "Name", "phone": "Phone", **said.get("columns", {})}
        assert Template.model_validate({"language": "en", **said, "columns": columns}).columns.name


@pytest.mark.parametrize(
    ("shown", "said", "same"),
    [
        (["a", "..."], ["a", "b", "c"], True),
        (["...", "c"], ["a", "b", "c"], True),
        (["..."], [], True),
        (["a"], ["a", "b"], False),
        (["a", "b"], ["a"], False),
        (["row 2 ..."], ["row 2 and more"], True),
        (["row 2 ..."], ["row 3 and more"], False),
        (["id 6600f0a16600f0a16600f0a1"], ["id 123456781234567812345678"], True),
        (["at 2026-11-23T09:30:12.507Z"], ["at 2027-01-02T03:04:05.006Z"], True),
        (["12 created"], ["13 created"], False),
        (["[call] x"], ["[call] x"], True),
    ],
)
def test_a_page_agrees_but_for_ids_times_and_what_it_leaves_out(
    shown: list[str], said: list[str], *, same: bool
) -> None:
    """The comparison itself: one that lets everything pass would hold nothing."""
    assert agrees(shown, said) is same


def test_the_picture_of_the_terminal_is_of_the_program_as_it_is(tmp_path: Path) -> None:
    """Drawn anew by: python -m tests.docs.making.picture."""
    assert agrees(shown_in(PICTURE.read_text("utf-8")), shown_in(pictured(tmp_path / "place")))
