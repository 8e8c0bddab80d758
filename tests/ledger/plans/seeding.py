"""A ledger with runs of any length, as if they had been dialled: written by a few statements of SQL, not by calls.

Of each 100 rows of a run 1 is rejected, 2 are invalid, 5 are skipped and the others created; of each 1,000 one is
unknown instead.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

_AREAS = "212,213,312,415,510,617,646,702,718,917,201,202,203,205,206,207,208,209,210,214,215,216,217,218"
_STATE = """CASE WHEN :waiting AND i % 16 = 3 THEN 'retry_wait' WHEN :waiting AND i % 4 = 3 THEN 'pending'
    WHEN i % 1000 = 1 THEN 'unknown' WHEN i % 100 = 0 THEN 'rejected' WHEN i % 100 IN (2, 3) THEN 'invalid'
    WHEN i % 100 BETWEEN 4 AND 8 THEN 'skipped' ELSE 'created' END"""
_SKIPPED = """CASE WHEN :waiting AND i % 4 = 3 THEN NULL
    WHEN i % 100 NOT BETWEEN 4 AND 8 THEN NULL WHEN i % 100 = 4 THEN 'duplicate'
    WHEN i % 100 = 5 THEN 'no_consent' WHEN i % 100 = 6 THEN 'suppressed' ELSE 'called_recently' END"""
# Numbers of 24 areas, each another within a run; they are never dialled.
_PHONE = "'+1' || (SELECT area FROM areas WHERE at = i / 50000) || printf('%03d%04d', 200 + i % 5, i / 5 % 10000)"
# Ten calls a second from the first of December on.
_AT = "strftime('%Y-%m-%dT%H:%M:%S', 1796115600 + i / 10, 'unixepoch') || printf('.%03dZ', i % 10 * 100 + {after})"
_SETUP: Sequence[str] = (
    "CREATE TEMP TABLE areas (at INTEGER PRIMARY KEY, area TEXT)",
    """CREATE TEMP TABLE seed AS
    WITH RECURSIVE counting(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counting WHERE i < :rows)
    SELECT i, :first + i AS id, {state} AS state, {skipped} AS skip_reason, {phone} AS phone FROM counting""",
)
_ROWS = """
INSERT INTO sheet_row (id, run_id, number, key, state, attempts, phone, contact, cells, reason, call_id, submitted_at,
    skip_reason)
SELECT id, :run, i + 10, 'key-' || :run || '-' || i, state, state IN ('created', 'rejected', 'unknown'),
    CASE WHEN state <> 'invalid' THEN phone END,
    CASE WHEN state <> 'invalid' THEN json_object('name', 'Ada Person ' || i, 'email', 'p' || i || '@example.com',
        'variables', json_array(json_array('day', 'Monday the ' || i), json_array('doctor', 'Dr. Stonebridge'))) END,
    json_array('Ada Person ' || i, CASE WHEN state = 'invalid' THEN '12' ELSE phone END,
        'p' || i || '@example.com', 'Monday the ' || i, 'Dr. Stonebridge', 'Lakeside',
        '120.50'),
    CASE state WHEN 'rejected' THEN '400: toPhoneNumber is not valid: ' || i % 7
        WHEN 'unknown' THEN 'the answer was lost: ReadError'
        WHEN 'invalid' THEN 'row ' || (i + 10) || ', column ''Phone'' (''12''): is too short; write the whole number'
        WHEN 'skipped' THEN CASE skip_reason WHEN 'duplicate' THEN 'duplicate of row ' || (i + 9)
            WHEN 'called_recently' THEN 'called recently: ' || {at} || ' by run december, row ' || i
            ELSE skip_reason END END,
    CASE WHEN state = 'created' THEN printf('%024x', id) END,
    CASE WHEN state IN ('created', 'rejected', 'unknown') THEN {at} END, skip_reason
FROM seed ORDER BY i
"""
_ATTEMPTS = """
INSERT INTO attempt (row_id, number, run_id, service, phone, owner, body_sha256, claimed_at, ended_at, outcome, status,
    call_id, evidence)
