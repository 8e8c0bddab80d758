"""What a person says beforehand to the questions that a run would ask, and what those questions are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from campaign.intake.accepted import Accepted
from campaign.settings import LOOPBACK_SERVICE, SANDBOX_SERVICE
from campaign.template import Template

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
        rows: how many it is about.
        text: one line for people, with the flags in it.
        flags: those that answer it.
        stops: whether nobody at all is called until it is answered.
    """

    about: str
    rows: int
    text: str
    flags: tuple[str, ...]
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
        yield _question(
            "repairs", asked.repaired, "numbers would be called as restored", "--accept-repairs", "--skip-repairs"
        )
    if asked.changed and answers.changed is None:
        yield _question("changed", asked.changed, "rows changed since their call", "--call-changed", "--skip-changed")
    limit = answers.max_calls or asked.limit
    if limit is not None and asked.to_call > limit:
        text = f"calls, and the limit is {limit}"
        yield _question("calls", asked.to_call, text, f"--max-calls {asked.to_call}", "--limit N")
    if asked.rows > asked.most_rows:
        yield _question("rows", asked.rows, f"rows, and the limit is {asked.most_rows}", f"--max-rows {asked.rows}")
    if asked.fictitious:
        yield Question(
            "fictitious",
            asked.fictitious,
            f"{asked.fictitious} numbers kept for examples: a run at AICaller leaves their rows out as invalid; "
            "say --allow-fictitious to have them called",
            ("--allow-fictitious",),
            stops=False,
        )


def _question(about: str, rows: int, what: str, *flags: str) -> Question:
    text = f"{rows} {what}: a run asks first, and with --yes it refuses; say {' or '.join(flags)}"
    return Question(about, rows, text, flags)
