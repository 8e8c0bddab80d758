"""The one way out of `created`: what the database lets pass, whatever the program's code does."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from campaign.domain.call_outcome import CallEnd, CallOutcome
from campaign.domain.errors import LedgerError
from campaign.domain.model import Created
from campaign.ledger.records.outcomes import Rules
from campaign.ledger.store import Ledger
from tests.ledger.backend import ADA, BOB, SERVICE, UNKNOWN, Backend, hold, load, named, people, states, waiting

pytestmark = pytest.mark.anyio
AT = datetime.fromisoformat("2026-12-01T11:00:00Z")
RULES = Rules(next_poll=lambda *_: None, call_again=lambda *_: None, template="t")
GOING_ON = Rules(next_poll=lambda *_: AT, call_again=lambda *_: None, template="t")
BACK = "UPDATE sheet_row SET state = 'pending', call_id = NULL"

LEAVES_ROOM = [
    ("noAnswer", None), ("busy", None), ("cancelled", None), ("canceled", None), ("completed", "VOICEMAIL_DETECTED"),
    ("completed", "IVR_DETECTED"), ("completed", "CALL_LATER"),
]  # fmt: skip
LEAVES_NONE = [
    ("failed", None), ("failed", "CALL_LATER"), ("completed", None), ("completed", "ENDED_NORMALLY"),
    ("completed", "DO_NOT_CALL"), ("completed", "do not call"), ("noAnswer", "DO_NOT_CALL"), ("completed", "NEW_CODE"),
    ("busy", "NEW_CODE"), ("queued", None), ("ringing", None), ("inProgress", "VOICEMAIL_DETECTED"), ("onHold", None),
    ("NOANSWER", None), ("", None),
]  # fmt: skip


async def dial(ledger: Ledger) -> None:
    record = load(ledger, people(ADA, BOB))
    with hold(ledger, record) as held:
        for attempt in waiting(ledger, record):
            await held.claim(attempt)
            await held.settle(attempt, Created(f"id-{attempt.row_number}"))


def note(ledger: Ledger, call_id: str, status: str, *, code: str | None = None) -> CallOutcome:
    outcome = CallOutcome(call_id, status=status, status_code=code, values=(("Confirmed", "yes"),))
    [call] = ledger.read.outcomes.find([call_id], service=SERVICE)
    return ledger.outcomes.note(call, outcome, rules=RULES if outcome.is_final else GOING_ON).outcome


def row_of(backend: Backend, call_id: str) -> int:
    [(row_id,)] = backend.ask("SELECT row_id FROM attempt WHERE call_id = :id", id=call_id)
    return int(row_id)


@pytest.mark.parametrize(("status", "code"), LEAVES_ROOM)
async def test_a_row_whose_call_reached_nobody_may_be_called_again(
    backend: Backend, status: str, code: str | None
) -> None:
    with backend.open() as ledger:
        await dial(ledger)
        note(ledger, "id-2", status, code=code)
        ledger.outcomes.requeue([(row_of(backend, "id-2"), "no_answer: to be called again")])
        assert states(backend) == ["pending", "created"]


@pytest.mark.parametrize(("status", "code"), LEAVES_NONE)
async def test_a_row_whose_call_is_not_over_or_leaves_no_room_stays(
    backend: Backend, status: str, code: str | None
) -> None:
    """Past the ledger's own code, too: a bug there must not ring a phone."""
    with backend.open() as ledger:
        await dial(ledger)
        note(ledger, "id-2", status, code=code)
        with pytest.raises(LedgerError, match="what became of its call leaves no room for another"):
            ledger.outcomes.requeue([(row_of(backend, "id-2"), "why not")])
    with pytest.raises(IntegrityError, match="leaves no room for another"):
        backend.tamper(f"{BACK} WHERE call_id = 'id-2'")
    assert states(backend) == ["created", "created"]


async def test_what_became_of_another_persons_call_is_no_reason(backend: Backend) -> None:
    with backend.open() as ledger:
        await dial(ledger)
        note(ledger, "id-3", "noAnswer")
    with pytest.raises(IntegrityError, match="leaves no room for another"):
        backend.tamper(f"{BACK} WHERE call_id = 'id-2'")


async def test_one_ending_is_a_reason_for_one_call(backend: Backend) -> None:
    """The new call is looked at before there is a third."""
    with backend.open() as ledger:
        await dial(ledger)
        note(ledger, "id-2", "noAnswer")
        row = row_of(backend, "id-2")
        ledger.outcomes.requeue([(row, "no_answer")])
        record = named(ledger, "december")
        with hold(ledger, record) as held:
            [again] = waiting(ledger, record)
            assert (again.number, again.row_id) == (2, row)
            assert await held.claim(again) is None
            await held.settle(again, Created("id-9"))
        with pytest.raises(LedgerError, match="leaves no room"):
            ledger.outcomes.requeue([(row, "no_answer")])


