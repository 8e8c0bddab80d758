"""A draft in the ledger: seen by its owner alone, answered as it was looked at, published once, and gone in time."""

import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from campaign.domain.errors import LedgerError, UsageError
from campaign.domain.model import Contact, RowState
from campaign.domain.skip_reason import ChangedSince, Skipped, SkipReason, text_of
from campaign.ledger.records.drafts import (
    DraftRecord,
    DraftRerun,
    DraftState,
    LoadedRows,
    NewDraft,
    PublishedAs,
    why_not_usable,
)
from campaign.ledger.records.reruns import CorrectedRow
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.store import Ledger
from tests.ledger.backend import (
    ADA,
    BOB,
    CY,
    REJECTED,
    SERVICE,
    WINDOW,
    Backend,
    draft,
    everything,
    hold,
    load,
    named,
    people,
    states,
    waiting,
)
from tests.loading import NEW, begun, published

pytestmark = pytest.mark.anyio

WEEK = timedelta(days=7)
CHANGED = ChangedSince("2026-11-30T09:00:00.000Z", run="november", row=2)
NO_ROWS = "SELECT * FROM sheet_row WHERE run_id NOT IN (SELECT id FROM run)"


def ready(
    ledger: Ledger, *phones: str, content: str = "content", may_skip: dict[int, Skipped] | None = None
) -> DraftRecord:
    record = begun(ledger, draft(), people(*phones))
    return ledger.drafts.complete(record, LoadedRows(content, view='{"of": "Ada"}', may_skip=may_skip or {}))


def found(ledger: Ledger, record: DraftRecord) -> DraftRecord:
    there = ledger.read.drafts.find(record.token)
    assert there is not None
    return there


def publish(ledger: Ledger, record: DraftRecord, *, name: str | None = None, again: bool = False) -> PublishedAs:
    return ledger.drafts.publish(record, name=name, stem="december", again=again)


def test_a_draft_says_how_far_its_load_has_come(backend: Backend) -> None:
    """A page that is opened beside it shows the rows as they come."""
    with backend.open() as ledger, backend.open() as other:
        record = begun(ledger, draft(), people(ADA, BOB))
        ledger.drafts.add(record, [("key-9", people(CY)[0][1])], wording=str)
        seen = found(other, record)
        assert (seen.state, seen.progress, seen.view) == (DraftState.LOADING, 3, None)
        assert [one.token for one in other.read.drafts.all()] == [record.token]
        assert "still being loaded (3 rows so far)" in str(why_not_usable(seen, at=backend.clock.at))


def test_tokens_are_long_and_never_the_same(backend: Backend) -> None:
    """Who has one has the draft."""
    with backend.open() as ledger:
        tokens = {begun(ledger, draft()).token for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(token) >= 32 and token.isalnum() for token in tokens)


def test_whom_it_belongs_to_is_kept(backend: Backend) -> None:
    with backend.open() as ledger:
        mine = ledger.drafts.begin(NewDraft("{}", "{}", belongs_to="ada@example"), draft())
        assert found(ledger, mine).owner == "ada@example"
        assert begun(ledger, draft()).owner == ledger.owner


def test_no_run_no_call_and_no_window_knows_of_a_draft(backend: Backend) -> None:
    """What was only looked at must keep nobody from being called, and must not be dialled."""
    since = "2000-01-01T00:00:00.000Z"
    with backend.open() as ledger:
        record = ready(ledger, ADA, BOB)
        read = ledger.read
        assert read.runs.all() == []
        assert not read.earlier.any_called_since(service=SERVICE, since=since)
        assert not read.earlier.called_since([ADA], service=SERVICE, since=since)
        assert not read.earlier.any_calls_under(service=SERVICE, template_fingerprint="template-1")
        assert not read.lost.open_sendings([ADA], service=SERVICE)
        assert ledger.drafts.same_run(record) is None
        [other] = [ready(ledger, ADA)]
        assert ledger.drafts.skip_called_recently(begun(ledger, draft(), people(ADA)), call_again_after=WINDOW) == 0
        assert publish(ledger, other).by_this_draft
    assert states(backend, run="december-1") == ["pending"]


