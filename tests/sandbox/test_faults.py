from collections import Counter

import pytest

from campaign.domain.errors import UsageError
from campaign.sandbox.faults.table import FAULTS, FaultPlan, faults_reference

STORM = "429=0.05,reset_after=0.02,hang=0.1,503=0.01"


def names(plan: FaultPlan, count: int) -> list[str | None]:
    return [fault.name if (fault := plan.at(number)) else None for number in range(count)]


def test_a_plan_under_one_seed_always_strikes_the_same_posts() -> None:
    """A failure that a seed has shown once can be shown again."""
    assert names(FaultPlan.parse(STORM, seed=7), 500) == names(FaultPlan.parse(STORM, seed=7), 500)


def test_another_seed_strikes_other_posts() -> None:
    assert names(FaultPlan.parse(STORM, seed=7), 500) != names(FaultPlan.parse(STORM, seed=8), 500)


@pytest.mark.parametrize("seed", [0, 7, 2026])
def test_shares_come_out_as_they_were_asked_for(seed: int) -> None:
    """Within four standard deviations of 10,000 draws."""
    met = Counter(names(FaultPlan.parse(STORM, seed=seed), 10_000))
    for name, share in {"429": 0.05, "reset_after": 0.02, "hang": 0.1, "503": 0.01, None: 0.82}.items():
        assert abs(met[name] - 10_000 * share) < 4 * (10_000 * share * (1 - share)) ** 0.5, name
    assert set(met) == {"429", "reset_after", "hang", "503", None}


def test_no_words_are_no_faults() -> None:
    assert FaultPlan.parse("") == FaultPlan()
    assert names(FaultPlan.parse(" , "), 100) == [None] * 100


def test_shares_that_add_up_to_one_leave_nothing_whole() -> None:
    tenths = FaultPlan.parse("400=0.1,401=0.2,402=0.7")
    assert None not in names(tenths, 2_000)


def test_a_share_of_nothing_never_strikes() -> None:
    assert names(FaultPlan.parse("hang=0"), 1_000) == [None] * 1_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("reset_aftr=0.1", "nearest is 'reset_after'"),
        ("reset_aftr=0.1", ", ".join(FAULTS)),
        ("=0.1", "not known"),
        ("429", "429=0.05"),
        ("429=", "from 0 to 1"),
        ("429=often", "from 0 to 1"),
        ("429=-0.1", "from 0 to 1"),
        ("429=1.1", "from 0 to 1"),
        ("429=nan", "from 0 to 1"),
        ("429=0.6,503=0.6", "add up to 1.2"),
        ("429=0.1,429=0.2", "named twice"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_with_its_cure(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        FaultPlan.parse(text)
    assert said in str(caught.value)


def test_the_reference_has_a_line_for_each_fault() -> None:
    lines = faults_reference().splitlines()[1:]
    assert [line.split()[0] for line in lines] == list(FAULTS)
    assert [line.split()[1] == "rings" for line in lines] == [fault.rings for fault in FAULTS.values()]


def test_no_fault_is_declared_twice() -> None:
    """The table becomes a mapping, where the second of two would hide the first."""
    assert len(faults_reference().splitlines()) == len(FAULTS) + 1


def test_a_fault_can_last_from_a_post_on() -> None:
    """A key that runs out in the middle of a list."""
    plan = FaultPlan.parse("402=3+,401=5+,429=1")
    struck = [plan.at(number) for number in range(7)]
    assert [fault and fault.name for fault in struck] == ["429"] * 3 + ["402"] * 2 + ["401"] * 2
    assert FaultPlan.parse("402=3+").at(2) is None


@pytest.mark.parametrize("words", ["402=+", "402=-1+", "402=x+", "nosuch=3+", "402=3+,402=0.1", "402=3+,402=4+"])
def test_a_lasting_fault_that_says_nothing_is_refused(words: str) -> None:
    """Not taken for no fault at all."""
    with pytest.raises(UsageError):
        FaultPlan.parse(words)


def test_a_storm_strikes_a_stretch_of_the_posts_and_no_other() -> None:
    """Refusals come in storms, and not evenly spread: what bears one in fifty may stop at ten in a row."""
    plan = FaultPlan.parse("429=3-6, 400=1+")
    assert [fault.name if (fault := plan.at(number)) else None for number in range(8)] == [
        None, "400", "400", "429", "429", "429", "400", "400",
    ]  # fmt: skip


@pytest.mark.parametrize("plan", ["429=3-6,429=0.5", "burns=3-6"])
def test_a_storm_is_refused_as_any_other_fault_is(plan: str) -> None:
    with pytest.raises(UsageError):
        FaultPlan.parse(plan)
