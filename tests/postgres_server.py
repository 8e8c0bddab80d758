"""A PostgreSQL server for tests: made in a temporary folder when it is first asked for, and gone with who asked.

    pytest --pipe--> sh: initdb; postgres; say so; wait for the pipe's end; stop it; remove the folder

The shell waits for its standard input to end. So the server ends with pytest however that ends, by a kill too.
"""

import os
import pwd
import select
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from sqlalchemy import URL, Engine, create_engine, text

from campaign.config.database import DatabaseAddress

_READY = "ready\n"
_SECONDS_TO_START = 60
_SECONDS_TO_STOP = 15
# Nothing is to survive the machine here: fsync costs, and shows nothing. The folder is private, so all may log in.
_SCRIPT = """
trap '' INT HUP
cd "$1" || exit 1
PATH="$2:$PATH"
export LC_ALL=C
if initdb -D data -U tester -A trust -E UTF8 --locale=C --no-sync >initdb.log 2>&1 </dev/null; then
    # In the file, so that a test can have it otherwise: the command line would overrule it.
    echo "fsync = off" >>data/postgresql.conf
    postgres -D data -k "$1" -c listen_addresses= -c shared_buffers=16MB >server.log 2>&1 </dev/null &
    server=$!
    until pg_isready -q -h "$1"; do kill -0 $server 2>/dev/null || break; sleep 0.02; done
    kill -0 $server 2>/dev/null && echo ready
    cat >/dev/null
    kill -QUIT $server 2>/dev/null
    wait $server
fi
rm -rf "$1"
"""


class NoPostgres(Exception):  # noqa: N818 - what a machine lacks is no error of the tests
    """There is no server on this machine, or it did not start; the message says why."""


@contextmanager
def postgres_server() -> Iterator[Path]:
    """A running server; the folder of its socket.

    Raises:
        NoPostgres: there is none.
    """
    programs, user = _programs(), _user()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short, since a socket's path may have 107 characters
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    keeper = subprocess.Popen(
        ["/bin/sh", "-c", _SCRIPT, "sh", str(folder), str(programs)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        user=user,
    )
    assert keeper.stdin
    assert keeper.stdout
    try:
        started, _, _ = select.select([keeper.stdout], [], [], _SECONDS_TO_START)
        if not started or keeper.stdout.readline() != _READY:
            raise NoPostgres(f"PostgreSQL did not start: {_said(folder)}")
        yield folder
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            stop_at_once(folder)
        keeper.stdin.close()
        try:
            keeper.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            keeper.kill()
        keeper.stdout.close()
        shutil.rmtree(folder, ignore_errors=True)


def stop_at_once(server: Path) -> None:
    """Ends the server as a kill of all its processes would: nothing is flushed, and clients are told nothing."""
    mark = server / "data" / "postmaster.pid"
    os.kill(int(mark.read_text().splitlines()[0]), signal.SIGQUIT)
    until = time.monotonic() + _SECONDS_TO_STOP
    while mark.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not mark.exists(), "the server does not end"


def start_again(server: Path) -> None:
    """Starts it once more, after `stop_at_once`; it ends with the first one's block."""
    control = [str(_programs() / "pg_ctl"), "-D", str(server / "data"), "-w", "-l", str(server / "again.log")]
    how = f"-k {server} -c listen_addresses="
    subprocess.run([*control, "-o", how, "start"], user=_user(), cwd="/", check=True, timeout=_SECONDS_TO_START)


@contextmanager
def waiting_for_its_disk(server: Path) -> Iterator[None]:
    """Lets the server keep what it is told to keep, within the block."""
    set_fsync(server, "on")
    try:
        yield
    finally:
        set_fsync(server, "off")


def set_fsync(server: Path, value: str) -> None:
    """Lets the server wait for its disk, or not, from now on and when it starts again."""
    with psycopg.connect(f"postgresql://tester@/postgres?host={server}", autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET fsync = {value}")
        connection.execute("SELECT pg_reload_conf()")
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until:
        with psycopg.connect(f"postgresql://tester@/postgres?host={server}") as connection:
            if connection.execute("SHOW fsync").fetchone() == (value,):
                return
    raise AssertionError(f"the server does not switch fsync {value}")


@dataclass(frozen=True)
class OwnSchema:
    """A schema of a server, for one test.

    Attributes:
        engine: for the test's own questions.
        url: under which a ledger finds it.
    """

    engine: Engine
    url: str

    @property
    def address(self) -> DatabaseAddress:
        """The address of a ledger there; the server is one that no power cut reaches."""
        return DatabaseAddress(self.url, may_lose_power=True)


@contextmanager
def own_schema(server: Path) -> Iterator[OwnSchema]:
    """A schema of its own, which goes with what is in it."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    address = URL.create("postgresql+psycopg", username="tester", database="postgres", query={"host": str(server)})
    waits = {"connect_timeout": 10, "options": f"-c search_path={name} -c statement_timeout=20s -c lock_timeout=10s"}
    engine = create_engine(address, connect_args=waits)
    path = quote(f"-csearch_path={name}")
    try:
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
        yield OwnSchema(engine, f"postgresql://tester@/postgres?host={server}&options={path}")
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL client_min_messages = warning"))
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    finally:
        engine.dispose()


def _programs() -> Path:
    """The folder of initdb and postgres, the newest: Debian keeps them out of the PATH."""
    if (found := shutil.which("initdb")) is not None:
        return Path(found).parent
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not kept:
        raise NoPostgres("PostgreSQL is not installed: no initdb")
    return kept[-1].parent


def _user() -> str | None:
    """Who runs the server: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise NoPostgres("PostgreSQL does not run as root, and there is no user postgres") from None


def _said(folder: Path) -> str:
    logs = [folder / name for name in ("initdb.log", "server.log")]
    return " | ".join(path.read_text("utf-8", errors="replace")[-500:] for path in logs if path.exists()) or "no word"
