"""The brake: guessing takes longer and longer, and who types wrong now and then hardly notices it."""

import pytest

from campaign.usecases.serving.access.sign_in_brake import SignInBrake


class Seconds:
    """A monotonic clock that stands still until it is told."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def brake(seconds: Seconds) -> SignInBrake:
    return SignInBrake(seconds)


def fail(brake: SignInBrake, times: int, *, name: str = "ada", address: str = "10.0.0.1") -> None:
    for _ in range(times):
        assert brake.admit(name, address) == 0


def test_five_failures_are_free_and_then_the_wait_doubles_up_to_a_minute(brake: SignInBrake, seconds: Seconds) -> None:
    fail(brake, 5)
    waits = []
    for _ in range(9):
        wait = brake.admit("ada", "10.0.0.1")
        waits.append(wait)
        seconds.at += wait - 0.01
        assert brake.admit("ada", "10.0.0.1") == pytest.approx(0.01)
        seconds.at += 0.02
        fail(brake, 1)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_name_waits_wherever_it_is_tried_from_and_an_address_whatever_the_name(brake: SignInBrake) -> None:
    """One machine that tries many names, many machines that try one."""
    for at in range(5):
        fail(brake, 1, address=f"10.0.0.{at}")
    assert brake.admit("ada", "10.0.0.9") > 0
    assert brake.admit("ADA", "10.0.0.9") > 0
    assert brake.admit("\uff41da", "10.0.0.9") > 0, "another spelling of the same user"
    for at in range(5):
        fail(brake, 1, name=f"user{at}", address="10.1.1.1")
    assert brake.admit("user9", "10.1.1.1") > 0
    assert brake.admit("bob", "10.2.2.2") == 0


def test_a_hundred_tries_at_once_are_not_all_free(brake: SignInBrake) -> None:
    """They count before any password is looked at."""
    assert [brake.admit("ada", "10.0.0.1") for _ in range(100)].count(0) == 5


def test_who_signs_in_begins_anew(brake: SignInBrake) -> None:
    for _ in range(20):
        fail(brake, 1)
        brake.succeeded("ada", "10.0.0.1")
    fail(brake, 4)
    brake.admit("ada", "10.0.0.1")
    brake.succeeded("ada", "10.0.0.1")
    assert brake.admit("ada", "10.0.0.2") == 0


def test_one_known_password_frees_no_tries_at_others(brake: SignInBrake) -> None:
    """Who has an account of their own would else guess as fast as they like."""
    tries = 0
    for at in range(50):
        if brake.admit(f"user{at}", "10.0.0.1") == 0:
            tries += 1
        if brake.admit("mallory", "10.0.0.1") == 0:
            brake.succeeded("mallory", "10.0.0.1")
    assert tries == 5


def test_failures_are_forgotten_after_a_quarter_of_an_hour(brake: SignInBrake, seconds: Seconds) -> None:
    fail(brake, 5)
    seconds.at += 900
    fail(brake, 5)


def test_a_million_names_do_not_fill_the_memory(brake: SignInBrake) -> None:
    for at in range(20_000):
        brake.admit(f"user{at}", f"10.0.{at // 256}.{at % 256}")
    assert len(brake._failed) <= 10_002


def test_a_name_of_a_megabyte_is_not_kept(brake: SignInBrake) -> None:
    brake.admit("x" * 1_000_000, "y" * 1_000_000)
    assert sum(len(part) for key in brake._failed for part in key) < 300