async def test_an_unknown_second_call_is_never_made_a_third_time(backend: Backend) -> None:
    with backend.open() as ledger:
        await dial(ledger)
        note(ledger, "id-2", "noAnswer")
        ledger.outcomes.requeue([(row_of(backend, "id-2"), "no_answer")])
        record = named(ledger, "december")
        with hold(ledger, record) as held:
            [again] = waiting(ledger, record)
            await held.claim(again)
            await held.settle(again, UNKNOWN)
        with pytest.raises(LedgerError):
            ledger.outcomes.requeue([(again.row_id, "no_answer")])
        assert states(backend) == ["unknown", "created"]
        [ada, _] = ledger.read.rows.results(record.id)
        assert ada.outcome is not None
        assert (ada.outcome.call_id, ada.outcome.end, ada.call_id) == ("id-2", CallEnd.NO_ANSWER, None)


@pytest.mark.every_database
async def test_a_group_of_rows_is_put_back_whole_or_not_at_all(backend: Backend) -> None:
    with backend.open() as ledger:
        await dial(ledger)
        note(ledger, "id-2", "noAnswer")
        note(ledger, "id-3", "failed")
        with pytest.raises(LedgerError):
            ledger.outcomes.requeue([(row_of(backend, call_id), "why") for call_id in ("id-2", "id-3")])
        assert states(backend) == ["created", "created"]


async def test_a_call_that_is_over_does_not_go_on(backend: Backend) -> None:
    """A server that answers from an old copy must not make an ending undone."""
    with backend.open() as ledger:
        await dial(ledger)
        [call] = ledger.read.outcomes.find(["id-2"], service=SERVICE)
        ledger.outcomes.note(call, CallOutcome("id-2", status="noAnswer"), rules=GOING_ON)
        looked = ledger.outcomes.note(call, CallOutcome("id-2", status="ringing"), rules=GOING_ON)
        assert (looked.outcome.status, looked.is_new) == ("noAnswer", False)
    with pytest.raises(IntegrityError, match="a call that is over does not go on"):
        backend.tamper("UPDATE call_outcome SET status = 'ringing', final_since = NULL, look_at = '2026'")


@pytest.mark.parametrize("status", ["inProgress", "completed"])
async def test_a_wish_not_to_be_called_is_on_the_list_with_the_outcome_and_stands(
    backend: Backend, status: str
) -> None:
    """At once, even while the call still goes on; and no later reading takes it back."""
    with backend.open() as ledger:
        await dial(ledger)
        [call] = ledger.read.outcomes.find(["id-2"], service=SERVICE)
        wish = CallOutcome("id-2", status=status, status_code="DO_NOT_CALL")
        assert ledger.outcomes.note(call, wish, rules=GOING_ON).suppressed
        [entry] = ledger.suppression.of([ADA, BOB], service="").values()
        assert (entry.last_digits, entry.source) == (ADA[-4:], "outcome")
        later = CallOutcome("id-2", status="completed", status_code="CALL_LATER")
        looked = ledger.outcomes.note(call, later, rules=GOING_ON)
        assert (looked.outcome.end, looked.suppressed) == (CallEnd.DO_NOT_CALL, False)
    with pytest.raises(IntegrityError, match="a wish not to be called stands"):
        backend.tamper("UPDATE call_outcome SET ended_as = 'call_later'")


async def test_a_person_can_take_a_wish_off_the_list_and_it_is_not_put_there_again(backend: Backend) -> None:
    """They asked again, on the phone, say; the old call is not read any more."""
    with backend.open() as ledger:
        await dial(ledger)
        note(ledger, "id-2", "completed", code="DO_NOT_CALL")
        assert ledger.suppression.remove(ADA, reason="asked for a call")
        assert not ledger.read.outcomes.find(["id-2"], service=SERVICE)


async def test_the_history_says_why_and_which_attempt(backend: Backend) -> None:
    with backend.open() as ledger:
        await dial(ledger)
        note(ledger, "id-2", "busy")
        ledger.outcomes.requeue([(row_of(backend, "id-2"), "busy: to be called again by the rules, as attempt 2")])
        moves = backend.ask("SELECT attempt, from_state, to_state, why FROM event WHERE from_state = 'created'")
        assert moves == [(1, "created", "pending", "busy: to be called again by the rules, as attempt 2")]
        assert backend.ask("SELECT number, call_id FROM attempt WHERE call_id = 'id-2'") == [(1, "id-2")]
        assert json.loads(backend.ask("SELECT result_values FROM call_outcome")[0][0]) == [["Confirmed", "yes"]]


@pytest.mark.parametrize("most", [1, 2])
async def test_no_claim_goes_beyond_the_calls_of_a_day(backend: Backend, most: int) -> None:
    """In the moment of the promise, whatever was looked at before; attempts that reached no server do not count."""
    with backend.open() as ledger:
        await dial(ledger)
        note(ledger, "id-2", "noAnswer")
        ledger.outcomes.requeue([(row_of(backend, "id-2"), "no_answer")])
        record = named(ledger, "december")
        with ledger.hold(record, call_again_after=timedelta(0), most_per_day=most) as held:
            [again] = waiting(ledger, record)
            recently = await held.claim(again)
            if most == 1:
                assert recently is not None
                assert recently.reason == "called once within 24 hours (calls_per_person_per_day)"
            else:
                assert recently is None
                await held.settle(again, Created("id-9"))
