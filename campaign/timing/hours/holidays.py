"""Public holidays by country, from the `holidays` library, an optional extra that few campaigns need."""

import importlib
from datetime import date

from campaign.domain.errors import UsageError
from campaign.timing.hours.hours import IsHoliday


def public_holidays(country: str, *, subdivision: str | None = None) -> IsHoliday:
    """A function that names a date's holiday, or gives None. Call this once: two functions never compare equal.

    Args:
        country: two letters, `US`.
        subdivision: its part, as that library calls it: `TX` of US, `BY` of DE.

    Raises:
        UsageError: the library is not installed, or does not know the country or its part.
    """
    try:
        # It is optional, and takes a quarter of a second to import.
        holidays = importlib.import_module("holidays")
    except ImportError:
        raise UsageError(
            'public holidays need the library "holidays"; install this program with its extra of that name, '
            "or list the dates to skip"
        ) from None
    try:
        calendar = holidays.country_holidays(country, subdiv=subdivision, language="en_US")
    except NotImplementedError:
        shown = country if subdivision is None else f"{country}-{subdivision}"
        raise UsageError(f"no public holidays are known for {shown!r}; write a country's two letters") from None

    def name_of(day: date) -> str | None:
        found = calendar.get(day)
        return None if found is None else str(found)

    return name_of
