"""A consumer's type checker sees the types, and mistakes; every day the tests beside this one are its consumers."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT

RIGHT = """
import asyncio
from datetime import datetime
import campaign

end: campaign.RunEnd = campaign.start("people.csv", "visits.toml", call_people=True, repairs="skip", rate=2)
created: int = end.counts.created
runs: list[campaign.Run] = campaign.status()
one: campaign.Run = campaign.status(end.run)
when: datetime | None = next(iter(campaign.results(end.run))).submitted_at
last: datetime | None = campaign.rehearse("people.csv", "visits.toml", start="tomorrow 9am").last_ring
calls: int = campaign.check("people.csv", "visits.toml").calls
version: str = campaign.__version__

def on_event(event: campaign.Event) -> None:
    match event:
        case campaign.RowSettled():
            print(event.row, event.status)
        case campaign.CallLooked() | campaign.Notice():
            pass

async def main() -> campaign.FollowEnd:
    await campaign.start_async("people.csv", "visits.toml", sandbox=True, on_event=on_event)
    return await campaign.follow_async(end.run)

asyncio.run(main())
frame = campaign.results(end.run).to_dataframe()
reveal_type(frame)
"""
WRONG = """
import campaign
campaign.start("people.csv", "visits.toml", call_people=True, repairs="acept")
campaign.start("people.csv", "visits.toml", api_key="x")
campaign.resume("first", sandbox="no")
x: int = campaign.status("first")
campaign.Counts(1).created = 2
"""


def checked(tmp_path: Path, text: str) -> str:
    (tmp_path / "consumer.py").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(tmp_path / "c"), "consumer.py"],
        cwd=tmp_path,
        env={"PYTHONPATH": "", "MYPYPATH": "", "PATH": "", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    return done.stdout + done.stderr


@pytest.mark.nightly
def test_a_strict_consumer_sees_the_types(tmp_path: Path) -> None:
    assert (ROOT / "campaign" / "py.typed").is_file()
    said = checked(tmp_path, RIGHT)
    assert 'Revealed type is "pandas' in said
    assert "error:" not in said


@pytest.mark.nightly
def test_a_strict_consumer_sees_mistakes(tmp_path: Path) -> None:
    said = checked(tmp_path, WRONG)
    assert [line.split(":")[1] for line in said.splitlines() if "error:" in line] == ["3", "4", "5", "6", "7"]
