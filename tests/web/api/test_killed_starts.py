"""A server that is killed while it starts a run: the same request, sent again, gives one run, and nobody two calls."""

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.web.serving import free_port, started, surrounding, wait_for

_ROWS = 40
_DONE_WITHIN_SECONDS = 60


def sheet() -> str:
    return "name,phone,appointment\n" + "".join(
        f"Person {n},+1 202 555 01{n:02},tomorrow at nine\n" for n in range(10, 10 + _ROWS)
    )


@pytest.mark.nightly
def test_a_request_that_is_sent_again_after_a_kill_gives_one_run(tmp_path: Path) -> None:
    killed(tmp_path, kills=3, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_fifty_kills_make_one_run_for_each_request(tmp_path: Path) -> None:
    for request in range(10):
        folder = tmp_path / str(request)
        folder.mkdir()
        killed(folder, kills=5, seed=100 + request)


def killed(folder: Path, *, kills: int, seed: int) -> None:
    """Sends one request again and again while its server is killed; then lets it end, and counts."""
    chance, port, environment = random.Random(seed), free_port(), surrounding(folder)
    process = started(folder, port, environment)
    wait_for(port, process)
    token = subprocess.run(
        [sys.executable, "-m", "campaign", "token", "add", "crm", "--role", "operator"],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout.split()[-1]
    runs = set[str]()
    for _ in range(kills):
        sender = threading.Thread(target=sent, args=(port, token, runs))
        sender.start()
        time.sleep(chance.uniform(0.02, 1.5))
        process.kill()
        process.wait(timeout=30)
        sender.join()
        process = started(folder, port, environment)
        wait_for(port, process)
    try:
        ends = time.monotonic() + _DONE_WITHIN_SECONDS
        while not sent(port, token, runs):
            assert time.monotonic() < ends
            time.sleep(0.1)
        [run] = runs
        authorization = {"authorization": f"Bearer {token}"}
        counts: dict[str, int] = {}
        while sum(counts.values()) == 0 or counts.get("pending"):
            assert time.monotonic() < ends, counts
            time.sleep(0.1)
            counts = httpx.get(f"http://127.0.0.1:{port}/api/v1/runs/{run}", headers=authorization).json()["counts"]
        listed = httpx.get(f"http://127.0.0.1:{port}/api/v1/runs", headers=authorization).json()["runs"]
    finally:
        process.kill()
        process.wait(timeout=30)
    assert [one["name"] for one in listed] == [run]
    assert sum(counts.values()) == _ROWS
    truth = (folder / "home" / "sandbox.truth.jsonl").read_text().splitlines()
    rung = Counter(json.loads(line)["phone"] for line in truth if line.strip())
    assert max(rung.values()) == 1, rung.most_common(3)
    assert len(rung) >= _ROWS - counts.get("unknown", 0)


def sent(port: int, token: str, runs: set[str]) -> bool:
    """Sends the request; returns whether it was answered with a run."""
    try:
        answer = httpx.post(
            f"http://127.0.0.1:{port}/api/v1/runs",
            data={"template": "visit", "sandbox": "true"},
            files={"sheet": ("people.csv", sheet().encode())},
            headers={"authorization": f"Bearer {token}", "idempotency-key": "the same"},
            timeout=60,
        )
    except httpx.TransportError:
        return False
    assert answer.status_code in (201, 409), answer.text
    if answer.status_code == 201:
        runs.add(answer.json()["name"])
    return answer.status_code == 201
