"""Plot geometry: positions of bars, columns, curves and labels. Pure values; the SVG markup is in a template.

    Bar, Line (amounts) --> bars | sentence_bars | columns | curves --> BarPlot | ColumnPlot | CurvePlot (places)

Lengths are those of the view box, rounded to a tenth; the page scales it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

WIDTH = 720
_LABEL_WIDTH, _VALUE_WIDTH = 300, 84
_BAR, _GAP = 18, 10
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 12, 34
_PLOT_HEIGHT = 220
_FOOT = _TOP + _PLOT_HEIGHT
_LONGEST_LABEL, _LONGEST_SENTENCE = 38, 96
_THIN, _LINE = 10, 22
_CHARACTER = 7.5  # the widest that a digit is drawn at this size, whatever the fonts of the reader
_SLIVER = 1.5  # minimum visible width

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled amount; `kind` names its colour, `note` is the text behind the amount."""

    label: str
    amount: float
    kind: str = "plain"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A curve: points of (0 to 1 of the time, amount), ordered by time."""

    kind: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Rect:
    """A filled bar; `title` is its tooltip."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its anchor; `whole` is the full text where `shown` had to be cut, else empty."""

    shown: str
    kind: str
    x: float
    y: float
    anchor: Anchor = "start"
    whole: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class GridLine:
    """A horizontal grid line, and its amount."""

    x1: float
    x2: float
    y: float
    tick: Text


@dataclass(frozen=True, slots=True)
class LabelledBar:
    """A bar on its track, between its label and its amount."""

    label: Text
    track: Rect
    bar: Rect
    value: Text


