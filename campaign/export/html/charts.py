"""Plots as SVG text: drawn by hand, coloured by the page's own style sheet, readable in print.

Every text that comes in is escaped here; widths are those of the view box, and the page scales it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 720
_LABEL_WIDTH, _VALUE_WIDTH = 300, 84
_BAR, _GAP = 18, 10
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 12, 34
_PLOT_HEIGHT = 220
_LONGEST_LABEL, _LONGEST_SENTENCE = 38, 96
_THIN, _LINE = 10, 22


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled amount; `kind` names its colour, `note` stands behind the amount."""

    label: str
    amount: float
    kind: str = "plain"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A curve: points in the order of time, from 0 to 1 each way is the axes' business."""

    label: str
    kind: str
    points: tuple[tuple[float, float], ...]


def bars(name: str, rows: Sequence[Bar], *, most: float | None = None, unit: str = "") -> str:
    """Horizontal bars, each behind its label; `most` is the amount that fills the width."""
    room = WIDTH - _LABEL_WIDTH - _VALUE_WIDTH
    full = most or max((row.amount for row in rows), default=0) or 1
    parts = []
    for place, row in enumerate(rows):
        top = _GAP + place * (_BAR + _GAP)
        middle = top + _BAR * 0.72
        parts += [
            _text(row.label, kind="label", x=_LABEL_WIDTH - 10, y=middle, anchor="end"),
            _rect("track", x=_LABEL_WIDTH, y=top, width=room, height=_BAR),
            _rect(f"k-{row.kind}", x=_LABEL_WIDTH, y=top, width=_long(row, room / full), height=_BAR),
            _text(f"{_amount(row.amount)}{unit}", kind="value", x=WIDTH - _VALUE_WIDTH + 8, y=middle, note=row.note),
        ]
    return _svg(name, len(rows) * (_BAR + _GAP) + _GAP, parts)


def told_bars(name: str, rows: Sequence[Bar]) -> str:
    """Horizontal bars below labels that are whole sentences."""
    room, step = WIDTH - _VALUE_WIDTH, _THIN + _LINE + _GAP
    full = max((row.amount for row in rows), default=0) or 1
    parts = []
    for place, row in enumerate(rows):
        top = place * step + _LINE
        parts += [
            _text(row.label, kind="label", x=0, y=top - 5, longest=_LONGEST_SENTENCE),
            _rect("track", x=0, y=top, width=room, height=_THIN),
            _rect(f"k-{row.kind}", x=0, y=top, width=_long(row, room / full), height=_THIN),
            _text(_amount(row.amount), kind="value", x=room + 10, y=top + _THIN),
        ]
    return _svg(name, len(rows) * step, parts)


def columns(name: str, rows: Sequence[Bar], *, most: float, unit: str = "") -> str:
    """Upright bars side by side, as for the hours of a day; one without a note has nothing to show."""
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(rows))
    parts = _grid([(most * part, f"{_amount(most * part)}{unit}") for part in (0, 0.5, 1)], most=most)
    for place, row in enumerate(rows):
        left, tall = _LEFT + place * step, _PLOT_HEIGHT * row.amount / (most or 1)
        foot = _TOP + _PLOT_HEIGHT
        if row.note:
            said = f"{row.label}: {_amount(row.amount)}{unit}, {row.note}"
            wide = step * 0.72
            parts.append(
                _rect(f"k-{row.kind}", x=left + step * 0.14, y=foot - tall, width=wide, height=tall, title=said)
            )
        parts.append(_text(row.label, kind="tick", x=left + step / 2, y=foot + 16, anchor="middle"))
    return _svg(name, _TOP + _PLOT_HEIGHT + _BOTTOM, parts)


def curves(name: str, lines: Sequence[Line], *, times: Sequence[tuple[float, str]], most: float) -> str:
    """Curves over time. Points are (0 to 1 of the time, amount); `times` are the labels under the axis, likewise."""
    parts = _grid([(most * part, _amount(round(most * part))) for part in (0, 0.25, 0.5, 0.75, 1)], most=most)
    for at, label in times:
        anchor = "start" if at <= 0 else "end" if at >= 1 else "middle"
        parts.append(_text(label, kind="tick", x=_across(at), y=_TOP + _PLOT_HEIGHT + 16, anchor=anchor))
    for line in lines:
        drawn = " ".join(f"{_across(at):.1f},{_down(amount, most):.1f}" for at, amount in line.points)
        parts.append(f'<polyline class="line s-{escape(line.kind)}" points="{drawn}"/>')
    return _svg(name, _TOP + _PLOT_HEIGHT + _BOTTOM, parts)


def _grid(ticks: Sequence[tuple[float, str]], *, most: float) -> list[str]:
    parts = []
    for amount, label in ticks:
        y = _down(amount, most)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(_text(label, kind="tick", x=_LEFT - 8, y=y + 4, anchor="end"))
    return parts


def _svg(name: str, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(name)}">'
        f"<title>{escape(name)}</title>{''.join(parts)}</svg>"
    )


def _across(at: float) -> float:
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * at


def _down(amount: float, most: float) -> float:
    return _TOP + _PLOT_HEIGHT * (1 - amount / (most or 1))


def _long(row: Bar, scale: float) -> float:
    # However little, it can be seen.
    return max(1.5, row.amount * scale) if row.amount else 0.0


def _amount(amount: float) -> str:
    return f"{amount:,.0f}"


def _rect(kind: str, *, x: float, y: float, width: float, height: float, title: str = "") -> str:
    told = f"<title>{escape(title)}</title>" if title else ""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="{escape(kind)}" {place} rx="3">{told}</rect>'


def _text(
    text: str,
    *,
    kind: str,
    x: float,
    y: float,
    anchor: str = "start",
    note: str = "",
    longest: int = _LONGEST_LABEL,
) -> str:
    shown = text if len(text) <= longest else f"{text[: longest - 1]}…"
    whole = f"<title>{escape(text)}</title>" if shown != text else ""
    more = f' <tspan class="note">{escape(note)}</tspan>' if note else ""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {place}>{whole}{escape(shown)}{more}</text>'
