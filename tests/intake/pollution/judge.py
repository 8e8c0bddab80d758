"""The judge: who would be called for a spoilt sheet, under each answer that is offered, and who of them must not be."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from campaign.config.run_plan import CallPlan
from campaign.config.template import Template
from campaign.domain.errors import CampaignError, UndecidedError
from campaign.domain.model import Contact
from campaign.intake.files.read_options import Choices
from campaign.preparation import screening
from tests.intake.pollution.people import Truth, Truths
from tests.intake.pollution.polluted import Ending, Polluted

PLAN = CallPlan(team_id="team", call_template_id="template")
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
_SLOW = 20.0
_DEEPEST = 4
_STREWN = str.maketrans("", "", "\"'\\")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a spoilt sheet.

    Attributes:
        ending: how well it was read.
        faults: one line for each false pair, traceback or hang.
        told: the message of a sheet that was refused or asked about, or how many of how many are called.
    """

    ending: Ending
    faults: tuple[str, ...]
    told: str


def judge(polluted: Polluted, folder: Path) -> Judgement:
    """Reads the sheet as `check` and `run` do, and again with every answer to every question."""
    path = folder / f"sheet{polluted.suffix}"
    path.write_bytes(polluted.content)
    readings = list(_readings(path, polluted, Choices(), depth=0))
    faults = tuple(f"{_said(reading.choices)}{fault}" for reading in readings for fault in reading.faults)
    first = readings[0]
    if first.asked and any(reading.ending is Ending.LOADS for reading in readings):
        return Judgement(Ending.ASKS, faults, first.told)
    return Judgement(first.ending, faults, first.told)


def called(path: Path, template: Template, choices: Choices) -> Iterator[Contact]:
    """Whom a run would call, with nobody on the suppression list."""
    rows = screening.screen_sheet(
        path, template, call=PLAN, secret=lambda _: "", on_list=lambda _: {}, choices=choices, now=NOON
    )
    return (screened.verdict for _, screened in rows if isinstance(screened.verdict, Contact))


@dataclass(frozen=True, slots=True)
class _Reading:
    choices: Choices
    ending: Ending
    told: str
    faults: tuple[str, ...] = ()
    asked: bool = False


def _readings(path: Path, polluted: Polluted, choices: Choices, *, depth: int) -> Iterator[_Reading]:
    start = time.thread_time()
    try:
        found = [Truth.of(contact) for contact in called(path, polluted.template, choices)]
    except UndecidedError as error:
        yield _Reading(choices, Ending.REFUSES, str(error), _form_faults(error), asked=True)
        for answer in _answers(error, polluted) if depth < _DEEPEST else ():
            chosen: dict[str, Any] = {error.choice: answer}
            yield from _readings(path, polluted, replace(choices, **chosen), depth=depth + 1)
    except CampaignError as error:
        yield _Reading(choices, Ending.REFUSES, str(error), _form_faults(error))
    except Exception as error:  # noqa: BLE001 - finding it is what this is for
        yield _Reading(choices, Ending.REFUSES, "", (f"traceback: {error!r}",))
    else:
        slow = time.thread_time() - start
        late = (f"hang: {slow:.0f} s",) if slow > _SLOW else ()
        yield _compared(found, polluted, choices, late=late)


def _compared(found: list[Truth], polluted: Polluted, choices: Choices, *, late: tuple[str, ...]) -> _Reading:
    truth = polluted.true_under(choices)
    known, seen = _comparable(truth, polluted), _comparable(found, polluted)
    false = tuple(
        f"false pair: {one}" for one, as_compared in zip(found, seen, strict=True) if as_compared not in known
    )
    twice = ("called twice",) if len({one.phone for one in found}) < len(found) else ()
    right = len(set(seen) & set(known))
    ending = Ending.LOADS if right == len(known) > 0 else Ending.SOME if right else Ending.REFUSES
    return _Reading(choices, ending, f"{right} of {len(known)}", (*false, *twice, *late))


def _comparable(truths: Truths | list[Truth], polluted: Polluted) -> list[Truth]:
    return [_bare(one) if polluted.loosely else one for one in truths]


def _bare(truth: Truth) -> Truth:
    said = frozenset((key, _letters(value)) for key, value in truth.said if _letters(value))
    return Truth(_letters(truth.name), truth.phone, truth.email and _letters(truth.email), said)


def _letters(value: str) -> str:
    return " ".join(value.translate(_STREWN).split())


def _answers(error: UndecidedError, polluted: Polluted) -> list[object]:
    offered = [value for value, _ in error.options]
    offered += [value for choice, value in polluted.answers if choice == error.choice and value not in offered]
    match error.choice:
        case "header_row":
            return [int(value) for value in offered]
        case "no_header":
            return [True]
        case _:
            return list(offered)


def _form_faults(error: CampaignError) -> tuple[str, ...]:
    message = str(error)
    return () if message and "\n" not in message else (f"not one line: {message!r}",)


def _said(choices: Choices) -> str:
    said = {name: value for name in Choices.__slots__ if (value := getattr(choices, name))}
    return f"with {said}: " if said else ""
