"""One person in two spellings, on two sheets, in two homes: called once all the same."""

import shutil
from pathlib import Path

import pytest

from tests.soak.attacks.attacker import FAST, rung, say, sheet_of
from tests.soak.campaigner import RUN, camp, stand_in

_ONE_LINE = [
    pytest.param("+5491123456789", "+541123456789", id="Argentina, with and without the 9"),
    pytest.param("+24106031234", "+2416031234", id="Gabon"),
    pytest.param("+390549886377", "+3780549886377", id="San Marino"),
]


@pytest.mark.parametrize(("one", "other"), _ONE_LINE)
def test_one_line_in_two_spellings_rings_once(tmp_path: Path, one: str, other: str) -> None:
    """In one sheet, and on the sheet of another run the same day."""
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=FAST) as made:
        sheet_of(made, [one, other])
        made.finish()
        assert sum(rung(made).values()) == 1, rung(made)
        made.run("--results", str(tmp_path / "second.csv"), sheet=sheet_of(made, [other], name="second.csv")).end()
        assert sum(rung(made).values()) == 1, rung(made)


def test_a_home_that_was_copied_while_it_dialled_calls_nobody_twice(tmp_path: Path) -> None:
    """Both homes have the same people waiting, and each knows nothing of the other."""
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=("--rate", "30", "--max-in-flight", "4")) as made:
        made.prepare(rows=80)
        start = made.run()
        assert made.await_ring(start, rings=10)
        copy = tmp_path / "copy"
        shutil.copytree(made.home, copy)
        code, said = say(
            made, "resume", RUN, "--yes", "--rate", "30", "--no-audit", "--results", str(tmp_path / "b.csv"), home=copy
        )
        assert start.end() == 0, start.said()
        assert code == 2, said
        assert set(rung(made).values()) == {1}
        assert len(rung(made)) == 80
