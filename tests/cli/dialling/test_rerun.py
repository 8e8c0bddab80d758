"""Failed rows get a second chance: exactly those, exactly once, with what was corrected in a results file."""

import csv
import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from campaign.cli.commands.rerun import narrow_from
from campaign.domain.errors import UsageError
from tests.cli.conftest import TEMPLATE, Desk, Ended

FAST = TEMPLATE + "[pace]\ncalls_per_second = 1000\n"
REFUSING = "400=0.05,422=0.04,400_html=0.04,400_telling=0.03,reset_after=0.03"


def rings(desk: Desk) -> list[str]:
    truth = desk.folder / "home" / "sandbox.truth.jsonl"
    return [json.loads(line)["phone"] for line in truth.read_text("utf-8").splitlines()] if truth.exists() else []


def begun(
    desk: Desk, *, rows: int = 30, fault: str = REFUSING, seed: int = 4, template: str = FAST
) -> list[dict[str, str]]:
    """A run that met refusals; its results."""
    # Without the audit, which would settle the lost answers that some of these tests are about.
    words = ("--sandbox", "--fault", fault, "--seed", str(seed), "--yes", "--name", "first", "--no-audit")
    assert desk("run", desk.people(rows), "-t", desk.template(template), *words).code == 1
    return desk.results("first.results.csv")


def rerun(desk: Desk, *words: str | Path, what: str | Path = "first") -> Ended:
    return desk("rerun", what, "--sandbox", "--yes", *words)


def phones(rows: list[dict[str, str]], status: str) -> set[str]:
    return {row["_phone"] for row in rows if row["_status"] == status}


Change = Callable[[dict[str, str]], None]


def corrected(
    desk: Desk, change: Change, *, name: str = "corrected.csv", keep: Callable[[dict[str, str]], bool] | None = None
) -> Path:
    """The results file as a person would hand it back: changed in a spreadsheet program."""
    rows = [row for row in desk.results("first.results.csv") if keep is None or keep(row)]
    for row in rows:
        change(row)
    path = desk.folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def by_row(**changes: dict[str, str]) -> Change:
    """`r4={"Phone": "12"}` changes row 4."""
    return lambda row: row.update(changes.get(f"r{row['_row']}", {}))


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 10))])
def test_a_rerun_calls_exactly_the_refused_rows_again(desk: Desk, seed: int) -> None:
    before = begun(desk, rows=40, fault="400=0.05,422=0.05,400_html=0.05,reset_after=0.03", seed=seed)
    refused, unknown = phones(before, "rejected"), phones(before, "unknown")
    assert refused
    rung = len(rings(desk))
    assert rerun(desk, "--no-audit").code == (1 if unknown else 0)
    assert Counter(rings(desk)[rung:]) == Counter(refused)
    after = desk.results("first.results.csv")
    assert phones(after, "unknown") == unknown
    assert all(row["_attempts"] == ("2" if row["_phone"] in refused else "1") for row in after)
    assert [row["_row"] for row in after] == [row["_row"] for row in before]


def test_the_reasons_are_shown_by_group_before_anybody_is_asked(desk: Desk) -> None:
    refused = phones(begun(desk), "rejected")
    told = desk("rerun", "first", "--sandbox")
    assert told.code == 2
    assert f"run first: {len(refused)} failed rows" in told.err
    groups = [line.split(maxsplit=1) for line in told.err.splitlines() if line.startswith("  ")]
    assert sum(int(count) for count, _ in groups) == len(refused)
    assert len(groups) > 1
    assert "nothing was sent" in told.err
    assert phones(desk.results("first.results.csv"), "rejected") == refused


def test_reason_rows_and_since_narrow_it(desk: Desk) -> None:
    before = begun(desk)
    refused = [row for row in before if row["_status"] == "rejected"]
    some, other = refused[0], refused[1]
    assert rerun(desk, "--since", "2100-01-01").code == 2
    assert rerun(desk, "--reason", "no such reason").code == 2
    assert phones(desk.results("first.results.csv"), "rejected") == {row["_phone"] for row in refused}

    rung = len(rings(desk))
    rerun(desk, "--rows", f"{some['_row']}-{some['_row']},1000-2000", "--since", "1h")
    assert rings(desk)[rung:] == [some["_phone"]]
    status = other["_error"].split(":")[0]
    rerun(desk, "--reason", status)
    expected = {row["_phone"] for row in refused[1:] if row["_error"].startswith(status)}
    assert Counter(rings(desk)[rung + 1 :]) == Counter(expected)