def test_an_answer_to_what_stands_there_no_more_is_refused_and_changes_nothing(backend: Backend) -> None:
    """Two tabs: what was agreed to in one must be what the other one shows."""
    with backend.open() as ledger, backend.open() as other:
        seen = ready(ledger, ADA, BOB, may_skip={2: CHANGED})
        now = ledger.drafts.answer(seen, answers='{"a": 1}', view="{}")
        assert (now.revision, now.answers) == (1, '{"a": 1}')
        before = [*everything(backend), backend.ask("SELECT * FROM draft")]
        with pytest.raises(UsageError, match="was changed since it was looked at; nothing was sent; look at it again"):
            other.drafts.answer(seen, answers="{}", view="{}", skip=True)
        with pytest.raises(UsageError, match="was changed since it was looked at"):
            publish(other, seen)
        assert [*everything(backend), backend.ask("SELECT * FROM draft")] == before
        assert publish(other, now).by_this_draft


def test_rows_are_skipped_by_an_answer_in_the_ledger_itself(backend: Backend) -> None:
    with backend.open() as ledger:
        seen = ready(ledger, ADA, BOB, CY, may_skip={3: CHANGED})
        now = ledger.drafts.answer(seen, answers="{}", view="{}", skip=True)
        publish(ledger, now)
        results = ledger.read.rows.results(named(ledger, "december-1").id)
        reasons = [(row.number, row.error, row.skip_reason) for row in results]
    assert states(backend, run="december-1") == ["pending", "skipped", "pending"]
    assert reasons == [(2, None, None), (3, text_of(CHANGED), SkipReason.CHANGED), (4, None, None)]


@pytest.mark.every_database
def test_a_draft_is_published_once_whoever_asks_again(backend: Backend) -> None:
    """A double click, the back button, two tabs: all of them see the run that it became."""
    with backend.open() as ledger, backend.open() as other:
        record = ready(ledger, ADA)
        first = publish(ledger, record, name="mine")
        assert first == publish(other, record) == publish(ledger, record, name="yours", again=True)
        assert first == PublishedAs("mine", by_this_draft=True)
        assert [run.name for run in ledger.read.runs.all()] == ["mine"]
        assert "published already, as run mine" in str(why_not_usable(found(ledger, record), at=backend.clock.at))


def test_what_is_known_of_people_goes_when_it_is_published(backend: Backend) -> None:
    """It stands in the run's rows, where it can be erased."""
    with backend.open() as ledger:
        publish(ledger, ready(ledger, ADA, may_skip={2: CHANGED}))
    assert backend.ask("SELECT view FROM draft") == [(None,)]
    assert backend.ask("SELECT * FROM draft_row") == []


def test_a_sheet_that_was_started_meanwhile_leaves_the_draft_as_it_was(backend: Backend) -> None:
    with backend.open() as ledger:
        mine, theirs = ready(ledger, ADA), ready(ledger, ADA)
        publish(ledger, theirs)
        assert ledger.drafts.same_run(mine) == "december-1"
        assert publish(ledger, mine) == PublishedAs("december-1", by_this_draft=False)
        assert found(ledger, mine) == mine
        assert publish(ledger, mine, again=True) == PublishedAs("december-2", by_this_draft=True)


def test_a_sheet_that_is_read_again_keeps_its_token_and_none_of_its_old_rows(backend: Backend) -> None:
    with backend.open() as ledger:
        old = ready(ledger, ADA, BOB)
        backend.clock.passes(timedelta(hours=1))
        loading = begun(ledger, draft(), people(CY))
        new = ledger.drafts.complete(loading, LoadedRows("content", "{}"), in_place_of=old)
        assert (new.token, new.revision, new.expires_at) == (old.token, old.revision + 1, old.expires_at)
        assert ledger.read.drafts.find(loading.token) is None
        assert [record.id for record in ledger.read.drafts.all()] == [new.id]
        with pytest.raises(UsageError, match="there is no such draft"):
            publish(ledger, old)
        publish(ledger, new)
    assert backend.ask("SELECT phone FROM sheet_row") == [(CY,)]


