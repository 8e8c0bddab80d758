"""A flag that is given on a begun sheet holds for its rest, or is refused: it is never taken without effect."""

from pathlib import Path

import pytest

from tests.cli.conftest import Desk, Ended

SHEET = ("Ann Lee,+12125550101,Monday", "Bo Lee DNC,+12125550102,Monday", "Cy Lee,+12125550103,Monday")
TEMPLATE = """
[columns]
name = "Name"
phone = "Phone"
[pace]
calls_per_second = 50.0
[limits]
max_calls = {calls}
"""


def begun(desk: Desk, *flags: str) -> tuple[Path, Path]:
    """A sheet with two of three people left to call, as run `a`; and its template's file."""
    sheet, file = desk.sheet(*SHEET), desk.template(TEMPLATE.format(calls=3))
    words = ("--sandbox", "--yes", "--limit", "1", "--name", "a", "--results", "a.csv")
    assert desk("run", sheet, "-t", file, *words, *flags).code == 0
    return sheet, file


def rings(desk: Desk) -> int:
    return len((desk.folder / "home" / "sandbox.truth.jsonl").read_text("utf-8").splitlines())


def refused(desk: Desk, said: Ended, *words: str) -> None:
    assert said.code == 2
    for word in words:
        assert word in said.err
    assert rings(desk) == 1


@pytest.mark.parametrize(("before", "now"), [("--call-marked", "--skip-marked"), ("--skip-marked", "--call-marked")])
def test_another_answer_than_the_run_was_begun_with_is_refused(desk: Desk, before: str, now: str) -> None:
    """People with a remark not to be called were called, although the flag said now to leave them out."""
    sheet, file = begun(desk, before)
    said = desk("run", sheet, "-t", file, "--sandbox", "--yes", now)
    refused(desk, said, "marked: ", "campaign cancel a", "--again")


@pytest.mark.parametrize("flags", [(), ("--call-marked",)], ids=["nothing said", "the same"])
def test_the_answer_that_it_was_begun_with_need_not_be_said_and_may_be(desk: Desk, flags: tuple[str, ...]) -> None:
    sheet, file = begun(desk, "--call-marked")
    assert desk("run", sheet, "-t", file, "--sandbox", "--yes", *flags).code == 0
    assert rings(desk) == 3


def test_an_answer_of_the_template_counts_as_one(desk: Desk) -> None:
    """The run was begun by it, as by a flag."""
    sheet, file = desk.sheet(*SHEET), desk.template(TEMPLATE.format(calls=3) + '[answers]\nmarked = "call"\n')
    words = ("--sandbox", "--yes", "--limit", "1", "--name", "a", "--results", "a.csv")
    assert desk("run", sheet, "-t", file, *words).code == 0
    refused(desk, desk("run", sheet, "-t", file, "--sandbox", "--yes", "--skip-marked"), "marked: call, now skip")


def test_more_calls_than_are_meant_now_are_refused(desk: Desk) -> None:
    """`--max-calls 1` on the rest of a sheet is no less said than on its beginning."""
    sheet, file = begun(desk, "--call-marked")
    words = ("run", sheet, "-t", file, "--sandbox", "--yes", "--max-calls", "1")
    refused(desk, desk(*words), "2 calls", "the limit is 1")
    assert desk(*words, "--limit", "1").code == 0
    assert rings(desk) == 2


@pytest.mark.parametrize("verb", ["run", "resume"])
def test_a_lower_limit_of_the_template_holds_for_the_rest_when_the_new_plan_does(desk: Desk, verb: str) -> None:
    sheet, file = begun(desk, "--call-marked")
    desk.template(TEMPLATE.format(calls=1))
    words = ("run", sheet, "-t", file, "--sandbox", "--yes") if verb == "run" else ("resume", "a", "--yes")
    refused(desk, desk(*words, "--new-plan"), "2 calls", "the limit is 1", "--limit 1")
    assert desk(*words, "--old-plan").code == 0
    assert rings(desk) == 3
