"""Spoken dates: reads the cells of a variable that has a format, and says each in the words of its language.

"2026-12-01 14:30", "%A, %B %-d at %-I:%M %p", en  ->  Tuesday, December 1 at 2:30 PM
"""

from datetime import date, time

from campaign.config.spoken_format import OF_CLOCK, OF_DAY, letters_of, pieces_of
from campaign.domain.cures.notes import NoteKind
from campaign.intake.contacts.spoken_text import CellFault, DoubtfulText
from campaign.intake.dates.calendar_names import names_in
from campaign.intake.dates.written import WRITE, DateOrder, DayAndClock, TwoDays, read_date

_MOST_KEPT = 1_000  # cells of a column; days of appointments come again and again
_NO_CLOCK = CellFault("a date without a time of day, and the template's format speaks one", WRITE)
_NO_DAY = CellFault("a time of day without a date, and the template's format speaks one", WRITE)


class SpokenDates:
    """Says dates and times in one format and language."""

    def __init__(self, written: str, *, language: str | None) -> None:
        self._names = names_in(language)
        self._pieces = pieces_of(written)
        letters = letters_of(written)
        self._needs_day, self._needs_clock = bool(letters & OF_DAY), bool(letters & OF_CLOCK)
        # A month beside its day has another form in some languages than one that stands alone.
        self._beside = "d" in letters

    @property
    def says_day(self) -> bool:
        """Whether the format speaks a day."""
        return self._needs_day

    @property
    def says_clock(self) -> bool:
        """Whether the format speaks a time of day."""
        return self._needs_clock

    def lacks(self, moment: DayAndClock) -> CellFault | None:
        """What the format speaks and the cell does not hold; None for nothing."""
        if self._needs_clock and moment.clock is None:
            return _NO_CLOCK
        return _NO_DAY if self._needs_day and moment.day is None else None

    def said(self, moment: DayAndClock) -> str:
        """The text of a moment that lacks nothing."""
        day, clock = moment.day or date.min, moment.clock or time.min
        return "".join(self._piece(directive, day, clock) if directive else text for directive, text in self._pieces)

    def _piece(self, directive: str, day: date, clock: time) -> str:
        letter = directive[-1]
        if letter in "Aa":
            return self._names.days["wide" if letter == "A" else "abbreviated"][day.weekday()]
        if letter in "Bb":
            return self._names.months["wide" if letter == "B" else "abbreviated", self._beside][day.month - 1]
        if letter == "p":
            return self._names.halves["am" if clock.hour < 12 else "pm"]  # noqa: PLR2004 - noon
        if letter == "Y":
            return str(day.year)
        hour = clock.hour % 12 or 12
        number = {"d": day.day, "m": day.month, "y": day.year % 100, "H": clock.hour, "I": hour, "M": clock.minute}
        return f"{number.get(letter, clock.second):{'' if directive.startswith('-') else '02'}}"


class DateReader:
    """Reads the cells of one variable with a format; stands where `spoken_text.ValueReader` stands for the others.

    Args:
        key: the variable's.
        written: the format in which its dates are said.
        optional: whether a row may have none.
        language: whose names of days and months are read, beside the English ones.
        order: of days and months in digits; None where nobody has said.

    Attributes:
        known: cells that came before -> what they are read as.
        unsaid_day, unsaid_clock: the first cell with a day, or a time of day, that the format does not speak; empty
            before there is one.
    """

    def __init__(
        self, key: str, written: str, *, optional: bool, language: str | None, order: DateOrder | None
    ) -> None:
        self._key, self._optional, self._order = key, optional, order
        self._spoken, self._names = SpokenDates(written, language=language), names_in(language)
        self.unsaid_day = self.unsaid_clock = ""
        self._moments: dict[str, DayAndClock | None] = {}
        self.known: dict[str, str | DoubtfulText | CellFault] = {}

    def read(self, cell: str) -> str | DoubtfulText | CellFault:
        """Reads the value as it is spoken; empty when it is optional and there is none."""
        if (known := self.known.get(cell)) is not None:
            return known
        read = self._read(cell)
        if len(self.known) < _MOST_KEPT:
            self.known[cell] = read
        return read

    def _read(self, cell: str) -> str | DoubtfulText | CellFault:
        if not cell.strip():
            cure = "fill it in, or make the variable optional"
            return "" if self._optional else CellFault(f"no value for the variable {self._key!r}", cure)
        moment = read_date(cell, names=self._names, order=self._order)
        if isinstance(moment, TwoDays):
            fault = self._spoken.lacks(moment.day_first)
            return fault or self._asked(cell, moment)
        if isinstance(moment, CellFault):
            return moment
        return self._spoken.lacks(moment) or self._judged(cell, moment)

    def moment(self, cell: str) -> DayAndClock | None:
        """The day and time that a cell means; None where it holds none, or may be two days."""
        if not cell.strip():
            return None
        if cell not in self._moments:
            if len(self._moments) >= _MOST_KEPT:
                self._moments.clear()
            read = read_date(cell, names=self._names, order=self._order)
            self._moments[cell] = read if isinstance(read, DayAndClock) else None
        return self._moments[cell]

    @property
    def says_day(self) -> bool:
        """Whether the format speaks a day."""
        return self._spoken.says_day

    @property
    def says_clock(self) -> bool:
        """Whether the format speaks a time of day."""
        return self._spoken.says_clock

    def _judged(self, cell: str, moment: DayAndClock) -> str | DoubtfulText:
        said = self._spoken.said(moment)
        if moment.day is not None and not self.says_day:
            self.unsaid_day = self.unsaid_day or cell
        if moment.clock not in (None, time.min) and not self.says_clock:
            self.unsaid_clock = self.unsaid_clock or cell
        if moment.clock == time.min and moment.day is not None and self.says_clock:
            return DoubtfulText(said, ("midnight, as programs write a day without a time",))
        return said

    def _asked(self, cell: str, moment: TwoDays) -> DoubtfulText:
        days = [self._spoken.said(each) for each in (moment.day_first, moment.month_first)]
        doubt = f"{days[0]!r} with the day first, {days[1]!r} with the month first"
        return DoubtfulText(" ".join(cell.split()), (doubt,), NoteKind.DATE_ORDER)