def test_a_draft_that_was_answered_meanwhile_is_not_replaced(backend: Backend) -> None:
    with backend.open() as ledger:
        old = ready(ledger, ADA)
        now = ledger.drafts.answer(old, answers="{}", view="{}")
        loading = begun(ledger, draft(), people(CY))
        with pytest.raises(UsageError, match="was changed since it was looked at"):
            ledger.drafts.complete(loading, LoadedRows("content", "{}"), in_place_of=old)
        assert found(ledger, old) == now
        assert found(ledger, loading).state is DraftState.LOADING


@pytest.mark.parametrize("begins", ["a sheet", "a rerun"])
def test_what_is_over_is_removed_in_passing_and_says_so_afterwards(backend: Backend, begins: str) -> None:
    """Nothing of its people is left; whoever comes back with the token is told what to do."""
    with backend.open() as ledger:
        record = ready(ledger, ADA, may_skip={2: CHANGED})
        run = load(ledger, people(BOB))
        backend.clock.passes(WEEK - timedelta(seconds=1))
        begun(ledger, draft())
        assert found(ledger, record).state is DraftState.READY
        backend.clock.passes(timedelta(seconds=1))
        why = why_not_usable(found(ledger, record), at=backend.clock.at)
        with pytest.raises(UsageError, match="expired on 2026-12-08"):
            publish(ledger, record)
        if begins == "a sheet":
            begun(ledger, draft())
        else:
            ledger.drafts.choose(NEW, run, DraftRerun({}), view="{}")
        gone = found(ledger, record)
        assert gone.state is DraftState.EXPIRED
        assert why == why_not_usable(gone, at=backend.clock.at)
        assert why == "this draft expired on 2026-12-08, and what was loaded is gone; nothing was sent; load it again"
        for late in (lambda: publish(ledger, record), lambda: ledger.drafts.answer(record, answers="{}", view="{}")):
            with pytest.raises(UsageError, match="expired on 2026-12-08"):
                late()
    assert backend.ask("SELECT phone FROM sheet_row") == [(BOB,)]
    assert backend.ask("SELECT view, source, answers FROM draft WHERE state = 'expired'") == [(None, "{}", "{}")]
    assert backend.ask("SELECT * FROM draft_row") == backend.ask(NO_ROWS) == []


def test_an_owner_may_keep_it_for_less(backend: Backend) -> None:
    with backend.open() as ledger:
        short = ledger.drafts.begin(NewDraft("{}", "{}", kept_for=timedelta(hours=1)), draft())
        ledger.drafts.complete(short, LoadedRows("content", "{}"))
        backend.clock.passes(timedelta(hours=1))
        assert ledger.drafts.expire() == 1
        assert ledger.drafts.expire() == 0


def test_expiring_spares_what_is_young_and_what_was_published(backend: Backend) -> None:
    with backend.open() as ledger:
        publish(ledger, ready(ledger, ADA))
        old = ready(ledger, BOB, content="b")
        backend.clock.passes(timedelta(days=2))
        young = ready(ledger, CY, content="c")
        assert ledger.drafts.expire(older_than=timedelta(days=1)) == 1
        assert [record.id for record in ledger.read.drafts.all()] == [young.id]
        assert found(ledger, old).state is DraftState.EXPIRED
    assert states(backend, run="december-1") == ["pending"]


def test_of_an_expired_draft_not_even_the_token_is_kept_for_ever(backend: Backend) -> None:
    with backend.open() as ledger:
        record = ready(ledger, ADA)
        backend.clock.passes(WEEK)
        ledger.drafts.expire()
        backend.clock.passes(timedelta(days=31))
        ledger.drafts.expire()
        assert ledger.read.drafts.find(record.token) is None


