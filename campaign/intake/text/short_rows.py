"""Short rows: those that lack only the empty cells at their end, as spreadsheet programs leave them out.

Name,Phone,Note    Bo Marek,+16505550112    ->  the note is empty: anywhere else a blank would move the number
Name,City,Note     Bo Marek,Albany          ->  not proved: Albany may be the note, and the city what is lacking
"""

import re
from collections.abc import Callable, Sequence

from campaign.intake.text.extra_field import is_phone, kind_of

_NUMBER = re.compile(r"[0-9](?:[ ().\-/]{0,2}[0-9]){6}")


def short_rows_of(header: Sequence[str]) -> Callable[[Sequence[str]], bool]:
    """Returns the check of a row with fewer fields than the header: whether it lacks fields at its end alone."""
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

    def lacks_its_end(cells: Sequence[str]) -> bool:
        count = len(cells)
        if not possible(cells, count, 0):
            return False
        return not any(possible(cells, place, by) for by in range(1, len(kinds) - count + 1) for place in range(count))

    return lacks_its_end
