"""The judge of damaged files: whoever would be called must be borne out by the file, and nothing may break or hang."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from campaign.domain.errors import CampaignError, UndecidedError
from campaign.intake.files.read_options import Choices
from tests.intake.fuzzing.tokens import Evidence, unproved
from tests.intake.pollution.judge import called
from tests.intake.pollution.people import template

_SLOW = 20.0
_MOST_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a damaged file: `called` people, or None where it was refused; `faults` one line each."""

    called: int | None
    faults: tuple[str, ...]


def verdict_on(path: Path, rows: Callable[[Choices], Iterable[Evidence]]) -> Verdict:
    """Reads the file, and again with the first answers to each question.

    Args:
        path: the damaged file.
        rows: what a plain second reading finds in it, once these choices are made.
    """
    readings = list(_readings(path, rows, Choices(), answers=_MOST_ANSWERS))
    return Verdict(readings[0].called, tuple(fault for reading in readings for fault in reading.faults))


def _readings(
    path: Path, rows: Callable[[Choices], Iterable[Evidence]], choices: Choices, *, answers: int
) -> Iterator[Verdict]:
    start = time.thread_time()
    try:
        contacts = list(called(path, template(), choices))
    except UndecidedError as error:
        yield Verdict(None, _form(error))
        for value, _ in error.options[:answers]:
            chosen: dict[str, Any] = {error.choice: _typed(error.choice, value)}
            yield from _readings(path, rows, replace(choices, **chosen), answers=answers - 2)
    except CampaignError as error:
        yield Verdict(None, _form(error))
    except Exception as error:  # noqa: BLE001 - finding it is what this is for
        yield Verdict(None, (f"traceback: {error!r} with {choices}",))
    else:
        spent = time.thread_time() - start
        false = [f"false pair: {evidence} with {choices}" for evidence in unproved(contacts, rows(choices))]
        yield Verdict(len(contacts), (*false, *([f"hang: {spent:.0f} s"] if spent > _SLOW else [])))


def _typed(choice: str, value: str) -> object:
    return {"header_row": lambda: int(value), "no_header": lambda: True}.get(choice, lambda: value)()


def _form(error: CampaignError) -> tuple[str, ...]:
    message = str(error)
    return () if message and "\n" not in message else (f"not one line: {message!r}",)
