"""Settle: resolves a run's rows whose answers were lost, from the calls that AICaller lists. It sends nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from campaign.aicaller.listed_call import ListedCall, read_instant, same_text, same_words
from campaign.config.run_plan import RunPlan
from campaign.domain.instants import from_text
from campaign.domain.phone_line import line_of
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.lost_calls import CallFound, OpenSending
from campaign.ledger.records.runs import RunRecord
from campaign.reconcile.call_list import RecentCalls, echo_of, references_of
from campaign.reconcile.matching import (
    BY_WORDS,
    Echo,
    LostAttempt,
    Matched,
    Missing,
    PartlyMatched,
    Several,
    Verdict,
    match,
)

LONGEST_SENDING = timedelta(minutes=15)
"""How long a sending of a program that died can have lasted: when it was noticed says nothing."""
_LOOKED_UP = "; looked up: "
_MOST_SHOWN = 5


@dataclass(slots=True)
class LookupResult:
    """Result of a lookup; rows by their number in the sheet.

    Attributes:
        found: row -> (id, by what it was recognised).
        several: row -> ids, of which at least one call is too many.
        doubtful: row -> what fits in part, and why it was not taken.
        missing: rows of which nothing was listed.
        moved: rows that another process settled meanwhile.
    """

    found: dict[int, tuple[str, str]] = field(default_factory=dict)
    several: dict[int, tuple[str, ...]] = field(default_factory=dict)
    doubtful: dict[int, PartlyMatched] = field(default_factory=dict)
    missing: dict[int, OpenSending] = field(default_factory=dict)
    moved: list[int] = field(default_factory=list)

    @property
    def left(self) -> int:
        """How many rows stay unknown."""
        return len(self.several) + len(self.doubtful) + len(self.missing)


def settle_unknown(
    ledger: Ledger, record: RunRecord, recent: RecentCalls, *, plan: RunPlan, write: bool = True
) -> LookupResult:
    """Settles what the listed calls prove; without `write` it only reports what it would do."""
    unknown, settled = ledger.read.lost.unknown(record.id), LookupResult()
    if not unknown:
        return settled
    unclaimed = recent.unclaimed_to({"", *(line_of(one.phone) for one in unknown)}, ledger)
    named = recent.calls.of_ids([one.call_id for one in unknown if one.call_id is not None])
    echo = echo_of(ledger, record, recent, plan=plan)
    rivals = _by_line(ledger.read.lost.open_sendings([one.phone for one in unknown], service=record.service))
    for one in unknown:
        calls = unclaimed.get(line_of(one.phone), []) + unclaimed.get("", [])
        if one.call_id in named:
            calls.append(named[one.call_id])
        verdict = _match_unrivalled(one, calls, rivals=rivals.get(line_of(one.phone), ()), ledger=ledger, echo=echo)
        if isinstance(verdict, Matched) and one.call_id not in (None, verdict.call.call_id):
            # Its id is in doubt, and another is a guess: the answers that made it doubtful may be the wrong ones.
            verdict = PartlyMatched((verdict.call.call_id,), f"the row was given the id {one.call_id}")
        _write_down(ledger, one, verdict, settled=settled, echo=echo, write=write)
    return settled


def to_sending(one: OpenSending, *, ledger: Ledger) -> LostAttempt:
    """An attempt of the ledger as evidence."""
    call = RunPlan.model_validate_json(one.plan).call
    since = from_text(one.claimed_at)
    until = from_text(one.ended_at) if one.ended_at else ledger.now()
    return LostAttempt(
        phone=one.phone,
        name=same_text(one.contact.name),
        variables=same_words(one.contact.variables),
        team=call.team_id,
        template=call.call_template_id,
        since=since,
        until=min(until, since + LONGEST_SENDING) if one.cut_off else until,
        delayed_until=read_instant(one.delayed_until),
        reference_key=call.reference,
        references=references_of(one.run_mark, one.row_id, one.attempt),
    )


def _match_unrivalled(
    one: OpenSending, calls: Sequence[ListedCall], *, rivals: Sequence[OpenSending], ledger: Ledger, echo: Echo
) -> Verdict:
    """The verdict, unless another attempt of this ledger has the same claim to the same call."""
    verdict = match(to_sending(one, ledger=ledger), calls, echo=echo)
    if not isinstance(verdict, Matched) or verdict.by != BY_WORDS:
        return verdict
    for rival in rivals:
        if (rival.row_id, rival.attempt) != (one.row_id, one.attempt):
            claim = match(to_sending(rival, ledger=ledger), [verdict.call], echo=echo)
            if isinstance(claim, Matched):
                return PartlyMatched((verdict.call.call_id,), "another sending to this number may have made it")
    return verdict


def _write_down(
    ledger: Ledger, one: OpenSending, verdict: Verdict, *, settled: LookupResult, echo: Echo, write: bool
) -> None:
    row, before = one.row_number, one.reason.partition(_LOOKED_UP)[0]
    if one.is_duplicate and not isinstance(verdict, Several):
        # A list that shows less than an earlier one takes nothing back.
        settled.doubtful[row] = PartlyMatched((), "more than one call of it was listed before")
        return
    match verdict:
        case Matched(call, by):
            made_at = call.created_at and call.created_at - timedelta(seconds=echo.ahead)
            if write and not ledger.lookups.adopt(one, CallFound(call.call_id, by=by, made_at=made_at)):
                settled.moved.append(row)
                return
            settled.found[row] = (call.call_id, by)
        case Several(call_ids):
            settled.several[row] = call_ids
            if write:
                reason = f"{before}{_LOOKED_UP}DUPLICATE AT SERVER: {_shown(call_ids)}"
                ledger.lookups.flag(one, reason=reason, seen={"several": call_ids[:_MOST_SHOWN]})
        case PartlyMatched(call_ids, why):
            settled.doubtful[row] = verdict
            if write:
                reason = f"{before}{_LOOKED_UP}it may be {_shown(call_ids)}: {why}"
                ledger.lookups.flag(one, reason=reason, seen={"doubtful": call_ids[:_MOST_SHOWN]})
        case Missing():
            settled.missing[row] = one


def _by_line(sendings: Sequence[OpenSending]) -> Mapping[str, list[OpenSending]]:
    found = dict[str, list[OpenSending]]()
    for one in sendings:
        found.setdefault(line_of(one.phone), []).append(one)
    return found


def _shown(call_ids: Sequence[str]) -> str:
    more = f" and {len(call_ids) - _MOST_SHOWN} more" if len(call_ids) > _MOST_SHOWN else ""
    return ", ".join(call_ids[:_MOST_SHOWN]) + more