@dataclass(frozen=True, slots=True)
class LabelledColumn:
    """A column above its label; None where there is nothing to show."""

    bar: Rect | None
    label: Text


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve through points (x, y)."""

    kind: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class BarPlot:
    """Horizontal bars, one below the other."""

    form: ClassVar = "bars"
    width: ClassVar = WIDTH
    name: str
    height: int
    bars: tuple[LabelledBar, ...]


@dataclass(frozen=True, slots=True)
class ColumnPlot:
    """Vertical bars, side by side."""

    form: ClassVar = "columns"
    width: ClassVar = WIDTH
    name: str
    height: int
    grid: tuple[GridLine, ...]
    columns: tuple[LabelledColumn, ...]


@dataclass(frozen=True, slots=True)
class CurvePlot:
    """Curves over time; `times` are the labels of the axis."""

    form: ClassVar = "curves"
    width: ClassVar = WIDTH
    name: str
    height: int
    grid: tuple[GridLine, ...]
    times: tuple[Text, ...]
    curves: tuple[Curve, ...]


Plot = BarPlot | ColumnPlot | CurvePlot
"""Each names, as `form`, the macro that draws it."""


def bars(name: str, rows: Sequence[Bar], *, most: float | None = None, unit: str = "") -> BarPlot:
    """Horizontal bars with a label each; `most` is the amount that fills the width."""
    amounts = [f"{_amount(row.amount)}{unit}" for row in rows]
    said = (f"{amount} {row.note}" for amount, row in zip(amounts, rows, strict=True))
    room = WIDTH - _LABEL_WIDTH - _wide_enough(_VALUE_WIDTH, said)
    scale = room / (most or _most(rows))
    drawn = []
    for place, (row, amount) in enumerate(zip(rows, amounts, strict=True)):
        top = _GAP + place * (_BAR + _GAP)
        middle = top + _BAR * 0.72
        drawn.append(
            LabelledBar(
                label=_text(row.label, kind="label", x=_LABEL_WIDTH - 10, y=middle, anchor="end"),
                track=_rect("track", x=_LABEL_WIDTH, y=top, width=room, height=_BAR),
                bar=_rect(row.kind, x=_LABEL_WIDTH, y=top, width=_length(row, scale), height=_BAR),
                value=_text(amount, kind="value", x=_LABEL_WIDTH + room + 8, y=middle, note=row.note),
            )
        )
    return BarPlot(name, len(rows) * (_BAR + _GAP) + _GAP, tuple(drawn))


def sentence_bars(name: str, rows: Sequence[Bar]) -> BarPlot:
    """Horizontal bars below labels that are whole sentences."""
    room, step = WIDTH - _VALUE_WIDTH, _THIN + _LINE + _GAP
    scale = room / _most(rows)
    drawn = []
    for place, row in enumerate(rows):
        top = place * step + _LINE
        drawn.append(
            LabelledBar(
                label=_text(row.label, kind="label", x=0, y=top - 5, longest=_LONGEST_SENTENCE),
                track=_rect("track", x=0, y=top, width=room, height=_THIN),
                bar=_rect(row.kind, x=0, y=top, width=_length(row, scale), height=_THIN),
                value=_text(_amount(row.amount), kind="value", x=room + 10, y=top + _THIN),
            )
        )
    return BarPlot(name, len(rows) * step, tuple(drawn))


def columns(name: str, rows: Sequence[Bar], *, most: float, unit: str = "") -> ColumnPlot:
    """Vertical bars side by side, as for the hours of a day; one without a note is empty."""
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(rows))
    drawn = []
    for place, row in enumerate(rows):
        left, tall = _LEFT + place * step, _PLOT_HEIGHT * row.amount / (most or 1)
        said = f"{row.label}: {_amount(row.amount)}{unit}, {row.note}"
        bar = _rect(row.kind, x=left + step * 0.14, y=_FOOT - tall, width=step * 0.72, height=tall, title=said)
        label = _text(row.label, kind="tick", x=left + step / 2, y=_FOOT + 16, anchor="middle")
        drawn.append(LabelledColumn(bar if row.note else None, label))
    ticks = [(most * part, f"{_amount(most * part)}{unit}") for part in (0, 0.5, 1)]
    return ColumnPlot(name, _FOOT + _BOTTOM, _grid(ticks, most=most, left=_LEFT), tuple(drawn))


def curves(name: str, lines: Sequence[Line], *, times: Sequence[tuple[float, str]], most: float) -> CurvePlot:
    """Curves over time, up to the amount `most`; `times` are (0 to 1 of the time, label)."""
    ticks = [(most * part, _amount(round(most * part))) for part in (0, 0.25, 0.5, 0.75, 1)]
    left = _wide_enough(_LEFT, (label for _, label in ticks))
    across = WIDTH - _RIGHT - left
    labels = [
        _text(label, kind="tick", x=left + across * at, y=_FOOT + 16, anchor=_anchor_at(at)) for at, label in times
    ]
    drawn = [
        Curve(line.kind, tuple((_tenth(left + across * at), _tenth(_down(amount, most))) for at, amount in line.points))
        for line in lines
    ]
    grid = _grid(ticks, most=most, left=left)
    return CurvePlot(name, _FOOT + _BOTTOM, grid, tuple(labels), tuple(drawn))


def _grid(ticks: Iterable[tuple[float, str]], *, most: float, left: float) -> tuple[GridLine, ...]:
    found = []
    for amount, label in ticks:
        y = _down(amount, most)
        tick = _text(label, kind="tick", x=left - 8, y=y + 4, anchor="end")
        found.append(GridLine(_tenth(left), _tenth(WIDTH - _RIGHT), _tenth(y), tick))
    return tuple(found)


def _anchor_at(at: float) -> Anchor:
    # The first and the last label would stand over the edge.
    return "start" if at <= 0 else "end" if at >= 1 else "middle"


def _down(amount: float, most: float) -> float:
    return _TOP + _PLOT_HEIGHT * (1 - amount / (most or 1))


def _most(rows: Iterable[Bar]) -> float:
    return max((row.amount for row in rows), default=0) or 1


def _length(row: Bar, scale: float) -> float:
    return max(_SLIVER, row.amount * scale) if row.amount else 0.0


def _wide_enough(least: float, texts: Iterable[str]) -> float:
    """The width for the longest text: anything outside of the view box is cut off."""
    return max(least, 8 + _CHARACTER * max(map(len, texts), default=0))


def _amount(amount: float) -> str:
    return f"{amount:,.0f}"


def _tenth(length: float) -> float:
    return round(float(length), 1)


def _rect(kind: str, *, x: float, y: float, width: float, height: float, title: str = "") -> Rect:
    return Rect(kind, _tenth(x), _tenth(y), _tenth(width), _tenth(height), title)


def _text(
    text: str,
    *,
    kind: str,
    x: float,
    y: float,
    anchor: Anchor = "start",
    note: str = "",
    longest: int = _LONGEST_LABEL,
) -> Text:
    cut = len(text) > longest
    shown = f"{text[: longest - 1]}…" if cut else text
    return Text(shown, kind, _tenth(x), _tenth(y), anchor, text if cut else "", note)
