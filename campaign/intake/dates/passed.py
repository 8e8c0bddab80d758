"""Passed days: an appointment that lies before now, of which nobody may be reminded without a word of the owner.

2026-11-20, %A, %B %-d, on 29 November   ->  asked about: last week's sheet, or a day that was mistyped
"Visited on", "Due date", birthdays      ->  lie before now by what they are, and are not asked about
"""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaign.domain.model import Contact, Row
from campaign.intake.dates.spoken import DateReader
from campaign.timing.zones.recipient_zone import ZoneFault, zones_of_person

# Beginnings of words that say of a date that it may have passed.
_OF_THE_PAST = re.compile(
    r"\b(?:birth|dob\b|born|geb(?:urt|oren|\.)|naissance|né\b|née\b|nacim|nascit|nascim|geboorte|urodz|doğum|рожд|народж"
    r"|anniver|since|seit|depuis|desde|sinds|last|letzt|derni|[uú]ltim|laatst|ostatn|son\b|послед|visited|besucht"
    r"|due\b|overdue|f[aä]llig|[eé]ch[eé]an|venc|scaden|verval|invoice|rechnung|factur|fattur|faktur|order|bestell"
    r"|purchas|bought|kauf|achat|compra|issued|created|erstellt|cr[eé]é|sent\b|paid|bezahlt|pay[eé]|pagad|joined|signed"
    r"|signup|regist|added|expired|abgelaufen|discharg|entlass|complet|deliver|geliefert|shipped|missed|vers[aä]umt"
    r"|called|contacted|modified|updated|exported|生年|誕生|생년|출생)"
    r"|生年月日|誕生日|생년월일",
    re.IGNORECASE,
)
_EAST, _WEST = timedelta(hours=14), timedelta(hours=12)
"""How far the clocks of the earth are from UTC."""


class PassedDays:
    """Finds in the rows of one sheet days and times of variables that lie before now, on the person's clock.

    Args:
        readers: (index of the column, reader) of the variables that may be asked about.
        now: aware.
    """

    def __init__(self, readers: Sequence[tuple[int, DateReader]], *, now: datetime) -> None:
        self._readers, self._now = readers, now
        self._utc = now.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    def first(self, contact: Contact, row: Row) -> int | None:
        """The index of the first cell that has passed; None for none."""
        return next((index for index, reader in self._readers if self._has(contact, reader, row.cells[index])), None)

    def _has(self, contact: Contact, reader: DateReader, cell: str) -> bool:
        moment = reader.moment(cell)
        if moment is None or moment.day is None:
            return False
        # A day has passed at its end; so has one whose time is not spoken.
        clock = moment.clock if moment.clock is not None and reader.says_clock else time.max
        ends = datetime.combine(moment.day, clock)
        if ends >= self._utc + _EAST:
            return False
        return ends < self._utc - _WEST or all(ends < here for here in self._clocks(contact))

    def _clocks(self, contact: Contact) -> list[datetime]:
        """What the clocks say where the person may be; everywhere, where that is not known."""
        zones = contact.zones or zones_of_person(contact.phone)
        if isinstance(zones, ZoneFault):
            return [self._utc - _WEST]
        return [self._now.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for zone in zones]


def may_pass(key: str, column: str) -> bool:
    """Whether a variable's day is one that people are told of before it comes: not one of the past by its name."""
    return _OF_THE_PAST.search(f"{key.replace('_', ' ')} {column.replace('_', ' ')}") is None
