"""What watches intake sees what it is there for: bugs are planted, and each is found by the rule that is for it."""

from pathlib import Path
from random import Random

import pytest

from tests.intake.fuzzing import texts
from tests.intake.fuzzing.verdict import verdict_on
from tests.intake.planted import PLANTED, planted
from tests.intake.pollution.catalogue import IN_BOOKS, IN_TEXT, complaints, of_rule

_CAUGHT_BY = {
    "index_shift": ("A21", "false pair"),
    "index_col_false": ("A21", "false pair"),
    "uncounted_fields": ("A20", "false pair"),
    "swallowed_rows": ("A13", "false pair"),
    "guessed_encoding": ("A6", "false pair"),
    "replaced_letters": ("A8", "false pair"),
    "nameless_dropped": ("A24", "false pair"),
    "last_of_a_name": ("A23", "false pair"),
    "column_by_content": ("D4", "false pair"),
    "filled_down": ("B6", "false pair"),
    "all_rows_of_a_book": ("B5", "false pair"),
    "refuses_all": ("A1", "REFUSES instead of LOADS"),
    "breaks_down": ("A8", "traceback"),
    "point_dropped": ("B11", "false pair"),
    "first_of_two": ("C8", "false pair"),
    "digits_only": ("C7", "false pair"),
    "power_expanded": ("B10", "false pair"),
}
# Damage finds what no list names; these are what it is there for.
_FOUND_BY_DAMAGE = ("index_shift", "uncounted_fields", "swallowed_rows")


@pytest.mark.parametrize("bug", list(_CAUGHT_BY))
def test_a_planted_bug_is_caught(tmp_path: Path, bug: str) -> None:
    """A catalogue that has never found anything has proved nothing."""
    rule, complaint = _CAUGHT_BY[bug]
    pollutions = of_rule(rule, (*IN_TEXT, *(IN_BOOKS if bug == "all_rows_of_a_book" else ())))
    with planted(bug):
        assert any(complaint in found for found in complaints(pollutions, tmp_path, seeds=range(3)))


@pytest.mark.parametrize("bug", _FOUND_BY_DAMAGE)
def test_damage_finds_a_planted_bug(tmp_path: Path, bug: str) -> None:
    files, path = texts.seed_files(), tmp_path / "sheet.csv"
    with planted(bug):
        for seed in range(400):
            content = texts.damaged(files[seed % len(files)], Random(seed))
            path.write_bytes(content)
            if verdict_on(path, lambda _choices, content=content: texts.rows_of(content)).faults:  # type: ignore[misc]  # bound at once
                return
    pytest.fail(f"{bug} was not found")


def test_every_planted_bug_is_tried() -> None:
    assert set(PLANTED) == set(_CAUGHT_BY) >= set(_FOUND_BY_DAMAGE)
