"""The long soak of everything at once: a big run that is killed again and again, and hands beside it.

stand-in (a process of its own: truth log, hostile endings, opt-outs)
    ^              ^
big run ---------  hand 0, hand 1 ------------------------------------------------
run, kill,         suppress, check; small runs: run, kill, resume, rerun, follow,
resume, kill, ...  forget; resume, rerun, follow the big one; copy the home
    |              |
    +--- checker --+   over the truth log, the ledger, the results, the journals of what was acknowledged
"""

import pickle
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from campaign.domain.attempt_end import LOOPBACK
from campaign.ledger.store import open_ledger
from campaign.sandbox.calls import Fate, fate_of
from campaign.sandbox.config import SandboxConfig
from tests.forked import Process, forked, warm_up
from tests.soak.campaigner import RUN, Camp, StandIn
from tests.soak.checking.checker import HOOK_SECRET, Tally, count_rows, rings_of
from tests.soak.checking.everywhere import Everything, KnownRun, check_everything
from tests.soak.checking.optouts import OptOut, read_opt_outs
from tests.soak.everything import hostile
from tests.soak.everything.ground import MAIN_MARK, Ground, fates_of_regulars, open_output
from tests.soak.everything.hands import HANDS, STOP, Account, Hand
from tests.soak.everything.killing import MAX_IN_FLIGHT, Killing
from tests.soak.everything.listening import hear
from tests.soak.everything.stand_in_apart import stand_in_apart
from tests.soak.launched import Launch
from tests.soak.sheets import write_sheet
from tests.soak.starting import Spawn, from_cold, from_warm

# The calls of the stand-in go on so much faster than the clock.
_SPEED = 300.0
_DEADLINE_SECONDS = 3.0
_FIRST_LOOK_SECONDS = 0.3
# The stand-in's list lags by nothing; two minutes of waiting, as at AICaller, would be most of a short soak.
_LISTS_LAG_SECONDS = 1.0
_LATENCY_SECONDS = 0.02
_COLD = 0.05
_LONGEST_SECONDS = 600.0
_ONE_ASKED_OF = 60  # one in so many


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How long a soak is; see `python -m tests.soak.everything --help`."""

    rows: int
    kills: int
    seed: int
    planted: str | None = None


@dataclass(slots=True, kw_only=True)
class Report:
    """What a soak came to; `report.py` puts it into words."""

    size: Size
    killing: Killing
    accounts: tuple[Account, ...] = ()
    states: Counter[str] = field(default_factory=Counter)
    rings: Sequence[Mapping[str, Any]] = ()
    opt_outs: tuple[OptOut, ...] = ()
    seconds: float = 0.0
    posts: int = 0
    violations: list[str] = field(default_factory=list)


def soak(folder: Path, size: Size) -> Report:
    """Soaks in this folder; the report has all violations."""
    began = time.monotonic()
    warm_up()
    with stand_in_apart(_config(folder, size), said=folder / "stand-in.json") as apart:
        ground = Ground(
            folder=folder,
            url=apart.url,
            launch=Launch(
                planted=size.planted,
                deadline=_DEADLINE_SECONDS,
                first_look=_FIRST_LOOK_SECONDS,
                lists_lag=_LISTS_LAG_SECONDS,
            ),
            rows=size.rows,
            seed=size.seed,
        )
        ground.prepare()
        write_sheet(folder / "sheet.csv", rows=size.rows, mark=MAIN_MARK)
        report = Report(size=size, killing=Killing(_camp(ground), random.Random(size.seed)))
        with _hands(ground) as hands:
            report.violations += _killed(report.killing, size)
        report.killing.finish()
        report.accounts = tuple(pickle.loads(hand.account.read_bytes()) for hand in hands)  # noqa: S301 - its own hands'
        report.opt_outs = tuple(said for hand in hands for said in read_opt_outs(hand.journal))
        report.violations += _asked_at_the_end(ground, report)
    report.posts = apart.posts
    report.violations += [f"stand-in broken: {bug}" for bug in apart.bugs]
    _judge(report, ground)
    report.seconds = time.monotonic() - began
    return report


def _config(folder: Path, size: Size) -> SandboxConfig:
    return SandboxConfig(
        faults=hostile.plan(size.seed),
        seed=size.seed,
        latency=_LATENCY_SECONDS,
        truth=folder / "truth.jsonl",
        speed=_SPEED,
        late=0.3,
        script=fates_of_regulars(size.rows),
    )


def _camp(ground: Ground) -> Camp:
    made = Camp(
        folder=ground.folder,
        place=StandIn(url=ground.url, truth=ground.truth),
        launch=ground.launch,
        spawn=_Mixed(random.Random(ground.seed)),
        ring=f'["invoice", "{MAIN_MARK}'.encode(),
    )
    made.more_environment["HOOK_SECRET"] = HOOK_SECRET
    return made


class _Mixed:
    """Nineteen starts of twenty are forked; the last is a new interpreter, as a person's are."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def __call__(
        self, how: Launch, arguments: Sequence[str], /, *, output: int, folder: Path, environment: Mapping[str, str]
    ) -> Process:
        spawn: Spawn = from_cold if self._chance.random() < _COLD else from_warm
        return spawn(how, arguments, output=output, folder=folder, environment=environment)