def test_a_load_whose_draft_is_gone_ends_with_what_to_do(backend: Backend) -> None:
    with backend.open() as ledger, backend.open() as other:
        record = begun(ledger, draft(), people(ADA))
        other.drafts.discard(record)
        gone = "is not there any more; nothing was sent; start again"
        with pytest.raises(LedgerError, match=gone):
            ledger.drafts.add(record, people(BOB), wording=str)
        with pytest.raises(LedgerError, match=gone):
            ledger.drafts.skip(record, {2: CHANGED})
        with pytest.raises(LedgerError, match=gone):
            ledger.drafts.complete(record, LoadedRows("content", "{}"))
    assert backend.ask("SELECT * FROM sheet_row") == backend.ask("SELECT * FROM draft") == []


def test_what_an_older_version_left_behind_while_loading_is_removed_too(backend: Backend) -> None:
    """Its loads had no drafts."""
    with backend.open() as ledger:
        begun(ledger, draft(), people(ADA))
        backend.tamper("DELETE FROM draft")
        backend.clock.passes(timedelta(days=1, seconds=1))
        ledger.drafts.expire()
    assert backend.ask("SELECT * FROM run") == backend.ask("SELECT * FROM sheet_row") == []


async def refused(ledger: Ledger, record: RunRecord) -> Sequence[int]:
    """All rows that wait are refused; their numbers in the ledger."""
    with hold(ledger, record, call_again_after=timedelta(0)) as held:
        attempts = waiting(ledger, record)
        for attempt in attempts:
            assert await held.claim(attempt) is None
            await held.settle(attempt, REJECTED)
    return [attempt.row_id for attempt in attempts]


def choose(ledger: Ledger, record: RunRecord, rows: dict[int, int], *corrected: CorrectedRow) -> DraftRecord:
    return ledger.drafts.choose(NEW, record, DraftRerun(rows, corrected), view="{}")


@pytest.mark.every_database
async def test_a_reruns_rows_are_requeued_once_in_a_round_of_their_own(backend: Backend) -> None:
    with backend.open() as ledger:
        record = load(ledger, people(ADA, BOB))
        ada, bob = await refused(ledger, record)
        chosen = choose(ledger, record, {ada: 1})
        assert chosen.state is DraftState.READY
        assert states(backend) == ["rejected", "rejected"]
        first = ledger.drafts.publish_rerun(chosen, record)
        assert (first.round, first.rows) == (1, 1)
        assert states(backend) == ["pending", "rejected"]
        assert ledger.drafts.publish_rerun(chosen, record) == first
        await refused(ledger, record)
        assert ledger.drafts.publish_rerun(chosen, record).rows == 0
        assert states(backend) == ["rejected", "rejected"]
        second = ledger.drafts.publish_rerun(choose(ledger, record, {ada: 2, bob: 1}), record)
        assert (second.round, second.rows) == (2, 2)


async def test_a_row_that_was_called_again_since_it_was_chosen_is_passed_over(backend: Backend) -> None:
    """A draft may be a week old: what it was refused for is not what was agreed to."""
    with backend.open() as ledger:
        record = load(ledger, people(ADA, BOB))
        ada, bob = await refused(ledger, record)
        old, new = choose(ledger, record, {ada: 1, bob: 1}), choose(ledger, record, {ada: 1})
        ledger.drafts.publish_rerun(new, record)
        await refused(ledger, record)
        assert ledger.drafts.publish_rerun(old, record).rows == 1
    assert states(backend) == ["rejected", "pending"]


async def test_a_corrected_row_says_something_else_once_it_is_published_and_not_before(backend: Backend) -> None:
    with backend.open() as ledger:
        record = load(ledger, people(ADA))
        [ada] = await refused(ledger, record)
        contact = Contact(2, "Ada L.", CY)
        chosen = choose(ledger, record, {ada: 1}, CorrectedRow(ada, 1, contact, ("Ada L.", CY), ("Name", "Mobile")))
        assert backend.ask("SELECT phone FROM sheet_row") == [(ADA,)]
        ledger.drafts.publish_rerun(chosen, record)
        [row] = ledger.read.rows.waiting(record.id, from_round=1)
    assert (row.contact, row.cells) == (contact, ("Ada L.", CY))
    assert backend.ask("SELECT * FROM draft_row") == []


