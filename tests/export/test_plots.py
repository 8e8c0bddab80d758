"""Where things stand in a plot: within its view box, to scale, and large enough to be seen."""

from itertools import pairwise

import pytest

from campaign.export.html.plots import WIDTH, Bar, Line, bars, columns, curves, sentence_bars

DIGIT = 7  # as wide as one is drawn at the size of the labels


def test_bars_are_as_long_as_their_amounts_and_the_least_can_be_seen() -> None:
    plot = bars("x", [Bar("a", 1_000_000), Bar("b", 500_000), Bar("c", 1), Bar("d", 0)])
    whole, half, least, none = (row.bar.width for row in plot.bars)
    assert whole == plot.bars[0].track.width
    assert half == pytest.approx(whole / 2)
    assert least == 1.5
    assert none == 0


@pytest.mark.parametrize("count", [0, 7, 12_345, 123_456_789])
def test_an_amount_of_any_size_ends_within_the_plot(count: int) -> None:
    """What stands outside of the view box is cut off: half of a number is another number."""
    row = bars("x", [Bar("a", 100, note=f"of {count:,} calls")], most=100, unit="%").bars[0]
    assert row.value.x + DIGIT * len(f"{row.value.shown} {row.value.note}") <= WIDTH
    assert row.track.x + row.track.width < row.value.x
    assert row.bar.width == row.track.width
    tick = curves("x", [], times=[], most=count * 4 or 4).grid[-1].tick
    assert tick.x - DIGIT * len(tick.shown) >= 0


def test_a_label_that_is_too_long_is_cut_and_told_in_full() -> None:
    label = bars("x", [Bar("w" * 39, 1)]).bars[0].label
    assert label.shown == "w" * 37 + "…"
    assert label.whole == "w" * 39
    assert bars("x", [Bar("w" * 38, 1)]).bars[0].label.whole == ""
    assert sentence_bars("x", [Bar("w" * 96, 1)]).bars[0].label.whole == ""


def test_bars_stand_below_each_other_within_the_plot() -> None:
    for plot in (bars("x", [Bar("a", 1)] * 5), sentence_bars("x", [Bar("a", 1)] * 5)):
        tops = [row.bar.y for row in plot.bars]
        assert all(after - before > plot.bars[0].bar.height for before, after in pairwise(tops))
        assert tops[-1] + plot.bars[-1].bar.height <= plot.height


def test_a_column_grows_up_from_the_foot_and_one_without_a_note_is_not_there() -> None:
    plot = columns("x", [Bar("9", 50, note="of 2 calls"), Bar("10", 0)], most=100, unit="%")
    drawn, absent = plot.columns
    assert absent.bar is None
    assert drawn.bar is not None
    assert drawn.bar.title == "9: 50%, of 2 calls"
    foot, middle, _ = (line.y for line in plot.grid)
    assert drawn.bar.y == middle
    assert drawn.bar.y + drawn.bar.height == foot


def test_a_curve_runs_from_corner_to_corner_of_the_grid() -> None:
    plot = curves("x", [Line("created", ((0, 0), (1, 8)))], times=[(0, "a"), (0.5, "b"), (1, "c")], most=8)
    foot, top = plot.grid[0], plot.grid[-1]
    assert plot.curves[0].points == ((foot.x1, foot.y), (top.x2, top.y))
    assert [label.anchor for label in plot.times] == ["start", "middle", "end"]
    assert [label.x for label in plot.times] == [foot.x1, pytest.approx((foot.x1 + foot.x2) / 2), foot.x2]


def test_a_plot_of_nothing_is_a_plot_too() -> None:
    assert bars("x", []).bars == ()
    assert sentence_bars("x", []).bars == ()
    assert columns("x", [], most=0).columns == ()
    assert curves("x", [], times=[], most=0).curves == ()
