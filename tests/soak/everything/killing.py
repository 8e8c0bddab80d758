"""Kills the big run's starts so that the kills are spread over all of its rows, and most fall on calls on their way."""

import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from tests.soak.campaigner import RUN, Camp, Start
from tests.soak.checking.checker import open_ledger_file

MAX_IN_FLIGHT = 8


class Blow(StrEnum):
    """How and when a start of the big run is struck."""

    LOADING = "while it loads the sheet"
    STARTING = "while it starts"
    DIALLING = "while it dials"
    FINISHING = "while it finishes"
    RERUNNING = "while it dials rejected rows again"
    PAUSED = "after it was stopped, and went on"
    SIGNALLED = "by a signal that asks it to stop"


_WEIGHTS = {
    Blow.STARTING: 6,
    Blow.DIALLING: 76,
    Blow.FINISHING: 5,
    Blow.RERUNNING: 5,
    Blow.PAUSED: 3,
    Blow.SIGNALLED: 5,
}
_LINGER_SECONDS = 0.03
_SPARE_KILLS = 3
# 4 and 5: it stopped itself, for a hostile ending; 75: a hand holds the run. All three are started again.
_ENDED_BY_ITSELF = frozenset({0, 1, 2, 3, 4, 5, 75})
_AGAIN = frozenset({4, 5, 75})
_LOADING_FLAGS = ("--rate", "20", "--max-in-flight", str(MAX_IN_FLIGHT))
_FINISHING_FLAGS = ("--rate", "300", "--max-in-flight", str(MAX_IN_FLIGHT))


@dataclass(slots=True)
class Killing:
    """The killer, and its figures."""

    camp: Camp
    chance: random.Random
    kills: int = 0
    on_their_way: int = 0
    moments: Counter[str] = field(default_factory=Counter)
    codes: Counter[int] = field(default_factory=Counter)

    def kill(self, times: int) -> None:
        """Strikes until so many starts are killed.

        Raises:
            AssertionError: there are too few rows for so many kills.
        """
        # A short sheet may be loaded before the blow falls, and must not be dialled to its end by then.
        self.camp.flags = _LOADING_FLAGS
        for _ in range(2):
            self._strike_loading()
        for _ in range(5 * times):
            if self.kills >= times:
                return
            self._strike_one(times)
        raise AssertionError(f"only {self.kills} of {times} kills struck a start: {self.codes}")

    def finish(self, *, most: int = 200) -> None:
        """Lets the run, a rerun, and the run once more, go to their ends."""
        self.camp.flags = _FINISHING_FLAGS
        for start in (self._go_on, self.camp.rerun, self.camp.resume):
            for _ in range(most):
                code = start().end()
                self._count(code)
                if code not in _AGAIN:
                    break
                # A hand that holds the run has to be waited for.
                time.sleep(0.1)

    def _strike_loading(self) -> None:
        untouched = self.camp.ledger_stamp()
        start = self._go_on()
        if self.camp.await_state(start, lambda: self.camp.ledger_stamp() != untouched):
            self._strike(start, Blow.LOADING, within=0.3)

    def _strike_one(self, times: int) -> None:
        blow = self.chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        # As if there were more to come: the last one, too, must find somebody on their way.
        share = self._waiting() / (times - self.kills + _SPARE_KILLS)
        rate, workers = max(20, int(share * self.chance.choice((4, 8, 12)))), self.chance.choice((1, 3, MAX_IN_FLIGHT))
        audit = [] if self.chance.random() < 0.2 else ["--no-audit"]
        self.camp.flags = ("--rate", str(rate), "--max-in-flight", str(workers), *audit)
        rings = self._rings_until_blow(share)
        match blow:
            case Blow.STARTING:
                self._strike(self._go_on(), blow, within=0.5)
            case Blow.RERUNNING:
                self._await_and_strike(self.camp.rerun(), blow, rings=1)
            case Blow.FINISHING:
                self._await_and_strike(self._go_on("--limit", str(rings + 1)), blow, rings=rings)
            case _:
                self._await_and_strike(self._go_on(), blow, rings=rings)

    def _rings_until_blow(self, share: float) -> int:
        """How many phones ring before the blow: such that the rows last for all kills, of which each has this share."""
        # Some more are on their way when it strikes, and are gone as well.
        mean = max(1.0, share - 4)
        return 1 + min(int(self.chance.expovariate(1 / mean)), int(3 * mean))

    def _go_on(self, *flags: str) -> Start:
        if not self.camp.published() or self.chance.random() < 0.02:
            return self.camp.run("--skip-changed", *flags)
        return self.camp.resume(*flags)

    def _await_and_strike(self, start: Start, blow: Blow, *, rings: int) -> None:
        if self.camp.await_ring(start, rings=rings):
            self._strike(start, blow, within=_LINGER_SECONDS)
        else:
            self._count(start.end(), start)
            self.camp.note_results()

    def _strike(self, start: Start, blow: Blow, *, within: float) -> None:
        # The one random duration here: the moment of a kill is what is being tried out.
        time.sleep(self.chance.random() * within)
        if blow is Blow.SIGNALLED:
            code = start.send(self.chance.choice((signal.SIGINT, signal.SIGTERM)))
            self.codes[code] += 1
        else:
            if blow is Blow.PAUSED:
                self._pause(start)
            if start.send(signal.SIGKILL) == -signal.SIGKILL:
                self.kills += 1
                self.moments[blow.value] += 1
                self.on_their_way += self.camp.published() and self.camp.open_attempts() > 0
        if self.chance.random() < 0.1:
            # The results are a view: losing them loses nothing.
            self.camp.results.unlink(missing_ok=True)
        self.camp.note_results()

    def _pause(self, start: Start) -> None:
        start.process.send_signal(signal.SIGSTOP)
        time.sleep(0.2)
        start.process.send_signal(signal.SIGCONT)
        time.sleep(0.05)

    def _count(self, code: int, start: Start | None = None) -> None:
        self.codes[code] += 1
        if code not in _ENDED_BY_ITSELF:
            said = (start or self.camp.starts[-1]).output.name
            self.camp.broken.append(f"ended badly: with {code}, see {said}")

    def _waiting(self) -> int:
        if not self.camp.published():
            return 0
        with open_ledger_file(self.camp.home) as ledger:
            query = (
                "SELECT count(*) FROM sheet_row WHERE run_id = (SELECT id FROM run WHERE name = ?)"
                " AND state IN ('pending', 'retry_wait')"
            )
            return int(ledger.execute(query, (RUN,)).fetchone()[0])
