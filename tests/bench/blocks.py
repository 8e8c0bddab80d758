"""How long the event loop of a long run is blocked by one thing, while calls are on their way.

    python -m tests.bench.blocks [--rows 100000] [--seconds 10]

A run of that many waiting rows is dialled for some seconds: without hours, and with them. What else the loop does then
(answers that come, deadlines, a stop) waits as long as the longest block.
"""

import argparse
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from tests.bench.costs import cost_of, environment, said_of
from tests.bench.loopback import serving
from tests.bench.reading import HEADER, TEMPLATE

_MOST_MS, _LATENCY = 50.0, 0.05
_WAITING_OF_ROWS = 0.25
_SEED = """
import sys
from pathlib import Path
from tests.ledger.plans.seeding import seed_rows
seed_rows(Path(sys.argv[1]), run_id=1, rows=int(sys.argv[2]), followed=False, waiting=True)
"""
_DIAL = """
import asyncio, os, sys
from datetime import datetime, timedelta, UTC
from pathlib import Path
import anyio, uvloop
from pydantic import SecretStr
from campaign.config.settings import Account
from campaign.domain.model import Settled
from campaign.engine.dial_held_run import dial_held_run
from campaign.engine.dial_order import DialOrder
from campaign.engine.events import CallsEnded
from campaign.engine.requeue import requeue_nothing
from campaign.ledger.store import open_ledger
from campaign.preparation.plan.continue_run import plan_of_record
from tests.bench.loop_watch import longest_block

def now():
    return datetime.now(UTC)

async def main():
    with open_ledger(Path(os.environ["CAMPAIGN_HOME"]), now=now) as ledger:
        run = ledger.read.runs.find("long")
        plan = plan_of_record(run, rate=None, max_in_flight=None)
        account = Account(api_key=SecretStr("bench"), base_url=os.environ["AICALLER_BASE_URL"], service=run.service)
        order = DialOrder(plan=plan, account=account, secret=str, results=Path("results.csv"),
            requeue=requeue_nothing, look_ups=None)
        stop, calls, watch = anyio.Event(), 0, longest_block()
        async with dial_held_run(ledger, run, order=order, now=now, stop=stop) as dialing:
            async for event in dialing.events:
                if isinstance(event, Settled):
                    calls += 1
                    if calls == 1:
                        block = await watch.__aenter__()
                        asyncio.get_running_loop().call_later(float(sys.argv[1]), stop.set)
                    if calls % 2_000 == 0:
                        dialing.time_left()
                if isinstance(event, CallsEnded):
                    await watch.__aexit__(None, None, None)
        print(f"{block.seconds * 1000:.0f} {block.busy * 1000:.0f} {calls} calls; {block}")

with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(main())
"""
_TEMPLATES = {
    "without hours": TEMPLATE,
    "with hours": TEMPLATE + '\n[hours]\nfrom = 00:00:00\nuntil = 23:59:00\ntimezone = "UTC"\n',
}


def measure(*, rows: int, seconds: float) -> None:
    """Prints the longest block of each run, with the goal."""
    print(f"\nthe event loop of a run with {rows} waiting rows, while calls are on their way")
    for name, template in _TEMPLATES.items():
        with tempfile.TemporaryDirectory(prefix="blocks-") as folder, serving(latency=_LATENCY) as port:
            here = Path(folder)
            env = environment(here / "home", base_url=f"http://127.0.0.1:{port}")
            _seeded(here, env, template=template, rows=int(rows / _WAITING_OF_ROWS))
            cost_of([sys.executable, "-c", _DIAL, str(seconds)], here=here, env=env)
            said = (here / "said.txt").read_text("utf-8").strip().splitlines()[-1]
        passed, busy, told = said.split(" ", 2)
        print(f"  {name:14} {passed} ms, goal {_MOST_MS:g}: {said_of(met=float(passed) <= _MOST_MS)}; {told}")
        print(f"  {'':14} of processor {busy} ms: {said_of(met=float(busy) <= _MOST_MS)}")


def _seeded(here: Path, env: dict[str, str], *, template: str, rows: int) -> None:
    (here / "t.toml").write_text(template, "utf-8")
    (here / "one.csv").write_text(",".join(HEADER) + "\nBo,+13052000000,b@example.com,Monday,Dr. Who,,\n", "utf-8")
    words = ["run", "one.csv", "-t", "t.toml", "--yes", "-q", "--no-audit", "--name", "long"]
    cost_of([sys.executable, "-m", "campaign", *words], here=here, env=env)
    ledger = here / "home" / "ledger.db"
    subprocess.run([sys.executable, "-c", _SEED, str(ledger), str(rows)], check=True)
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute("UPDATE timetable SET place = '[[\"UTC\"], []]'")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.blocks")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    measure(rows=given.rows, seconds=given.seconds)
