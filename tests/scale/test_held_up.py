"""A process that is held up between its claim and its call: others decide meanwhile, and it sends nothing."""

from pathlib import Path

from tests.soak.teeth.experiments import stopped_between_claim_and_send


def test_a_process_that_was_stopped_between_claim_and_send_calls_nobody_a_second_time(tmp_path: Path) -> None:
    """Real processes; the planted bug of the teeth, without the age check, calls one person twice here."""
    assert stopped_between_claim_and_send(tmp_path, None, 0) == []
