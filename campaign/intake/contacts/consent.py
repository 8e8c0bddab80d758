"""Consent: requires a clear yes in the row, and no refusal for the same number in any other row.

A refusal may be a million rows below the yes. So a sheet with a consent column is read twice: the first time only for
the numbers of the rows that say no. What the second reading finds must fit the first, or the sheet has been changed.
"""

from collections.abc import Iterable, Mapping

from campaign.config.template import Template
from campaign.domain.errors import SheetError
from campaign.domain.model import Mark, Row
from campaign.domain.phone_line import line_of
from campaign.domain.skip_reason import ConsentRefused, NoConsent
from campaign.intake.contacts.columns import Columns, plain
from campaign.intake.contacts.findings import mark_of, shown
from campaign.intake.contacts.phone_columns import Numbers

CONSENT = frozenset({"yes", "y", "true", "1", "x", "ja", "oui", "si", "sí"})
"""What a consent cell must say for the row to be called, in any case. Anything else is no."""


def refusals(rows: Iterable[Row], columns: Columns, template: Template) -> dict[int, int]:
    """Reads the sheet a first time: digits of the line -> number of the first row that refuses consent for them.

    An empty consent cell keeps its own row from being called, and says nothing of others. Damaged rows are ignored.
    """
    if columns.consent is None:
        return {}
    consent, found = Consent(columns, Numbers(columns, template.phone), {}), dict[int, int]()
    for row in rows:
        for number in consent.refused_by(row):
            found.setdefault(number, row.number)
    return found


class Consent:
    """Consent check of one sheet's rows.

    Args:
        columns: with the consent column, if there is one.
        numbers: reads the numbers that the consent is for.
        refused: from the first reading.
    """

    def __init__(self, columns: Columns, numbers: Numbers, refused: Mapping[int, int]) -> None:
        self._index, self._header = columns.consent, columns.header
        self._numbers = numbers
        self._refused = dict(refused)

    def refusal(self, row: Row, number: int) -> NoConsent | ConsentRefused | None:
        """Returns why a row must not be called on this number; None when it may be."""
        if self._index is None:
            return None
        said = row.cells[self._index]
        if plain(said) not in CONSENT:
            return NoConsent(self._header[self._index], shown(said))
        if other := self._refused.get(number):
            return ConsentRefused(other)
        return None

    def note_refusal(self, row: Row, called: Mapping[int, int]) -> None:
        """Records the numbers for which a row refuses consent.

        Raises:
            SheetError: one of them is among the numbers `called` that passed before.
        """
        for number in self.refused_by(row):
            if number in called and number not in self._refused:
                raise SheetError(
                    f"row {row.number} says no for a number that an earlier row says yes for, and did not when the "
                    "sheet was first read: it was changed meanwhile; start again once nobody is writing to it"
                )
            self._refused.setdefault(number, row.number)

    def refused_by(self, row: Row) -> list[int]:
        """Numbers that this row refuses consent for: all that it has, whichever would be called."""
        if self._index is None or row.damage is not None:
            return []
        said = plain(row.cells[self._index])
        silent = not said and mark_of(row, self._index) not in (Mark.ERROR, Mark.UNCALCULATED)
        if silent or said in CONSENT:
            return []
        return [int(line_of(phone)[1:]) for phone in self._numbers.every(row)]
