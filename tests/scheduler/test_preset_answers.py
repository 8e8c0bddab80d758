"""Answers that a schedule keeps: whatever a run can be told, a schedule can be told, and tells the run."""

from dataclasses import fields

import pytest

from campaign.preparation.questions import Answers
from campaign.scheduler.definitions import PresetAnswers


@pytest.mark.parametrize("name", [field.name for field in fields(Answers)])
def test_each_answer_of_a_run_can_be_preset_and_reaches_the_run(name: str) -> None:
    """An answer that a draft has and a schedule lacks would keep the draft from becoming one."""
    assert name in PresetAnswers.model_fields
    said = PresetAnswers().model_copy(update={name: "said"})
    assert getattr(said.answers, name) == "said"
