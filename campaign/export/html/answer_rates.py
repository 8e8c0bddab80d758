"""Answer rates: share of calls picked up, by the hour and the time zone of the phone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from campaign.domain.result_row import ResultRow
from campaign.export.tally import outcome_of

ANSWERED = frozenset({"ended_normally", "answered", "do_not_call", "call_later"})
"""Outcomes in which a person was spoken to."""
SEVERAL = "several zones"

_NUMBERS_KEPT = 1_024  # of which the zones are: a number comes again soon or not at all, and a run has millions


@dataclass(slots=True)
class AnswerCounts:
    """Counts of calls with a known outcome.

    Attributes:
        calls: hour of the day where the phone is -> calls; those whose zone is not certain are left out.
        answered: likewise, those that a person answered.
        zone_calls: zone -> calls.
        zone_answered: likewise, those that a person answered.
    """

    calls: Counter[int] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    zone_calls: Counter[str] = field(default_factory=Counter)
    zone_answered: Counter[str] = field(default_factory=Counter)

    def add(self, row: ResultRow, *, columns: Sequence[str]) -> None:
        """Counts a row with a known outcome."""
        outcome, at = outcome_of(row, columns=columns), row.delayed_until or row.submitted_at
        if outcome is None or at is None or row.phone is None:
            return
        zones, answered = _zones_of(row.phone), outcome in ANSWERED
        local = {datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).replace(tzinfo=None) for zone in zones}
        # Names of one clock are one zone to the person there: what matters is what the clock says.
        zone = zones[0] if len(local) == 1 else SEVERAL
        self.zone_calls[zone] += 1
        self.zone_answered[zone] += answered
        if len(local) == 1:
            hour = local.pop().hour
            self.calls[hour] += 1
            self.answered[hour] += answered


@lru_cache(maxsize=_NUMBERS_KEPT)
def _zones_of(phone: str) -> tuple[str, ...]:
    from phonenumbers import parse, timezone  # noqa: PLC0415 - start-up: its table of zones is large

    found = timezone.time_zones_for_number(parse(phone))
    return tuple(zone for zone in found if _is_known(zone))


def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True
