"""Rows that are skipped are counted by their reasons' codes, and every code that there is comes to be."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from campaign.domain.skip_reason import SkipReason
from tests.cli.conftest import TEMPLATE, Desk, StandIn

FAST = TEMPLATE + "[pace]\ncalls_per_second = 1000\nmax_in_flight = 20\n"
AT_ONCE = FAST + '[limits]\ncall_again_after = "0s"\n'
OTHER = FAST.replace("[phone]", 'said = { value = "another" }\n[phone]')
ASKING = '[call]\nfrom_phone_number = "(212) 555-0199"\n' + AT_ONCE.replace(
    "[variables]", 'consent = "OK"\n[variables]'
)
HEADER = "Name,Phone,OK,Day"
NOT_YET = ("maybe", "pending", "unknown", "-")
FIRST = (
    "Ada,+12125550100,yes,Monday",
    "Cy,+12125550103,yes,Monday",
    "Dee,+12125550104,yes,Monday",
    "Ada,+12125550100,yes,Monday",
    "Bob,+12125550101,no,Monday",
    "Us,+12125550199,yes,Monday",
    "Eve,+12125550102,yes,Monday",
)


def codes(home: Path) -> set[str | None]:
    """Those that skipped rows have; the text beside each is the code's own."""
    with closing(sqlite3.connect(home / "ledger.db")) as ledger:
        found = ledger.execute("SELECT skip_reason, reason FROM sheet_row WHERE state = 'skipped'").fetchall()
    assert all(reason for _, reason in found)
    return {code for code, _ in found}


def skip_for_what_the_sheet_says(desk: Desk, template: Path) -> None:
    desk("suppress", "add", "+12125550102", "--reason", "asked on the phone")
    first = desk.sheet(*FIRST, header=HEADER)
    assert desk("run", first, "-t", template, "--yes", "--name", "first").code == 0
    changed = desk.sheet(FIRST[0], "Cy,+12125550103,yes,Friday", FIRST[2], "Hal,+12125550110,yes,-", header=HEADER)
    assert desk("run", changed, "-t", template, "--yes", "--skip-changed", "--name", "second").code == 0
    rows = "Ida,+12125550115,Monday,yes", "Kim (deceased),+12125550116,Monday,", "Lu,+12125550117,Monday,"
    marked = desk.sheet(*rows, name="marked.csv", header="Name,Phone,Day,DNC")
    flags = "--skip-opted-out", "--skip-marked"
    spoken = TEMPLATE.replace('{ column = "Day", optional = true }', '{ column = "Day", format = "%-d.%-m." }')
    visits = desk.sheet("Mo,+12125550118,2001-05-03", "Ny,+12125550119,2098-05-03", name="visits.csv")
    template = desk.template(spoken, name="visits.toml")
    assert desk("run", visits, "-t", template, "--yes", "--skip-past", "--name", "visits").code == 0
    assert (
        desk("run", marked, "-t", desk.template(AT_ONCE, name="once.toml"), "--yes", *flags, "--name", "marked").code
        == 0
    )


def skip_for_what_other_runs_did(desk: Desk) -> None:
    other = desk.template(OTHER, name="other.toml")
    desk("run", desk.folder / "sheet.csv", "-t", other, "--yes", "--name", "third")
    daily = desk.template(AT_ONCE + "calls_per_person_per_day = 1\n", name="daily.toml")
    desk("run", desk.people(1), "-t", daily, "--yes", "--again", "--name", "fourth")
    assert desk("run", desk.people(3, first=20), "-t", daily, "--yes", "--limit", "1", "--name", "fifth").code == 0
    assert desk("run", desk.people(4, first=21), "-t", daily, "--yes", "--name", "sixth").code == 0
    assert desk("resume", "fifth", "--yes").code == 0
    assert desk("run", desk.people(3, first=40), "-t", daily, "--yes", "--limit", "1", "--name", "seventh").code == 0
    assert desk("forget", "seventh", "--yes", "--unfinished").code == 0
    beside = desk.template(AT_ONCE, name="beside.toml")
    assert desk("run", desk.people(2, first=60), "-t", beside, "--yes", "--limit", "1", "--name", "eighth").code == 0
    assert desk("run", desk.people(2, first=61), "-t", beside, "--yes", "--name", "ninth").code == 0
    assert desk("resume", "eighth", "--yes").code == 0


