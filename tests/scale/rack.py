"""Machines that share a ledger: a PostgreSQL server, a stand-in that nobody kills, and real workers and terminals."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.postgres_server import OwnSchema, own_schema, waiting_for_its_disk
from tests.soak.campaigner import StandIn, stand_in

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 10
_LONGEST_SECONDS = 100.0
_AREAS = (212, 213, 312, 415, 510, 617, 646, 702, 718, 917)
_TEMPLATE = """
[columns]
name = "Name"
phone = "Phone"
[phone]
region = "US"
[pace]
calls_per_second = {rate}
max_in_flight = {in_flight}
"""


@dataclass
class Rack:
    """A folder with a home for each machine.

    Attributes:
        schema: of the ledger.
        place: the stand-in.
    """

    folder: Path
    schema: OwnSchema
    place: StandIn
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def sheet(self, rows: int, *, first: int = 0, name: str = "people") -> Path:
        numbers = [f"+1{_AREAS[at // 100]}55501{at % 100:02d}" for at in range(first, first + rows)]
        path = self.folder / f"{name}.csv"
        path.write_text("Name,Phone\n" + "".join(f"Ada,{number}\n" for number in numbers), "utf-8")
        return path

    def template(self, *, rate: float = 40, in_flight: int = 12) -> Path:
        path = self.folder / "visits.toml"
        path.write_text(_TEMPLATE.format(rate=rate, in_flight=in_flight), "utf-8")
        return path

    def worker(self, name: str, **more: str) -> subprocess.Popen[bytes]:
        """A worker that is on duty."""
        made = self.start(name, "worker", "--name", name, "--patience", str(PATIENCE_SECONDS), **more)
        self.until(lambda: "on duty" in self.said(name) or made.poll() is not None)
        return made

    def start(self, machine: str, *words: str | Path, **more: str) -> subprocess.Popen[bytes]:
        """The program on a machine; what it says is in a file of its name."""
        home = self.folder / machine
        if not home.exists():
            home.mkdir(mode=0o700)
            (home / "suppression.key").write_bytes(self._key)
            (home / "suppression.key").chmod(0o600)
        with (self.folder / f"{machine}.txt").open("ab") as output:
            made = subprocess.Popen(
                [sys.executable, "-m", "campaign", *map(str, words)],
                env={**self._environment(home), **more},
                cwd=self.folder,
                stdout=output,
                stderr=output,
            )
        self._started.append(made)
        return made

    def said(self, machine: str) -> str:
        return (self.folder / f"{machine}.txt").read_text("utf-8")

    def rings(self) -> list[str]:
        if not self.place.truth.exists():
            return []
        return [json.loads(line)["phone"] for line in self.place.truth.read_text("utf-8").splitlines()]

    def ask(self, question: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.schema.url) as connection:
            return connection.execute(question.encode()).fetchall()

    def is_over(self) -> bool:
        """Whether no row is still to be called."""
        return not {"pending", "sending", "retry_wait"} & set(self.states())

    def states(self) -> dict[str, int]:
        found = self.ask("SELECT state, count(*) FROM sheet_row GROUP BY state")
        return {str(state): int(str(count)) for state, count in found}

    def dials(self) -> str:
        """The machine that made the last claim."""
        last = (
            "SELECT w.name, a.owner FROM attempt a JOIN worker w ON w.owner = a.owner ORDER BY claimed_at DESC LIMIT 1"
        )
        [(name, _)] = self.ask(last)
        return str(name)

    def until(self, came: Callable[[], bool]) -> None:
        ends = time.monotonic() + _LONGEST_SECONDS
        while not came():
            said = {path.name: path.read_text("utf-8")[-1500:] for path in self.folder.glob("*.txt")}
            assert time.monotonic() < ends, said
            time.sleep(0.05)

    def end(self) -> None:
        for process in self._started:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait(timeout=60)

    def _environment(self, home: Path) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "CAMPAIGN_HOME": str(home),
            "CAMPAIGN_DB": self.schema.url,
            "AICALLER_BASE_URL": self.place.url,
            "AICALLER_API_KEY": "sk-planted-5f2d91",
            "AICALLER_TEAM_ID": "team",
            "AICALLER_CALL_TEMPLATE_ID": "call-template",
            "PYTHONPATH": str(ROOT),
        }


@contextmanager
def rack(folder: Path, server: Path) -> Iterator[Rack]:
    """All that it has started ends with the block."""
    with ExitStack() as stack:
        stack.enter_context(waiting_for_its_disk(server))
        schema = stack.enter_context(own_schema(server))
        place = stack.enter_context(stand_in(folder, latency=0.1))
        made = Rack(folder, schema, place)
        stack.callback(_drop_engines, server)
        stack.callback(made.end)
        yield made


def _drop_engines(server: Path) -> None:
    """The engines' tables stand in schemas of their own."""
    with psycopg.connect(f"postgresql://tester@/postgres?host={server}", autocommit=True) as connection:
        connection.execute("SET client_min_messages = warning")
        left = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE '%\\_engine\\_%'").fetchall()
        for (name,) in left:
            connection.execute(f'DROP SCHEMA "{name}" CASCADE'.encode())
