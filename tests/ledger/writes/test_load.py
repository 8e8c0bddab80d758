"""From a sheet to a run: all of it or nothing, once, under a name of its own."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from campaign.domain.cures.runs import rename_or_resume
from campaign.domain.errors import LedgerError, UsageError
from campaign.domain.model import Contact, Created, RowState
from campaign.domain.result_row import ResultRow
from campaign.domain.skip_reason import NoConsent, SkipReason, text_of
from campaign.ledger.records.drafts import DraftRecord, LoadedRows
from campaign.ledger.records.runs import Draft, SkippedRows
from campaign.ledger.store import Ledger
from tests.ledger.backend import (
    ADA,
    BOB,
    NOT_SENT,
    REJECTED,
    Backend,
    dialling,
    draft,
    load,
    named,
    people,
    person,
    waiting,
)
from tests.loading import begun as loading, published

NO = NoConsent("OK?", says="no")


def publish(
    ledger: Ledger, record: DraftRecord, *, content: str = "content", name: str | None = None, again: bool = False
) -> str | None:
    """The name of the run that it is instead; None when it is one of its own."""
    ended = published(ledger, record, content=content, name=name, stem="december", again=again)
    return None if ended.by_this_draft else ended.run


def begun(ledger: Ledger, *, run: Draft | None = None) -> DraftRecord:
    return loading(ledger, run or draft(), people(ADA, BOB))


def same(ledger: Ledger, *, run: Draft | None = None, content: str = "content") -> str | None:
    """The run of that content, as a draft that is completed is told."""
    ready = ledger.drafts.complete(begun(ledger, run=run), LoadedRows(content, view="{}"))
    return ledger.drafts.same_run(ready)


def test_rows_are_kept_as_they_came_and_in_their_order(backend: Backend) -> None:
    """What a person wrote is what the results show, and what the calls say."""
    ada = person(2, ADA, name='Ada "O\'Neill" Łukasz 🎈\n')
    rows = [("a", ada), ("b", person(3, None)), ("c", person(7, BOB, name="Bob", skip=NO))]
    with backend.open() as ledger:
        record = load(ledger, rows)
        [row] = ledger.read.rows.waiting(record.id, from_round=0)
        assert row.contact == ada.verdict
        assert isinstance(row.contact, Contact)
        assert (row.number, row.attempts, row.state) == (2, 0, RowState.PENDING)
        assert list(ledger.read.rows.results(record.id)) == [
            ResultRow(number=2, cells=ada.row.cells, status="pending", phone=ADA),
            ResultRow(
                number=3,
                cells=("Ada", ""),
                status="invalid",
                error="row 3, column 'Mobile': is empty; write the number",
            ),
            ResultRow(
                number=7, cells=("Bob", BOB), status="skipped", error=text_of(NO), phone=BOB, skip_reason=NO.code
            ),
        ]
        assert ledger.read.rows.count_states(record.id) == {
            RowState.PENDING: 1,
            RowState.INVALID: 1,
            RowState.SKIPPED: 1,
        }
        assert list(ledger.read.rows.count_reasons(record.id, RowState.SKIPPED)) == [(text_of(NO), 1)]
        assert ledger.read.rows.count_skipped(record.id) == [SkippedRows(SkipReason.NO_CONSENT, 1, text=text_of(NO))]
        assert record.header == ("Name", "Mobile")


def test_a_run_is_not_to_be_seen_before_all_of_its_rows_are_in(backend: Backend) -> None:
    """A load that was cut off in the middle must not be dialled: the rest of its people would be forgotten."""
    with backend.open() as ledger, backend.open() as other:
        record = begun(ledger)
        [(name,)] = backend.ask("SELECT name FROM run")
        for one in (ledger, other):
            assert one.read.runs.all() == []
            assert one.read.runs.find(name) is None
            assert one.drafts.same_run(record) is None
        assert publish(ledger, record) is None
        assert [run.name for run in other.read.runs.all()] == ["december-1"]


@pytest.mark.every_database
def test_what_is_discarded_leaves_nothing_behind(backend: Backend) -> None:
    """A sheet that was only looked at is nobody's data to keep."""
    with backend.open() as ledger:
        gone = begun(ledger)
        ledger.drafts.discard(gone)
        ledger.drafts.discard(gone)
    assert backend.ask("SELECT * FROM run") == backend.ask("SELECT * FROM sheet_row") == []


def test_a_published_run_cannot_be_discarded(backend: Backend) -> None:
    """Its calls may have been made."""
    with backend.open() as ledger:
        record = begun(ledger)
        publish(ledger, record)
        ledger.drafts.discard(record)
        assert len(waiting(ledger, named(ledger, "december-1"))) == 2


def test_a_load_that_was_cut_off_is_removed_a_day_later_and_no_sooner(backend: Backend) -> None:
    """A process that still loads must not lose its rows to another one that begins."""
    with backend.open() as ledger:
        cut_off = begun(ledger)
        backend.clock.passes(timedelta(hours=23))
        young = begun(ledger)
        assert backend.ask("SELECT count(*) FROM run") == [(2,)]
        backend.clock.passes(timedelta(hours=2))
        begun(ledger)
        assert backend.ask("SELECT count(*), min(id) FROM run") == [(2, young.run_id)]
        with pytest.raises(LedgerError, match="is not there any more; nothing was sent; start again"):
            publish(ledger, cut_off)


def test_two_loads_may_begin_at_the_same_moment(backend: Backend) -> None:
    """Two schedules of one hour."""
    with backend.open() as ledger:
        assert begun(ledger).run_id != begun(ledger).run_id