@contextmanager
def _hands(ground: Ground) -> Iterator[list[Hand]]:
    """The hands at work while the block lasts; after it they have ended, and their small runs have, too."""
    hands = [Hand(ground, number, random.Random(f"{ground.seed}/{number}")) for number in range(HANDS)]
    works = [forked(hand.work, output=open_output(ground.folder / f"output-hand-{hand.number}.txt")) for hand in hands]
    try:
        yield hands
    finally:
        (ground.folder / STOP).touch()
        codes = [work.wait(timeout=_LONGEST_SECONDS) for work in works]
    assert codes == [0] * HANDS, f"a hand has failed: see output-hand-*.txt in {ground.folder}"


def _killed(killing: Killing, size: Size) -> list[str]:
    try:
        killing.kill(size.kills)
    except AssertionError as error:
        return [f"harness: {error}"]
    return []


def _asked_at_the_end(ground: Ground, report: Report) -> Iterator[str]:
    """What the program itself says of rows, and of those who have opted out."""
    chance = random.Random(ground.seed)
    for number in chance.sample(range(2, report.size.rows), report.size.rows // _ONE_ASKED_OF):
        code, said = _said(ground, "status", RUN, "--why", str(number))
        if code != 0 or len(said.strip()) == 0:
            yield f"without a reason: status --why {number} ends with {code}"
    followed = {said.phone for said in report.opt_outs if said.how.startswith("follow")}
    everybody = sorted({said.phone for said in report.opt_outs if not said.how.startswith("follow")})
    sheet = ground.folder / "everybody.csv"
    sheet.write_text("phone\n" + "".join(f"{phone}\n" for phone in everybody), encoding="utf-8")
    code, said = _said(ground, "suppress", "import", str(sheet))
    if everybody and (code != 0 or " 0 added, " not in said):
        yield f"opt-out lost: put on the list again, {len(everybody)} people who were on it make {said.strip()!r}"
    # What was said in a call to a stand-in holds for its calls alone.
    with open_ledger(ground.home, now=lambda: datetime.now(UTC)) as ledger:
        asked = sorted(followed)
        for first in range(0, len(asked), 500):
            phones = asked[first : first + 500]
            lost = set(phones) - ledger.suppression.of(phones, service=LOOPBACK).keys()
            yield from (f"opt-out lost: {phone} asked not to be called, and is not on the list" for phone in lost)


def _said(ground: Ground, *arguments: str) -> tuple[int, str]:
    lines: list[str] = []
    output = ground.folder / "output-asked.txt"
    ended = hear(ground, arguments, output=output, heard=lambda line, _at: lines.append(line))
    return ended.code, "\n".join(lines)


def _judge(report: Report, ground: Ground) -> None:
    camp, size = report.killing.camp, report.size
    main = KnownRun(name=RUN, mark=MAIN_MARK, sheet=camp.sheet, results=camp.results)
    plan = hostile.plan(size.seed)
    kills = report.killing.kills + sum(account.kills for account in report.accounts)
    world = Everything(
        folder=ground.folder,
        home=ground.home,
        truth=ground.truth,
        runs=[main, *(run for account in report.accounts for run in account.runs)],
        opt_outs=[*report.opt_outs, *_said_to_follow(report, ground)],
        outputs=tuple(sorted(ground.folder.glob("output-*.txt"))),
        told=camp.told,
        tally=Tally(
            max_in_flight=MAX_IN_FLIGHT,
            kills=kills,
            faults=sum(plan.at(number) is not None for number in range(report.posts)),
        ),
    )
    report.violations += [*camp.broken, *(fault for account in report.accounts for fault in account.broken)]
    report.violations += check_everything(world)
    report.states, report.rings = count_rows(ground.home, RUN), rings_of(ground.truth)


def _said_to_follow(report: Report, ground: Ground) -> Iterator[OptOut]:
    """Whoever asked, in a call that a `follow` has said to be over, not to be called any more."""
    fates, script = {}, fates_of_regulars(ground.rows)
    made = Counter[str]()
    for ring in rings_of(ground.truth):
        phone = ring["phone"]
        made[phone] += 1
        fates[ring["id"]] = phone, _fate(phone, made[phone], script=script.get(phone), seed=ground.seed)
    for account in report.accounts:
        for followed in account.followed:
            for phone, fate in (fates[call] for call in followed.calls if call in fates):
                if fate.code == "DO_NOT_CALL":
                    yield OptOut(phone=phone, at=followed.at, how="a whole follow", claims=None)


def _fate(phone: str, number: int, *, script: Sequence[Fate] | None, seed: int) -> Fate:
    return script[min(number, len(script)) - 1] if script else fate_of(phone, seed=seed, call=number)
