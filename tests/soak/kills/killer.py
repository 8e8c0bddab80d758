"""Ends the starts of a camp at random moments: by kill, or by a signal that asks for an end."""

import random
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

from tests.soak.campaigner import Camp, Start

# Six in a hundred. `same_id` is left out: a server that gives the id of a call whose answer a kill has swallowed
# cannot be told from one that tells the truth, and the truth log would call the ledger a liar.
FAULTS = (
    "500_after=0.003,502_after=0.002,503_after=0.002,504_after=0.002,408_after=0.001,reset_after=0.004,"
    "close_after=0.003,html=0.001,empty=0.001,not_json=0.001,no_id=0.001,int_id=0.001,cut_body=0.002,"
    "reset_body=0.002,garbage=0.001,other_phone=0.001,bad_length=0.001,gzip=0.001,"
    "503_stock_after=0.002,503_stock=0.001,500=0.001,503_bare=0.001,reset_before=0.002,reset_mid=0.001,refuse_before=0.001,close_before=0.001,"
    "400=0.004,422=0.003,413=0.001,400_telling=0.001,429=0.001,429_past=0.002,429_bare=0.001,503=0.001,"
    "early_hints=0.003,201=0.002,chunked=0.002,http10=0.001,idle_close=0.001,no_phone=0.002,late=0.001"
)


class Moment(StrEnum):
    """When a start is ended."""

    LOADING = "while it loads the sheet"
    STARTING = "while it starts"
    DIALLING = "while it dials"
    FINISHING = "while it finishes"
    RERUNNING = "while it dials rejected rows again"
    SIGNALLED = "by a signal that asks it to stop, while it dials"


@dataclass(slots=True)
class Figures:
    """What a series of starts came to."""

    seed: int
    kills: int = 0
    signals: int = 0
    starts: int = 0
    seconds: float = 0.0
    moments: dict[str, int] = field(default_factory=dict)


KILLS: Mapping[Moment, int] = {
    Moment.STARTING: 8,
    Moment.DIALLING: 67,
    Moment.FINISHING: 10,
    Moment.RERUNNING: 8,
    Moment.SIGNALLED: 7,
}
"""How often each moment is met: most of them with calls on their way."""

# The longest, in seconds, that a start lives after the state that its end waits for.
_LINGER_SECONDS = 0.025


class Killer:
    """Ends starts at random moments, the same for the same seed as far as the machine allows."""

    def __init__(self, made: Camp, *, seed: int, moments: Mapping[Moment, int] = KILLS) -> None:
        """`moments` are weights; without one that kills, nothing is killed."""
        self._camp, self._chance, self._moments = made, random.Random(seed), moments
        self._used_up = False
        self.figures = Figures(seed=seed)

    def kill(self, times: int, *, loading: int = 3) -> Figures:
        """Kills that many starts, asks some others to stop, and then lets the run, and a rerun, end.

        Args:
            times: how many are killed.
            loading: how many of them while they load the sheet.
        """
        began = time.monotonic()
        self._load(loading)
        self._repeat(lambda: self.figures.kills >= times, most=4 * times)
        return self._finished(began)

    def stop(self, times: int) -> Figures:
        """Asks that many starts to stop, kills none, and then lets the run, and a rerun, end."""
        began = time.monotonic()
        self._repeat(lambda: self.figures.signals >= times, most=2 * times)
        return self._finished(began)

    def _repeat(self, enough: Callable[[], bool], *, most: int) -> None:
        for _ in range(most):
            if enough():
                return
            self._end_one()
        raise AssertionError(f"too few starts lived until their end: {self.figures}")

    def _finished(self, began: float) -> Figures:
        self._camp.finish()
        assert self._camp.rerun().end() in (0, 1, 5)
        self._camp.finish()
        self.figures.starts = len(self._camp.starts)
        self.figures.seconds = time.monotonic() - began
        return self.figures

    def _load(self, times: int) -> None:
        for _ in range(times):
            untouched = self._camp.ledger_stamp()
            start = self._camp.run()
            if self._camp.await_state(start, partial(self._is_touched, untouched)):
                self._strike(start, Moment.LOADING, within=0.3)

    def _is_touched(self, untouched: tuple[int, int] | None) -> bool:
        return self._camp.ledger_stamp() != untouched

    def _end_one(self) -> None:
        moment = self._chance.choices(list(self._moments), list(self._moments.values()))[0]
        if self._chance.random() < 0.1:
            # The results are a view: losing them loses nothing.
            self._camp.results.unlink(missing_ok=True)
        if self._used_up and moment is not Moment.STARTING:
            moment = Moment.RERUNNING
        match moment:
            case Moment.STARTING:
                self._strike(self._go_on(), moment, within=0.8)
            case Moment.DIALLING | Moment.SIGNALLED:
                self._await_and_strike(self._go_on(), moment)
            case Moment.FINISHING:
                rings = self._chance.randrange(3, 12)
                self._await_and_strike(self._go_on("--limit", str(rings)), moment, rings=rings - 1)
            case Moment.RERUNNING:
                self._await_and_strike(self._camp.rerun() if self._camp.has_rung() else self._go_on(), moment)

    def _go_on(self, *flags: str) -> Start:
        again = not self._camp.has_rung() or self._chance.random() < 0.2
        return self._camp.run(*flags) if again else self._camp.resume(*flags)

    def _await_and_strike(self, start: Start, moment: Moment, *, rings: int = 1) -> None:
        if self._camp.await_ring(start, rings=rings):
            self._strike(start, moment, within=_LINGER_SECONDS)
            return
        code = start.end()
        self._camp.note_results()
        # 2 is a finished run's, started again by its sheet.
        assert code in (0, 1, 2, 3, 5), start.said()
        self._used_up = self._used_up or (code in (0, 1, 2, 3) and moment is Moment.DIALLING)

    def _strike(self, start: Start, moment: Moment, *, within: float) -> None:
        # The one random duration here: the moment of a kill is what is being tried out.
        time.sleep(self._chance.random() * within)
        if moment is Moment.SIGNALLED:
            self._ask_to_stop(start)
        elif start.send(signal.SIGKILL) == -signal.SIGKILL:
            self.figures.kills += 1
            self.figures.moments[moment.value] = self.figures.moments.get(moment.value, 0) + 1
        self._camp.note_results()

    def _ask_to_stop(self, start: Start) -> None:
        number = self._chance.choice((signal.SIGINT, signal.SIGTERM))
        code = start.send(number)
        # It may have ended by itself just before, with its own exit code, or with all said and no handler any more.
        over = start.said().endswith(f"{self._camp.results}\n")
        if code in (128 + number, 0, 1, 5) or (code == -number and over):
            self.figures.signals += code == 128 + number
        else:
            self._camp.broken.append(f"stopped badly: exit code {code} after {number.name}: {start.said()}")
        if left := self._camp.open_attempts():
            self._camp.broken.append(f"stopped badly: {number.name} left {left} calls open: {start.said()}")
