"""The harness catches what it is there for: known bugs are planted in the real program, and each must be found."""

from pathlib import Path

import pytest

from tests.soak.teeth import experiments
from tests.soak.teeth.experiments import Experiment
from tests.soak.teeth.planted import PLANTED

_CAUGHT_BY: dict[str, tuple[Experiment, str]] = {
    "claim_after_post": (experiments.killed_while_it_dials, "called twice"),
    "requeue_sending": (experiments.killed_while_it_dials, "called twice"),
    "claim_in_batches": (experiments.killed_while_it_dials, "claimed ahead"),
    "settle_late": (experiments.killed_while_it_dials, "claimed ahead"),
    "settle_unawaited": (experiments.killed_while_it_dials, "told otherwise"),
    "retry_read_error": (experiments.resets_after_the_call, "called twice"),
    "retry_500": (experiments.errors_after_the_call, "called twice"),
    "retry_503": (experiments.stock_pages_after_the_call, "called twice"),
    "results_as_truth": (experiments.results_deleted, "called twice"),
    "row_number_keys": (experiments.sheet_reordered, "called but unrecorded"),
    "unguarded_claim": (experiments.two_at_once, "called twice"),
    "no_lock": (experiments.two_at_once, "not turned away"),
    "no_age_check": (experiments.stopped_between_claim_and_send, "called twice"),
    "synchronous_normal": (experiments.power_lost_at_any_call, "promise not on the disk"),
}
# One for each way to a second call: a kill, a lost answer, two processes, one that was held up, a power cut. The
# program as it is passes the same every day in the tests of kills, of two processes, and of the order of writes.
_EVERYDAY = frozenset({"claim_after_post", "no_age_check", "retry_503", "unguarded_claim", "synchronous_normal"})
_TRIED = [pytest.param(name, marks=() if name in _EVERYDAY else pytest.mark.nightly, id=name) for name in _CAUGHT_BY]
_EXPERIMENTS = list(dict.fromkeys(experiment for experiment, _ in _CAUGHT_BY.values()))
# A kill may fall between two calls; that it does so at every seed is beyond chance.
_MOST_SEEDS = 6


@pytest.mark.parametrize("planted", _TRIED)
def test_a_planted_bug_is_caught(tmp_path: Path, planted: str) -> None:
    """A harness that has never failed has proved nothing."""
    experiment, rule = _CAUGHT_BY[planted]
    seen: list[str] = []
    for seed in range(_MOST_SEEDS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        seen = experiment(folder, planted, seed)
        if any(violation.startswith(rule) for violation in seen):
            return
    pytest.fail(f"{planted} was not caught as {rule!r}; the last experiment saw {seen}")


@pytest.mark.nightly
@pytest.mark.parametrize("experiment", _EXPERIMENTS, ids=lambda experiment: experiment.__name__)
def test_the_program_as_it_is_passes_the_experiment(tmp_path: Path, experiment: Experiment) -> None:
    """What fails with every program catches nothing."""
    assert experiment(tmp_path, None, 0) == []


def test_every_planted_bug_is_tried() -> None:
    assert set(PLANTED) == set(_CAUGHT_BY)