SELECT id, 1, :run, :service, phone, 'seed', printf('%064x', i), {at}, {after}, state,
    CASE state WHEN 'created' THEN 201 WHEN 'rejected' THEN 400 END,
    CASE WHEN state = 'created' THEN printf('%024x', id) END,
    CASE state WHEN 'unknown' THEN '{{"ended": "ReadError"}}' END
FROM seed WHERE state IN ('created', 'rejected', 'unknown') ORDER BY i
"""
_EVENTS = """
INSERT INTO event (row_id, attempt, at, owner, from_state, to_state, why)
SELECT id, 1, {at}, 'seed', 'pending', 'sending', NULL FROM seed WHERE state IN ('created', 'rejected', 'unknown')
UNION ALL SELECT id, 1, {after}, 'seed', 'sending', state, CASE state WHEN 'created' THEN NULL ELSE 'refused: ' || i END
FROM seed WHERE state IN ('created', 'rejected', 'unknown') ORDER BY 1
"""
_OUTCOMES = """
INSERT INTO call_outcome (call_id, row_id, attempt, run_id, status, ended_as, duration, recording_url, result_values,
    started_at, ended_at, final_since, looks, looked_at, look_at, again_at)
SELECT printf('%024x', id), id, 1, :run, CASE WHEN i % 5 = 0 THEN 'noAnswer' ELSE 'completed' END,
    CASE WHEN i % 5 = 0 THEN 'no_answer' ELSE 'ended_normally' END, i % 90, 'https://recordings.test/' || id,
    CASE WHEN i % 5 THEN json_array(json_array('Confirmed', CASE WHEN i % 2 THEN 'yes' ELSE 'no' END),
        json_array('Note', 'said ' || i)) END,
    {at}, {after}, {after}, 1, {after}, CASE WHEN i % 50 = 0 THEN {after} END, CASE WHEN i % 20 = 0 THEN {after} END
FROM seed WHERE state = 'created' ORDER BY i
"""
_TIMES = """
INSERT INTO timetable (row_id, run_id, number, place, due, asked)
SELECT id, :run, i + 10, 'UTC', CASE WHEN i % 8 = 3 THEN {at} END, i % 16 = 3 FROM seed
WHERE state IN ('pending', 'retry_wait') ORDER BY i
"""


def seed_rows(ledger: Path, *, run_id: int, rows: int, followed: bool = True, waiting: bool = False) -> None:
    """Adds so many rows to a run that is there, which begins with row 11 of its sheet.

    Args:
        ledger: the file; no process has it open.
        run_id: which run.
        rows: how many; at most 1,199,999.
        followed: whether the calls have outcomes.
        waiting: whether each fourth row waits, with an entry in the timetable.
    """
    with closing(sqlite3.connect(ledger, isolation_level=None)) as connection:
        for pragma in ("synchronous=OFF", "foreign_keys=ON", "cache_size=-200000", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}").close()
        connection.execute("BEGIN")
        connection.execute("UPDATE run SET state = 'loading' WHERE id = ?", (run_id,))
        first = connection.execute("SELECT ifnull(max(id), 0) FROM sheet_row").fetchone()[0]
        service = connection.execute("SELECT service FROM run WHERE id = ?", (run_id,)).fetchone()[0]
        given = {"rows": rows, "first": first, "run": run_id, "service": service, "waiting": waiting}
        parts = {"state": _STATE, "skipped": _SKIPPED, "phone": _PHONE}
        connection.execute(_SETUP[0])
        connection.executemany("INSERT INTO areas VALUES (?, ?)", enumerate(_AREAS.split(",")))
        connection.execute(_SETUP[1].format(**parts), given)
        for statement in (_ROWS, _ATTEMPTS, _EVENTS, _TIMES, *([_OUTCOMES] if followed else [])):
            connection.execute(statement.format(at=_AT.format(after=0), after=_AT.format(after=50)), given)
        # Rows of a published run change by moves alone; it is published once more, and counted.
        connection.execute("UPDATE run SET state = 'ready' WHERE id = ?", (run_id,))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
