"""Two sheets that share people are started at once, and may be called again at any time: nobody hears it twice."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.soak.campaigner import Camp, Start, camp, stand_in
from tests.soak.checking.checker import rings_of
from tests.soak.sheets import phones

_PACE = ("--rate", "40", "--max-in-flight", "8", "--no-audit")
_PEOPLE, _SHARED = 60, 40


def _write(path: Path, numbers: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("Customer", "Phone", "Invoice", "Amount due"))
        lines.writerows(("Ada Rookwood", number, f"invoice {number}", "$12.00") for number in numbers)
    return path


def _started(made: Camp, sheet: Path, *flags: str) -> Start:
    made.flags = (*_PACE, "--results", str(sheet.with_suffix(".results.csv")))
    return made.run(*flags, sheet=sheet)


def _rung(made: Camp) -> Counter[str]:
    return Counter(ring["phone"] for ring in rings_of(made.place.truth))


@pytest.mark.parametrize("turn", [0, 1, *(pytest.param(turn, marks=pytest.mark.nightly) for turn in range(2, 40))])
def test_who_is_on_both_sheets_is_called_by_one_of_them(tmp_path: Path, turn: int) -> None:
    """Both are loaded before either has called; with call_again_after = "0s" only their claims meet."""
    numbers = phones(2 * _PEOPLE)
    here, there = numbers[:_PEOPLE], numbers[_PEOPLE - _SHARED : 2 * _PEOPLE - _SHARED]
    with stand_in(tmp_path, latency=0.02) as place, camp(tmp_path, place, flags=_PACE) as made:
        made.prepare(rows=1, call_again_after="0s")
        # From both ends, and in the same order: claims of one person a moment apart, and at the same moment.
        sheets = [_write(made.folder / "a.csv", here), _write(made.folder / "b.csv", there[:: -1 if turn % 2 else 1])]
        starts = [_started(made, sheet) for sheet in sheets]
        assert [start.end() for start in starts] == [0, 0], [start.said() for start in starts]
        rung = _rung(made)
        assert [phone for phone, times in rung.items() if times > 1] == []
        assert rung.keys() == {*here, *there}, "nobody is left out by both"
        skipped = [
            row["_error"]
            for sheet in sheets
            for row in csv.DictReader(sheet.with_suffix(".results.csv").read_text("utf-8-sig").splitlines())
            if row["_status"] == "skipped"
        ]
        assert len(skipped) == _SHARED
        # Who was loaded or started a moment later knew of the first calls already; the others met in their claims.
        assert {reason.split(": ")[0] for reason in skipped} <= {"called meanwhile", "done already", "called since"}


def test_who_says_again_for_a_run_calls_again(tmp_path: Path) -> None:
    """Later, and beside another run as well: it was said for this run."""
    numbers = phones(5)
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=_PACE) as made:
        made.prepare(rows=1, call_again_after="0s")
        assert _started(made, _write(made.folder / "a.csv", numbers)).end() == 0
        assert _started(made, _write(made.folder / "b.csv", numbers[::-1]), "--again").end() == 0
        assert set(_rung(made).values()) == {2}
