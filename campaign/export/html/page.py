"""Results as one page for people: a report that holds all it needs, runs nothing, and prints.

rows --> Tally, Answers (as they go by) --> tiles | progress | outcomes | answers | reasons | rows to look at
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from campaign.domain.model import ResultRow
from campaign.export.about import About
from campaign.export.atomic_write import write_whole
from campaign.export.columns import RESULT_COLUMNS
from campaign.export.html.answer_rates import ANSWERED, Answers
from campaign.export.html.charts import Bar, Line, bars, columns as upright, curves, told_bars
from campaign.export.html.style import STYLE
from campaign.export.overwrite_guard import HTML_HEAD
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


def write_html(
    path: Path,
    *,
    header: Sequence[str],
    rows: Iterable[ResultRow],
    columns: Sequence[str] = RESULT_COLUMNS,
    about: About | None = None,
) -> Path:
    """Writes the report; returns the path really written. The sheet's own cells are not in it.

    Raises:
        UsageError: something else stands there, or the file cannot be written; what was there still is.
    """
    del header
    return write_whole(path, chunks=_page(rows, columns=columns, about=about or About()))


def _page(rows: Iterable[ResultRow], *, columns: Sequence[str], about: About) -> Iterator[str]:
    tally, answers = Tally(), Answers()
    for row in tally.counting(rows, columns=columns):
        answers.add(row, columns=columns)
    title = f"Campaign {about.run}" if about.run else "Campaign"
    yield HTML_HEAD
    # Nothing is fetched, and no script runs, whatever a cell says.
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>{_text(title)}</title>\n<style>{STYLE}</style>\n<main>\n<h1>{_text(title)}</h1>\n"
    facts = "".join(f"<div><dt>{escape(label)}</dt><dd>{_text(value)}</dd></div>" for label, value in about.lines()[1:])
    yield f"<dl>{facts}</dl>\n" if facts else ""
    yield _tiles(tally)
    yield from (section for section in (_progress(tally), _outcomes(tally), *_answered(answers)) if section)
    yield from (_reasons(tally, status) for status in STATUSES if tally.reasons_of(status))
    yield _failed(tally)
    yield "</main>\n</html>\n"


def _tiles(tally: Tally) -> str:
    tiles = "".join(
        f'<li><b>{tally.statuses[status]:,}</b><span class="dot b-{status}"></span>{status}'
        f'<p class="soft" style="margin:2px 0 0;font-size:12px">{_MEANT[status]}</p></li>'
        for status in STATUSES
        if tally.statuses[status]
    )
    return f'<p class="soft">{tally.rows:,} rows</p>\n<ul class="tiles">{tiles}</ul>\n'


def _progress(tally: Tally) -> str:
    """How many rows had come to what, over time."""
    if not tally.by_minute:
        return ""
    minutes = {at for at, _ in tally.by_minute}
    fine = bool(tally.by_second) and len(minutes) <= _MOST_BARS
    sent = tally.by_second if fine else tally.by_minute
    instants = sorted({at for at, _ in sent})
    begin, end = _seconds(instants[0]), _seconds(instants[-1]) + (1 if fine else 60)
    lines, most = [], 0
    for status in ("created", "rejected", "unknown"):
        if not tally.statuses[status]:
            continue
        total, points = 0, [(0.0, 0.0)]
        for at in instants:
            total += sent[at, status]
            points.append(((_seconds(at) + (1 if fine else 60) - begin) / (end - begin), float(total)))
        lines.append(Line(status, status, tuple(points)))
        most = max(most, total)
    plot = curves("Rows over time", lines, times=_times(begin, end), most=_round_up(most))
    return _section("Progress over time", f"{_legend(line.kind for line in lines)}{plot}", "Rows sent, by when; UTC.")


def _outcomes(tally: Tally) -> str:
    if not tally.outcomes:
        return ""
    kinds = {True: "created", False: "pending"}
    drawn = [
        Bar(_words(name), count, kinds[name in ANSWERED]) for name, count in tally.outcomes.most_common(_MOST_BARS)
    ]
    known = tally.outcomes.total()
    return _section(
        "What became of the calls",
        bars("What became of the calls", drawn),
        f"{known:,} calls whose outcome is known. In green: a person was spoken to.",
    )


def _answered(answers: Answers) -> Iterator[str]:
    if answers.calls:
        drawn = [
            Bar(f"{hour}", _share(answers.answered[hour], answers.calls[hour]), "created", _calls(answers.calls[hour]))
            for hour in range(_HOURS)
        ]
        plot = upright("Answered by hour", drawn, most=_PER_CENT, unit="%")
        yield _section("Answered, by hour", plot, "Of the calls made in that hour of the day where the phone is.")
    if answers.zone_calls:
        zones = [
            Bar(zone, _share(answers.zone_answered[zone], count), "created", f"of {count:,}")
            for zone, count in answers.zone_calls.most_common(_MOST_ZONES)
        ]
        plot = bars("Answered by time zone", zones, most=_PER_CENT, unit="%")
        yield _section("Answered, by time zone", plot, "Of the calls to numbers of that zone.")


def _reasons(tally: Tally, status: str) -> str:
    found = tally.reasons_of(status)
    drawn = [Bar(reason, count, status) for reason, count in found[:_MOST_BARS]]
    rest = sum(count for _, count in found[_MOST_BARS:])
    drawn += [Bar(f"{len(found) - _MOST_BARS} more reasons", rest, "pending")] if rest else []
    return _section(f"Why {status}", told_bars(f"Why {status}", drawn), _MEANT[status])


def _failed(tally: Tally) -> str:
    if not tally.failed:
        return ""
    total = tally.statuses["rejected"] + tally.statuses["unknown"]
    lines = "".join(
        f'<tr><td class="n">{row.number}</td><td class="n"><span class="dot b-{row.status}"></span>{row.status}</td>'
        f'<td class="n">…{_text((row.phone or "")[-_LAST_DIGITS:])}</td><td class="n">{row.attempts}</td>'
        f"<td>{_text(group_of(row.error or ''))}</td></tr>"
        for row in tally.failed
    )
    more = f"The first {MOST_LISTED} of {total:,}. " if total > len(tally.failed) else ""
    names = "".join(f"<th>{name}</th>" for name in ("Row", "Status", "Number", "Attempts", "Why"))
    table = f"<table><thead><tr>{names}</tr></thead><tbody>{lines}</tbody></table>"
    return _section("Rows to look at", table, f"{more}Of a number only its last digits are shown.", long=True)


def _section(title: str, content: str, note: str, *, long: bool = False) -> str:
    kind = ' class="long"' if long else ""
    return f'<section{kind}><h2>{escape(title)}</h2><p class="soft">{escape(note)}</p>{content}</section>\n'


def _legend(kinds: Iterable[str]) -> str:
    marks = "".join(f'<span><span class="dot b-{kind}"></span>{kind}</span>' for kind in kinds)
    return f'<p class="legend">{marks}</p>'


def _times(begin: float, end: float) -> list[tuple[float, str]]:
    """Five labels under the axis, with the day where there are several."""
    days = end - begin > 20 * 3600
    form = "%d %b %H:%M" if days else "%H:%M" if end - begin > 5 * 60 else "%H:%M:%S"
    shares = (0.0, 0.5, 1.0) if days else (0.0, 0.25, 0.5, 0.75, 1.0)
    return [(part, datetime.fromtimestamp(begin + (end - begin) * part, UTC).strftime(form)) for part in shares]


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()


def _round_up(most: int) -> int:
    """To a number whose quarters are whole."""
    step = 4
    while step * 25 < most:
        step *= 10 if step * 250 <= most else 5
    return -(-most // step) * step or 4


def _share(part: int, whole: int) -> float:
    return _PER_CENT * part / whole if whole else 0.0


def _calls(count: int) -> str:
    return f"of {count:,} calls" if count else ""


def _words(name: str) -> str:
    return name.replace("_", " ")


def _text(text: str) -> str:
    return escape(visible(text))