async def test_a_correction_that_is_overtaken_leaves_run_and_draft_as_they_were(backend: Backend) -> None:
    with backend.open() as ledger:
        record = load(ledger, people(ADA, BOB))
        ada, bob = await refused(ledger, record)
        contact = Contact(2, "Ada", CY)
        chosen = choose(ledger, record, {ada: 1, bob: 1}, CorrectedRow(ada, 1, contact, ("Ada", CY), ("Mobile",)))
        ledger.drafts.publish_rerun(choose(ledger, record, {ada: 1}), record)
        await refused(ledger, record)
        before = everything(backend)
        with pytest.raises(UsageError, match="row 2 was called by another process meanwhile"):
            ledger.drafts.publish_rerun(chosen, record)
        assert everything(backend) == before
        assert found(ledger, chosen) == chosen


async def test_a_rerun_is_of_one_run(backend: Backend) -> None:
    with backend.open() as ledger:
        record, other = load(ledger, people(ADA)), load(ledger, people(BOB), name="other")
        [ada] = await refused(ledger, record)
        with pytest.raises(UsageError, match="does not call rows of run other again"):
            ledger.drafts.publish_rerun(choose(ledger, record, {ada: 1}), other)
    assert states(backend) == ["rejected"]


async def test_a_discarded_or_expired_rerun_leaves_its_run_alone(backend: Backend) -> None:
    with backend.open() as ledger:
        record = load(ledger, people(ADA))
        [ada] = await refused(ledger, record)
        ledger.drafts.discard(choose(ledger, record, {ada: 1}))
        choose(ledger, record, {ada: 1})
        backend.clock.passes(WEEK)
        assert ledger.drafts.expire() == 1
        assert named(ledger, "december") == record
    assert states(backend) == ["rejected"]
    assert backend.ask("SELECT * FROM draft_row") == []


async def test_people_who_are_erased_are_in_no_draft_of_a_rerun_either(backend: Backend) -> None:
    """Corrected cells stand in it."""
    with backend.open() as ledger:
        record = load(ledger, people(ADA))
        [ada] = await refused(ledger, record)
        contact = Contact(2, "Ada L.", CY)
        chosen = choose(ledger, record, {ada: 1}, CorrectedRow(ada, 1, contact, ("Ada L.", CY), ("Name",)))
        with hold(ledger, record):
            ledger.forget(record, drop_waiting=False)
        assert ledger.read.drafts.find(chosen.token) is None
    assert backend.ask("SELECT * FROM draft_row") == []


def test_a_published_firing_is_tied_to_the_drafts_run(backend: Backend) -> None:
    """As `link_run` says: what is not tied is not published."""
    with backend.open() as ledger:
        record = begun(ledger, draft(), people(ADA))
        with pytest.raises(LedgerError, match="this firing is not this process's any more"):
            published(ledger, record, firing_id=99)
        assert ledger.read.runs.all() == []
        assert found(ledger, record).state is DraftState.READY
        assert ledger.read.rows.count_states(record.run_id or 0) == {RowState.PENDING: 1}


def test_a_load_whose_process_has_ended_is_removed_at_the_next_look(backend: Backend) -> None:
    """Its rows are people whom no run shows, and whom `forget` would leave behind."""
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait(timeout=60)
    with backend.open() as ledger:
        alive = begun(ledger, draft(), people(ADA))
        elsewhere = begun_by(ledger, f"another-host:{ended.pid}:0a0b0c0d", BOB)
        dead = begun_by(ledger, f"{socket.gethostname()}:{ended.pid}:0a0b0c0d", CY)
        assert ledger.drafts.expire() == 1
        assert found(ledger, dead).state is DraftState.EXPIRED
        assert {found(ledger, one).state for one in (alive, elsewhere)} == {DraftState.LOADING}
    assert len(backend.ask("SELECT * FROM sheet_row")) == 2


def begun_by(ledger: Ledger, owner: str, *phones: str) -> DraftRecord:
    record = ledger.drafts.begin(replace(NEW, belongs_to=owner), draft())
    ledger.drafts.add(record, people(*phones), wording=str)
    return record
