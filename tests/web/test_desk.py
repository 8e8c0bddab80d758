"""The desk: what a server was told to dial is dialled to its end, across restarts, once, and in nobody's way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from starlette.testclient import TestClient

from campaign.ledger.records.serving import Wanted
from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.serving.acts import acts
from campaign.usecases.serving.dialling import OrderedDialling, ordered_of
from campaign.usecases.serving.orders import order_of
from campaign.usecases.working.duties import on_duty_for, queue_of
from campaign.web.app import application
from campaign.web.dialling.desk import Desk
from campaign.web.site import Site
from tests.web.conftest import ADDRESS
from tests.web.launching import counts_of, launched, phase_of, wait_for_phase, wait_until

Sites = Callable[..., Site]


@contextmanager
def served(site: Site) -> Iterator[tuple[TestClient, Ledger]]:
    """A browser without JavaScript at that site, and its ledger."""
    with opened_ledger(site.around) as ledger, TestClient(application(site), base_url=ADDRESS) as client:
        yield client, ledger


def wanted(ledger: Ledger, run: str) -> Wanted | None:
    order = order_of(ledger, run)
    return None if order is None else order.wanted


def begin_stopped(client: TestClient, site: Site, ledger: Ledger) -> str:
    """A run that was stopped before all of its rows were called."""
    run = launched(client, site)
    client.post(f"/runs/{run}/stop")
    wait_for_phase(site, run, "stopped")
    assert counts_of(ledger, run)["pending"] > 0
    return run


def test_an_order_is_kept_when_the_server_ends_and_the_next_start_goes_on(with_stand_in: Sites) -> None:
    """Who restarts a server must not have to remember which runs it was dialling."""
    site = with_stand_in(rate=5)
    with served(site) as (client, ledger):
        run = launched(client, site)
        wait_until(lambda: counts_of(ledger, run).get("created", 0) > 0)
        site.desk.close(within_seconds=5)
        assert counts_of(ledger, run)["pending"] > 0
        assert wanted(ledger, run) is Wanted.GO
        again = Desk(site.around)
        again.restore()
        wait_until(lambda: counts_of(ledger, run) == {"created": 5})
        again.close(within_seconds=5)


def test_an_order_whose_calls_are_made_is_followed_after_a_restart_and_dials_nothing(with_stand_in: Sites) -> None:
    site = with_stand_in()
    with served(site) as (client, ledger):
        run = launched(client, site)
        wait_for_phase(site, run, "following")
        site.desk.close(within_seconds=5)
        order = order_of(ledger, run)
        assert order is not None
        until = ordered_of(order).follow_until
        assert until is not None
        again = Desk(site.around)
        again.restore()
        wait_until(lambda: getattr(again.snapshot(run), "phase", None) == "following")
        order = order_of(ledger, run)
        assert order is not None
        # The week is not begun anew by each start.
        assert ordered_of(order).follow_until == until
        again.close(within_seconds=5)


def test_a_limit_counts_what_was_called_before_a_restart(with_stand_in: Sites) -> None:
    """Three rows were meant; three more after each restart would be rows that nobody asked for."""
    site = with_stand_in(rate=5)
    with served(site) as (client, ledger):
        run = begin_stopped(client, site, ledger)
        before = counts_of(ledger, run).get("created", 0)
        site.desk.dial(ledger, run, OrderedDialling(limit=2), who="ada")
        wait_until(lambda: counts_of(ledger, run).get("created", 0) > before)
        site.desk.close(within_seconds=5)
        again = Desk(site.around)
        again.restore()
        wait_until(lambda: getattr(again.snapshot(run), "phase", None) == "following")
        # A call that the stop took back before it was sent counts too: one fewer may be made, never one more.
        assert before < counts_of(ledger, run)["created"] <= before + 2
        again.close(within_seconds=5)


def test_a_run_that_is_only_followed_is_dialled_at_once_when_it_is_ordered_again(with_stand_in: Sites) -> None:
    """Following lasts up to a week: whoever wants the rest to be called must not have to wait for its end."""
    site = with_stand_in(rate=5)
    with served(site) as (client, ledger):
        run = begin_stopped(client, site, ledger)
        site.desk.dial(ledger, run, OrderedDialling(limit=1), who="ada")
        wait_for_phase(site, run, "following")
        assert counts_of(ledger, run)["pending"] > 0
        assert "Resume" in client.get(f"/runs/{run}").text
        client.post(f"/runs/{run}/resume")
        wait_until(lambda: counts_of(ledger, run) == {"created": 5})
        wait_for_phase(site, run, "following")
        client.post(f"/runs/{run}/stop")
        wait_for_phase(site, run, "stopped")
        assert wanted(ledger, run) is Wanted.STOP


def test_a_stop_and_a_resume_at_once_dial_the_rest_once(with_stand_in: Sites) -> None:
    site = with_stand_in(rate=5, latency=0.3)
    with served(site) as (client, ledger):
        run = launched(client, site)
        wait_until(lambda: counts_of(ledger, run).get("created", 0) > 0)
        client.post(f"/runs/{run}/stop")
        client.post(f"/runs/{run}/resume")
        wait_until(lambda: counts_of(ledger, run) == {"created": 5})


def test_a_run_that_another_process_holds_is_left_alone_and_looked_at_again(with_stand_in: Sites) -> None:
    site = with_stand_in(rate=5)
    with served(site) as (client, ledger):
        run = begin_stopped(client, site, ledger)
        before, record = counts_of(ledger, run), ledger.read.runs.find(run)
        assert record is not None
        patient = Desk(site.around, busy_again_seconds=0.05)
        with ledger.lock_run(record):
            assert "Another process works on this run" in client.get(f"/runs/{run}").text
            assert ">Resume<" not in client.get(f"/runs/{run}").text
            patient.dial(ledger, run, OrderedDialling(), who="ada")
            wait_until(lambda: getattr(patient.snapshot(run), "phase", None) == "elsewhere")
            assert counts_of(ledger, run) == before
        wait_until(lambda: counts_of(ledger, run) == {"created": 5})
        patient.close(within_seconds=5)


def test_a_run_is_left_to_the_workers_that_take_it_and_dialled_when_there_are_none(with_stand_in: Sites) -> None:
    """Where several machines share a ledger the page asks, and workers dial; without them somebody must."""
    site = with_stand_in(rate=5)
    with served(site) as (client, ledger):
        run = begin_stopped(client, site, ledger)
        before, record = counts_of(ledger, run), ledger.read.runs.find(run)
        assert record is not None
        patient = Desk(site.around, busy_again_seconds=0.05)
        with ledger.beside() as other, other.workers.duty(name="rack-1", takes=f"{queue_of(record)}.its-key"):
            patient.dial(ledger, run, OrderedDialling(), who="ada")
            wait_until(lambda: getattr(patient.snapshot(run), "phase", None) == "elsewhere")
            assert counts_of(ledger, run) == before
        wait_until(lambda: counts_of(ledger, run) == {"created": 5})
        patient.close(within_seconds=5)


def test_nobody_waits_for_a_worker_that_is_silent(with_stand_in: Sites) -> None:
    """One that was killed stays in the ledger until another notices, and there may be no other."""
    site = with_stand_in()
    with served(site) as (client, ledger):
        record = ledger.read.runs.find(launched(client, site))
        assert record is not None
        with ledger.beside() as other, other.workers.duty(name="rack-1", takes=f"{queue_of(record)}.its-key"):
            assert [one.name for one in on_duty_for(ledger, record)] == ["rack-1"]
            at = ledger.now()
            ledger.now = lambda: at + timedelta(hours=1)
            assert not on_duty_for(ledger, record)


def test_a_stop_by_a_button_reaches_whoever_dials_the_run_elsewhere(with_stand_in: Sites) -> None:
    site = with_stand_in(rate=5)
    with served(site) as (client, ledger):
        run = begin_stopped(client, site, ledger)
        record = ledger.read.runs.find(run)
        assert record is not None
        assert ledger.read.runs.workers.control(record.id) is None
        with ledger.lock_run(record):
            client.post(f"/runs/{run}/stop")
        control = ledger.read.runs.workers.control(record.id)
        assert control is not None
        assert control.wanted is Wanted.STOP
        client.post(f"/runs/{run}/resume")
        wait_until(lambda: counts_of(ledger, run) == {"created": 5})


def test_a_refused_key_is_shown_with_its_cure_and_stays_in_the_history_and_on_the_page_after_a_restart(
    with_stand_in: Sites,
) -> None:
    site = with_stand_in(faults="401=1")
    with served(site) as (client, ledger):
        run = launched(client, site)
        wait_for_phase(site, run, "failed")
        page = client.get(f"/runs/{run}").text
        assert "AICaller refused it" in page
        assert 'href="/settings"' in page
        assert ">Resume<" in page
        assert next((act.who, act.what, act.target) for act in acts(ledger)) == ("server", "refused", run)
        # Only a person begins it again: a start would meet the same.
        assert wanted(ledger, run) is Wanted.STOP
    site = with_stand_in()
    with served(site) as (client, ledger):
        assert phase_of(site, run) is None
        assert "AICaller refused it" in client.get(f"/runs/{run}").text


def test_a_run_without_a_call_to_follow_is_done_and_its_order_ends(with_stand_in: Sites) -> None:
    site = with_stand_in(faults="400=1")
    with served(site) as (client, ledger):
        run = launched(client, site)
        wait_for_phase(site, run, "ended")
        assert counts_of(ledger, run) == {"rejected": 5}
        assert wanted(ledger, run) is Wanted.STOP
        assert next(act.what for act in acts(ledger)) == "end"
