"""Screening: each row becomes a contact, is invalid with all of its problems, or is skipped with a reason.

    Row -> name, number, email, variables, each as plain text or with problems and notes
        -> Invalid | Skip: no consent, a duplicate | Contact

What comes out as a contact can always be written as a request: no half characters, a name that is not empty, E.164.
"""

from collections.abc import Iterable, Iterator, Mapping, Set as AbstractSet
from datetime import datetime
from itertools import chain
from types import MappingProxyType

from campaign.config.template import Template
from campaign.domain.cures import Cure, CureCode
from campaign.domain.cures.notes import NoteKind
from campaign.domain.errors import SheetError
from campaign.domain.model import Contact, Invalid, Problem, Readable, Row, Screened, Skip
from campaign.domain.phone_line import BEGINNINGS, line_of, other_spelling
from campaign.domain.skip_reason import Duplicate, LeftOut, Marked, Passed, Skipped
from campaign.intake.contacts.call_time import NO_TIME, CallTimes
from campaign.intake.contacts.columns import Columns, Variable, plain
from campaign.intake.contacts.consent import Consent, Unclear, asks
from campaign.intake.contacts.email_address import read_email
from campaign.intake.contacts.findings import ALL_ACCEPTED, Accepted, Findings, shown
from campaign.intake.contacts.footer import Footer, is_total
from campaign.intake.contacts.name_order import NameOrder
from campaign.intake.contacts.phone_columns import Numbers
from campaign.intake.contacts.placeholders import fields_of
from campaign.intake.contacts.spoken_text import CellFault, DoubtfulText, ValueReader, read_name
from campaign.intake.dates.passed import PassedDays, may_pass
from campaign.intake.dates.spoken import DateReader
from campaign.intake.files.own_results import CORRECT_ROW
from campaign.intake.opt_outs.remarks import Remarks

_CURES: Mapping[Readable | None, Cure | str] = {
    None: CORRECT_ROW,
    "short_rows": Cure(CureCode.CORRECT_OR_READ_SHORT),
    "line_breaks": Cure(CureCode.CORRECT_OR_READ_LINES),
}
_NONE_REFUSED: Mapping[int, int] = MappingProxyType({})
_NAME_BITS = 28  # row and name together stay as small as a whole number can be; of 268 million pairs one looks equal
_NAME_MASK = (1 << _NAME_BITS) - 1


def screen(  # noqa: PLR0913 - what decides on a row
    rows: Iterable[Row],
    columns: Columns,
    template: Template,
    *,
    refused: Mapping[int, int] = _NONE_REFUSED,
    accepted: Accepted = ALL_ACCEPTED,
    times: CallTimes | None = None,
    unclear: Unclear | None = None,
    notices: list[str] | None = None,
    now: datetime | None = None,
    left_out: AbstractSet[int] = frozenset(),
) -> Iterator[Screened]:
    """Screens the rows, and yields the verdict on each, in order.

    A number whose line an earlier row of this sheet calls is a duplicate. Rows that are not called do not count.

    Args:
        rows: of the sheet, in order.
        columns: the template's columns in them.
        template: the rules.
        refused: lines for which some row refuses consent, from `consent.refusals`.
        accepted: which doubtful numbers are called.
        times: reads zones and times; None where the template does not need them.
        unclear: counts words of consent that say neither yes nor no.
        notices: takes a line on each variable whose dates are spoken as they stand, once all rows are read.
        now: aware; which days have passed by then is noted. None for not asking that.
        left_out: numbers of rows that their owner does not want to be called.

    Raises:
        SheetError: while iterating: a row refuses consent for a number that is not in `refused` and passed before.
    """
    screener = _Screener(
        columns,
        template,
        refused=refused,
        accepted=accepted,
        times=times,
        unclear=unclear,
        now=now,
        left_out=left_out,
    )
    return chain(map(screener.screened, rows), screener.told(notices))


