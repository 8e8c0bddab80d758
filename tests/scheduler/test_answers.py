"""A schedule's answers: every question that a run asks can be answered beforehand."""

from dataclasses import fields

from campaign.preparation.questions import Answers
from campaign.scheduler.definitions import PresetAnswers


def test_every_answer_of_a_run_can_be_an_answer_of_a_schedule() -> None:
    """Else a sheet with that answer cannot be scheduled, or its schedule asks where nobody is."""
    assert {field.name for field in fields(Answers)} <= set(PresetAnswers.model_fields)
    assert PresetAnswers(unfollowed="call", max_calls=7).answers == Answers(unfollowed="call", max_calls=7)
