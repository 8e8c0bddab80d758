"""Every named rule, broken on each database by plain SQL: it is refused, by that rule and under its own name."""

from collections.abc import Iterator
from itertools import product

import psycopg
import pytest
from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import DBAPIError, IntegrityError

from campaign.domain.skip_reason import SkipReason
from campaign.ledger.schema.outcome_tables import call_outcome
from campaign.ledger.schema.tables import sheet_row
from tests.ledger.schema.breaches import BREACHES, FURTHER_BREACHES, SEED, named_rules
from tests.ledger.schema.databases import make_from_files


@pytest.fixture
def seeded(empty: Engine) -> Iterator[Connection]:
    """A small ledger, in a transaction that is taken back."""
    with empty.connect() as connection:
        make_from_files(connection)
        for statement in SEED.split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
        yield connection


def test_no_rule_is_without_a_statement_that_breaks_it() -> None:
    assert set(BREACHES) == named_rules()


def test_what_breaks_a_rule_is_refused(seeded: Connection) -> None:
    """Whatever the program's code does: on both databases, as an error of integrity."""
    every = [*sorted(BREACHES.items()), *FURTHER_BREACHES]
    passed = {breach: why for rule, breach in every if (why := why_not_refused(seeded, breach, rule=rule))}
    assert not passed


def why_not_refused(connection: Connection, breach: str, *, rule: str) -> str:
    """What is wrong with the end of the statement; empty where that rule refuses it. Nothing stays changed."""
    attempt = connection.begin_nested()
    try:
        connection.exec_driver_sql(breach)
    except IntegrityError as refused:
        if isinstance(refused.orig, psycopg.Error):
            diagnosis = refused.orig.diag
            by_rule = (diagnosis.sqlstate or "").startswith("23") and diagnosis.constraint_name == rule
        else:
            by_rule = "CHECK" not in str(refused.orig) or str(refused.orig).endswith(f": {rule}")
        return "" if by_rule else f"refused, but not by {rule}: {refused.orig}"
    except DBAPIError as error:
        return f"no error of integrity: {error.orig}"
    else:
        return f"not refused by {rule}"
    finally:
        attempt.rollback()


def test_a_row_whose_call_reached_nobody_may_leave_created(seeded: Connection) -> None:
    """The rules let pass what they should: a database that refuses everything would pass the test above."""
    seeded.exec_driver_sql("UPDATE sheet_row SET state = 'pending', call_id = NULL WHERE id = 3")
    seeded.exec_driver_sql("UPDATE sheet_row SET state = 'sending', attempts = 1 WHERE id = 1")
    seeded.exec_driver_sql("UPDATE suppression SET removed_at = '2027', removed_reason = '' WHERE id = 1")
    seeded.exec_driver_sql("UPDATE firing SET seen_at = '2027' WHERE id = 1")
    seeded.exec_driver_sql("UPDATE call_outcome SET looks = 2")
    assert seeded.exec_driver_sql("SELECT state FROM sheet_row WHERE id IN (1, 3) ORDER BY id").all() == [
        ("sending",),
        ("pending",),
    ]


def test_a_row_may_be_skipped_for_each_reason_that_there_is(seeded: Connection) -> None:
    """The files do not repeat the list of them: a new one is a line of the enum and no schema."""
    row = {"run_id": 1, "state": "skipped", "cells": "[]"}
    rows = [
        row | {"id": 20 + at, "number": at, "key": each.value, "skip_reason": each.value}
        for at, each in enumerate(SkipReason)
    ]
    seeded.execute(insert(sheet_row), rows)
    assert seeded.exec_driver_sql("SELECT count(*) FROM sheet_row WHERE state = 'skipped'").scalar() == len(SkipReason)


def test_a_created_row_is_called_again_only_after_a_call_that_reached_nobody(seeded: Connection) -> None:
    """All statuses with all codes: what is not known to leave room leaves none."""
    statuses = ("busy", "noAnswer", "failed", "cancelled", "canceled", "completed", "ringing")
    codes = (None, "VOICEMAIL_DETECTED", "IVR_DETECTED", "CALL_LATER", "ENDED_NORMALLY", "DO_NOT_CALL", "NEW")
    found = {(status, code) for status, code in product(statuses, codes) if leaves_room(seeded, status, code=code)}
    silent = {(status, None) for status in ("busy", "noAnswer", "cancelled", "canceled")}
    reached_nobody = product(set(statuses) - {"failed", "ringing"}, codes[1:4])
    assert found == silent | set(reached_nobody)


def leaves_room(connection: Connection, status: str, *, code: str | None) -> bool:
    """Whether row 7 may leave `created` when its call was of that status and code; nothing stays changed."""
    final = None if status == "ringing" else "2026"
    attempt = connection.begin_nested()
    try:
        connection.execute(
            insert(call_outcome).values(
                call_id="c7",
                row_id=7,
                attempt=1,
                run_id=1,
                status=status,
                status_code=code,
                final_since=final,
                looks=1,
                looked_at="2026",
                look_at="2027",
            )
        )
        connection.exec_driver_sql("UPDATE sheet_row SET state = 'pending', call_id = NULL WHERE id = 7")
    except IntegrityError:
        return False
    else:
        return True
    finally:
        attempt.rollback()


@pytest.mark.parametrize("table", ["event", "call_outcome", "suppression", "firing", "act"])
def test_what_cannot_be_deleted_cannot_be_emptied_either(seeded: Connection, table: str) -> None:
    """PostgreSQL's TRUNCATE is no DELETE, and passes by triggers for rows."""
    empties = "DELETE FROM" if seeded.dialect.name == "sqlite" else "TRUNCATE"
    with pytest.raises(IntegrityError):
        seeded.exec_driver_sql(f"{empties} {table}")


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("change", "passes"),
    [
        ("UPDATE event SET why = NULL", True),
        ("UPDATE event SET at = '2027'", False),
        ("UPDATE event SET row_id = 1, why = NULL", False),
    ],
)
def test_forgetting_changes_what_an_event_quotes_and_nothing_else(
    seeded: Connection, change: str, *, passes: bool
) -> None:
    seeded.exec_driver_sql("SET LOCAL campaign.forgetting = 'on'")
    if passes:
        seeded.exec_driver_sql(change)
        assert seeded.exec_driver_sql("SELECT why FROM event").scalars().all() == [None]
    else:
        with pytest.raises(IntegrityError, match="append-only"):
            seeded.exec_driver_sql(change)
