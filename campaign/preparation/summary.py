"""Summary of a sheet before its first call, counted and grouped: the same for `check` and for `run`."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from campaign.domain.cures.notes import NoteKind
from campaign.domain.model import Contact
from campaign.domain.skip_reason import SkipReason
from campaign.preparation.compare import Diff, DiffCounts
from campaign.preparation.grouping import Group, RowRanges
from campaign.preparation.questions import OpenQuestion
from campaign.preparation.screening import Screening
from campaign.preparation.tallies.merged import MOST_KEPT, Merged

PREVIEWED = 3
"""Number of first rows in the preview."""


WORDS_KEPT = 20
"""Number of unknown words in a summary."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Summary of a sheet under a template.

    Attributes:
        to_call: rows that a run would call now.
        good: rows whose number, name and variables are sound; some of them are skipped all the same.
        repaired: good rows whose number was restored.
        skipped: reason -> rows, those called recently and those done already among them.
        regions: country -> good rows.
        call_types: kind of line -> good rows.
        problems: problems of the invalid rows, grouped.
        doubts: doubts about good rows, by kind.
        noted: how many rows have doubts of each kind; how many doubts, where they are merely worth a look.
        words: (column, word, rows) of words of consent that say neither yes nor no, the most frequent first.
        unspoken: variables that good rows lack -> those rows.
        merged: duplicates that say something else than the row that is called, the first hundred.
        merged_rows: how many there are among the first thousand duplicates.
        notices: what the reading of the sheet has to say, one line each.
        diff: how the sheet differs from the earlier calls.
        preview: the first rows that would be called.
        questions: what a run would ask.
    """

    to_call: int
    good: int
    invalid: int
    repaired: int
    skipped: Mapping[SkipReason, int]
    regions: Mapping[str, int]
    call_types: Mapping[str, int]
    problems: list[Group]
    doubts: Mapping[NoteKind, list[Group]]
    noted: Mapping[NoteKind, int]
    notices: list[str]
    diff: DiffCounts
    preview: tuple[Contact, ...] = ()
    questions: tuple[OpenQuestion, ...] = field(default=())
    words: tuple[tuple[str, str, int], ...] = ()
    unspoken: Mapping[str, RowRanges] = field(default_factory=dict)
    merged: tuple[Merged, ...] = ()
    merged_rows: int = 0

    @property
    def rows(self) -> int:
        """All rows of the sheet."""
        return self.to_call + self.invalid + sum(self.skipped.values())

    @property
    def undecided(self) -> bool:
        """Whether a run that cannot ask would refuse to start."""
        return any(question.stops for question in self.questions)


def summary_of(
    screening: Screening,
    *,
    diff: Diff,
    recently: int,
    left_out: Mapping[SkipReason, int],
    preview: Iterable[Contact],
) -> Summary:
    """Summarises a sheet that has been read to its end.

    Args:
        screening: the sheet.
        diff: its comparison with what was called before.
        recently: good rows that are skipped since their number was called recently, and are not done.
        left_out: reason -> good rows that are skipped for what a person said.
        preview: rows that would be called, in order.

    Raises:
        SheetError: it has duplicates, and cannot be read again to compare them.
    """
    called = {SkipReason.CALLED_RECENTLY: recently, SkipReason.CALLED_BEFORE: len(diff.done)}
    earlier = Counter(called) + Counter(left_out)
    merged = screening.merged.differing(screening.first_rows)
    return Summary(
        to_call=screening.good - earlier.total(),
        good=screening.good,
        invalid=screening.invalid,
        repaired=screening.noted[NoteKind.REPAIRED],
        skipped=+(earlier + screening.skipped),
        regions=dict(screening.tally.regions.most_common()),
        call_types=dict(screening.tally.call_types.most_common()),
        problems=screening.grouped.listed(),
        doubts={kind: groups.listed() for kind, groups in screening.doubts.items()},
        noted=dict(screening.noted),
        notices=screening.notices,
        diff=diff.counts,
        preview=tuple(islice(preview, PREVIEWED)),
        words=tuple((column, word, rows) for (column, word), rows in screening.unclear.most_common(WORDS_KEPT)),
        unspoken=screening.unspoken,
        merged=tuple(merged[:MOST_KEPT]),
        merged_rows=len(merged),
    )