def test_the_same_sheet_is_recognised(backend: Backend) -> None:
    """Whoever starts it a second time is shown the first run, and nobody is called twice."""
    with backend.open() as ledger:
        publish(ledger, begun(ledger))
        second = begun(ledger)
        assert same(ledger) == "december-1"
        assert publish(ledger, second) == "december-1"
        assert [run.name for run in ledger.read.runs.all()] == ["december-1"]


def test_another_template_service_or_content_is_another_campaign(backend: Backend) -> None:
    """The same people are told something else."""
    with backend.open() as ledger:
        publish(ledger, begun(ledger))
        assert same(ledger, run=draft(template="other")) is None
        assert same(ledger, run=draft(service="sandbox")) is None
        assert same(ledger, content="other") is None


def test_a_sheet_that_is_run_again_on_purpose_is_a_run_of_its_own(backend: Backend) -> None:
    """And the latest one is the one that is found from then on."""
    with backend.open() as ledger:
        publish(ledger, begun(ledger))
        assert publish(ledger, begun(ledger), again=True) is None
        assert same(ledger) == "december-2"


@pytest.mark.every_database
def test_of_two_processes_that_start_one_sheet_together_one_wins(backend: Backend) -> None:
    """Both have looked, and neither has seen the other's."""
    ended = dict[str, str | None]()

    def start(ledger: Ledger, record: DraftRecord, name: str) -> None:
        together.wait()
        ended[name] = publish(ledger, record, name=name)

    with backend.open() as one, backend.open() as other:
        for turn in range(5):
            together = threading.Barrier(2)
            pair = [("one", one), ("other", other)]
            runs = [(ledger, begun(ledger), f"{who}-{turn}") for who, ledger in pair]
            assert not any(same(ledger) for ledger, _, _ in runs)
            threads = [threading.Thread(target=start, args=run) for run in runs]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            [won] = [name for name, other_run in ended.items() if other_run is None]
            [lost] = [name for name in ended if name != won]
            assert ended[lost] == won
            assert [run.name for run in one.read.runs.all()][turn:] == [won]
            ended.clear()
            backend.tamper("UPDATE run SET content_fingerprint = 'old'")


def test_a_name_is_made_of_its_stem_and_the_first_free_count(backend: Backend) -> None:
    with backend.open() as ledger:
        for content in ("a", "b"):
            publish(ledger, begun(ledger), content=content)
        publish(ledger, begun(ledger), content="c", name="december-4")
        publish(ledger, begun(ledger), content="d", name="DECEMBER-3")
        for content in ("e", "f"):
            publish(ledger, begun(ledger), content=content)
        assert [run.name for run in ledger.read.runs.all()] == [
            "december-1",
            "december-2",
            "december-4",
            "DECEMBER-3",
            "december-3",
            "december-5",
        ]


def test_a_name_is_one_runs(backend: Backend) -> None:
    """`resume` takes a name: it must not be able to mean two runs."""
    with backend.open() as ledger:
        publish(ledger, begun(ledger), name="mine")
        second = ledger.drafts.complete(begun(ledger), LoadedRows("other", view="{}"))
        with pytest.raises(UsageError, match=r"there is a run called 'mine' already$") as caught:
            ledger.drafts.publish(second, name="mine", stem="x", again=False)
        assert caught.value.cures == (rename_or_resume("mine"),)
        assert ledger.drafts.publish(second, name="yours", stem="x", again=False).by_this_draft


def test_a_file_name_that_is_no_text_is_kept_as_well_as_it_can_be(backend: Backend) -> None:
    """A sheet from an old Windows share must not be refused for its name."""
    with backend.open() as ledger:
        made = replace(draft(), sheet="caf\udce9.csv")
        publish(ledger, loading(ledger, made), name="odd")
        assert named(ledger, "odd").sheet == "caf\\udce9.csv"


@pytest.mark.anyio
async def test_results_show_each_row_by_what_became_of_it(backend: Backend) -> None:
    """`sending` and `retry_wait` are words for the machine: people see that the row still waits."""
    with dialling(backend, *[f"+120255501{number:02d}" for number in range(5)]) as (held, attempts):
        for attempt in attempts[:4]:
            await held.claim(attempt)
        await held.settle(attempts[0], Created("id-1"))
        await held.settle(attempts[1], REJECTED)
        await held.settle(attempts[2], NOT_SENT)
        with backend.open() as ledger:
            ledger.note_results(held.record.id, Path("/results/december.csv"))
            rows = list(ledger.read.rows.results(held.record.id))
            assert [(row.status, row.call_id, row.error, row.attempts) for row in rows] == [
                ("created", "id-1", None, 1),
                ("rejected", None, REJECTED.reason, 1),
                ("pending", None, NOT_SENT.reason, 1),
                ("pending", None, None, 1),
                ("pending", None, None, 0),
            ]
            assert [bool(row.submitted_at) for row in rows] == [True, True, False, False, False]
            settled = list(ledger.read.rows.results(held.record.id, settled_only=True))
            assert [row.number for row in settled] == [2, 3]
            assert named(ledger, "december").results_path == "/results/december.csv"


def test_more_rows_than_are_read_at_once_come_in_order_and_once(backend: Backend) -> None:
    """A page's border must lose nobody and repeat nobody."""
    phones = [f"+1{area}555{number:04d}" for area in range(201, 212) for number in range(100, 200)]
    with backend.open() as ledger:
        record = load(ledger, people(*phones))
        assert [attempt.phone for attempt in waiting(ledger, record)] == phones
        assert [row.phone for row in ledger.read.rows.results(record.id)] == phones
        assert len(phones) > 1_000
