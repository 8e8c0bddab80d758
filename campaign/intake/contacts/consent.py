"""Consent and opt-out: a clear yes where the template asks for one, and no refusal for the same number in any row.

A refusal may be a million rows below the yes. So a sheet with such a column is read twice: the first time only for
the numbers of the rows that say no. What the second reading finds must fit the first, or the sheet has been changed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from campaign.config.template import Template
from campaign.domain.cures.notes import NoteKind
from campaign.domain.errors import SheetError
from campaign.domain.model import Mark, Row
from campaign.domain.phone_line import line_of
from campaign.domain.skip_reason import ConsentRefused, NoConsent, OptedOut
from campaign.intake.contacts.columns import Columns
from campaign.intake.contacts.findings import ALL_ACCEPTED, Accepted, Findings, mark_of, shown
from campaign.intake.contacts.phone_columns import Numbers
from campaign.intake.opt_outs.suspects import suspects_of
from campaign.intake.opt_outs.yes_no import Said, said_by

Unclear = Counter[tuple[str, str]]
"""(column, word) -> rows: words that say neither yes nor no."""

_YES, _NO = (Said.YES, Said.ALLOWED), (Said.NO, Said.REFUSED)
_OUT = (Said.YES, Said.REFUSED, Said.DATED, Said.UNSURE, Said.UNKNOWN)
_KNOWN_OUT = (Said.YES, Said.REFUSED, Said.DATED)
_HELD = (Mark.ERROR, Mark.UNCALCULATED)


def refusals(
    rows: Iterable[Row], columns: Columns, template: Template, *, accepted: Accepted = ALL_ACCEPTED
) -> dict[int, int]:
    """Reads the sheet a first time: digits of the line -> number of the first row that refuses calls to them.

    An empty cell, and a word that is not known, keeps its own row from being called, and says nothing of others.
    Damaged rows are ignored.
    """
    consent, found = Consent(columns, Numbers(columns, template.phone), {}, accepted=accepted), dict[int, int]()
    for row in rows:
        for number in consent.refused_by(row):
            found.setdefault(number, row.number)
    return found


def asks(columns: Columns, *, accepted: Accepted = ALL_ACCEPTED) -> bool:
    """Whether a row of the sheet can refuse calls: then it is read twice."""
    suspects = suspects_of(columns)
    taken = accepted.opted_out == "skip" and bool(suspects.opted_out or suspects.consent or suspects.twisted)
    return columns.consent is not None or bool(columns.opted_out) or taken


class Consent:
    """Consent check of one sheet's rows.

    Args:
        columns: with the columns of consent and opt-outs, if there are any.
        numbers: reads the numbers that the consent is for.
        refused: from the first reading.
        accepted: what is known of words, and of columns that the template does not name.
        unclear: counts words that say neither yes nor no.
    """

    def __init__(
        self,
        columns: Columns,
        numbers: Numbers,
        refused: Mapping[int, int],
        *,
        accepted: Accepted = ALL_ACCEPTED,
        unclear: Unclear | None = None,
    ) -> None:
        self._columns, self._header, self._numbers, self._words = columns, columns.header, numbers, accepted.words
        self._refused = dict(refused)
        self._unclear = Unclear() if unclear is None else unclear
        suspects = suspects_of(columns)
        taken, self._read = accepted.opted_out == "skip", accepted.read
        self._consent = columns.consent
        self._opted_out = (*columns.opted_out, *(suspects.opted_out if taken else ()))
        self._refusing = suspects.consent if taken else ()
        self._twisted = suspects.twisted if taken else ()
        any_suspect = bool(suspects.opted_out or suspects.twisted or suspects.consent)
        self._doubted = suspects if accepted.opted_out is None and any_suspect else None

    @property
    def is_doubtful(self) -> bool:
        """Whether a column that the template does not name may say something against a call."""
        return self._doubted is not None

    def refusal(self, row: Row, number: int) -> NoConsent | ConsentRefused | OptedOut | None:
        """Returns why a row must not be called on this number; None when it may be."""
        if self._consent is not None and self._said(row, self._consent) not in _YES:
            return NoConsent(self._header[self._consent], shown(row.cells[self._consent]))
        if (out := self._opted_out_by(row)) is not None:
            return OptedOut(self._header[out], shown(row.cells[out]))
        if other := self._refused.get(number):
            return ConsentRefused(other)
        return None

    def note_suspects(self, findings: Findings) -> None:
        """Notes what columns that the template does not name say against a call."""
        if self._doubted is None:
            return
        for index in self._doubted.opted_out:
            if self._said(findings.row, index) in _OUT:
                findings.note(NoteKind.OPTED_OUT, index, "the column may say who is not to be called")
        for index in self._doubted.twisted:
            if self._said(findings.row, index) is not Said.NOTHING:
                findings.note(NoteKind.OPTED_OUT, index, "the column may say who is not to be called, or who is")
        for index in self._doubted.consent:
            if self._said(findings.row, index) in _NO:
                findings.note(NoteKind.OPTED_OUT, index, "the column may say who has agreed to be called, and says no")

    def note_refusal(self, row: Row, called: Mapping[int, int]) -> None:
        """Records the numbers for which a row refuses calls, and its words that are not known.

        Raises:
            SheetError: one of them is among the numbers `called` that passed before.
        """
        self._count_unclear(row)
        for number in self.refused_by(row):
            if number in called and number not in self._refused:
                raise SheetError(
                    f"row {row.number} says no for a number that an earlier row says yes for, and did not when the "
                    "sheet was first read: it was changed meanwhile; start again once nobody is writing to it"
                )
            self._refused.setdefault(number, row.number)

    def refused_by(self, row: Row) -> list[int]:
        """Numbers that this row refuses calls to: all that it has, whichever would be called."""
        whole = row.damage is None or self._columns.completed(row, read=self._read).damage is None
        if not whole or not self._refuses(row):
            return []
        return [int(line_of(phone)[1:]) for phone in self._numbers.every(row)]

    def _opted_out_by(self, row: Row) -> int | None:
        """The index of the first cell that says that the person is not to be called."""
        for index in self._opted_out:
            if self._is_out(row, index):
                return index
        for index in self._refusing:
            if self._said(row, index) in _NO:
                return index
        return next((index for index in self._twisted if self._said(row, index) is not Said.NOTHING), None)

    def _refuses(self, row: Row) -> bool:
        if self._consent is not None and (
            self._said(row, self._consent) in _NO or mark_of(row, self._consent) in _HELD
        ):
            return True
        if any(self._said(row, index) in _NO for index in self._refusing):
            return True
        return any(self._said(row, index) in _KNOWN_OUT or mark_of(row, index) in _HELD for index in self._opted_out)

    def _is_out(self, row: Row, index: int) -> bool:
        return self._said(row, index) in _OUT or mark_of(row, index) in _HELD

    def _is_unknown(self, row: Row, index: int) -> bool:
        return self._said(row, index) is Said.UNKNOWN and mark_of(row, index) not in _HELD

    def _count_unclear(self, row: Row) -> None:
        # Where only one answer keeps a person from being called, a word counts for a no until its owner has said more.
        columns = self._opted_out if self._consent is None else (self._consent, *self._opted_out)
        for index in columns:
            if self._is_unknown(row, index):
                self._unclear[self._header[index], shown(row.cells[index].strip())] += 1

    def _said(self, row: Row, index: int) -> Said:
        return said_by(row.cells[index], self._words)
