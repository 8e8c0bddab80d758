"""Short rows: those that lack only the empty cells at their end, as spreadsheet programs leave them out.

Name,Phone,Note    Bo Marek,+16505550112    ->  the note is empty: anywhere else a blank would move the number
Name,City,Note     Bo Marek,Albany          ->  not proved: Albany may be the note, and the city what is lacking
"""

import re
from collections.abc import Callable, Sequence
from enum import Enum

from campaign.intake.text.extra_field import is_phone, kind_of


class Lacking(Enum):
    """What is known of a row with fewer fields than the header."""

    END = "only fields at its end are lacking"
    MAYBE_END = "its cells may stand where they belong, and others may be lacking as well"
    ELSEWHERE = "its cells stand in wrong columns"


_NUMBER = re.compile(r"[0-9](?:[ ().\-/]{0,2}[0-9]){6}")


def short_rows_of(header: Sequence[str]) -> Callable[[Sequence[str]], Lacking]:
    """Returns the check of a row with fewer fields than the header: which of them it lacks."""
    kinds = [kind_of(name) for name in header]

    def possible(cells: Sequence[str], moved: int, by: int) -> bool:
        """Whether each cell may stand in its column, if those from `moved` on belong so many columns further right."""
        for place, cell in enumerate(cells):
            if not cell.strip():
                continue
            kind = kinds[place + by if place >= moved else place]
            if kind is not None and not kind(cell):
                return False
            if kind is not is_phone and _NUMBER.search(cell):
                return False
        return True

    def lacking(cells: Sequence[str]) -> Lacking:
        count = len(cells)
        if not possible(cells, count, 0):
            return Lacking.ELSEWHERE
        moved = any(possible(cells, place, by) for by in range(1, len(kinds) - count + 1) for place in range(count))
        return Lacking.MAYBE_END if moved else Lacking.END

    return lacking
