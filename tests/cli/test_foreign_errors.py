"""A database's own words, with statements and people's numbers in them, never reach a screen, a log or a script."""

import inspect
import os
import sqlite3
from collections.abc import Iterator
from typing import Never

import pytest
from sqlalchemy import exc

import campaign
from campaign.domain.errors import CampaignError, LedgerError
from tests.cli.conftest import Desk

STATEMENT, NUMBER = "SELECT name FROM sheet_row WHERE phone = ?", "+12125550117"


def every_error() -> Iterator[Exception]:
    """One of each kind that SQLAlchemy raises, as it raises it: with statement, parameters, and the driver's error."""
    for kind in vars(exc).values():
        if not inspect.isclass(kind) or not issubclass(kind, exc.SQLAlchemyError) or issubclass(kind, Warning):
            continue
        if issubclass(kind, exc.StatementError):
            yield kind(f"Key (phone)=({NUMBER}) exists", STATEMENT, (NUMBER,), sqlite3.OperationalError(NUMBER))
        else:
            # Each has arguments of its own; what all have is a text.
            error = kind.__new__(kind)
            error.args = (f"{STATEMENT} {NUMBER}",)
            yield error
    yield sqlite3.OperationalError(f"near {NUMBER}")


ERRORS = list(every_error())


def test_the_kinds_are_all_of_them() -> None:
    assert len(ERRORS) > 30
    assert "[SQL: " in str(next(error for error in ERRORS if isinstance(error, exc.DBAPIError)))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_of_the_database_ends_in_one_line_without_its_words(desk: Desk, error: Exception) -> None:
    """Whichever way it came through all that should have mapped it: here from a clock, where nobody expects it."""

    def fail() -> Never:
        raise error

    desk.now = fail
    ended = desk("suppress", "add", NUMBER)
    assert ended.code == 5
    assert ended.err.startswith("campaign: the ledger failed: ")
    assert ended.err.count("\n") == 1
    assert NUMBER not in ended.err
    assert "SELECT" not in ended.err


@pytest.mark.skipif(os.name != "posix", reason="elsewhere an open file cannot be cut off")
@pytest.mark.parametrize("keep", [0, 0.5])
def test_a_log_that_was_cut_off_is_told_in_one_line(desk: Desk, keep: float) -> None:
    """To who reads while somebody else has the ledger open, on the command line and in Python."""
    ran = desk("run", desk.people(10), "-t", desk.template(), "--sandbox", "--yes", "-q", "--rate", "100")
    assert ran.code == 0, ran.err
    home = desk.folder / "home"
    with sqlite3.connect(home / "ledger.db") as holder:
        holder.execute("UPDATE sheet_row SET cells = cells || hex(zeroblob(5000))").close()
        holder.commit()
        log = home / "ledger.db-wal"
        os.truncate(log, int(log.stat().st_size * keep))
        ended = desk("status")
        assert ended.code == 5
        assert ended.err.startswith(f"campaign: {home / 'ledger.db'}")
        assert ended.err.count("\n") == 1
        assert "SELECT" not in ended.err
        with pytest.raises(CampaignError) as raised:
            campaign.status()
        assert isinstance(raised.value, LedgerError)
        assert "SELECT" not in str(raised.value)
