"""Every question of the reading port, asked of one run: for tests of how much work the answers are."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from campaign.domain.call_outcome import CallEnd
from campaign.domain.model import RowState
from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.records.outcomes import Rules
from campaign.ledger.records.runs import WAITING, RunRecord

AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
SINCE = "2026-12-01T09:00:00.000Z"
PHONES = [f"+1212200{number:04}" for number in range(1, 5)]
IDS = [f"{number:024x}" for number in range(20, 40)]
NO_RULES = Rules(next_poll=lambda _outcome, _looks, _final, _at: None, call_again=lambda *_: None, template="t")
_MINUTE = timedelta(minutes=1)


def walks(ledger: ReadableLedger, run: RunRecord) -> Mapping[str, Callable[[], Any]]:
    """What reads a run from one end to the other, or counts it: its work may grow as the run does, and no faster."""
    rows, outcomes, times, of = ledger.read.rows, ledger.read.outcomes, ledger.read.timetable, run.id
    return {
        "results": lambda: rows.results(of),
        "settled results": lambda: rows.results(of, settled_only=True),
        "waiting": lambda: rows.waiting(of, from_round=0),
        "waiting of a rerun": lambda: rows.waiting(of, from_round=1),
        "count_waiting of a rerun": lambda: rows.count_waiting(of, from_round=1),
        "count_skipped": lambda: rows.count_skipped(of),
        **{f"count_reasons of {state}": _reasons(ledger, run, state) for state in RowState},
        "failed": lambda: ledger.read.reruns.failed(of),
        "count_called": lambda: ledger.read.earlier.count_called(of),
        "ahead_of_run": lambda: ledger.read.earlier.ahead_of_run(of, at=AT, most=5),
        "unknown": lambda: ledger.read.lost.unknown(of),
        "last_unproved": lambda: ledger.read.lost.tries.last_unproved(of),
        "outcomes": lambda: outcomes.all(of),
        "count of outcomes": lambda: outcomes.count(of),
        "value_names": lambda: outcomes.value_names(of),
        "to_call_again": lambda: outcomes.to_call_again(of, at=AT + timedelta(days=30)),
        "to_call_again by ends": lambda: outcomes.to_call_again(of, at=AT, ends=[CallEnd.NO_ANSWER]),
        "contacts_waiting": lambda: times.contacts_waiting(of),
        "contacts_without_entry": lambda: times.contacts_without_entry(of),
        "entries_waiting": lambda: times.entries_waiting(of),
        "count_entries": lambda: times.count_entries(of),
        "count_places": lambda: times.count_places(of, from_round=0),
        "last_asked": lambda: times.last_asked(of),
        "rows_of_place with a time": lambda: times.rows_of_place(of, "UTC", dated=True, from_round=0),
        "rows_of_place without one": lambda: times.rows_of_place(of, "UTC", dated=False, from_round=0),
        "rows_of_rerun": lambda: times.rows_of_rerun(of, from_round=1),
        "taken_times": lambda: times.taken_times(of),
        "ends": lambda: ledger.read.runs.watch.ends(of),
    }


def glances(ledger: ReadableLedger, run: RunRecord) -> Mapping[str, Callable[[], Any]]:
    """What is asked again and again: its work must not grow with the run."""
    read, of, service, under = ledger.read, run.id, run.service, run.template_fingerprint
    lost, earlier, reruns, outcomes = read.lost, read.earlier, read.reruns, read.outcomes
    return {
        "all": read.runs.all,
        "find": lambda: read.runs.find(run.name),
        "last_claim": lambda: read.runs.last_claim(of),
        "forgotten_at": lambda: read.runs.forgotten_at(of),
        "drafts": read.drafts.all,
        "draft": lambda: read.drafts.find("token"),
        "draft of a run": lambda: read.drafts.of_run(of),
        "header of a draft": lambda: read.drafts.header(of),
        "row of a draft": lambda: read.drafts.row(of, 40),
        "rows of a draft": lambda: read.drafts.rows(of, RowState.PENDING, most=5),
        "count_states": lambda: read.rows.count_states(of),
        "count_waiting": lambda: read.rows.count_waiting(of, from_round=0),
        "results_of": lambda: read.rows.results_of([20, 40]),
        "history": lambda: read.rows.history(of, 40),
        "numbers_taken": lambda: reruns.numbers_taken(of, PHONES),
        "standings": lambda: reruns.standings(of, [20, 40]),
        "cells": lambda: reruns.cells(of, [20, 40]),
        "positions_of_ids": lambda: reruns.positions_of_ids(IDS),
        "sent_at": lambda: reruns.sent_at(of, [SINCE]),
        "any_called_since": lambda: earlier.any_called_since(service=service, since=SINCE),
        "called_since": lambda: earlier.called_since(PHONES, service=service, since=SINCE),
        "any_calls_under": lambda: earlier.any_calls_under(service=service, template_fingerprint=under),
        "calls_under": lambda: earlier.calls_under(PHONES, service=service, template_fingerprint=under),
        "unfollowed_runs": lambda: earlier.unfollowed_runs(service=service, before=SINCE),
        "unfollowed": lambda: earlier.unfollowed(PHONES, service=service, before=SINCE, of_runs={of: run.name}),
        "ahead_to": lambda: earlier.ahead_to(PHONES, at=AT),
        "open_sendings": lambda: lost.open_sendings(PHONES, service=service),
        "tries of lines": lambda: lost.tries.of_lines(of, PHONES, service=service),
        "tries created_as": lambda: lost.tries.created_as(of, IDS),
        "phones_of_run": lambda: lost.phones_of_run(of, PHONES),
        "known_ids": lambda: lost.known_ids(IDS),
        "waiting_people": lambda: lost.waiting_people(of, PHONES),
        "recorded": lambda: lost.recorded(of, IDS),
        "last_recorded": lambda: lost.last_recorded(of, before=SINCE, most=5),
        "neighbours": lambda: lost.neighbours(of, SINCE),
        "due": lambda: outcomes.due(of, at=AT + timedelta(days=30), first_after=_MINUTE, most=5),
        "due of some": lambda: outcomes.due(of, at=AT, first_after=_MINUTE, most=5, only=IDS),
        "next_due": lambda: outcomes.next_due(of, first_after=_MINUTE),
        "next_due of some": lambda: outcomes.next_due(of, first_after=_MINUTE, only=IDS),
        "find calls": lambda: outcomes.find(IDS, service=service),
        "next_call_again": lambda: outcomes.next_call_again(of, after=AT),
        "count of some": lambda: outcomes.count(of, only=IDS),
        "was_followed": lambda: outcomes.was_followed(of),
        "pace": lambda: read.accounts.pace(service=service, team="team"),
        "on the list": lambda: read.suppression.of(PHONES, service=""),
        "newest of the list": lambda: read.suppression.entries(most=5),
        "page of the list": lambda: read.suppression.page(limit=5, before=9),
        "forgotten_forms": lambda: read.suppression.forgotten_forms(PHONES),
        "words_hasher": read.suppression.words_hasher,
        "newest runs": lambda: read.runs.watch.runs(most=5),
        "older runs": lambda: read.runs.watch.runs(before=of + 1, most=5),
        "page of rows": lambda: read.runs.watch.rows(of, state=None, after=40, most=5),
        "page of waiting rows": lambda: read.runs.watch.rows(of, state=WAITING, after=40, most=5),
        "page of rejected rows": lambda: read.runs.watch.rows(of, state=[RowState.REJECTED], after=0, most=5),
        "latest attempts": lambda: read.runs.watch.attempts(of, most=5),
        "claims by minute": lambda: read.runs.watch.claims_by_minute(of, [AT - _MINUTE]),
        "rows called since": lambda: read.runs.watch.rows_called_since(of, AT + timedelta(days=30)),
        "held": read.runs.watch.held,
    }


def read_whole(answer: object) -> int:
    """Reads an answer to its end; how many there are in it."""
    return sum(1 for _ in answer) if isinstance(answer, Iterator) else 1


def _reasons(ledger: ReadableLedger, run: RunRecord, state: RowState) -> Callable[[], Any]:
    return lambda: ledger.read.rows.count_reasons(run.id, state)
