"""Opt-outs against the truth: whoever was told that a number is on the list now must not hear it ring afterwards.

                 acknowledged
    claim ----------+--------------> rings     on its way: its claim was in the ledger when the verb said it
                    +--- claim ----> rings     called after its opt-out

No window is forgiven: the claims of the number that the ledger holds at the moment of the acknowledgement are read
at that moment, and a call that rings later must be one of those.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.soak.checking.checker import open_ledger_file

Claim = tuple[int, int]
"""An attempt: its row's id, and its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """An acknowledged opt-out.

    Attributes:
        phone: E.164.
        at: when it was acknowledged, seconds since the epoch.
        how: the verb that acknowledged it.
        claims: the attempts to the number that the ledger held then; None when they were not read.
    """

    phone: str
    at: float
    how: str
    claims: tuple[Claim, ...] | None

    def written(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempted:
    """An attempt as the ledger has it at the end, with the number that it was made to."""

    claim: Claim
    run: str
    phone: str
    claimed_at: float
    outcome: str | None
    call_id: str | None

    def may_be(self, call_id: str) -> bool:
        """Whether it can have made this call."""
        return self.outcome in (None, "unknown") or self.call_id == call_id


def read_opt_outs(path: Path) -> Iterator[OptOut]:
    """Those of a journal; a killed writer may have left half of a line."""
    for line in path.read_text(encoding="utf-8").splitlines():
        with suppress(ValueError):
            said = json.loads(line)
            claims = said.pop("claims")
            yield OptOut(**said, claims=None if claims is None else tuple((row, number) for row, number in claims))


def claims_of(home: Path, phone: str) -> tuple[Claim, ...]:
    """The attempts to a number that the ledger holds now."""
    with open_ledger_file(home) as ledger:
        found = ledger.execute("SELECT row_id, number FROM attempt WHERE phone = ?", (phone,))
        return tuple((row["row_id"], row["number"]) for row in found)


def opt_out_faults(
    opt_outs: Iterable[OptOut], *, rings: Sequence[Mapping[str, Any]], attempts: Sequence[Attempted]
) -> Iterator[str]:
    """Calls, and claims, after an acknowledgement."""
    for said in _earliest(opt_outs):
        made = [attempt for attempt in attempts if attempt.phone == said.phone]
        for attempt in made:
            if attempt.claimed_at > said.at:
                after = attempt.claimed_at - said.at
                yield f"claimed after its opt-out: {said.phone}, {after:.3f} s after {said.how}, by run {attempt.run}"
        for ring in _rings_after(said, rings):
            if not any(attempt.may_be(ring["id"]) for attempt in made if _was_there(attempt, said)):
                after = seconds_of(ring["at"]) - said.at
                yield f"called after its opt-out: {said.phone} rang {after:.3f} s after {said.how} had said it"


def on_their_way(opt_outs: Iterable[OptOut], rings: Sequence[Mapping[str, Any]]) -> int:
    """How many acknowledgements came while the call was on its way."""
    return sum(any(_rings_after(said, rings)) for said in _earliest(opt_outs))


def seconds_of(instant: str) -> float:
    """Seconds since the epoch of a time as the ledger and the truth write it."""
    return datetime.fromisoformat(instant).timestamp()


def _earliest(opt_outs: Iterable[OptOut]) -> Iterable[OptOut]:
    first: dict[str, OptOut] = {}
    for said in sorted(opt_outs, key=lambda one: one.at):
        first.setdefault(said.phone, said)
    return first.values()


def _rings_after(said: OptOut, rings: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    return (ring for ring in rings if ring["phone"] == said.phone and seconds_of(ring["at"]) > said.at)


def _was_there(attempt: Attempted, said: OptOut) -> bool:
    return attempt.claimed_at <= said.at if said.claims is None else attempt.claim in said.claims
