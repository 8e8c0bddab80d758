"""The rule of two spellings stands twice: for what is compared in the program, and as a column of the ledger."""

import pytest
from sqlalchemy import Connection

from campaign.domain.phone_line import SPELLINGS, line_of
from tests.ledger.schema.test_rules_of_both import seeded

__all__ = ["seeded"]

_RESTS = [start + "23456789012"[: one.digits - len(start)] for one in SPELLINGS for start in one.starts]
_NUMBERS = sorted(
    {spelling + rest for one in SPELLINGS for spelling in (one.before, one.after) for rest in _RESTS}
    | {one.before + start + "9" * size for one in SPELLINGS for start in one.starts for size in range(12)}
    | {"+12025550101", "+5511978123456", "#" + "0" * 64}
)


def test_the_database_computes_the_line_that_the_program_does(seeded: Connection) -> None:
    """Of every pair's beginnings and lengths, and of what only looks like one."""
    assert len(_NUMBERS) > 500
    for phone in _NUMBERS:
        seeded.exec_driver_sql(f"UPDATE attempt SET phone = '{phone}' WHERE row_id = 3")  # noqa: S608 - digits from here
        line = seeded.exec_driver_sql("SELECT line FROM attempt WHERE row_id = 3").scalar_one()
        assert line == line_of(phone), phone


@pytest.mark.parametrize("changes", ["line = '+12025550101'", "line = NULL"])
def test_nobody_writes_a_line(seeded: Connection, changes: str) -> None:
    with pytest.raises(Exception, match=r"(?i)generated|can only be updated to DEFAULT"):
        seeded.exec_driver_sql(f"UPDATE attempt SET {changes}")  # noqa: S608 - words from here
