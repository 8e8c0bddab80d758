"""Report contents as pure values: tiles, sections with plots, rows to review. Templates add no wording."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from campaign.domain.model import RowState
from campaign.domain.result_row import ResultRow
from campaign.export.columns import shown_outcome
from campaign.export.html.answer_rates import ANSWERED, AnswerCounts
from campaign.export.html.plots import Bar, Line, Plot, bars, columns, curves, sentence_bars
from campaign.export.printable import group_of, visible
from campaign.export.tally import MOST_LISTED, STATUSES, Tally

_MEANT = {
    "created": "calls made",
    "rejected": "refused, nobody called",
    "unknown": "answer lost",
    "pending": "not sent yet",
    "invalid": "cannot be called",
    "skipped": "left out on purpose",
}
_MOST_BARS, _MOST_ZONES, _HOURS = 12, 16, 24
_LAST_DIGITS = 4
_PER_CENT = 100
_LONG_NUMBER = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){6,}")
"""A number to be called, in a reason that quotes it."""
_SECOND, _MINUTE, _HOUR = 1, 60, 3600


@dataclass(frozen=True, slots=True)
class Tile:
    """A status, its meaning for people, and its number of rows."""

    status: str
    meaning: str
    rows: int


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A plot under its title; `legend` are the statuses whose colours it uses."""

    title: str
    note: str
    plot: Plot
    legend: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowToReview:
    """A row to review. Only the last digits of its number."""

    number: int
    status: str
    last_digits: str
    attempts: int
    reason: str


@dataclass(frozen=True, slots=True)
class RowsToReview:
    """The first rows to review; `note` says so where there are more."""

    note: str
    rows: tuple[RowToReview, ...]


def tiles(tally: Tally) -> list[Tile]:
    """A tile for each status that occurs."""
    return [Tile(status, _MEANT[status], tally.statuses[status]) for status in STATUSES if tally.statuses[status]]


def sections(tally: Tally, answers: AnswerCounts) -> Iterator[ReportSection]:
    """The sections that have data to plot, in page order."""
    if tally.by_minute:
        yield _progress(tally)
    if tally.outcomes:
        yield _outcomes(tally)
    if answers.calls:
        yield _by_hour(answers)
    if answers.zone_calls:
        yield _by_zone(answers)
    yield from (_reasons(status, found) for status in STATUSES if (found := tally.reasons_of(status)))


def failed_rows(tally: Tally) -> RowsToReview | None:
    """The rows that a person may want to review; None if there are none."""
    if not tally.failed:
        return None
    total = tally.statuses["rejected"] + tally.statuses["unknown"]
    more = f"The first {MOST_LISTED} of {total:,}. " if total > len(tally.failed) else ""
    rows = (
        RowToReview(row.number, row.status, (row.phone or "")[-_LAST_DIGITS:], row.attempts, group_of(row.error or ""))
        for row in tally.failed
    )
    return RowsToReview(f"{more}Of a number only its last digits are shown.", tuple(rows))


def rows_by_hand(tally: Tally) -> RowsToReview | None:
    """The people to phone by hand, each with the whole reason; None if there are none."""
    if not tally.by_hand:
        return None
    more = f"The first {MOST_LISTED} of {tally.by_hand_in_all:,}. " if tally.by_hand_in_all > len(tally.by_hand) else ""
    rows = (
        RowToReview(row.number, row.status, (row.phone or "")[-_LAST_DIGITS:], row.attempts, _whole_reason(row))
        for row in tally.by_hand
    )
    note = "Not reached, and not called again by themselves: the row of the sheet has the name and the number."
    return RowsToReview(f"{more}{note}", tuple(rows))


def _whole_reason(row: ResultRow) -> str:
    if row.status == RowState.CREATED.value:
        return f"the call ended: {(shown_outcome(row.outcome) or '').replace('_', ' ')}"
    return visible(_LONG_NUMBER.sub(lambda found: f"…{found[0][-_LAST_DIGITS:]}", row.error or ""))


