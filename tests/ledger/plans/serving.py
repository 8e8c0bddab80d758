"""What a page and an API say to the ledger: uploads, users, sessions, tokens, acts, request keys, orders to dial."""

from datetime import timedelta

from campaign.ledger.records.serving import Keep, LeftRequest, NewUpload, Overtaken, Role, SameRequest
from campaign.ledger.store import Ledger
from tests.ledger.backend import ADA, load, people


def serve(ledger: Ledger) -> None:
    """Every statement of serving, at least once; on a run of its own, which is erased at the end."""
    _people(ledger)
    _uploads(ledger)
    _requests(ledger)
    _orders(ledger)


def _people(ledger: Ledger) -> None:
    users, sessions, tokens = ledger.serving.users, ledger.serving.sessions, ledger.serving.tokens
    ada = users.add("ada", role=Role.OPERATOR, password_hash="h")
    assert ada is not None
    assert users.add("ada", role=Role.VIEWER, password_hash="h") is None
    assert (users.find("ada"), users.all()) == (ada, [ada])
    assert sessions.add("a" * 64, ada, expires_at=ledger.now() + timedelta(days=7))
    sessions.seen("a" * 64)
    assert sessions.find("a" * 64) is not None
    assert sessions.remove("a" * 64)
    assert users.set_password(ada, "g")
    assert users.remove(ada)
    made = tokens.add("n8n", role=Role.OPERATOR, token_hash="b" * 64, created_by="ada")
    assert made is not None
    tokens.used(made)
    assert tokens.find("b" * 64) is not None
    assert tokens.all()
    assert tokens.revoke("n8n")


def _uploads(ledger: Ledger) -> None:
    uploads = ledger.serving.uploads
    added = uploads.add(NewUpload("u" * 32, "ada", "x.csv", f"{'u' * 32}.csv", 1, "a" * 64))
    changed = uploads.change(added, settings='{"a": 1}', draft_token=Keep.AS_IT_IS, failure="{}")
    assert not isinstance(changed, Overtaken)
    assert isinstance(uploads.change(added, settings="{}"), Overtaken)
    assert uploads.all() == uploads.all(owner="ada") == [uploads.find("u" * 32)]
    assert uploads.expire() == []
    assert uploads.remove("u" * 32)


def _requests(ledger: Ledger) -> None:
    keys, acts = ledger.serving.keys, ledger.serving.acts
    first = keys.claim("n8n", "key", "f").key
    assert isinstance(keys.claim("n8n", "key", "f"), SameRequest)
    assert keys.note_draft(first, "draft")
    assert keys.answer(first, run="december", status=201, answer="{}")
    assert keys.release(keys.claim("n8n", "other", "f").key)
    left = keys.claim("n8n", "left", "f").key
    aged = f"UPDATE idempotency_key SET created_at = '2020-01-01T00:00:00.000Z' WHERE id = {left.id}"  # noqa: S608 - a number
    ledger._writer.do(lambda c: c.exec_driver_sql(aged))
    assert isinstance(keys.claim("n8n", "left", "f"), LeftRequest)
    last = acts.add(who="ada", what="launch", target="december", detail="")
    assert acts.page(limit=1) == [last]
    assert last not in acts.page(before=last.id, limit=1)


def _orders(ledger: Ledger) -> None:
    orders, record = ledger.serving.orders, load(ledger, people(ADA), name="ordered")
    assert orders.stop(record, "ada") is None
    first = orders.order_first(record, "{}", "ada")
    assert first is not None
    assert orders.withdraw(first)
    assert orders.order_first(record, "{}", "ada") is not None
    assert orders.order_first(record, "{}", "ada") is None
    assert [run for run, _ in orders.to_go()] == [record]
    again = orders.order(record, "{}", "ada")
    assert orders.of(record) == again
    begun = orders.advance(again, "{}")
    assert begun is not None
    assert orders.advance(again, "{}") is None
    assert orders.done(begun, "server")
    orders.stop(record, "ada")
    with ledger.hold(record, call_again_after=timedelta(0)):
        ledger.forget(record, drop_waiting=True)
