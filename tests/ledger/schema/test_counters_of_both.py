"""What each database keeps beside the rows by triggers is what counting and seeking would find."""

from sqlalchemy import Connection, Engine

from tests.ledger.schema.databases import make_from_files

LOADED = """
INSERT INTO run (id, name, state, service, template_fingerprint, content_fingerprint, sheet, header, plan,
    results_path, created_at) VALUES (1, 'december', 'loading', 's', 't', 'c', 'x.csv', '[]', '{}', '', '2026');
INSERT INTO sheet_row (id, run_id, number, key, state, phone, contact, cells, skip_reason) VALUES
    (1, 1, 2, 'k1', 'pending', '+12025550101', '{}', '[]', NULL),
    (2, 1, 3, 'k2', 'pending', '+12025550102', '{}', '[]', NULL),
    (3, 1, 4, 'k3', 'pending', '+12025550103', '{}', '[]', NULL),
    (4, 1, 5, 'k4', 'pending', '+12025550104', '{}', '[]', NULL),
    (5, 1, 6, 'k5', 'skipped', '+12025550105', '{}', '[]', 'duplicate'),
    (6, 1, 7, 'k6', 'invalid', NULL, NULL, '[]', NULL)
"""
CALLED = """
INSERT INTO attempt (row_id, number, run_id, service, phone, owner, body_sha256, claimed_at, ended_at, outcome,
    call_id) VALUES
    (1, 1, 1, 's', '+12025550101', 'o', '', '2026', '2026', 'created', 'c-1'),
    (2, 1, 1, 's', '+12025550102', 'o', '', '2026', '2026', 'created', 'c-2');
INSERT INTO call_outcome (call_id, row_id, attempt, run_id, status, ended_as, final_since, looks, looked_at)
    VALUES ('c-1', 1, 1, 1, 'completed', 'ended_normally', '2026', 1, '2026')
"""
PUBLISHED = "UPDATE run SET state = 'ready'"
MOVES = (
    "UPDATE sheet_row SET state = 'sending', attempts = 1 WHERE id IN (1, 2)",
    "UPDATE sheet_row SET state = 'created', call_id = 'c-1' WHERE id = 1",
    "UPDATE sheet_row SET state = 'retry_wait' WHERE id = 2",
    "UPDATE sheet_row SET state = 'skipped', skip_reason = 'suppressed' WHERE id IN (2, 3)",
    "UPDATE sheet_row SET skip_reason = 'duplicate' WHERE id = 3",
    "UPDATE sheet_row SET state = 'skipped' WHERE id = 4",
    "UPDATE sheet_row SET reason = 'shortened'",
)
COUNTED = """
SELECT run_id, state, coalesce(skip_reason, ''), count(*) FROM sheet_row GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
KEPT = "SELECT run_id, state, skip_reason, rows FROM row_count WHERE rows > 0 ORDER BY 1, 2, 3"


def test_each_statement_that_moves_rows_is_counted(empty: Engine) -> None:
    """One row or several, to a state or with a code that no row had before; while a run is loaded, nothing is."""
    with empty.connect() as connection:
        _load(connection)
        assert not connection.exec_driver_sql(KEPT).all()
        for statement in (PUBLISHED, *MOVES):
            connection.exec_driver_sql(statement)
            assert connection.exec_driver_sql(KEPT).all() == connection.exec_driver_sql(COUNTED).all(), statement


def test_what_a_run_of_that_number_left_behind_is_not_counted(empty: Engine) -> None:
    """Only who goes past the rules leaves something: the next run of that number begins from nothing all the same."""
    with empty.connect() as connection:
        _load(connection)
        connection.exec_driver_sql(
            "INSERT INTO row_count VALUES (1, 'skipped', 'no_consent', 9), (1, 'unknown', '', 3)"
        )
        connection.exec_driver_sql(PUBLISHED)
        assert connection.exec_driver_sql(KEPT).all() == connection.exec_driver_sql(COUNTED).all()


def test_a_call_with_an_outcome_is_none_to_be_looked_at_first(empty: Engine) -> None:
    with empty.connect() as connection:
        _load(connection)
        for statement in (PUBLISHED, *MOVES[:3]):
            connection.exec_driver_sql(statement)
        for statement in CALLED.split(";\n"):
            connection.exec_driver_sql(statement)
        polled = "SELECT call_id, polled FROM attempt ORDER BY 1"
        assert connection.exec_driver_sql(polled).all() == [("c-1", 1), ("c-2", None)]


def _load(connection: Connection) -> None:
    make_from_files(connection)
    for statement in LOADED.split(";\n"):
        connection.exec_driver_sql(statement)
