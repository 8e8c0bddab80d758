"""Every rule of the checker is broken once, on purpose, in what a sound run left behind: a rule that sees nothing
protects nobody."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.soak.campaigner import Camp, camp, stand_in
from tests.soak.checking.checker import KEY, Evidence, Tally, check

# Every day the planted bugs show that it sees.
pytestmark = pytest.mark.nightly

_TALLY = Tally(max_in_flight=4)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Camp]:
    """A run with every state in it, that has ended well."""
    folder = tmp_path_factory.mktemp("sound")
    flags = ("--rate", "500", "--max-in-flight", "4", "--no-audit")
    with stand_in(folder, faults="reset_after=0.06,400=0.1", seed=4) as place, camp(folder, place, flags=flags) as made:
        made.prepare(rows=60)
        made.finish()
        yield made


@pytest.fixture
def evidence(sound: Camp, tmp_path: Path) -> Evidence:
    """A copy of it, to be tampered with."""
    folder = tmp_path / "copy"
    shutil.copytree(sound.folder, folder)
    found = sound.evidence(_TALLY, ended=True)
    return replace(
        found,
        folder=folder,
        home=folder / "home",
        sheet=folder / "sheet.csv",
        results=folder / "results.csv",
        truth=folder / "truth.jsonl",
        outputs=tuple(folder / output.name for output in found.outputs),
    )


def test_a_sound_run_breaks_no_rule(evidence: Evidence) -> None:
    states = {"created", "rejected", "unknown", "invalid", "skipped"}
    assert {row["state"] for row in _rows(evidence, "SELECT state FROM sheet_row")} == states
    assert check(evidence) == []


def _ring_again(evidence: Evidence) -> None:
    lines = evidence.truth.read_text().splitlines(keepends=True)
    evidence.truth.write_text("".join([*lines, lines[0]]))


def _ring_a_stranger(evidence: Evidence) -> None:
    first = evidence.truth.read_text().splitlines(keepends=True)[0]
    _add(evidence.truth, first.replace("+1201", "+1999"))


def _ring_a_rejected_row(evidence: Evidence) -> None:
    (row, *_) = _rows(evidence, "SELECT phone FROM sheet_row WHERE state = 'rejected'")
    first = evidence.truth.read_text().splitlines(keepends=True)[0]
    (other, *_) = _rows(evidence, "SELECT phone FROM sheet_row WHERE state = 'created'")
    _add(evidence.truth, first.replace(other["phone"], row["phone"]))


def _change_an_id(evidence: Evidence) -> None:
    _change(evidence, "UPDATE sheet_row SET call_id = 'another' WHERE number = 2")


def _forget_a_ring(evidence: Evidence) -> None:
    lines = evidence.truth.read_text().splitlines(keepends=True)
    (row, *_) = _rows(evidence, "SELECT phone FROM sheet_row WHERE state = 'created'")
    evidence.truth.write_text("".join(line for line in lines if row["phone"] not in line))


def _lose_a_row(evidence: Evidence) -> None:
    _change(evidence, "DELETE FROM sheet_row WHERE state = 'invalid'")


def _lose_a_line(evidence: Evidence) -> None:
    lines = evidence.results.read_bytes().splitlines(keepends=True)
    evidence.results.write_bytes(b"".join(lines[:-1]))


def _swap_two_lines(evidence: Evidence) -> None:
    lines = evidence.results.read_bytes().splitlines(keepends=True)
    evidence.results.write_bytes(b"".join([*lines[:-2], lines[-1], lines[-2]]))


def _double_a_line(evidence: Evidence) -> None:
    lines = evidence.results.read_bytes().splitlines(keepends=True)
    evidence.results.write_bytes(b"".join([*lines, lines[-1]]))


def _leave_a_row(evidence: Evidence) -> None:
    _change(evidence, "UPDATE sheet_row SET state = 'pending' WHERE state = 'rejected'")


def _give_an_id_twice(evidence: Evidence) -> None:
    ids = "(SELECT call_id FROM sheet_row WHERE state = 'created' ORDER BY id LIMIT 1)"
    _change(evidence, f"UPDATE sheet_row SET call_id = {ids} WHERE state = 'created'")  # noqa: S608 - a constant


def _damage_the_file(evidence: Evidence) -> None:
    path = evidence.home / "ledger.db"
    _change(evidence, "PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[4096 * 2 : 4096 * 12] = bytes(4096 * 10)
    path.write_bytes(data)


def _tell_another_status(evidence: Evidence) -> None:
    text = evidence.results.read_text(encoding="utf-8")
    evidence.results.write_text(text.replace('"rejected"', '"created"'), encoding="utf-8", newline="")


def _change_a_cell(evidence: Evidence) -> None:
    text = evidence.results.read_text(encoding="utf-8")
    evidence.results.write_text(text.replace('"000001"', '"1"'), encoding="utf-8", newline="")


def _delete_the_results(evidence: Evidence) -> None:
    evidence.results.unlink()


def _print_the_key(evidence: Evidence) -> None:
    _add(evidence.outputs[0], f"sent with {KEY}\n")


def _drop_an_event(evidence: Evidence) -> None:
    _change(evidence, "DELETE FROM event WHERE to_state = 'created' AND id % 7 = 0")


def _move_without_history(evidence: Evidence) -> None:
    _change(evidence, "UPDATE sheet_row SET attempts = attempts + 1 WHERE state = 'rejected'")


def _forget_an_attempt(evidence: Evidence) -> None:
    _change(evidence, "DELETE FROM attempt WHERE outcome = 'rejected'")


def _end_an_attempt_otherwise(evidence: Evidence) -> None:
    _change(evidence, "UPDATE attempt SET outcome = 'not_sent' WHERE outcome = 'rejected'")


def _leave_many_open(evidence: Evidence) -> None:
    left = """UPDATE attempt SET outcome = 'unknown', call_id = NULL, evidence = '{"owner": "host:1"}'"""
    _change(evidence, left)


def _crash(evidence: Evidence) -> None:
    _add(evidence.outputs[0], "Traceback (most recent call last):\n")


_TAMPERED: tuple[tuple[Callable[[Evidence], None], str], ...] = (
    (_ring_again, "called twice"),
    (_ring_a_stranger, "called but unrecorded"),
    (_ring_a_rejected_row, "called but unrecorded"),
    (_change_an_id, "called but unrecorded"),
    (_change_an_id, "created but never called"),
    (_forget_a_ring, "created but never called"),
    (_lose_a_row, "rows lost"),
    (_lose_a_line, "rows lost"),
    (_swap_two_lines, "rows lost"),
    (_double_a_line, "rows lost"),
    (_leave_a_row, "forgotten"),
    (_give_an_id_twice, "id twice"),
    (_damage_the_file, "ledger damaged"),
    (_tell_another_status, "results disagree"),
    (_change_a_cell, "results disagree"),
    (_delete_the_results, "results disagree"),
    (_print_the_key, "key leaked"),
    (_drop_an_event, "history broken"),
    (_move_without_history, "history broken"),
    (_forget_an_attempt, "history broken"),
    (_end_an_attempt_otherwise, "history broken"),
    (_leave_many_open, "claimed ahead"),
    (_crash, "crashed"),
)


@pytest.mark.parametrize(("tamper", "rule"), _TAMPERED, ids=[f"{tamper.__name__}-{rule}" for tamper, rule in _TAMPERED])
def test_a_broken_rule_is_named(evidence: Evidence, tamper: Callable[[Evidence], None], rule: str) -> None:
    tamper(evidence)
    assert any(violation.startswith(rule) for violation in check(evidence)), check(evidence)


def test_more_unknown_rows_than_kills_and_faults_explain_are_named(evidence: Evidence) -> None:
    """Rows that need a person are the price of a kill; the price has a limit."""
    unknown = len(_rows(evidence, "SELECT 1 FROM sheet_row WHERE state = 'unknown'"))
    enough = replace(evidence, tally=Tally(max_in_flight=4, kills=0, faults=unknown))
    short = replace(evidence, tally=Tally(max_in_flight=4, kills=0, faults=unknown - 1))
    assert check(enough) == []
    assert {violation.partition(":")[0] for violation in check(short)} == {"too many unknown"}


def test_a_row_that_was_shown_otherwise_before_is_named(evidence: Evidence) -> None:
    """What a user has read in the results file stays true."""
    told = replace(evidence, told={2: ("created", "another")})
    assert [violation.partition(":")[0] for violation in check(told)] == ["told otherwise"]


def test_a_row_that_may_still_wait_is_not_forgotten(evidence: Evidence) -> None:
    _leave_a_row(evidence)
    assert not any(violation.startswith("forgotten") for violation in check(replace(evidence, ended=False)))


def _rows(evidence: Evidence, query: str) -> list[sqlite3.Row]:
    with closing(sqlite3.connect(evidence.home / "ledger.db")) as ledger:
        ledger.row_factory = sqlite3.Row
        return ledger.execute(query).fetchall()


def _change(evidence: Evidence, statement: str) -> None:
    """Does it, past all guards."""
    with closing(sqlite3.connect(evidence.home / "ledger.db", isolation_level=None)) as ledger:
        guards = ledger.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in guards:
            ledger.execute(f"DROP TRIGGER {name}")
        ledger.execute("PRAGMA ignore_check_constraints = ON")
        ledger.execute(statement)


def _add(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
