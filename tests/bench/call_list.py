"""AICaller's list of calls, however long it is, read before a run goes on: seconds, megabytes, the event loop's blocks.

    python -m tests.bench.call_list [--calls 500000]

A run of that many calls is written into a ledger by SQL, and a server streams their list: entries of 1.4 kB, as the
real ones have. Read are the lists of three accounts: all calls are this ledger's; all are to its people, and of another
ledger; all are this ledger's, and those whose answers were lost stand last. What is run is what `resume` runs before
its first call: list, settle, compare, audit.
"""

import argparse
import asyncio
import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.costs import cost_of, environment, said_of
from tests.bench.loopback import serving
from tests.bench.reading import HEADER, TEMPLATE

_MOST_MB, _MOST_BLOCK_MS = 250.0, 50.0
_CREATED_OF_ROWS = 0.69
_STATES = ("created", "pending", "retry_wait")
_LONG_AGO = "2026-10-01T10:00:00.000Z"
_SEED = """
import sys
from pathlib import Path
from tests.ledger.plans.seeding import seed_rows
seed_rows(Path(sys.argv[1]), run_id=1, rows=int(sys.argv[2]), followed=False, waiting=True)
"""
_BEFORE = """
import asyncio, os, sys, time
from datetime import datetime, timedelta, UTC
from pathlib import Path
import anyio, uvloop
from pydantic import SecretStr
from campaign.config.settings import Account
from campaign.domain.errors import AuditError
from campaign.ledger.store import open_ledger
from campaign.preparation.plan.continue_run import plan_of_record
from campaign.reconcile.call_list import RunAtAccount
from campaign.reconcile.during_run import RunLookups
from tests.bench.loop_watch import longest_block

def now():
    return datetime.fromisoformat("2026-12-05T12:00:00+00:00")

async def main():
    with open_ledger(Path(os.environ["CAMPAIGN_HOME"]), now=now) as ledger:
        run = ledger.read.runs.find("long")
        plan = plan_of_record(run, rate=None, max_in_flight=None)
        account = Account(api_key=SecretStr("bench"), base_url=os.environ["AICALLER_BASE_URL"], service=run.service)
        count = [0]
        def listed(calls): count[0] += calls
        at = RunAtAccount(ledger=ledger, record=run, plan=plan, account=account, now=now, on_listed=listed)
        said = []
        with ledger.hold(run, call_again_after=timedelta(0)):
            async with longest_block() as block:
                try:
                    async for event in RunLookups().before(at, stop=anyio.Event()):
                        said.append(repr(event)[:160])
                except AuditError as error:
                    said.append(f"AuditError: {error}")
        states = dict(ledger.read.rows.count_states(run.id))
        print(f"{count[0]} entries; {block}; unknown {states.get('unknown', 0)}; {said}")

with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(main())
"""


@dataclass(frozen=True)
class _Listed:
    """An account's list."""

    name: str
    ours: bool
    lost: bool


_LISTS = (
    _Listed("all are ours", ours=True, lost=False),
    _Listed("all are another ledger's", ours=False, lost=False),
    _Listed("ours, and the lost ones last", ours=True, lost=True),
)


def measure(*, calls: int) -> None:
    """Prints the costs of each list, with their goals."""
    with tempfile.TemporaryDirectory(prefix="call-list-") as folder:
        here = Path(folder)
        _seeded(here, rows=int(calls / _CREATED_OF_ROWS))
        print(f"\nabout {calls} calls in AICaller's list, read before a run goes on")
        for listed in _LISTS:
            with _serving(here / "home" / "ledger.db", listed) as port:
                env = environment(here / "home", base_url=f"http://127.0.0.1:{port}")
                cost = cost_of([sys.executable, "-c", _BEFORE], here=here, env=env)
            said = (here / "said.txt").read_text("utf-8").strip()
            met = said_of(met=cost.megabytes <= _MOST_MB)
            print(f"  {listed.name:30} {cost.wall:6.1f} s, {cost.cpu:6.1f} s CPU, {cost.megabytes:4.0f} MB ({met})")
            print(f"    {said}")


def _seeded(here: Path, *, rows: int) -> None:
    (here / "t.toml").write_text(TEMPLATE, "utf-8")
    (here / "one.csv").write_text(",".join(HEADER) + "\nBo,+13052000000,b@example.com,Monday,Dr. Who,,\n", "utf-8")
    with serving(latency=0.0) as port:
        words = ["run", "one.csv", "-t", "t.toml", "--yes", "-q", "--no-audit", "--name", "long"]
        env = environment(here / "home", base_url=f"http://127.0.0.1:{port}")
        cost_of([sys.executable, "-m", "campaign", *words], here=here, env=env)
    subprocess.run([sys.executable, "-c", _SEED, str(here / "home" / "ledger.db"), str(rows)], check=True)


@contextmanager
def _serving(ledger: Path, listed: _Listed) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.call_list", "--serve", str(ledger)]
    command += ["--ours"] * listed.ours + ["--lost"] * listed.lost
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def _entries(path: Path, *, ours: bool, lost: bool) -> Iterator[bytes]:
    """The list's entries, from the ledger's rows, as a read call has them."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as ledger:
        for state in [*_STATES[:1], *(() if ours else _STATES[1:]), *(["unknown"] if lost else [])]:
            rows = ledger.execute(
                "SELECT id, phone, contact, call_id, submitted_at FROM sheet_row WHERE state = ? ORDER BY id", (state,)
            )
            for row_id, phone, contact, call_id, at in rows:
                known = (call_id or f"{row_id:024x}") if ours else f"f{row_id:023x}"
                yield _entry(known, phone, person=json.loads(contact), at=at if ours else _LONG_AGO)


def _entry(call_id: str, phone: str, *, person: dict[str, Any], at: str) -> bytes:
    pairs = [{"key": key, "value": value} for key, value in person["variables"]]
    entry = {
        "_id": call_id, "teamId": "team", "callTemplateId": "template", "nameOfHuman": person["name"],
        "toPhoneNumber": phone, "promptVariableValues": pairs, "status": "completed",
        "statusExtraInfo": {"statusCode": "ENDED_NORMALLY", "dateTime": at}, "callOrigin": "api", "record": True,
        "resultValues": [{"columnName": "Confirmed", "value": "yes"}, {"columnName": "Note", "value": "x" * 240}],
        "recordingUrl": f"https://recordings.example/{call_id}/{call_id}.mp3", "callDuration": 43,
        "callTriggeredAt": at, "callStartedAt": at, "callEndedAt": at, "createdAt": at, "updatedAt": at,
        "fixedMeetingTime": None, "fileId": None, "fileName": None, "customTagsHitOnCall": [],
        "phoneCallWebhooks": [{"url": "https://hooks.example/calls", "subscribedEvent": "phoneCall.completed"}],
        "callBeginningMessage": "Good morning, this is the practice of Dr. Stonebridge. " + "y" * 120,
    }  # fmt: skip
    return json.dumps(entry).encode()


async def _serve(path: Path, *, ours: bool, lost: bool) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + b'{"data": [')
        first, held = True, bytearray()
        for entry in _entries(path, ours=ours, lost=lost):
            held += entry if first else b"," + entry
            first = False
            if len(held) > 256 * 1024:
                writer.write(bytes(held))
                held.clear()
                await writer.drain()
        writer.write(bytes(held) + b"]}")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.call_list")
    parser.add_argument("--calls", type=int, default=500_000)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--ours", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--lost", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(_serve(given.serve, ours=given.ours, lost=given.lost))
    else:
        measure(calls=given.calls)