@pytest.mark.parametrize("words", [("--rows", "0"), ("--rows", "7-3"), ("--rows", "a"), ("--since", "yesterday")])
def test_what_cannot_be_read_is_refused(words: tuple[str, str]) -> None:
    said: dict[str, str | None] = {"rows": None, "since": None}
    said[words[0].removeprefix("--")] = words[1]
    with pytest.raises(UsageError, match=words[0]):
        narrow_from((), rows=said["rows"], since=said["since"], now=datetime(2026, 12, 1, tzinfo=UTC))


def test_a_created_or_unknown_row_is_never_called_again_though_it_is_asked_for(desk: Desk) -> None:
    before = begun(desk, rows=40, fault="400=0.1,422=0.1,400_telling=0.1,reset_after=0.05")
    created = next(row for row in before if row["_status"] == "created")
    unknown = next(row for row in before if row["_status"] == "unknown")
    rung = len(rings(desk))
    ended = rerun(desk, "--rows", f"{created['_row']},{unknown['_row']},9999")
    assert ended.code == 2
    assert f"row {created['_row']} created: its call was made" in ended.err
    assert f"row {unknown['_row']} unknown: it may have been called" in ended.err
    assert "row 9999 not in run first" in ended.err
    assert rings(desk)[rung:] == []


def test_a_narrowed_rerun_does_not_take_along_what_another_left(desk: Desk) -> None:
    """Each rerun calls the rows that were shown, and not those that an earlier one was stopped at."""
    refused = [row for row in begun(desk) if row["_status"] == "rejected"]
    rung = len(rings(desk))
    rerun(desk, "--limit", "1")
    assert rings(desk)[rung:] == [refused[0]["_phone"]]
    rerun(desk, "--rows", refused[2]["_row"])
    assert rings(desk)[rung + 1 :] == [refused[2]["_phone"]]
    rerun(desk)
    assert Counter(rings(desk)[rung:]) == Counter(row["_phone"] for row in refused)


def test_an_unchanged_results_file_names_its_run(desk: Desk) -> None:
    refused = phones(begun(desk), "rejected")
    rung = len(rings(desk))
    assert rerun(desk, what=desk.folder / "first.results.csv").code in (0, 1)
    assert Counter(rings(desk)[rung:]) == Counter(refused)


def test_corrected_values_are_taken_and_written_down(desk: Desk) -> None:
    """What the first attempt said is kept beside: a person may ask what was said to whom."""
    begun(desk, fault="400=1", rows=12)
    file = corrected(desk, by_row(r4={"Name": "Ada", "Phone": "(212) 555-0177"}, r6={"Day": "Friday"}))
    ended = rerun(desk, what=file)
    assert ended.code == 0
    assert "corrected: row 4: Name, Phone" in ended.err
    assert "corrected: row 6: Day" in ended.err
    rows = {row["_row"]: row for row in desk.results("first.results.csv")}
    assert (rows["4"]["Name"], rows["4"]["_phone"], rows["4"]["_attempts"]) == ("Ada", "+12125550177", "2")
    assert rows["6"]["Day"] == "Friday"
    assert "+12125550177" in rings(desk)
    assert "+12125550102" not in rings(desk)
    assert len(rings(desk)) == 12


def test_a_corrected_date_is_spoken_in_the_words_with_which_the_run_began(desk: Desk) -> None:
    """Also once the template says another language: the words of a run stay as they were."""
    spoken = FAST.replace('{ column = "Day", optional = true }', '{ column = "Day", format = "%A, %-d. %B" }')
    template = desk.template('language = "de"\n' + spoken)
    sheet = desk.sheet("Ada Example,+12125550101,2098-12-01", "Bo Example,+12125550102,2098-12-02")
    words = ("--sandbox", "--fault", "400=1", "--yes", "--name", "first", "--no-audit")
    assert desk("run", sheet, "-t", template, *words).code == 1
    template.write_text('language = "en"\n' + spoken)
    ended = rerun(desk, what=corrected(desk, by_row(r2={"Day": "2098-12-03"}, r3={"Day": "03.12.2098"})))
    assert "left out: row 3: corrected, and not called" in ended.err
    assert "'Mittwoch, 3. Dezember' with the day first" in ended.err
    assert rings(desk) == ["+12125550101"]
    with closing(sqlite3.connect(desk.folder / "home" / "ledger.db")) as ledger:
        (said,) = ledger.execute("SELECT contact FROM sheet_row WHERE number = 2").fetchone()
    assert "Mittwoch, 3. Dezember" in json.dumps(json.loads(said), ensure_ascii=False)