class _Screener:
    def __init__(
        self,
        columns: Columns,
        template: Template,
        *,
        refused: Mapping[int, int],
        accepted: Accepted,
        times: CallTimes | None,
        unclear: Unclear | None,
        now: datetime | None,
        left_out: AbstractSet[int],
    ) -> None:
        self._left_out = left_out
        self._findings, self._email = Findings(columns.header), columns.email
        self._columns, self._header, self._phones = columns, columns.header, columns.phones
        self._names = columns.names or (columns.name,)
        self._numbers = Numbers(columns, template.phone, accepted=accepted)
        self._consent = Consent(columns, self._numbers, refused, accepted=accepted, unclear=unclear)
        self._asked, self._marked = asks(columns, accepted=accepted), accepted.marked
        self._suspected, self._read = self._consent.is_doubtful, accepted.read
        self._remarks, self._footer = Remarks(columns), Footer(columns.phones)
        self._order = NameOrder(turned=columns.last_name_first, accepted=accepted)
        self._times = times
        self._fields = fields_of([*columns.header, *template.variables])
        self._language, self._date_order = template.language, accepted.date_order
        self._variables = tuple(self._sources(columns))
        self._now, self._past = now, accepted.past
        self._passed = None if now is None or accepted.past == "call" else self._passing(now)
        self._called: dict[int, int] = {}  # digits of a line -> row, whether it spells it so, part of its name's hash

    def _sources(self, columns: Columns) -> Iterator[tuple[str, int, str, ValueReader | DateReader, bool]]:
        for one in columns.variables:
            index = -1 if one.index is None else one.index
            yield one.key, index, one.value, self._reader(one, columns.header[index]), not one.optional

    def _reader(self, one: Variable, column: str) -> ValueReader | DateReader:
        if one.format is None:
            return ValueReader(one.key, column, optional=one.optional, fields=self._fields)
        return DateReader(one.key, one.format, optional=one.optional, language=self._language, order=self._date_order)

    def _passing(self, now: datetime) -> PassedDays | None:
        """Finds days that have passed; None where no variable speaks of such as may."""
        readers = [
            (index, reader)
            for key, index, _, reader, _ in self._variables
            if isinstance(reader, DateReader) and reader.says_day and may_pass(key, self._header[index])
        ]
        return PassedDays(readers, now=now) if readers else None

    def told(self, notices: list[str] | None) -> Iterator[Screened]:
        """Yields no row: what there is to say of all of them is known once they are read."""
        if notices is not None:
            notices += self.notices()
        yield from ()

    def notices(self) -> Iterator[str]:
        """Yields a line on each variable whose dates are spoken as they stand, or without a part of them."""
        for key, index, _, reader, _ in self._variables:
            column = repr(self._header[index])
            if isinstance(reader, ValueReader) and reader.iso_date:
                yield (
                    f"dates of {column} are spoken as they stand, {reader.iso_date}: "
                    "a format of the variable in the template says them in words"
                )
                if self._has_passed(reader.earliest) and may_pass(key, self._header[index]):
                    yield f"days of {column} have passed, {reader.earliest} for one"
            if isinstance(reader, DateReader):
                yield from (
                    f"{column} has {what} ({shown(cell)!r} for one), and the format of {key!r} does not speak them"
                    for what, cell in self._unsaid(reader, index)
                )

    def _has_passed(self, written: str) -> bool:
        # No word is asked for here, so the clock of the person who looks is near enough.
        return self._now is not None and written[:10] < f"{self._now.astimezone():%Y-%m-%d}"

    def _unsaid(self, reader: DateReader, index: int) -> Iterator[tuple[str, str]]:
        """What no variable of the column speaks, and the first cell with it."""
        beside = [one for _, at, _, one, _ in self._variables if at == index and isinstance(one, DateReader)]
        if reader.unsaid_clock and not any(one.says_clock for one in beside):
            yield "times of day", reader.unsaid_clock
        if reader.unsaid_day and not any(one.says_day for one in beside):
            yield "days", reader.unsaid_day

    def screened(self, row: Row) -> Screened:
        if row.damage is not None:
            row = self._columns.completed(row, read=self._read)
            if row.damage is not None:
                line = self._footer.problem(row)
                return Screened(row, self._damaged(row) if line is None else Invalid((line,)))
        if self._asked:
            self._consent.note_refusal(row, self._called)
        findings = self._findings.of(row)
        name = self._name(findings)
        if "," in name:
            name = self._order.spoken(name, self._names[0], findings)
        phone = self._numbers.called(findings)
        email = None if self._email is None else read_email(self._email, findings)
        variables = self._values(findings)
        when = NO_TIME if self._times is None or not phone else self._times.of(findings, phone)
        if findings.problems:
            self._refuse_second_header(row)
            if (line := self._footer.problem(row)) is not None:
                return Screened(row, Invalid((line,)))
            return Screened(row, Invalid(tuple(findings.problems)))
        contact = Contact(row.number, name, phone, email, variables, *when)
        if (why := self._not_called(contact, row)) is not None:
            return Screened(row, Skip(contact, why))
        if self._suspected:
            self._consent.note_suspects(findings)
        return Screened(row, contact, tuple(findings.notes)) if findings.notes else Screened(row, contact)

    def _damaged(self, row: Row) -> Invalid:
        # Its cells may be in the wrong columns, so they are not read.
        cure = _CURES[self._columns.readable(row)]
        return Invalid((Problem(row.number, "", "", row.damage or "", cure, row.line),))

    def _refuse_second_header(self, row: Row) -> None:
        """Refuses the header of another table, in another order: the cells below it belong to other columns."""
        names = {plain(name): index for index, name in enumerate(self._header) if plain(name)}
        here = [(index, names[plain(cell)]) for index, cell in enumerate(row.cells) if plain(cell) in names]
        filled = sum(bool(plain(cell)) for cell in row.cells)
        phone = any(index in self._phones or place in self._phones for index, place in here)
        # Values can be like names: a column called 1, and a 1 below another.
        if phone and len(here) > 1 and 2 * len(here) > filled and any(index != place for index, place in here):
            raise SheetError(
                f"row {row.number} names the columns in another order than the header: "
                "what stands below it is another table; save that one as a sheet of its own"
            )

    def _not_called(self, contact: Contact, row: Row) -> Skipped | None:
        if row.number in self._left_out:
            return LeftOut()
        phone = contact.phone
        line = line_of(phone) if phone[:3] in BEGINNINGS else phone
        number = int(line[1:])
        if self._asked and (why := self._consent.refusal(row, number)) is not None:
            return why
        remarks = self._remarks
        # Most cells have been looked at before.
        seen = self._marked == "call" or remarks.clean.issuperset(remarks.looked_at(row.cells))
        if not seen and (found := remarks.in_cells(row.cells)) is not None:
            index, mark = found
            if self._marked == "skip":
                return Marked(self._header[index], mark)
            meant = (
                "be no person, but a line of totals" if is_total(mark) else "say that the person is not to be called"
            )
            self._findings.note(NoteKind.MARKED, index, f"{mark!r} may {meant}")
        if self._passed is not None and (at := self._passed.first(contact, row)) is not None:
            if self._past == "skip":
                return Passed(self._header[at], shown(row.cells[at]))
            self._findings.note(NoteKind.PAST, at, "it lies before now")
        name = hash(contact.name.casefold()) & _NAME_MASK
        mine = (row.number << 1 | (line == phone)) << _NAME_BITS | name
        first = self._called.setdefault(number, mine)
        if first == mine:
            return None
        return Duplicate(
            first >> _NAME_BITS + 1,
            same_name=(first ^ mine) & _NAME_MASK == 0,
            line=(other_spelling(phone) or "") if (first ^ mine) >> _NAME_BITS & 1 else "",
        )

    def _name(self, findings: Findings) -> str:
        if len(self._names) > 1:
            return self._joined_name(findings)
        [index] = self._names
        if findings.row.marks and findings.unread(index, required=True):
            return ""
        name = read_name(findings.row.cells[index], self._fields)
        return name if type(name) is str else _taken(name, index, findings)

    def _joined_name(self, findings: Findings) -> str:
        cells = findings.row.cells
        unread = [index for index in self._names if findings.unread(index, required=False)]
        if unread:
            return ""
        filled = [index for index in self._names if plain(cells[index])] or self._names[:1]
        read = read_name(" ".join(cells[index] for index in filled), self._fields)
        # The whole is judged, and its first part that would be refused by itself is named.
        faulty = (index for index in filled if isinstance(read_name(cells[index], self._fields), CellFault))
        return _taken(read, next(faulty, filled[0]), findings)

    def _values(self, findings: Findings) -> tuple[tuple[str, str], ...]:
        row, values = findings.row, list[tuple[str, str]]()
        for key, index, fixed, reader, required in self._variables:
            if index < 0:
                values.append((key, fixed))
                continue
            if row.marks and findings.unread(index, required=required):
                continue
            cell = row.cells[index]
            # Doctors and days come again and again.
            value = reader.known.get(cell) or reader.read(cell)
            if type(value) is not str:
                value = _taken(value, index, findings)
            if value:
                values.append((key, value))
        return tuple(values)


def _taken(read: str | DoubtfulText | CellFault, index: int, findings: Findings) -> str:
    if isinstance(read, str):
        return read
    if isinstance(read, CellFault):
        findings.problem(index, read.reason, read.cure)
        return ""
    for doubt in read.doubts:
        findings.note(read.kind, index, doubt)
    return read.text
