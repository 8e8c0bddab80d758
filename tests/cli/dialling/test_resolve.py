"""`resolve` as a person meets it: what is found is created, what is not stays unknown until the person says so."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from campaign.domain.errors import BusyError
from campaign.ledger.store import open_ledger
from tests.cli.conftest import TEMPLATE, Desk

FAST = TEMPLATE + "[pace]\ncalls_per_second = 500.0\n"


@pytest.fixture
def lost(desk: Desk) -> Desk:
    """A run of which some answers were lost, of calls that were made and of calls that were not."""
    words = "--sandbox", "--yes", "--name", "visits", "--no-audit"
    faults = "--fault", "close_after=0.1,close_before=0.1", "--seed", "3"
    assert desk("run", desk.people(12), "-t", desk.template(FAST), *words, *faults).code == 1
    return desk


def statuses(desk: Desk) -> dict[str, str]:
    return {row["_row"]: row["_status"] for row in desk.results("visits.results.csv")}


def rung(desk: Desk) -> list[str]:
    lines = (desk.folder / "home" / "sandbox.truth.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["phone"] for line in lines]


def test_what_was_called_is_found_and_the_results_file_shows_it(lost: Desk) -> None:
    before = statuses(lost)
    looked = lost("resolve", "visits", "--sandbox", "--dry-run", "--json")
    assert statuses(lost) == before, "--dry-run writes nothing"
    ended = lost("resolve", "visits", "--sandbox", "--json")
    found, missing = json.loads(ended.out)["found"], json.loads(ended.out)["missing"]
    assert json.loads(looked.out)["found"] == found
    assert found
    assert missing
    assert ended.code == 1
    rows = {row["_row"]: row for row in lost.results("visits.results.csv")}
    assert all(rows[str(one["row"])]["_id"] == one["_id"] for one in found)
    called = set(rung(lost))
    assert {row["_phone"] in called for row in rows.values() if row["_status"] == "unknown"} == {False}
    assert {row["_phone"] in called for row in rows.values() if row["_status"] == "created"} == {True}


def test_the_results_file_is_written_while_no_other_process_can_dial_the_run(lost: Desk) -> None:
    """One that began meanwhile had its lines in the file twice, beside rows that were pending before."""
    held = list[bool]()

    def look(line: str) -> None:
        if "visits.results.csv" in line:
            with open_ledger(lost.folder / "home", now=lambda: datetime.now(UTC)) as ledger:
                record = ledger.read.runs.find("visits")
                assert record is not None
                try:
                    with ledger.lock_run(record):
                        held.append(False)
                except BusyError:
                    held.append(True)

    # Another program's file in its place: what is said of it is said while it would be written.
    (lost.folder / "visits.results.csv").write_text("another's\n", encoding="utf-8")
    lost.hear = look
    lost("resolve", "visits", "--sandbox")
    assert held == [True]


def test_only_a_persons_word_makes_a_lost_row_pending_and_only_then_is_it_called(lost: Desk) -> None:
    lost("resolve", "visits", "--sandbox")
    unknown = [row for row, status in statuses(lost).items() if status == "unknown"]
    early = lost("resolve", "visits", "--sandbox", "--not-called", ",".join(unknown), "--yes")
    assert early.code == 2
    assert "its answer may still come; say it again 120 s after its call" in early.err
    lost.now = lambda: datetime.now(UTC) + timedelta(minutes=2)
    refused = lost("resolve", "visits", "--sandbox", "--not-called", ",".join(unknown))
    assert refused.code == 2
    assert "say --yes" in refused.err
    calls = len(rung(lost))
    assert lost("resume", "visits", "--sandbox", "--yes").code == 1
    assert len(rung(lost)) == calls
    said = lost("resolve", "visits", "--sandbox", "--not-called", ",".join(unknown), "--yes")
    assert said.code == 0
    assert "pending again, on your word" in said.err
    assert len(rung(lost)) == calls
    assert lost("resume", "visits", "--sandbox", "--yes").code == 0
    assert len(set(rung(lost))) == len(rung(lost)) == 12


def test_a_person_cannot_say_of_a_called_row_that_it_was_not(lost: Desk) -> None:
    created = next(row for row, status in statuses(lost).items() if status == "created")
    assert "is not unknown" in lost("resolve", "visits", "--sandbox", "--not-called", created, "--yes").err


def test_a_row_that_the_same_lookup_finds_is_not_taken_for_uncalled(lost: Desk) -> None:
    unknown = [row for row, status in statuses(lost).items() if status == "unknown"]
    ended = lost("resolve", "visits", "--sandbox", "--not-called", ",".join(unknown), "--yes")
    assert ended.code == 2
    assert "was called: " in ended.err
    assert "pending" not in statuses(lost).values()


@pytest.mark.parametrize("rows", ["", "x", "1-", "3-1", "1,,2", "-1", "1;2"])
def test_rows_that_are_none_are_refused(lost: Desk, rows: str) -> None:
    ended = lost("resolve", "visits", "--sandbox", f"--not-called={rows}", "--yes")
    assert ended.code == 2
    assert "is no row" in ended.err


def test_a_run_that_lost_nothing_has_nothing_to_resolve(desk: Desk) -> None:
    run = desk("run", desk.people(2), "-t", desk.template(FAST), "--sandbox", "--yes", "--name", "visits")
    assert run.code == 0
    ended = desk("resolve", "visits", "--sandbox")
    assert (ended.code, ended.out) == (0, "run visits: no answer of it is lost\n")


def test_a_run_settles_its_lost_answers_by_itself_when_it_ends(desk: Desk) -> None:
    faults = "--fault", "close_after=0.1", "--seed", "3"
    ended = desk("run", desk.people(12), "-t", desk.template(FAST), "--sandbox", "--yes", *faults)
    assert ended.code == 0
    assert "lost answers found, created after all" in ended.err
