"""Uses of columns, as proposed and as their owner says: what is decided, what is open, and what cannot be so."""

from collections.abc import Iterator, Mapping, Sequence

from campaign.usecases.init import ASKED, USES, OpenUse, Proposal, SheetHead, open_use
from campaign.usecases.serving.reading.said import (
    NONE_OF_THESE,
    SEVERAL,
    UNUSED,
    VARIABLE,
    ColumnsSaid,
    slot_of,
    use_of_slot,
)

Fault = tuple[str, str]
"""(field of the form, what is missing or wrong there)."""
Decisions = dict[str, tuple[int, ...]]
"""The columns of each use that the owner has decided; none of them to leave the use out."""
_SHARED = (VARIABLE, UNUSED, "opted_out")
"""What several columns can be at once."""


def slots_of(look: SheetHead, proposal: Proposal) -> dict[int, str]:
    """The slot of each column under a proposal."""
    slots = dict.fromkeys(range(len(look.header)), UNUSED)
    slots |= dict.fromkeys((offer.index for offer in proposal.offers), VARIABLE)
    for use in USES:
        slots |= {index: slot_of(use, place) for place, index in enumerate(proposal.of(use).indices)}
    return slots


def said_slots(look: SheetHead, proposed: Proposal, said: ColumnsSaid) -> dict[int, str]:
    """The same, with what the owner has changed."""
    slots = slots_of(look, proposed)
    return slots | {index: slot for index in slots if (slot := said.changed(index)) is not None}


def shown_slots(look: SheetHead, proposal: Proposal, said: ColumnsSaid) -> dict[int, str]:
    """The slots under a proposal that knows the owner's decisions; beside them, some columns are not to be spoken."""
    slots = slots_of(look, proposal)
    silent = [index for index, slot in slots.items() if slot == VARIABLE and said.changed(index) == UNUSED]
    return slots | dict.fromkeys(silent, UNUSED)


def decided(look: SheetHead, proposed: Proposal, said: ColumnsSaid) -> tuple[Decisions, tuple[OpenUse, ...]]:
    """What the owner has decided, and the questions that the sheet leaves open, answered or not."""
    before, after = slots_of(look, proposed), said_slots(look, proposed, said)
    changed = [index for index in before if before[index] != after[index]]
    touched = {use_of_slot(slots[index]) for index in changed for slots in (before, after)}
    found: Decisions = {use: _of_use(after, use) for use in USES if use in touched}
    questions = []
    for use in ASKED:
        question = open_use(look, proposed, use)
        if question is None or found.get(use):
            continue
        questions.append(question)
        answer = _answered(question, said.answers.get(use, ""))
        found.pop(use, None)
        if answer is not None:
            found[use] = answer
    return found, tuple(questions)


def missing(questions: Sequence[OpenUse], proposal: Proposal) -> Iterator[Fault]:
    """The uses that are still not decided."""
    for question in questions:
        if open_use_of(question, proposal):
            yield f"ask-{question.use}", "choose one of them"
    asked = {question.use for question in questions}
    for use in ("name", "phone"):
        if not proposal.of(use).indices and use not in asked:
            yield "columns", f"no column is the {use} any more: choose one"


def open_use_of(question: OpenUse, proposal: Proposal) -> bool:
    """Whether the question is still open under this proposal."""
    picked = proposal.of(question.use)
    return not picked.indices and (question.needed or bool(picked.candidates))


def said_twice(look: SheetHead, slots: Mapping[int, str]) -> Iterator[Fault]:
    """Columns that say the same, where only one can."""
    for slot in dict.fromkeys(slots.values()):
        same = [index for index, one in slots.items() if one == slot]
        if len(same) > 1 and slot not in _SHARED:
            called = " and ".join(repr(look.header[index]) for index in same)
            more = "; say which comes first, and which second" if use_of_slot(slot) in SEVERAL else "; keep one"
            yield f"use-{same[1]}", f"{called} have the same use{more}"


def _of_use(slots: Mapping[int, str], use: str) -> tuple[int, ...]:
    # "name" comes before "name.2"; of one slot, the sheet's order counts.
    return tuple(index for _, index in sorted((slot, i) for i, slot in slots.items() if use_of_slot(slot) == use))


def _answered(question: OpenUse, answer: str) -> tuple[int, ...] | None:
    if answer == NONE_OF_THESE and not question.needed:
        return ()
    if answer.isdecimal() and int(answer) in question.candidates:
        return (int(answer),)
    return None