def test_hours_hold_where_a_corrected_number_is(desk: Desk) -> None:
    """New York's row became London's: its entry in the timetable was New York's."""
    hours = '[hours]\nfrom = 09:00:00\nuntil = 20:00:00\ndeliver = "delay"\n'
    begun(desk, rows=2, fault="400=1", template=FAST + hours)
    rerun(desk, what=corrected(desk, by_row(r2={"Phone": "+442079460018"})))

    def places() -> list[str]:
        with closing(sqlite3.connect(desk.folder / "home" / "ledger.db")) as ledger:
            return [place for (place,) in ledger.execute("SELECT place FROM timetable ORDER BY number")]

    assert ["London" in place for place in places()] == [True, False]


def test_only_rows_that_are_in_the_file_are_meant(desk: Desk) -> None:
    begun(desk, fault="400=1", rows=12)
    file = corrected(desk, lambda _: None, keep=lambda row: row["_row"] in ("3", "9"))
    rerun(desk, what=file)
    assert sorted(rings(desk)) == ["+12125550101", "+12125550107"]


def test_corrected_rows_are_screened_anew_by_all_the_rules(desk: Desk) -> None:
    """A rerun must not be the door through which a number gets that no sheet could have brought in."""
    consent = FAST.replace("[variables]", 'consent = "Day"\n[variables]')
    sheet = desk.sheet(*(f"Person {i},+121255501{i:02d},yes" for i in range(12)))
    words = ("--sandbox", "--fault", "400=1", "--yes", "--name", "first")
    assert desk("run", sheet, "-t", desk.template(consent), *words).code == 1
    desk("suppress", "add", "+12125550180")
    changes = by_row(
        r2={"Phone": "12"},
        r3={"Phone": "+12125550180"},
        r4={"Phone": "+1 212 555 0103"},
        r12={"Day": "no"},
        r6={"Phone": "+12125550181"},
        r7={"Phone": "+12125550181"},
        r8={"Name": ""},
        r9={"Phone": "1.21256E+10"},
        r10={"Phone": "+12125550182"},
    )
    ended = rerun(desk, what=corrected(desk, changes))
    left = {line.split(":")[1].strip(): line for line in ended.err.splitlines() if line.startswith("left out: ")}
    assert set(left) == {"row 2", "row 3", "row 4", "row 12", "row 7", "row 8", "row 9"}
    assert "on the suppression list" in left["row 3"]
    assert "duplicate of row 5" in left["row 4"]
    assert "no consent" in left["row 12"]
    assert "duplicate of row 6" in left["row 7"]
    assert sorted(rings(desk)) == [f"+121255501{n}" for n in ("03", "09", "11", "81", "82")]
    statuses = {row["_row"]: row["_status"] for row in desk.results("first.results.csv")}
    assert {row for row, status in statuses.items() if status == "rejected"} == {name[4:] for name in left}


def test_a_no_anywhere_in_the_file_keeps_an_unchanged_row_from_being_called(desk: Desk) -> None:
    consent = FAST.replace("[variables]", 'consent = "Day"\n[variables]')
    sheet = desk.sheet("Ada,+12125550101,yes", "Bob,+12125550102,yes", "Ada,+12125550101,yes")
    words = ("--sandbox", "--fault", "400=1", "--yes", "--name", "first")
    assert desk("run", sheet, "-t", desk.template(consent), *words).code == 1
    ended = rerun(desk, what=corrected(desk, by_row(r4={"Day": "no"})))
    assert "row 2: no consent (row 4 of the file says no for the same number)" in ended.err
    assert rings(desk) == ["+12125550102"]


def test_a_corrected_number_that_was_called_recently_waits(desk: Desk) -> None:
    assert (
        desk("run", desk.people(1, first=50, name="a.csv"), "-t", desk.template(FAST), "--sandbox", "--yes").code == 0
    )
    begun(desk, fault="400=1", rows=3)
    ended = rerun(desk, what=corrected(desk, by_row(r3={"Phone": "+12125550150"})))
    assert "left out: row 3: called recently: " in ended.err
    assert Counter(rings(desk)) == Counter(["+12125550150", "+12125550100", "+12125550102"])


