"""A process that is stopped for longer than its deadline reads what has arrived meanwhile, and throws nothing away."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from tests.aicaller.conftest import serving
from tests.aicaller.endings import CHUNKED, answer, reply
from tests.aicaller.hostile import Hostile, Line
from tests.aicaller.reading.asking import DEADLINE_SECONDS

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs a system that can stop a process")
ROOT = Path(__file__).parents[3]
PATIENCE = 20.0
AT_ONCE = 32 * 1024
LISTED = 30_000
# By hand: every worker makes it as it collects.
LIST = b'{"data": [%s]}' % b",".join(
    b'{"_id": "call-%d", "nameOfHuman": "%s"}' % (n, b"x" * 100) for n in range(LISTED)
)
CHUNKS = b"%x\r\n%s\r\n" % (len(reply()), reply()) + b"0\r\n\r\n"

CASES = {
    "a call": ("post", answer(), "Created"),
    "a call, in chunks": ("post", answer(200, CHUNKS, *CHUNKED), "Created"),
    "a call, behind an interim answer": ("post", b"HTTP/1.1 102 Processing\r\n\r\n" + answer(), "Created"),
    "a refused call": ("post", answer(422, b'{"message": "no"}'), "Rejected"),
    "an outcome": ("call", answer(200, b'{"data": {"_id": "call-0001"}}'), "FoundCall"),
    "a list": ("list", answer(200, LIST), f"{LISTED} None"),
}


def stopped_meanwhile(*words: str, said: bytes, server: Callable[[Callable[[Line], None]], Hostile]) -> str:
    """What the process prints, which is stopped after its request until its deadline has passed."""
    asked, may_answer, answered = threading.Event(), threading.Event(), threading.Event()

    def script(line: Line) -> None:
        line.take()
        asked.set()
        assert may_answer.wait(PATIENCE)
        # As much as the sockets hold; the rest of it goes out as it is read.
        line.say(said[:AT_ONCE])
        answered.set()
        line.say(said[AT_ONCE:])

    with server(script) as hostile:
        what, backend, *trust = words
        command = [sys.executable, "-m", "tests.aicaller.reading.asking", what, backend, hostile.base_url, *trust]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert asked.wait(PATIENCE)
            deadline = time.monotonic() + DEADLINE_SECONDS
            os.kill(process.pid, signal.SIGSTOP)
            # Told when it has stopped, and not before.
            os.waitpid(process.pid, os.WUNTRACED)
            may_answer.set()
            assert answered.wait(PATIENCE)
            # Not a wait for the process: the deadline must pass by the clock while it is stopped.
            while time.monotonic() < deadline + 0.2:
                time.sleep(0.05)
            os.kill(process.pid, signal.SIGCONT)
            printed, _ = process.communicate(timeout=PATIENCE)
    return printed.strip()


# Each loop reads a call's answer every day, and what else is read is read by one of them.
_TRIED = [
    pytest.param(name, backend, marks=() if backend == "asyncio" or name == "a call" else pytest.mark.nightly)
    for name in CASES
    for backend in ("asyncio", "uvloop", "trio")
]
_LOOPS = ["asyncio", *(pytest.param(name, marks=pytest.mark.nightly) for name in ("uvloop", "trio"))]


@pytest.mark.parametrize(("name", "backend"), _TRIED)
def test_an_answer_that_lies_in_the_socket_is_read_though_the_deadline_has_passed(name: str, backend: str) -> None:
    """A laptop lid that closed for a minute would make calls unknown whose ids are here."""
    what, said, expected = CASES[name]
    assert stopped_meanwhile(what, backend, said=said, server=Hostile) == expected


@pytest.mark.parametrize("backend", _LOOPS)
def test_an_answer_over_tls_is_read_as_well(backend: str, tmp_path: Path) -> None:
    """TLS takes more than one look at the socket."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(trusted := str(tmp_path / "authority.pem"))
    tls = serving(authority.issue_cert("127.0.0.1"))

    def server(script: Callable[[Line], None]) -> Hostile:
        return Hostile(script, tls=tls)

    assert stopped_meanwhile("post", backend, trusted, said=answer(), server=server) == "Created"


@pytest.mark.parametrize("backend", _LOOPS)
def test_a_deadline_still_ends_what_has_not_arrived(backend: str) -> None:
    """Half an answer in the socket is no answer, and is not waited for."""
    assert "(deadline)" in stopped_meanwhile("post", backend, said=answer()[:-5], server=Hostile)
