"""View of a run as its page shows it: what goes on, calls a minute, latest attempts, outcomes, what may be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.domain.call_outcome import CallEnd
from campaign.domain.instants import from_text
from campaign.export.html.plots import Bar, ColumnPlot, columns
from campaign.ledger.records.watching import AttemptGlance
from campaign.presentation.masking import Mask, masked_phone, masked_text
from campaign.presentation.page.runs.run_bar import RunLine
from campaign.presentation.page.runs.run_words import ATTEMPTS, ENDS, cure_words
from campaign.presentation.wording import lasting
from campaign.usecases.serving.dialling import WhyEnded

_LABEL_EVERY = 10
_RECENT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Ending:
    """A line of the latest attempts; `kind` names its colour."""

    at: str
    row: int
    number: str
    words: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class EndCount:
    """How many calls ended in one way."""

    words: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a run was given up, and what a person can do."""

    by: str
    text: str
    cure: str
    at: str


@dataclass(frozen=True, slots=True)
class RunView:
    """All that moves on a run's page.

    Attributes:
        line: its name and counts.
        now: what it is doing, in a sentence.
        facts: (what, how much) of its speed.
        plot: calls a minute; None where there were none.
        endings: the latest attempts, the newest first.
        ends: how its calls ended, where that is known.
        lines: (time, what happened), the newest first.
        trouble: why it was given up; None where it was not.
        may: what may be done with it now.
        is_live: whether it may change by itself.
    """

    line: RunLine
    now: str
    facts: Sequence[tuple[str, str]]
    plot: ColumnPlot | None
    endings: Sequence[Ending]
    ends: Sequence[EndCount]
    lines: Sequence[tuple[str, str]]
    trouble: Trouble | None
    may: frozenset[str]
    is_live: bool


def minutes_plot(minutes: Sequence[tuple[datetime, int]]) -> ColumnPlot | None:
    """Calls a minute as columns; None without any."""
    if not minutes:
        return None
    drawn = []
    for index, (minute, count) in enumerate(minutes):
        at = f"{minute.astimezone():%H:%M}"
        last = index == len(minutes) - 1
        labelled = index % _LABEL_EVERY == 0 and len(minutes) - index > _LABEL_EVERY // 2
        drawn.append(Bar(at if labelled or last else "", count, note=f"{at}" if count else ""))
    most = max(count for _, count in minutes)
    return columns("Calls a minute", drawn, most=-(-most // 2) * 2 or 2)


def speed_facts(
    minutes: Sequence[tuple[datetime, int]], *, asked: str, left: timedelta | None, now: datetime
) -> list[tuple[str, str]]:
    """(what, how much): calls in the last minute that is over, the pace that was asked for, the time that is left."""
    facts = []
    over = [count for minute, count in minutes if now - _RECENT < minute <= now - timedelta(minutes=1)]
    if over:
        facts.append(("In the last full minute", f"{over[-1]:,} calls"))
    facts.append(("Pace", asked))
    if left is not None:
        facts.append(("Time left", lasting(left.total_seconds())))
    return facts


def ending_of(one: AttemptGlance, *, mask: Mask) -> Ending:
    """The line of an attempt; of its number the last digits."""
    words, kind = ATTEMPTS[one.outcome]
    at = from_text(one.ended_at or one.claimed_at).astimezone()
    tells = one.outcome in ("rejected", "unknown", "not_sent")
    number = masked_phone(one.phone) if one.phone else ""
    return Ending(f"{at:%H:%M:%S}", one.row, number, words, kind, mask(one.reason or "") if tells else "")


def end_counts(ends: Mapping[CallEnd, int]) -> list[EndCount]:
    """How the calls ended, in the order of the words."""
    return [EndCount(words, kind, ends[end]) for end, (words, kind) in ENDS.items() if ends.get(end)]


def trouble_of(ended: WhyEnded | None, *, mask: Mask) -> Trouble | None:
    """Why a run was given up, for a page."""
    if ended is None:
        return None
    return Trouble(ended.by, mask(ended.text), cure_words(ended.by), f"{ended.at.astimezone():%Y-%m-%d %H:%M}")


def mask_of(*, is_viewer: bool) -> Mask:
    """The masking of texts that quote a sheet or a server."""
    return masked_text if is_viewer else str
