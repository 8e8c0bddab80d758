"""Begun answers: what is said of a sheet that was begun before holds for its rest, or is refused; never ignored.

The rows of a begun run are those that its answers left: one that is given now, and says otherwise, would leave out or
call people of whom the run knows nothing.
"""

from collections.abc import Iterator

from campaign.config.template import Template
from campaign.domain.cures.runs import call_first_ones, keep_answers, raise_or_call_first
from campaign.domain.errors import UnansweredError, UsageError
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord
from campaign.preparation.drafts.contents import ANSWERS
from campaign.preparation.questions import NO_ANSWERS, Answers
from campaign.usecases.dialling.begun.plan_choice import PlanChoice
from campaign.usecases.dialling.ready_run import PlanSaid

_WHO_IS_CALLED = ("repairs", "changed", "opted_out", "marked", "plus", "past")
_WHAT_IS_SAID = ("name_order", "date_order")


def refuse_other_answers(ledger: Ledger, record: RunRecord, said: Answers, *, template: Template) -> None:
    """Refuses answers that the run was not begun with; what its `template` answers counts as well.

    Raises:
        UsageError: one of them is another than the one that the run was begun with.
    """
    draft = ledger.read.drafts.of_run(record.id)
    begun = (NO_ANSWERS if draft is None else ANSWERS.value(draft.answers)).beside(template)
    others = list(_others(begun, said))
    if others:
        listed = ", ".join(f"{name}: {before}, now {now}" for name, before, now in others)
        raise UsageError(
            f"run {record.name} was begun with another answer ({listed}), by which its rows were chosen; nothing was "
            "sent",
            cure=keep_answers(record.name),
        )


def refuse_more_calls(
    ledger: Ledger, record: RunRecord, choice: PlanChoice, *, said: PlanSaid | None, limit: int | None, most: int | None
) -> None:
    """Refuses to call more of the run's rest than is meant.

    Args:
        ledger: where the run is.
        record: the run.
        choice: its plans.
        said: which of them holds.
        limit: at most so many calls are made now.
        most: how many calls are meant at most; None for what a changed template says.

    Raises:
        UnansweredError: more rows wait, and would be called.
    """
    changed = said == "new" and choice.now.max_calls != choice.begun.max_calls
    allowed = most if most is not None or not changed else choice.now.max_calls
    waiting = ledger.read.rows.count_waiting(record.id, from_round=0)
    calls = waiting if limit is None else min(waiting, limit)
    if allowed is not None and calls > allowed:
        raise UnansweredError(
            f"the rest of run {record.name} would be {calls} calls, and the limit is {allowed}; nothing was sent",
            cure=raise_or_call_first(calls=calls) if most is not None else call_first_ones(calls=allowed),
            argument="max_calls",
        )


def _others(begun: Answers, said: Answers) -> Iterator[tuple[str, str, str]]:
    """(name, as it was begun, as it is said now) of each answer that is another one."""
    for name in (*_WHO_IS_CALLED, *_WHAT_IS_SAID):
        before, now = getattr(begun, name), getattr(said, name)
        # Without one there was nothing to answer: it is the same sheet, under the same template.
        if before is not None and now is not None and now != before:
            yield name, before, now
    for name in ("yes_words", "no_words"):
        before, now = getattr(begun, name), getattr(said, name)
        if before and set(now) - set(before):
            yield name, ", ".join(before), ", ".join(now)
