"""Public holidays come from an optional library, and its absence is said and not passed over."""

import sys
from datetime import date

import pytest

from campaign.domain.errors import UsageError
from campaign.timing.hours.holidays import public_holidays


def test_a_missing_library_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it nobody would be spared on a holiday: a template that asks for it must not run."""
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(UsageError, match=r"install this program with its extra"):
        public_holidays("US")


def test_holidays_are_named() -> None:
    pytest.importorskip("holidays", reason="an optional library")
    name_of = public_holidays("US")
    assert name_of(date(2026, 12, 25)) == "Christmas Day"
    assert name_of(date(2026, 12, 22)) is None
    assert public_holidays("DE", subdivision="BY")(date(2027, 1, 6)) is not None
    assert public_holidays("DE")(date(2027, 1, 6)) is None


@pytest.mark.parametrize(("country", "part"), [("XX", None), ("US", "XX"), ("", None)])
def test_a_country_that_is_not_known_is_refused(country: str, part: str | None) -> None:
    pytest.importorskip("holidays", reason="an optional library")
    with pytest.raises(UsageError, match="no public holidays are known"):
        public_holidays(country, subdivision=part)
