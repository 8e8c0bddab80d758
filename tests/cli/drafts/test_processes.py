"""A preview survives its process: one loads it, others look, answer and publish, wherever one of them is killed."""

import signal
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count, product
from pathlib import Path
from typing import Any, Literal

import pytest

from campaign.domain.errors import SheetError
from campaign.usecases.context import opened_ledger
from campaign.usecases.dialling.drafts import load_sheet_draft
from campaign.usecases.dialling.run_sheet import Answers, Choices
from tests.cli.drafts.act import HERE, answer, publish, seen, sheet_run
from tests.cli.drafts.conftest import ADA, BO, CY, Acts

ONCE = {ADA: 1, BO: 1, CY: 1}


def by_turns(cases: Iterable[Any]) -> list[Any]:
    """Every third of them each day, and the others at night."""
    return [
        pytest.param(*(case if isinstance(case, tuple) else [case]), marks=[pytest.mark.nightly] if at % 3 else [])
        for at, case in enumerate(cases)
    ]


def run_names() -> list[str]:
    with opened_ledger(HERE) as ledger:
        return [run.name for run in ledger.read.runs.all()]


def test_a_preview_survives_its_process(acts: Acts) -> None:
    """Loaded by a process that is gone, looked at by the next, answered by a third; published, and dialled here."""
    with acts.started("load", acts.sheet, acts.template) as loading:
        token = loading.stdout.readline().strip()
        loading.send_signal(signal.SIGKILL)
    assert token
    assert "to_call=3" in (acts("look", token) or "")
    assert acts("answer", token, "--repairs", "accept") is not None
    with opened_ledger(HERE) as ledger:
        draft = seen(ledger, token)
        assert [contact.name for contact in draft.summary.preview] == ["Ada", "Bo", "Cy"]
        assert (draft.summary.invalid, draft.summary.questions) == (1, ())
        assert draft.summary.problems[0].examples[0].value == "12"
        name = publish(ledger, token)
    assert acts.desk("resume", name).code == 0
    assert Counter(acts.server.rings()) == ONCE


def ends_with_everybody_called_once(acts: Acts) -> None:
    """The sheet can be run, whatever was left behind, and nobody is called twice."""
    words = ("run", acts.sheet, "-t", acts.template, "--accept-repairs", "--yes")
    assert acts.desk(*words).code == 0
    rung = Counter(acts.server.rings())
    assert rung[ADA] == rung[CY] == 1
    assert rung[BO] <= 1
    assert len(run_names()) == 1
    assert acts.desk(*words).code == 3
    assert Counter(acts.server.rings()) == rung


@pytest.mark.parametrize("transactions", by_turns(range(7)))
def test_a_load_that_is_killed_leaves_a_ledger_in_which_the_sheet_can_be_run(acts: Acts, transactions: int) -> None:
    acts.load(killed_after=transactions)
    assert run_names() == []
    ends_with_everybody_called_once(acts)


@pytest.mark.parametrize(("transactions", "repairs"), by_turns(product(range(0, 7, 2), ["accept", "skip"])))
def test_an_answer_that_is_killed_leaves_the_draft_as_it_was_or_answered(
    acts: Acts, repairs: Literal["accept", "skip"], transactions: int
) -> None:
    """Reading the sheet again is many transactions; the draft is replaced in one of them."""
    token = acts.load()
    assert token is not None
    acts("answer", token, "--repairs", repairs, killed_after=transactions)
    with opened_ledger(HERE) as ledger:
        draft = seen(ledger, token)
        assert draft.answers.repairs in (None, repairs)
        assert draft.summary.to_call == (2 if draft.answers.repairs == "skip" else 3)
        assert draft.record.revision == (0 if draft.answers.repairs is None else 1)
        answer(ledger, token, repairs=repairs)
        name = publish(ledger, token)
    assert acts.desk("resume", name).code == 0
    rung = Counter(acts.server.rings())
    assert rung == (ONCE if repairs == "accept" else {ADA: 1, CY: 1})


@pytest.mark.parametrize("transactions", range(4))
def test_publishing_that_is_killed_makes_one_run_or_none(acts: Acts, transactions: int) -> None:
    token = acts.load()
    assert token is not None
    acts("answer", token, "--repairs", "accept")
    acts("publish", token, killed_after=transactions)
    assert len(run_names()) <= 1
    with opened_ledger(HERE) as ledger:
        name = publish(ledger, token)
    assert run_names() == [name]
    ends_with_everybody_called_once(acts)
    assert Counter(acts.server.rings()) == ONCE


def test_two_processes_that_publish_one_draft_at_once_make_one_run(acts: Acts) -> None:
    """Both are told the same run, and neither an error."""
    tokens = list[str]()
    with opened_ledger(HERE) as ledger:
        for _ in range(15):
            run = sheet_run(acts.sheet, acts.template, again=True)
            accept = Answers(repairs="accept")
            tokens.append(load_sheet_draft(ledger, run, choices=Choices(), answers=accept, context=HERE))
    with acts.started("publish", "-") as one, acts.started("publish", "-") as other:
        both = one, other
        for number, token in zip(count(1), tokens, strict=False):
            for started in both:
                started.stdin.write(f"{token}\n")
                started.stdin.flush()
            said = [started.stdout.readline().strip() for started in both]
            assert said[0]
            assert said[0] == said[1]
            assert len(run_names()) == number


def test_no_secret_stands_in_a_draft(acts: Acts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The ledger's files are copied, sent to support, kept for years."""
    secret = "whsec-planted-77ab31"
    monkeypatch.setenv("HOOK_SECRET", secret)
    template = acts.template.read_text("utf-8")
    hook = '[[call.webhooks]]\nurl = "https://hooks.example/x"\nsecret_env = "HOOK_SECRET"\n'
    acts.template.write_text(template + hook, "utf-8")
    with opened_ledger(HERE) as ledger:
        run = sheet_run(acts.sheet, acts.template)
        token = load_sheet_draft(ledger, run, choices=Choices(), answers=Answers(), context=HERE)
        answer(ledger, token, repairs="skip")
        files = sorted((tmp_path / "home").iterdir())
        kept = b"".join(file.read_bytes() for file in files)
    assert b"hooks.example" in kept
    assert secret.encode() not in kept
    assert acts.server.env["AICALLER_API_KEY"].encode() not in kept
    assert acts.desk("status").out == ""


def test_a_draft_whose_sheet_was_changed_meanwhile_is_not_read_again(acts: Acts) -> None:
    """What was looked at is what is called."""
    with opened_ledger(HERE) as ledger:
        run = sheet_run(acts.sheet, acts.template)
        token = load_sheet_draft(ledger, run, choices=Choices(), answers=Answers(), context=HERE)
        before = seen(ledger, token)
        acts.sheet.write_text(acts.sheet.read_text("utf-8").replace("Ada", "Eve"), "utf-8")
        with pytest.raises(SheetError, match="it says something else than when it was loaded; nothing was sent"):
            answer(ledger, token, repairs="skip")
        assert seen(ledger, token) == before
        answer(ledger, token, repairs="accept")
        publish(ledger, token)


def test_status_shows_no_draft_and_a_run_of_the_command_line_leaves_none(acts: Acts) -> None:
    """After a refusal nothing is left behind; what others loaded stays."""
    token = acts.load()
    assert token is not None
    assert acts.desk("status").out == ""
    assert acts.desk("run", acts.sheet, "-t", acts.template, "--yes").code == 2
    with opened_ledger(HERE) as ledger:
        assert [draft.token for draft in ledger.read.drafts.all()] == [token]
        assert seen(ledger, token).record.expires_at > datetime.now(UTC)
