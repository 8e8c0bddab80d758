"""Contents of a draft as stored in the ledger: its source, the answers, and what is known of its rows.

No secret is in it, and of the environment only what the plan names: another process, on another day, reads the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Generic, Literal, TypeVar

from pydantic import TypeAdapter

from campaign.config.run_plan import RunPlan
from campaign.config.template import Template
from campaign.domain.cures import Message
from campaign.domain.cures.notes import Note
from campaign.intake.edits import NO_EDITS, Edits
from campaign.intake.files.read_options import Choices
from campaign.preparation.questions import Answers
from campaign.preparation.summary import Summary

T = TypeVar("T")


class Kept(Generic[T]):
    """Serialises values of one type to text, and back."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        # Made when it is first used: it takes longer than most commands take to start.
        return TypeAdapter(self._kind)

    def text(self, value: T) -> str:
        """Returns the value as stored text."""
        return self._adapter.dump_json(value).decode()

    def value(self, text: str) -> T:
        """Returns the value of stored text."""
        return self._adapter.validate_json(text)


@dataclass(frozen=True, slots=True)
class SheetSource:
    """Source of a sheet's draft: enough to read the sheet again.

    Attributes:
        sheet: the file, as its owner names it.
        folder: absolute; where that name is to be understood.
        stem: what a name for the run is made with.
        template_fingerprint: names what the template makes of a sheet.
        plan: what all calls share, and the template as far as it reads rows.
        service: where its calls would be made.
        most_rows: with more rows than these its owner is asked.
        again: earlier calls under this template are ignored: only `call_again_after` holds.
        followed_within: people whose earlier call is open, and was not looked up within that time, are asked about;
            None for never, where the calls are looked up by themselves.
        unfollowed: what the template answers to that.
        shown: the name that people know the sheet by, where the file has another.
        edits: cells and rows that its owner has changed since.
        said: names all that its owner had said when it was loaded; empty where nobody needs to know.
    """

    sheet: Path
    folder: Path
    stem: str
    template_fingerprint: str
    plan: RunPlan
    service: str
    choices: Choices
    most_rows: int
    again: bool
    followed_within: timedelta | None = None
    unfollowed: Literal["follow", "call"] | None = None
    shown: str | None = None
    edits: Edits = NO_EDITS
    said: str = ""

    @property
    def name(self) -> str:
        """The name that people know the sheet by."""
        return self.shown or self.sheet.name

    @property
    def file(self) -> Path:
        """Absolute path of the sheet, whatever the current folder is."""
        return self.sheet if self.folder == Path.cwd() else self.folder / self.sheet

    @property
    def template(self) -> Template:
        """Template that reads the sheet's rows, with the hours of the plan."""
        template = self.plan.template
        assert template is not None  # noqa: S101 - every plan that is made today keeps it
        return template.model_copy(update={"hours": self.plan.hours, "stagger": self.plan.stagger})


@dataclass(frozen=True, slots=True)
class FirstChanged:
    """Rows that have changed since they were called: how many, and the first of them."""

    count: int
    row: int
    called_at: str
    run: str


@dataclass(frozen=True, slots=True)
class SheetView:
    """Stored view of a loaded sheet.

    Attributes:
        summary: of its rows; without the first calls and the questions, which are computed when they are shown.
        content_fingerprint: names its content.
        repaired: doubts about numbers that would be called as restored, the first thousand.
        doubted: doubts that stop a run until they are answered, the first thousand.
        changed: rows that would be called again with other words; None when there are none, or they are skipped.
    """

    summary: Summary
    content_fingerprint: str
    repaired: tuple[Note, ...]
    changed: FirstChanged | None
    doubted: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class RerunSource:
    """Source of a rerun's draft.

    Attributes:
        run: the run's name.
        file: of the results file that was fed back; None without one.
        narrowed: whether certain rows were asked for, so that none of them is worth an error.
    """

    run: str
    file: Path | None
    narrowed: bool


@dataclass(frozen=True, slots=True)
class RowMessages:
    """Rows with a message each: the first of them, and how many there are."""

    count: int
    first: tuple[tuple[int, Message], ...]


@dataclass(frozen=True, slots=True)
class Corrections:
    """Corrected rows: how many, and of the first the columns that were corrected."""

    count: int
    first: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class RerunView:
    """Stored view of a rerun: what it will do.

    Attributes:
        to_call: rows that are called again.
        failed: reason, without what differs from row to row -> rows of the run that have failed.
        groups: the same -> rows that are called again.
        never: (why, rows) of those that were asked for one by one, and that no rerun calls.
        left_out: rows that are meant and failed, and why they are not called.
        corrected: rows that say something else now, and in which columns.
        notes: doubts about corrected rows that are called, the first thousand.
        repaired: how many of their numbers would be called as restored, not as written.
        not_taken: what the results file holds and a rerun does not take, in words; None for nothing.
    """

    to_call: int
    failed: Mapping[str, int]
    groups: Mapping[str, int]
    never: tuple[tuple[Message, tuple[int, ...]], ...]
    left_out: RowMessages
    corrected: Corrections
    notes: tuple[Note, ...]
    repaired: int
    not_taken: str | None


SHEET_SOURCE = Kept(SheetSource)
SHEET_VIEW = Kept(SheetView)
RERUN_SOURCE = Kept(RerunSource)
RERUN_VIEW = Kept(RerunView)
ANSWERS = Kept(Answers)
