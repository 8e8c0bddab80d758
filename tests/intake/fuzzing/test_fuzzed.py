"""Files after accidents of every kind are refused in one line, or read: then each contact stands in one row of them."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings, strategies as st

from tests.intake.fuzzing import books, texts, tokens
from tests.intake.fuzzing.verdict import Verdict, verdict_on
from tests.workbooks_here import workbooks_read_here

_BATCH = 500
_TEXTS, _BOOKS, _WHOLE = 100, 10, 30  # batches of the soak: 50,000 texts, 5,000 workbooks, and 300 by the child


@pytest.fixture
def here() -> Iterator[None]:
    with workbooks_read_here():
        yield


def test_what_is_not_damaged_is_called() -> None:
    """A judge that knows nobody would find no false pair."""
    assert len(tokens.clean()) == tokens.PEOPLE
    for content in texts.seed_files():
        assert set(texts.rows_of(content)) & tokens.clean(), content[:80]
    for content in books.seed_books():
        assert set(books.rows_of(content)) >= tokens.clean()


def test_a_damaged_text_makes_no_false_pair(tmp_path: Path) -> None:
    """A short walk; the long one is the soak."""
    assert _complaints_on_texts(tmp_path, range(250)) == []


@pytest.mark.usefixtures("here")
def test_a_damaged_workbook_makes_no_false_pair(tmp_path: Path) -> None:
    assert _complaints_on_books(tmp_path, range(40)) == []


def test_some_damage_is_survived(tmp_path: Path) -> None:
    """A reader that refuses whatever has a scratch makes no false pair either, and nobody would use it."""
    seen = [_on_text(tmp_path, seed).called for seed in range(1_000_000, 1_000_120)]
    assert sum(called is not None for called in seen) > len(seen) // 6
    assert sum(called == tokens.PEOPLE for called in seen) > len(seen) // 20


_PLACES = st.tuples(st.integers(0, tokens.PEOPLE), st.integers(0, len(tokens.HEADER)))
_EDITS = st.tuples(
    st.sampled_from(["drop", "double", "blank", "split", "mark", "swap", "join", "break"]), _PLACES, st.integers(0, 30)
)


@settings(max_examples=80, deadline=None)
@given(
    edits=st.lists(_EDITS, min_size=1, max_size=4),
    delimiter=st.sampled_from(",;\t|"),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    quoted=st.booleans(),
    surplus=st.integers(0, 2),
)
def test_cells_moved_by_hand_make_no_false_pair(
    tmp_path_factory: pytest.TempPathFactory,
    *,
    edits: list[tuple[str, tuple[int, int], int]],
    delimiter: str,
    ending: str,
    quoted: bool,
    surplus: int,
) -> None:
    """Fewer accidents than the fuzz has, but a failure shrinks to the one that matters."""
    lines = [[_raw(cell, delimiter, quoted=quoted) for cell in line] + [""] * surplus for line in tokens.lines()]
    for edit in edits:
        _edit(lines, edit)
    content = ending.join(delimiter.join(line) for line in lines).encode()
    path = tmp_path_factory.mktemp("edited") / "sheet.csv"
    path.write_bytes(content)
    assert verdict_on(path, lambda choices: texts.rows_of(content, *_encodings(choices.encoding))).faults == ()


@pytest.mark.soak
@pytest.mark.parametrize("batch", range(_TEXTS))
def test_soak_a_damaged_text_makes_no_false_pair(tmp_path: Path, batch: int) -> None:
    assert _complaints_on_texts(tmp_path, range(batch * _BATCH, (batch + 1) * _BATCH)) == []


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("batch", range(_BOOKS))
def test_soak_a_damaged_workbook_makes_no_false_pair(tmp_path: Path, batch: int) -> None:
    assert _complaints_on_books(tmp_path, range(batch * _BATCH, (batch + 1) * _BATCH)) == []


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("batch", range(_WHOLE))
def test_soak_a_damaged_workbook_makes_no_false_pair_by_another_process(tmp_path: Path, batch: int) -> None:
    assert _complaints_on_books(tmp_path, range(batch * 10, batch * 10 + 10)) == []


def _complaints_on_texts(folder: Path, seeds: range) -> list[str]:
    return [f"seed {seed}: {fault}" for seed in seeds for fault in _on_text(folder, seed).faults]


def _on_text(folder: Path, seed: int) -> Verdict:
    files = texts.seed_files()
    content = texts.damaged(files[seed % len(files)], Random(seed))
    path = folder / "sheet.csv"
    path.write_bytes(content)
    return verdict_on(path, lambda choices: texts.rows_of(content, *_encodings(choices.encoding)))


def _complaints_on_books(folder: Path, seeds: range) -> list[str]:
    found, files = [], books.seed_books()
    for seed in seeds:
        damage = books.damaged_zip if seed % 10 == 9 else books.damaged
        content = damage(files[seed % len(files)], Random(seed))
        path = folder / "sheet.xlsx"
        path.write_bytes(content)
        verdict = verdict_on(path, lambda _choices, content=content: books.rows_of(content))  # type: ignore[misc]  # bound at once
        found += [f"seed {seed}: {fault}" for fault in verdict.faults]
    return found


def _encodings(chosen: str | None) -> list[str]:
    return [chosen] if chosen else []


def _raw(cell: str, delimiter: str, *, quoted: bool) -> str:
    if quoted or delimiter in cell or '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _edit(lines: list[list[str]], edit: tuple[str, tuple[int, int], int]) -> None:
    kind, (row, cell), at = edit
    row %= len(lines)
    line = lines[row]
    if not line:
        return
    cell %= len(line)
    match kind:
        case "drop":
            del line[cell]
        case "double":
            line.insert(cell, line[cell])
        case "blank":
            line[cell] = ""
        case "split":
            line[cell : cell + 1] = [line[cell][:at], line[cell][at:]]
        case "mark":
            line[cell] = line[cell][:at] + '"' + line[cell][at:]
        case "swap":
            other = at % len(lines)
            lines[row], lines[other] = lines[other], line
        case "join" if row + 1 < len(lines):
            lines[row : row + 2] = [line + lines[row + 1]]
        case "break":
            lines[row : row + 1] = [line[:cell], line[cell:]]
        case _:
            pass
