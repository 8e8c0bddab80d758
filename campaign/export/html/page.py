"""HTML report: one self-contained page without scripts, for reading and printing.

rows --> Tally, Answers (as they go by) --> tiles | sections | rows to look at --> report.html.jinja
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from campaign.domain.result_row import ResultRow
from campaign.export.about import About
from campaign.export.atomic_write import write_whole
from campaign.export.columns import RESULT_COLUMNS
from campaign.export.html.answer_rates import AnswerCounts
from campaign.export.html.sections import failed_rows, rows_by_hand, sections, tiles
from campaign.export.tally import Tally


def write_html(
    path: Path,
    *,
    header: Sequence[str],
    rows: Iterable[ResultRow],
    columns: Sequence[str] = RESULT_COLUMNS,
    about: About | None = None,
) -> Path:
    """Writes the report; returns the path actually written. It contains none of the sheet's own cells.

    Raises:
        UsageError: something else stands there, or the file cannot be written; what was there still is.
    """
    del header
    return write_whole(path, chunks=_page(rows, columns=columns, about=about or About()))


def _page(rows: Iterable[ResultRow], *, columns: Sequence[str], about: About) -> Iterator[str]:
    from campaign.export.html.rendering import rendered  # noqa: PLC0415 - start-up: only a report pays for Jinja2

    tally, answers = Tally(), AnswerCounts()
    for row in tally.counting(rows, columns=columns):
        answers.add(row, columns=columns)
    yield from rendered(
        "report.html.jinja",
        title=f"Campaign {about.run}" if about.run else "Campaign",
        facts=about.lines()[1:],
        rows=tally.rows,
        tiles=tiles(tally),
        sections=sections(tally, answers),
        failed=failed_rows(tally),
        by_hand=rows_by_hand(tally),
    )