def _progress(tally: Tally) -> ReportSection:
    """Row counts by status over time: by seconds for short, known spans, else by minutes."""
    fine = bool(tally.by_second) and len({at for at, _ in tally.by_minute}) <= _MOST_BARS
    sent, step = (tally.by_second, _SECOND) if fine else (tally.by_minute, _MINUTE)
    instants = sorted({at for at, _ in sent})
    begin, end = _seconds(instants[0]), _seconds(instants[-1]) + step
    lines, most = [], 0
    for status in ("created", "rejected", "unknown"):
        if not tally.statuses[status]:
            continue
        total, points = 0, [(0.0, 0.0)]
        for at in instants:
            total += sent[at, status]
            points.append(((_seconds(at) + step - begin) / (end - begin), float(total)))
        lines.append(Line(status, tuple(points)))
        most = max(most, total)
    plot = curves("Rows over time", lines, times=_times(begin, end), most=_round_up(most))
    return ReportSection("Progress over time", "Rows sent, by when; UTC.", plot, tuple(line.kind for line in lines))


def _outcomes(tally: Tally) -> ReportSection:
    kinds = {True: "created", False: "pending"}
    drawn = [
        Bar(name.replace("_", " "), count, kinds[name in ANSWERED])
        for name, count in tally.outcomes.most_common(_MOST_BARS)
    ]
    note = f"{tally.outcomes.total():,} calls whose outcome is known. In green: a person was spoken to."
    return ReportSection("What became of the calls", note, bars("What became of the calls", drawn))


def _by_hour(answers: AnswerCounts) -> ReportSection:
    drawn = [
        Bar(f"{hour}", _share(answers.answered[hour], answers.calls[hour]), "created", _calls(answers.calls[hour]))
        for hour in range(_HOURS)
    ]
    plot = columns("Answered by hour", drawn, most=_PER_CENT, unit="%")
    return ReportSection("Answered, by hour", "Of the calls made in that hour of the day where the phone is.", plot)


def _by_zone(answers: AnswerCounts) -> ReportSection:
    drawn = [
        Bar(zone, _share(answers.zone_answered[zone], count), "created", f"of {count:,}")
        for zone, count in answers.zone_calls.most_common(_MOST_ZONES)
    ]
    plot = bars("Answered by time zone", drawn, most=_PER_CENT, unit="%")
    return ReportSection("Answered, by time zone", "Of the calls to numbers of that zone.", plot)


def _reasons(status: str, found: list[tuple[str, int]]) -> ReportSection:
    drawn = [Bar(reason, count, status) for reason, count in found[:_MOST_BARS]]
    rest = sum(count for _, count in found[_MOST_BARS:])
    drawn += [Bar(f"{len(found) - _MOST_BARS} more reasons", rest, "pending")] if rest else []
    return ReportSection(f"Why {status}", _MEANT[status], sentence_bars(f"Why {status}", drawn))


def _times(begin: float, end: float) -> list[tuple[float, str]]:
    """Five labels for the time axis, with the day where there are several."""
    days = end - begin > 20 * _HOUR
    form = "%d %b %H:%M" if days else "%H:%M" if end - begin > 5 * _MINUTE else "%H:%M:%S"
    shares = (0.0, 0.5, 1.0) if days else (0.0, 0.25, 0.5, 0.75, 1.0)
    return [(part, datetime.fromtimestamp(begin + (end - begin) * part, UTC).strftime(form)) for part in shares]


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()


def _round_up(most: int) -> int:
    """Rounds up to a number whose quarters are whole."""
    step = 4
    while step * 25 < most:
        step *= 10 if step * 250 <= most else 5
    return -(-most // step) * step or 4


def _share(part: int, whole: int) -> float:
    return _PER_CENT * part / whole if whole else 0.0


def _calls(count: int) -> str:
    return f"of {count:,} calls" if count else ""
