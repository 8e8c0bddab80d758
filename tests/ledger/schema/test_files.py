"""The schema stands twice: in the files that make a database, and in the tables that statements are written with."""

import re
from importlib.resources import files

import pytest
from sqlalchemy import Engine, select

from campaign.ledger.schema.legal_moves import LEGAL_MOVES
from campaign.ledger.schema.rules import COUNTERS, TRIGGERS
from campaign.ledger.schema.tables import SCHEMA_VERSION, metadata, transition
from campaign.ledger.sqlite.scripts import STEPS
from tests.ledger.schema.databases import described, make_from_files, make_from_tables, triggers


def test_the_files_make_what_the_tables_say(empty: Engine) -> None:
    """Columns, types, NULL, keys, CHECKs, indexes with their conditions: by the database's own description of each."""
    with empty.connect() as connection:
        with connection.begin() as transaction:
            make_from_tables(connection)
            by_tables = described(connection)
            transaction.rollback()
        if empty.dialect.name == "sqlite":  # whose driver commits each table by itself
            metadata.drop_all(connection)
        make_from_files(connection)
        by_files = described(connection)
    assert len(by_tables) > len(metadata.tables) + 10
    assert by_files == by_tables


def test_both_databases_hold_the_same_rules_by_the_same_names(empty: Engine) -> None:
    with empty.connect() as connection:
        make_from_files(connection)
        assert triggers(connection) == {**TRIGGERS, **COUNTERS}


def test_the_files_hold_exactly_the_legal_moves(empty: Engine) -> None:
    with empty.connect() as connection:
        make_from_files(connection)
        held = connection.execute(select(transition)).all()
    assert sorted(map(tuple, held)) == sorted((before.value, after.value) for before, after in LEGAL_MOVES)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_each_database_has_the_whole_schema_of_this_version_and_steps_without_a_gap(database: str) -> None:
    """A version without a file is a ledger that nobody can make, or that nobody can bring up to date."""
    names = {path.name for path in (files(f"campaign.ledger.{database}") / "sql").iterdir()}
    assert f"{SCHEMA_VERSION:04}_schema.sql" in names
    steps = {int(found[1]) for name in names if (found := re.fullmatch(r"(\d{4})_to_(\d{4})\.sql", name))}
    assert steps == set(STEPS if database == "sqlite" else ())
    assert set(STEPS) == set(range(1, SCHEMA_VERSION))
    assert names == {f"{SCHEMA_VERSION:04}_schema.sql", *(f"{one:04}_to_{one + 1:04}.sql" for one in steps)}
