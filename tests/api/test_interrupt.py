"""Ctrl-C in a script: calls on their way end and are written down, and a resume makes the rest, each once."""

import os
import signal
import sys
from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

import campaign
from tests.cli.conftest import TEMPLATE, Desk, StandIn, stand_in
from tests.cli.dialling.test_signals import until
from tests.warm import Piped, warm

SLOW = TEMPLATE + "[pace]\ncalls_per_second = 50\nmax_in_flight = 4\n"
SCRIPT = """
import campaign, sys
try:
    campaign.start(sys.argv[1], sys.argv[2], call_people=True, name="first")
except KeyboardInterrupt:
    counts = campaign.status("first").counts
    print(counts.created, counts.unknown, counts.pending)
    raise
"""
IN_A_LOOP = """
import asyncio, campaign, sys
asyncio.run(campaign.start_async(sys.argv[1], sys.argv[2], call_people=True, name="first"))
"""


def script(desk: Desk, server: StandIn, text: str, *words: Path) -> AbstractContextManager[Piped]:
    """A script of that text; it ends with the block, if it has not ended before."""
    environment = {**os.environ, **server.env}
    return warm().piped(f"{__name__}:run", [text, *map(str, words)], folder=desk.folder, environment=environment)


def run(words: list[str]) -> None:
    sys.argv = ["script", *words[1:]]
    exec(words[0], {"__name__": "__main__"})  # noqa: S102 - as `python -c` does


@pytest.mark.parametrize("text", [SCRIPT, IN_A_LOOP], ids=["script", "event loop"])
def test_an_interrupt_leaves_every_call_written_down_and_a_resume_makes_the_rest(desk: Desk, text: str) -> None:
    with stand_in(desk.folder, latency=0.2) as server:
        with script(desk, server, text, desk.people(40), desk.template(SLOW)) as process:
            until(lambda: len(server.rings()) >= 5)
            process.send_signal(signal.SIGINT)
            out, err = process.ended()
        rings = len(server.rings())
        assert err.rstrip().endswith("KeyboardInterrupt")
        assert process.returncode in (-signal.SIGINT, 130)
        assert rings < 40
        if text is SCRIPT:
            assert out.split() == [str(rings), "0", str(40 - rings)]
        assert campaign.status("first").counts == campaign.Counts(created=rings, pending=40 - rings)
        environment = {**server.env, "CAMPAIGN_HOME": str(desk.folder / "home")}
        end = campaign.resume("first", call_people=True, rate=1000, environment=environment)
        assert end.counts == campaign.Counts(created=40)
        assert set(Counter(server.rings()).values()) == {1}


def test_a_second_interrupt_leaves_at_once_and_the_next_start_knows_what_was_on_its_way(desk: Desk) -> None:
    with stand_in(desk.folder, fault="hang=1") as server:
        with script(desk, server, IN_THE_MIDDLE, desk.people(20), desk.template(SLOW)) as process:
            until(lambda: len(server.rings()) == 4)
            process.send_signal(signal.SIGINT)
            assert "asked" in process.stdout.readline()
            process.send_signal(signal.SIGINT)
            process.ended()
        rang = len(server.rings())
    (desk.folder / "healthy").mkdir()
    with stand_in(desk.folder / "healthy") as healthy:
        environment = {**healthy.env, "CAMPAIGN_HOME": str(desk.folder / "home")}
        end = campaign.resume("first", call_people=True, audit=False, environment=environment)
        assert end.counts == campaign.Counts(created=20 - rang, unknown=rang)
        assert len(healthy.rings()) == 20 - rang


# The first interrupt is only told of by the stop that it leads to: the script says so when it is asked for.
IN_THE_MIDDLE = """
import campaign, sys
from campaign.engine.stop import StopRequest
ask = StopRequest.ask
def told(self):
    ask(self)
    print("asked", flush=True)
StopRequest.ask = told
campaign.start(sys.argv[1], sys.argv[2], call_people=True, name="first")
"""