def test_every_code_is_made_by_some_path(desk: Desk, server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """A code that nothing makes is a promise of the schema that nobody keeps; a path without a code is not counted."""
    template = desk.template(ASKING)
    skip_for_what_the_sheet_says(desk, template)
    skip_for_what_other_runs_did(desk)
    waiting = ("run", desk.people(2, first=900), "-t", desk.template(FAST), "--yes", "--name", "ended", "--limit", "1")
    assert desk(*waiting).code == 0
    assert desk("cancel", "ended", "--reason", "rained off", "--yes").code == 0
    here = codes(desk.folder / "home")
    # Two runs that dial at once make one other code (`tests/ledger/test_words_beside.py`), a page another
    # (`tests/web/drafts/test_mending.py`).
    others = {SkipReason.CALLED_ELSEWHERE, SkipReason.CALLED_MEANWHILE, SkipReason.LEFT_OUT}
    assert here == {*SkipReason} - others
    monkeypatch.setenv("CAMPAIGN_HOME", str(desk.folder / "restored"))
    desk("run", desk.people(3), "-t", desk.template(FAST), "--yes", "--name", "first")
    assert codes(desk.folder / "restored") == {SkipReason.CALLED_ELSEWHERE}
    assert len(server.rings()) > 5


def test_check_and_status_count_by_code(desk: Desk) -> None:
    template = desk.template(ASKING)
    sheet = desk.sheet(
        *FIRST, *(f"Ann {i},+1415555{i:04},{NOT_YET[i % 4]},Monday" for i in range(100, 110)), header=HEADER
    )
    told = json.loads(desk("check", sheet, "-t", template, "--sandbox", "--json").out)
    assert told["skipped"] == {"duplicate": 1, "no consent": 11, "our own number": 1}
    assert told["skip_reasons"] == {"no_consent": 11, "duplicate": 1, "own_number": 1}
    shown = desk("check", sheet, "-t", template, "--sandbox").out.splitlines()
    assert [line.strip() for line in shown if "skipped:" in line] == [
        "skipped: 11 no consent",
        "skipped: 1 duplicate",
        "skipped: 1 our own number",
    ]
    assert desk("run", sheet, "-t", template, "--sandbox", "--yes", "--name", "first").code == 0
    assert json.loads(desk("status", "first", "--json").out)["skip_reasons"] == told["skip_reasons"]
    assert [line.strip() for line in desk("status", "first").out.splitlines() if "skipped:" in line] == [
        "skipped: 11 no consent",
        "skipped: 1 duplicate of row 2",
        "skipped: 1 our own number",
    ]
    assert desk("results", "first", "-o", desk.folder / "report.html").code == 0
    page = (desk.folder / "report.html").read_text("utf-8")
    assert (page.count("no consent"), page.count("maybe")) == (1, 0)


def test_reasons_that_differ_in_a_time_or_a_row_are_one_line(desk: Desk) -> None:
    """Three hundred rows called recently are one fact, unless each is asked for."""
    sheet = desk.people(300)
    desk("run", sheet, "-t", desk.template(FAST), "--sandbox", "--yes", "--name", "first")
    other = desk.template(OTHER, name="other.toml")
    desk("run", sheet, "-t", other, "--sandbox", "--yes", "--name", "second")
    said = [line for line in desk("status", "second").out.splitlines() if "skipped:" in line]
    assert said == ["  skipped: 300 called recently"]
    in_full = [line for line in desk("status", "second", "-v").out.splitlines() if "skipped:" in line]
    assert len(in_full) == 201
    assert in_full[0].startswith("  skipped: 1 called recently: 20")
    assert in_full[-1] == "  skipped: 100 for other reasons"
    told = json.loads(desk("status", "second", "--json").out)
    assert told["skip_reasons"] == {"called_recently": 300}
    assert len(told["reasons"]["skipped"]) == 200


def test_other_reasons_that_differ_in_a_number_are_one_line_too(desk: Desk) -> None:
    sheet = desk.sheet(*(f"Ann {i},+1212555{i:04} x{i},Monday" for i in range(100, 130)), "Bob,+12125550131,Monday")
    desk("run", sheet, "-t", desk.template(FAST), "--sandbox", "--yes", "--name", "first")
    [said] = [line for line in desk("status", "first").out.splitlines() if "invalid:" in line]
    assert said.startswith("  invalid: 30 column 'Phone': …: an extension cannot be dialled")
    assert len(json.loads(desk("status", "first", "--json").out)["reasons"]["invalid"]) == 30


@pytest.mark.parametrize(
    "command",
    [("status", "first"), ("status", "first", "--why", "5"), ("results", "first", "-o", "all.json")],
    ids=["status", "why", "results"],
)
def test_a_code_of_a_later_version_is_refused_in_one_line(desk: Desk, command: tuple[str, ...]) -> None:
    """The schema lists no codes, so a ledger with new ones opens: what reads them must not fail as a fault."""
    desk("run", desk.sheet(*FIRST, header=HEADER), "-t", desk.template(ASKING), "--sandbox", "--yes", "--name", "first")
    with closing(sqlite3.connect(desk.folder / "home" / "ledger.db")) as ledger, ledger:
        ledger.execute("UPDATE sheet_row SET skip_reason = 'a_later_one' WHERE state = 'skipped' AND number = 5")
    done = desk(*command)
    assert done.code == 5
    [line] = done.err.strip().splitlines()
    assert "'a_later_one', which this version does not know" in line
