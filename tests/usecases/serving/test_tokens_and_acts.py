"""Tokens are shown once; acts name no phone; orders and keys refuse what is none."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from campaign.domain.errors import UsageError
from campaign.ledger.sqlite.engine import LEDGER_FILE
from campaign.ledger.store import Ledger
from campaign.presentation.cures import error_line
from campaign.usecases.serving.access.tokens import ApiUser, Role, add_token, all_tokens, revoke_token, token_user
from campaign.usecases.serving.acts import acts, record_act
from campaign.usecases.serving.idempotency import (
    NewRequest,
    SameRequest,
    answer_request,
    claim_request,
    fingerprint_of,
    note_draft,
)
from campaign.usecases.serving.orders import order_dialling, order_done, order_of, order_stop, runs_to_dial
from tests.ledger.backend import ADA, Clock, hold, load, people


def test_a_token_opens_until_it_is_revoked_and_is_not_in_the_ledger(ledger: Ledger, home: Path) -> None:
    token = add_token(ledger, "N8N", role=Role.VIEWER, by="ada")
    assert re.fullmatch(r"cmp_[\w-]{43}", token)
    assert token_user(ledger, token) == ApiUser("n8n", Role.VIEWER)
    with closing(sqlite3.connect(home / LEDGER_FILE)) as connection:
        [kept] = connection.execute("SELECT * FROM api_token").fetchall()
    assert token not in str(kept)
    assert all(token_user(ledger, str(value)) is None for value in kept)
    revoke_token(ledger, "n8n", by="ada")
    assert token_user(ledger, token) is None
    assert [act.what for act in acts(ledger)] == ["revoke_token", "add_token"]


@pytest.mark.parametrize("token", ["", "cmp_", "cmp_x", "x", "cmp_\udc80"])
def test_what_is_no_token_opens_nothing(ledger: Ledger, token: str) -> None:
    assert token_user(ledger, token) is None


def test_a_tokens_last_use_is_written_once_a_minute(ledger: Ledger, clock: Clock) -> None:
    token, first = add_token(ledger, "n8n", role=Role.VIEWER, by="ada"), clock.at
    token_user(ledger, token)
    clock.passes(timedelta(seconds=59))
    token_user(ledger, token)
    assert [one.used_at for one in all_tokens(ledger)] == [first]
    clock.passes(timedelta(seconds=1))
    token_user(ledger, token)
    assert [one.used_at for one in all_tokens(ledger)] == [clock.at]


def test_a_taken_or_unknown_token_is_refused_with_the_cure(ledger: Ledger) -> None:
    add_token(ledger, "n8n", role=Role.VIEWER, by="ada")
    with pytest.raises(UsageError) as taken:
        add_token(ledger, "n8n", role=Role.VIEWER, by="ada")
    assert "campaign token revoke n8n" in error_line(taken.value)
    with pytest.raises(UsageError) as unknown:
        revoke_token(ledger, "zap", by="ada")
    assert "campaign token list" in error_line(unknown.value)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("+12025550143", "…0143"),
        ("took +1 (202) 555-0143 off the list", "took …0143 off the list"),
        ("202-555-0143, (202) 555-0144", "…0143, …0144"),
        ("2025550143", "…0143"),
        ("december-2026-12-01-1", "december-2026-12-01-1"),
        ("2026-12-01 09:00", "2026-12-01 09:00"),
        ("appointment-reminder-2026-11-24-12", "appointment-reminder-2026-11-24-12"),
        ("rows 2, 3, 10-14", "rows 2, 3, 10-14"),
        ("5f0c2a9d8e7b6c5d4e3f2a1b", "5f0c2a9d8e7b6c5d4e3f2a1b"),
    ],
)
def test_no_phone_number_stands_in_an_act(ledger: Ledger, text: str, kept: str) -> None:
    """Acts stay for good, also when the people of a run are erased; a run's name must stay one."""
    record_act(ledger, who="ada", what="suppress_add", target=text, detail=f"said: {text}")
    [act] = acts(ledger)
    assert (act.target, act.detail) == (kept, f"said: {kept}")


def test_a_page_of_acts_has_its_bounds(ledger: Ledger) -> None:
    for at in range(3):
        record_act(ledger, who="ada", what="launch", target=f"run-{at}")
    newest, *_ = acts(ledger)
    assert [act.target for act in acts(ledger, before=newest.id)] == ["run-1", "run-0"]
    assert len(acts(ledger, limit=0)) == 1
    assert len(acts(ledger, limit=10**9)) == 3


def test_an_order_names_a_run_that_there_is_and_that_can_be_called(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="there is no run called 'december'"):
        order_dialling(ledger, "december", options="{}", who="ada")
    record = load(ledger, people(ADA))
    ordered = order_dialling(ledger, "december", options=json.dumps({"rate": 2}), who="ada")
    assert runs_to_dial(ledger) == [(record, ordered)]
    assert order_of(ledger, "december") == ordered
    assert order_done(ledger, ordered, who="server")
    assert order_stop(ledger, "december", who="ada") is not None
    assert runs_to_dial(ledger) == []
    with hold(ledger, record):
        ledger.forget(record, drop_waiting=True)
    with pytest.raises(UsageError, match="people were forgotten"):
        order_dialling(ledger, "december", options="{}", who="ada")


@pytest.mark.parametrize("key", ["", "x" * 256, "k\n", "clé", "\x00"])
def test_an_idempotency_key_that_is_none_is_refused(ledger: Ledger, key: str) -> None:
    with pytest.raises(UsageError, match=r"is none; nothing was done; send 1 to 255 printable"):
        claim_request(ledger, who="token n8n", key=key, fingerprint="f")


def test_the_same_key_gives_the_same_answer(ledger: Ledger) -> None:
    claimed = claim_request(ledger, who="token n8n", key="k", fingerprint="f")
    assert isinstance(claimed, NewRequest)
    note_draft(ledger, claimed.key, "d")
    answer_request(ledger, claimed.key, run="december", status=201, answer="{}")
    again = claim_request(ledger, who="token n8n", key="k", fingerprint="f")
    assert isinstance(again, SameRequest)
    assert (again.key.status, again.key.run, again.key.draft_token) == (201, "december", "d")


def test_a_fingerprint_tells_its_parts_apart() -> None:
    parts = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("c", "ab")]
    assert len({fingerprint_of(one) for one in parts}) == len(parts)
    assert fingerprint_of(("é", "\udc80")) == fingerprint_of(["é", "\udc80"])
