"""Ctrl-C in a script: calls on their way end and are written down, and a resume makes the rest, each once."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import campaign
from tests.cli.conftest import ROOT, TEMPLATE, Desk, StandIn, stand_in
from tests.cli.dialling.test_signals import until

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


def script(desk: Desk, server: StandIn, text: str, *words: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", text, *map(str, words)],
        env={**os.environ, **server.env, "PYTHONPATH": str(ROOT)},
        cwd=desk.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("text", [SCRIPT, IN_A_LOOP], ids=["script", "event loop"])
def test_an_interrupt_leaves_every_call_written_down_and_a_resume_makes_the_rest(desk: Desk, text: str) -> None:
    with stand_in(desk.folder, latency=0.2) as server:
        with script(desk, server, text, desk.people(120), desk.template(SLOW)) as process:
            try:
                until(lambda: len(server.rings()) >= 5)
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=60)
            finally:
                process.kill()
        rings = len(server.rings())
        assert err.rstrip().endswith("KeyboardInterrupt")
        assert process.returncode in (-signal.SIGINT, 130)
        assert rings < 120
        if text is SCRIPT:
            assert out.split() == [str(rings), "0", str(120 - rings)]
        assert campaign.status("first").counts == campaign.Counts(created=rings, pending=120 - rings)
        environment = {**server.env, "CAMPAIGN_HOME": str(desk.folder / "home")}
        end = campaign.resume("first", call_people=True, rate=1000, environment=environment)
        assert end.counts == campaign.Counts(created=120)
        assert set(Counter(server.rings()).values()) == {1}


def test_a_second_interrupt_leaves_at_once_and_the_next_start_knows_what_was_on_its_way(desk: Desk) -> None:
    with stand_in(desk.folder, fault="hang=1") as server:
        with script(desk, server, IN_THE_MIDDLE, desk.people(20), desk.template(SLOW)) as process:
            try:
                until(lambda: len(server.rings()) == 4)
                process.send_signal(signal.SIGINT)
                assert process.stdout is not None
                assert "asked" in process.stdout.readline()
                process.send_signal(signal.SIGINT)
                process.communicate(timeout=60)
            finally:
                process.kill()
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
