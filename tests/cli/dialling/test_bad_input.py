"""A user's mistake is one line that names the thing and the cure; nothing is sent, and nothing is half done."""

import os
import re
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import KEY, ROOT, TEMPLATE, Desk, Ended, StandIn, stand_in

GOOD_ROW = "Ada Example,+12125550101,Monday"


def refused(ended: Ended, *, code: int, names: str, cure: str) -> None:
    assert ended.code == code, ended
    assert names in ended.err
    assert re.search(cure, ended.err)
    assert len(ended.err.strip().splitlines()) == 1, ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""


@pytest.fixture
def called(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """A real server that would notice a call."""
    del desk
    truth = tmp_path / "nobody.jsonl"
    env = {
        "AICALLER_BASE_URL": "http://127.0.0.1:9",
        "AICALLER_API_KEY": KEY,
        "AICALLER_TEAM_ID": "team",
        "AICALLER_CALL_TEMPLATE_ID": "template",
    }
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    return StandIn(env["AICALLER_BASE_URL"], truth, env)


@pytest.mark.parametrize("verb", [("check",), ("run", "--sandbox", "--yes"), ("run", "--sandbox", "--dry-run")])
class TestSheets:
    def test_a_missing_file(self, desk: Desk, verb: tuple[str, ...]) -> None:
        ended = desk(*verb, "nowhere.csv", "-t", desk.template())
        refused(ended, code=2, names="nowhere.csv", cure="no such file|path")

    def test_a_folder(self, desk: Desk, verb: tuple[str, ...]) -> None:
        (desk.folder / "sheets").mkdir()
        refused(desk(*verb, "sheets", "-t", desk.template()), code=2, names="sheets", cure="folder")

    def test_an_empty_sheet(self, desk: Desk, verb: tuple[str, ...]) -> None:
        (desk.folder / "empty.csv").write_bytes(b"")
        refused(desk(*verb, "empty.csv", "-t", desk.template()), code=2, names="empty.csv", cure="empty")

    def test_a_header_without_rows(self, desk: Desk, verb: tuple[str, ...]) -> None:
        """ "Done: 0 of 0" would hide that the wrong file was taken."""
        refused(desk(*verb, desk.sheet(), "-t", desk.template()), code=2, names="sheet.csv", cure="no|contacts")

    def test_a_column_that_the_sheet_lacks(self, desk: Desk, verb: tuple[str, ...]) -> None:
        sheet = desk.sheet("Ada Example,+12125550101", header="Name,Phones")
        refused(desk(*verb, sheet, "-t", desk.template()), code=2, names="'Phone'", cure="Phones")

    def test_an_unknown_key_in_the_template(self, desk: Desk, verb: tuple[str, ...]) -> None:
        """A misspelt limit that is passed over is a limit that does not hold."""
        template = desk.template(TEMPLATE + "[limits]\nmax_call = 5\n")
        refused(desk(*verb, desk.sheet(GOOD_ROW), "-t", template), code=2, names="max_call", cure="max_calls")

    def test_a_template_that_is_not_there(self, desk: Desk, verb: tuple[str, ...]) -> None:
        refused(desk(*verb, desk.sheet(GOOD_ROW), "-t", "no.toml"), code=2, names="no.toml", cure="no such file")

    def test_a_region_that_is_none(self, desk: Desk, verb: tuple[str, ...]) -> None:
        ended = desk(*verb, desk.sheet(GOOD_ROW), "-t", desk.template(), "--region", "XX")
        refused(ended, code=2, names="'XX'", cure="US")


def test_local_numbers_without_a_region_are_refused_row_by_row(desk: Desk) -> None:
    template = desk.template(TEMPLATE.replace('region = "US"', ""))
    ended = desk("check", desk.sheet("Ada Example,212 555 0101,Monday"), "-t", template)
    assert ended.code == 2
    assert "row 2" in ended.out
    assert "region" in ended.out


@pytest.mark.usefixtures("called")
class TestAccounts:
    @pytest.mark.parametrize("key", [f"{KEY}\n", f"{KEY} ", f"{KEY}\u200b", "YOUR_API_KEY", ""])
    def test_a_key_that_cannot_be_one_is_refused_and_not_shown(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch, key: str
    ) -> None:
        monkeypatch.setenv("AICALLER_API_KEY", key)
        ended = desk("run", desk.sheet(GOOD_ROW), "-t", desk.template(), "--yes")
        refused(ended, code=2, names="AICALLER_API_KEY", cure="key")
        assert KEY not in ended.err

    @pytest.mark.parametrize("url", ["http://api.aicaller.io", "ftp://x", "api.aicaller.io", "https://u:p@host"])
    def test_an_address_that_would_leak_the_key(self, desk: Desk, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
        monkeypatch.setenv("AICALLER_BASE_URL", url)
        ended = desk("run", desk.sheet(GOOD_ROW), "-t", desk.template(), "--yes")
        refused(ended, code=2, names="AICALLER_BASE_URL", cure="https://api.aicaller.io")

    @pytest.mark.parametrize("name", ["AICALLER_TEAM_ID", "AICALLER_CALL_TEMPLATE_ID"])
    def test_no_team_or_call_template(self, desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        monkeypatch.delenv(name)
        ended = desk("run", desk.sheet(GOOD_ROW), "-t", desk.template(), "--yes")
        refused(ended, code=2, names=name, cure=r"\[call\]")

    def test_nobody_to_ask_and_no_yes(self, desk: Desk) -> None:
        ended = desk("run", desk.sheet(GOOD_ROW), "-t", desk.template())
        assert ended.code == 2
        assert "--yes" in ended.err
        assert "nothing was sent" in ended.err

    def test_more_calls_than_the_limit(self, desk: Desk) -> None:
        template = desk.template(TEMPLATE + "[limits]\nmax_calls = 2\n")
        ended = desk("run", desk.people(3), "-t", template, "--yes")
        refused(ended, code=2, names="3 calls", cure="--max-calls 3")

    def test_a_server_that_is_not_there_stops_the_run_with_all_rows_pending(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Nothing listens on port 9: proof that nothing was sent, so nothing is lost."""
        monkeypatch.setattr("campaign.timing.backoff.FIRST_SECONDS", 0.001)
        template = desk.template(TEMPLATE + "[pace]\ncalls_per_second = 1000\n")
        ended = desk("run", desk.people(3), "-t", template, "--yes", "--limit", "1", "-q", "--json")
        assert ended.code == 5
        assert '"pending": 3' in ended.out


@pytest.mark.usefixtures("called")
class TestLedgers:
    def test_a_home_that_cannot_be_written(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        (desk.folder / "file").write_text("not a folder")
        monkeypatch.setenv("CAMPAIGN_HOME", str(desk.folder / "file" / "home"))
        ended = desk("run", desk.sheet(GOOD_ROW), "-t", desk.template(), "--yes")
        refused(ended, code=5, names="file/home", cure="CAMPAIGN_HOME")

    def test_another_programs_database_is_left_as_it_was(self, desk: Desk) -> None:
        home = desk.folder / "home"
        home.mkdir()
        with sqlite3.connect(home / "ledger.db") as foreign:
            foreign.execute("CREATE TABLE recipes (name TEXT)")
        foreign.close()
        before = (home / "ledger.db").read_bytes()
        ended = desk("run", desk.sheet(GOOD_ROW), "-t", desk.template(), "--yes")
        refused(ended, code=5, names="ledger.db", cure="another program.*CAMPAIGN_HOME")
        assert (home / "ledger.db").read_bytes() == before

    @pytest.mark.parametrize(("version", "says"), [(99, "newer version"), (0, "old version")])
    def test_a_ledger_of_another_version(self, desk: Desk, version: int, says: str) -> None:
        assert desk("suppress", "add", "+12125550150", "--reason", "asked").code == 0
        with sqlite3.connect(desk.folder / "home" / "ledger.db") as ledger:
            ledger.execute(f"PRAGMA user_version={version}")
        ledger.close()
        ended = desk("run", desk.sheet(GOOD_ROW), "-t", desk.template(), "--yes")
        refused(ended, code=5, names="ledger.db", cure=says)

    def test_a_file_that_is_no_database(self, desk: Desk) -> None:
        (desk.folder / "home").mkdir()
        (desk.folder / "home" / "ledger.db").write_text("dear diary, " * 100)
        ended = desk("status")
        refused(ended, code=5, names="ledger.db", cure="not a ledger")


def test_a_disk_without_room_stops_the_run_before_its_first_call(desk: Desk) -> None:
    """The room for the endings of calls is set aside before the first call is made."""
    sheet, template = desk.people(3), desk.template()
    with stand_in(desk.folder) as server:
        command = [sys.executable, "-m", "campaign", "run", str(sheet), "-t", str(template), "--yes", "-q"]
        ended = subprocess.run(
            command,
            env={**os.environ, **server.env, "PYTHONPATH": str(ROOT)},
            cwd=desk.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            # No file may grow beyond half a megabyte: to a program the same as a disk that is full.
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (512 * 1024, 512 * 1024)),
        )
        assert ended.returncode == 5, ended
        assert "no room" in ended.stderr
        assert "Traceback" not in ended.stderr
        assert server.rings() == []
    assert "3 pending" in desk("status").out


def test_the_results_file_may_not_be_the_sheet(desk: Desk) -> None:
    sheet = desk.sheet(GOOD_ROW)
    ended = desk("run", sheet, "-t", desk.template(), "--sandbox", "--yes", "--results", sheet)
    refused(ended, code=2, names="sheet.csv", cure="another file")


def test_a_file_of_the_users_is_never_written_over(desk: Desk) -> None:
    (desk.folder / "notes.csv").write_text("mine\n")
    ended = desk("run", desk.sheet(GOOD_ROW), "-t", desk.template(), "--sandbox", "--yes", "--results", "notes.csv")
    refused(ended, code=2, names="notes.csv", cure="another file")
    assert (desk.folder / "notes.csv").read_text() == "mine\n"


@pytest.mark.parametrize("words", [("status", "nobody"), ("resume", "nobody"), ("results", "nobody", "-o", "x.csv")])
def test_a_run_that_is_not_there(desk: Desk, words: tuple[str, ...]) -> None:
    ended = desk(*words, *(["--sandbox"] if words[0] == "resume" else []))
    refused(ended, code=2, names="'nobody'", cure="campaign status")


@pytest.mark.parametrize("words", [("fly",), ("run",), ("run", "x.csv"), ("check", "x.csv", "-t", "y", "--nope")])
def test_wrong_usage(desk: Desk, words: tuple[str, ...]) -> None:
    ended = desk(*words)
    assert ended.code == 2
    assert "Traceback" not in ended.err


def test_an_unknown_fault_names_the_nearest(desk: Desk) -> None:
    ended = desk("run", desk.sheet(GOOD_ROW), "-t", desk.template(), "--sandbox", "--yes", "--fault", "reset_aftr=1")
    refused(ended, code=2, names="reset_aftr", cure="reset_after")


@pytest.mark.parametrize("wrong", ["my team", "64f0\n", "64f0,64f1", "“64f0”"])
def test_d8_an_id_of_a_wrong_shape_is_refused_before_the_first_call(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    """Ids have no documented length, so one that is only too short is left to AICaller."""
    named = {"AICALLER_API_KEY": "k", "AICALLER_TEAM_ID": wrong, "AICALLER_CALL_TEMPLATE_ID": "t"}
    for name, value in {**named, "AICALLER_BASE_URL": "http://127.0.0.1:1"}.items():
        monkeypatch.setenv(name, value)
    ended = desk("run", desk.people(1), "-t", desk.template(), "--yes")
    assert ended.code == 2
    assert "team_id" in ended.err
    assert len(ended.err.strip().splitlines()) == 1
