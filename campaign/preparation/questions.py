"""What a person says beforehand to the questions that a run would ask, and what those questions are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from campaign.config.settings import LOOPBACK_SERVICE, SANDBOX_SERVICE
from campaign.config.template import Template
from campaign.intake.contacts.findings import Accepted

_NOBODY_RINGS = (SANDBOX_SERVICE, LOOPBACK_SERVICE)


@dataclass(frozen=True, slots=True)
class Answers:
    """None, or False, leaves a question open.

    Attributes:
        repairs: whether restored numbers are called (`--accept-repairs`, `--skip-repairs`).
        changed: whether rows are called again that changed since their call (`--call-changed`, `--skip-changed`).
        max_calls: how many calls are meant at most (`--max-calls N`).
        allow_fictitious: whether numbers that are kept for examples are called for real (`--allow-fictitious`).
    """

    repairs: Literal["accept", "skip"] | None = None
    changed: Literal["call", "skip"] | None = None
    max_calls: int | None = None
    allow_fictitious: bool = False


NO_ANSWERS = Answers()
"""Nothing was said."""


@dataclass(frozen=True, slots=True)
class Question:
    """What keeps `run --yes` from calling some rows, or any, until a flag answers it.

    Attributes:
        about: repairs, changed, calls, rows or fictitious.
        count: how many rows, or calls, it is about.
        flags: those that answer it.
        limit: what they are more than, of calls and rows.
        stops: whether nobody at all is called until it is answered.
    """

    about: Literal["repairs", "changed", "calls", "rows", "fictitious"]
    count: int
    flags: tuple[str, ...]
    limit: int | None = None
    stops: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """How many rows each question would be about, and what bears on it.

    Attributes:
        limit: calls that the template allows; None for any number.
        most_rows: rows that are read without a question.
    """

    rows: int
    to_call: int
    repaired: int
    changed: int
    fictitious: int
    limit: int | None
    most_rows: int


def accepted_at(service: str, template: Template, answers: Answers) -> Accepted:
    """Which doubtful numbers a run at this service calls."""
    return Accepted(
        repaired=answers.repairs != "skip", fictitious=fictitious_are_called(service, template, answers=answers)
    )


def fictitious_are_called(service: str, template: Template, *, answers: Answers) -> bool:
    """Whether numbers that are kept for examples are called: where no phone rings, and where somebody asked for it."""
    return service in _NOBODY_RINGS or answers.allow_fictitious or "fictitious" in template.phone.allow


def questions(asked: Asked, answers: Answers) -> Iterator[Question]:
    """Those that are still open."""
    if asked.repaired and answers.repairs is None:
        yield Question("repairs", asked.repaired, ("--accept-repairs", "--skip-repairs"))
    if asked.changed and answers.changed is None:
        yield Question("changed", asked.changed, ("--call-changed", "--skip-changed"))
    limit = answers.max_calls or asked.limit
    if limit is not None and asked.to_call > limit:
        yield Question("calls", asked.to_call, (f"--max-calls {asked.to_call}", f"--limit {limit}"), limit)
    if asked.rows > asked.most_rows:
        yield Question("rows", asked.rows, (f"--max-rows {asked.rows}",), asked.most_rows)
    if asked.fictitious:
        yield Question("fictitious", asked.fictitious, ("--allow-fictitious",), stops=False)
