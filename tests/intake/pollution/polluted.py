"""What a pollution is: a named way to spoil the clean sheet, what is then true, and how well it must be read."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from random import Random

from campaign.config.template import Template
from campaign.intake.files.read_options import Choices
from tests.intake.pollution.people import Truths, table, template, truths


class Ending(IntEnum):
    """What became of a sheet, the worse the smaller. That no false pair is in it is asked of every one."""

    REFUSES = 0
    """Nobody can be called: the file is refused, or each of its rows is invalid."""
    ASKS = 1
    """Its owner is asked, and one of the answers makes all of its true pairs contacts."""
    SOME = 2
    """Some of its true pairs are contacts."""
    LOADS = 3
    """All are."""


@dataclass(frozen=True, slots=True)
class Polluted:
    """A spoilt sheet.

    Attributes:
        content: the file's bytes.
        truth: who may be called when nobody was asked; fewer may, but no others.
        suffix: of the file's name.
        template: how it becomes calls.
        under: who may be called once its owner has chosen; None: the same.
        answers: (choice, value) that its owner would give to a question without options.
        loosely: quotation marks and backslashes were strewn about: they make no difference between two texts.
    """

    content: bytes
    truth: Truths
    suffix: str = ".csv"
    template: Template = template()  # noqa: RUF009 - frozen
    under: Callable[[Choices], Truths] | None = None
    answers: tuple[tuple[str, str], ...] = ()
    loosely: bool = False

    def true_under(self, choices: Choices) -> Truths:
        """Who may be called after these choices."""
        return self.truth if self.under is None or choices == Choices() else self.under(choices)


@dataclass(frozen=True, slots=True)
class Pollution:
    """One named way to spoil a sheet.

    Attributes:
        rule: its entry in the catalogue of bad inputs.
        name: what is done to the sheet.
        least: how well it must be read, at least.
        make: spoils the sheet anew, at places that only the given numbers decide.
        varied: whether those numbers make a difference, so that more than one is worth a try.
        heavy: whether it takes its reader seconds, or more memory than a test should.
    """

    rule: str
    name: str
    least: Ending
    make: Callable[[Random], Polluted]
    varied: bool = False
    heavy: bool = False

    def __str__(self) -> str:
        return f"{self.rule} {self.name}"


def text(lines: Sequence[Sequence[str]], *, delimiter: str = ",", ending: str = "\r\n", quoted: bool = False) -> str:
    """The lines as CSV, as a spreadsheet program would write it."""
    made = io.StringIO()
    dialect = csv.unix_dialect if quoted else csv.excel
    csv.writer(made, dialect, delimiter=delimiter, lineterminator=ending).writerows(lines)
    return made.getvalue()


def sheet(lines: Sequence[Sequence[str]] | None = None, *, truth: Truths | None = None, **how: object) -> Polluted:
    """A CSV file in UTF-8; without lines the clean one."""
    made = text(table() if lines is None else lines, **how)  # type: ignore[arg-type]  # its own keywords, handed on
    return file(made, truth=truth)


def file(content: str | bytes, *, truth: Truths | None = None, loosely: bool = False) -> Polluted:
    """A CSV file of exactly this content; true is what is true of the clean one, if nothing else is said."""
    raw = content if isinstance(content, bytes) else content.encode()
    return Polluted(raw, truths() if truth is None else truth, loosely=loosely)
