"""How near to a server's limit the pace comes, beside a fixed rate, AIMD, and the rule that halves and creeps back.

    python -m tests.bench.pacing [--quick]

First on a clock of its own, all clients against the same limiters; then the real program on loopback, by the log of
the server. Used: which part of what the limit allows was taken; 429: which part of the answers. Where a 429 names a
time, campaign alone sends nothing before it: the others are let off.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from tests.bench.costs import environment, said_of
from tests.bench.limited import limited
from tests.bench.million import write_sheet
from tests.bench.pacing_rivals import Aimd, FixedRate, HalveAndCreep
from tests.bench.reading import TEMPLATE
from tests.timing.limiters import AtRandom, FixedWindow, Limiter, SlidingWindow, TokenBucket, always, moving
from tests.timing.simulated_account import AccountRun, Client, Row, Seen, simulated

_ASKED = 100.0
_CLIENTS: dict[str, Callable[[float, int], Client]] = {
    "fixed rate": lambda asked, _: FixedRate(asked),
    "AIMD": lambda asked, _: Aimd(asked, asked=asked),
    "halve and creep": lambda asked, _: HalveAndCreep(asked, asked=asked),
    "campaign": lambda asked, seed: AccountRun(Row(), asked, random.Random(seed)),
}
_STEPS = ((0.0, 20.0), (60.0, 5.0), (120.0, 50.0))


@dataclass(frozen=True)
class _Window:
    """A stretch of time with what the limit allowed in it, and the goals for it."""

    name: str
    since: float
    until: float
    allowed: float
    least_used: float
    most_refused: float = 1.0


@dataclass(frozen=True)
class _Case:
    name: str
    server: Callable[[int], Limiter]
    windows: tuple[_Window, ...]
    asked: float = _ASKED
    latency: tuple[float, float] = (0.05, 0.05)
    retry_after: float = 0.0


_HARD = (_Window("20/s, after 20 s", 20, 140, 20.0, 0.95, 0.01),)
_MOVED = (
    _Window("5/s, 30 s after", 90, 120, 5.0, 0.85),
    _Window("50/s, 30 s after", 150, 180, 50.0, 0.85),
)
# The first refusals, by which the limit is found, cost a pause each; and so does each probe later on.
_TOLD_2 = (_Window("20/s, after 40 s", 40, 240, 20.0, 0.85, 0.01),)
_TOLD_10 = (_Window("20/s, after 100 s", 100, 400, 20.0, 0.85, 0.01),)
_CASES = (
    _Case("token bucket", lambda _: TokenBucket(always(20.0)), _HARD),
    _Case("fixed window", lambda _: FixedWindow(always(20.0)), _HARD),
    _Case("sliding window", lambda _: SlidingWindow(always(20.0)), _HARD),
    _Case("token bucket, 0.2 to 0.6 s", lambda _: TokenBucket(always(20.0)), _HARD, latency=(0.2, 0.6)),
    _Case("token bucket, 0.5 to 2 s", lambda _: TokenBucket(always(20.0)), _HARD, latency=(0.5, 2.0)),
    _Case("token bucket, 21/s asked", lambda _: TokenBucket(always(20.0)), _HARD, asked=21.0),
    _Case("token bucket, wait 2 s", lambda _: TokenBucket(always(20.0)), _TOLD_2, retry_after=2.0),
    _Case("fixed window, wait 2 s", lambda _: FixedWindow(always(20.0)), _TOLD_2, retry_after=2.0),
    _Case("sliding window, wait 2 s", lambda _: SlidingWindow(always(20.0)), _TOLD_2, retry_after=2.0),
    _Case("token bucket, wait 10 s", lambda _: TokenBucket(always(20.0)), _TOLD_10, retry_after=10.0),
    _Case("fixed window, wait 10 s", lambda _: FixedWindow(always(20.0)), _TOLD_10, retry_after=10.0),
    _Case("sliding window, wait 10 s", lambda _: SlidingWindow(always(20.0)), _TOLD_10, retry_after=10.0),
    _Case("token bucket, moves", lambda _: TokenBucket(moving(*_STEPS)), _MOVED),
    _Case("sliding window, moves", lambda _: SlidingWindow(moving(*_STEPS)), _MOVED),
    _Case(
        "1 % at random",
        lambda seed: AtRandom(0.01, random.Random(seed).random),
        (_Window("100/s", 0, 180, _ASKED, 0.85),),
    ),
)


def measure(*, seeds: int, seconds: float) -> None:
    """Prints each case with its goals: on a clock of its own, then on loopback for so many seconds a case."""
    print(f"\n{_ASKED:g}/s asked; used / 429s, {seeds} runs each, campaign's goals in brackets")
    for case in _CASES:
        for window in case.windows:
            _print_simulated(case, window, seeds=seeds)
    print("  on loopback, the program itself")
    for limiter in ("bucket", "fixed", "sliding"):
        end = max(seconds, 1.0)
        goal = _Window("20/s, after 20 s", end * 20 / 60, end, 20.0, 0.95, 0.01)
        _print_dialled(limiter, "0:20", seconds=end, windows=(goal,))
    moves = (
        _Window("5/s, 30 s after", seconds, seconds * 1.5, 5.0, 0.85),
        _Window("50/s, 30 s after", seconds * 2, seconds * 2.5, 50.0, 0.85),
    )
    _print_dialled("sliding", f"0:20,{seconds / 2}:5,{seconds * 1.5}:50", seconds=seconds * 2.5, windows=moves)
    _print_dialled("random", "0:0.01", seconds=seconds, windows=(_Window("100/s", 1, seconds, _ASKED, 0.85),))


def _print_simulated(case: _Case, window: _Window, *, seeds: int) -> None:
    said, seen = list[str](), list[Seen]()
    for name, client in _CLIENTS.items():
        seen = [
            simulated(
                [client(case.asked, seed)],
                case.server(seed),
                seconds=window.until,
                latency=case.latency,
                retry_after=case.retry_after,
                seed=seed,
            )[-1]
            for seed in range(seeds)
        ]
        said.append(f"{name} {_figures(seen, window)}")
    print(f"  {case.name:26} {window.name:17} {'; '.join(said)}{_goals(window)}: {_met(seen, window)}", flush=True)


def _goals(window: _Window) -> str:
    most = f", at most {window.most_refused:.0%} 429s" if window.most_refused < 1 else ""
    return f" [at least {window.least_used:.0%}{most}]"


def _print_dialled(limiter: str, steps: str, *, seconds: float, windows: tuple[_Window, ...]) -> None:
    seen = _dialled(limiter, steps, seconds=seconds)
    for window in windows:
        print(
            f"  {limiter:26} {window.name:17} campaign {_figures([seen], window)}{_goals(window)}: "
            f"{_met([seen], window)}",
            flush=True,
        )


def _figures(seen: list[Seen], window: _Window) -> str:
    used = min(one.taken_a_second(window.since, window.until) for one in seen) / window.allowed
    return f"{used:.0%} / {mean(one.refused_part(window.since, window.until) for one in seen):.1%}"


def _met(seen: list[Seen], window: _Window) -> str:
    used = min(one.taken_a_second(window.since, window.until) for one in seen) / window.allowed
    refused = mean(one.refused_part(window.since, window.until) for one in seen)
    return said_of(met=used >= window.least_used and refused <= window.most_refused)


def _dialled(limiter: str, steps: str, *, seconds: float) -> Seen:
    """What a limited server saw of `campaign run` in so many seconds."""
    with tempfile.TemporaryDirectory(prefix="pacing-") as folder:
        here = Path(folder)
        log = here / "seen.log"
        (here / "t.toml").write_text(TEMPLATE, encoding="utf-8")
        write_sheet(here / "sheet.csv", int(_ASKED * (seconds + 10)))
        with limited(log, limiter=limiter, steps=steps, latency=0.05) as port:
            env = environment(here / "home", base_url=f"http://127.0.0.1:{port}")
            run = [sys.executable, "-m", "campaign", "run", "sheet.csv", "-t", "t.toml", "--yes", "-q", "--no-audit"]
            pace = ["--rate", f"{_ASKED:g}", "--max-in-flight", "64"]
            with subprocess.Popen(
                [*run, *pace], cwd=here, env=os.environ | env, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            ) as process:
                calls = _calls_until(log, seconds, process=process)
                process.terminate()
        return Seen(calls)


def _calls_until(log: Path, seconds: float, *, process: subprocess.Popen[bytes]) -> list[tuple[float, bool]]:
    """The server's log, up to so many seconds after its first call."""
    calls = list[tuple[float, bool]]()
    with log.open(encoding="utf-8") as lines:
        while not calls or calls[-1][0] < seconds:
            if line := lines.readline():
                at, taken = line.split()
                calls.append((float(at), taken == "1"))
            else:
                assert process.poll() is None, "the run ended before its time"
                try:
                    process.wait(0.2)
                except subprocess.TimeoutExpired:
                    continue
    return calls


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pacing")
    parser.add_argument("--quick", action="store_true", help="few runs and seconds: the figures mean nothing")
    quick = parser.parse_args().quick
    measure(seeds=1 if quick else 6, seconds=2.0 if quick else 60.0)