def test_a_restored_number_is_called_only_after_a_person_has_agreed(desk: Desk) -> None:
    begun(desk, fault="400=1", rows=3, template=FAST.replace('"US"', '"GB"'))
    file = corrected(desk, by_row(r3={"Phone": "2079460123"}))
    assert rerun(desk, "--rows", "3", what=file).code == 2
    assert rings(desk) == []
    assert rerun(desk, "--rows", "3", "--accept-repairs", what=file).code == 1
    assert rings(desk) == ["+442079460123"]


def test_a_file_that_would_lose_changes_is_not_written_over(desk: Desk) -> None:
    """Somebody corrected an invalid row in the very file that the rerun would write anew."""
    begun(desk, rows=12, fault="400=0.5")
    created = next(row["_row"] for row in desk.results("first.results.csv") if row["_status"] == "created")
    own = corrected(desk, by_row(**{f"r{created}": {"Name": "Changed"}}), name="first.results.csv")
    before = own.read_bytes()
    ended = rerun(desk, what=own)
    assert ended.code == 2
    assert "changes in 1 created row" in ended.err
    assert own.read_bytes() == before
    assert rerun(desk, "--results", "other.csv", what=own).code == 0
    assert own.read_bytes() == before


@pytest.mark.parametrize("place", [0, 99])
def test_a_column_that_somebody_added_is_not_lost(desk: Desk, place: int) -> None:
    """Remarks are written beside the results, where they are read: at the very end, mostly."""
    begun(desk, rows=3, fault="400=1")
    own = desk.folder / "first.results.csv"
    with own.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    for line, remark in zip(lines, ["Remark", "call after 5", "", ""], strict=True):
        line.insert(place, remark)
    with own.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    before = own.read_bytes()
    ended = rerun(desk, what=own)
    assert ended.code == 2
    assert "column 'Remark'" in ended.err
    assert own.read_bytes() == before


def test_the_runs_own_file_may_be_corrected_in_place(desk: Desk) -> None:
    begun(desk, fault="400=1", rows=3)
    own = corrected(desk, by_row(r3={"Name": "Ada"}), name="first.results.csv")
    assert rerun(desk, what=own).code == 0
    assert [row["Name"] for row in desk.results("first.results.csv")] == ["Person 0", "Ada", "Person 2"]


def test_rows_that_moved_past_our_columns_are_refused(desk: Desk) -> None:
    """Sorted without them, every row would stand for another person."""
    rows = begun(desk, fault="400=1", rows=3)
    turned = {f"r{row['_row']}": {"_row": other["_row"]} for row, other in zip(rows, reversed(rows), strict=True)}
    ended = rerun(desk, what=corrected(desk, by_row(**turned)))
    assert (ended.code, rings(desk)) == (2, [])
    assert "rows moved past them" in ended.err


def test_a_file_of_no_run_here_is_refused_with_the_cure(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(desk, fault="400=1", rows=3)
    monkeypatch.setenv("CAMPAIGN_HOME", str(desk.folder / "another"))
    ended = rerun(desk, what=desk.folder / "first.results.csv")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "point CAMPAIGN_HOME at the ledger that made it" in ended.err
    assert rerun(desk, what=desk.sheet("Ada,+12125550101,")).code == 2


def test_a_file_is_known_by_its_content_where_our_other_columns_were_taken_out(desk: Desk) -> None:
    begun(desk, fault="400=1", rows=4)
    path = desk.folder / "cut.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["Name", "Phone", "Day", "_row", "_status", "_id"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(desk.results("first.results.csv"))
    assert rerun(desk, what=path).code == 0
    assert len(rings(desk)) == 4


def test_a_name_that_is_a_run_and_a_file_is_not_guessed(desk: Desk) -> None:
    words = ("--sandbox", "--fault", "400=1", "--yes", "--name", "both.csv")
    desk("run", desk.people(2), "-t", desk.template(FAST), *words, "--results", "both.csv")
    assert "write ./both.csv for the file" in rerun(desk, what="both.csv").err
    assert rerun(desk, what="./both.csv").code == 0
