"""`results`: rows as a stream, and as a DataFrame in which text stays text."""

from datetime import UTC, datetime

import pandas as pd
import pytest

import campaign
from campaign.api.dataframe import frame_of
from campaign.domain.call_outcome import CallOutcome
from campaign.domain.result_row import ResultRow
from campaign.usecases.run_results import RunResults
from tests.cli.conftest import TEMPLATE, Desk
from tests.ledger.plans.seeding import seed_rows
from tests.ledger.plans.test_steps import counting

FAST = TEMPLATE + "[pace]\ncalls_per_second = 1000\n"
TYPES = {
    "_row": "int64",
    "_status": "string",
    "_id": "string",
    "_error": "string",
    "_attempts": "int64",
    "_phone": "string",
    "_submitted_at": "datetime64[ms, UTC]",
    "_delayed_until": "datetime64[ms, UTC]",
}
OUTCOME_TYPES = {"_call_status": "string", "_outcome": "string", "_duration": "float64", "_recording_url": "string"}


@pytest.fixture
def run(desk: Desk) -> str:
    sheet = desk.sheet("Ada,+12125550101,007", "Bob,12,1e5", "Ada Again,(212) 555-0101,", "Cy,+12125550102,NA")
    return campaign.start(sheet, desk.template(FAST), sandbox=True, name="first").run


def test_rows_come_in_the_sheets_order_with_all_that_is_known(run: str) -> None:
    results = campaign.results(run)
    rows = list(results)
    assert results.header == ("Name", "Phone", "Day")
    assert [row.number for row in rows] == [2, 3, 4, 5]
    assert [row.status for row in rows] == ["created", "invalid", "skipped", "created"]
    first = rows[0]
    assert dict(zip(results.header, first.cells, strict=True)) == {"Name": "Ada", "Phone": "+12125550101", "Day": "007"}
    assert first.submitted_at is not None
    assert abs((datetime.now(UTC) - first.submitted_at).total_seconds()) < 600
    assert [row.number for row in results] == [2, 3, 4, 5], "it may be read again"


def test_a_run_that_is_not_there_is_refused_at_once(desk: Desk) -> None:
    with pytest.raises(campaign.UsageError, match=r"nowhere.*campaign status"):
        campaign.results("nowhere", home=desk.folder / "home")


def test_rows_are_read_as_they_are_wanted(desk: Desk, run: str) -> None:
    """A million rows do not fit: with the first ones in hand, the database has nearly all of its work before it."""
    seed_rows(desk.folder / "home" / "ledger.db", run_id=1, rows=5_000)
    with counting() as steps:
        rows = iter(campaign.results(run))
        assert [next(rows).number for _ in range(3)] == [2, 3, 4]
        assert steps.of(lambda: sum(1 for _ in rows)) > 20 * 5_000


def test_a_frame_has_the_results_files_columns_each_with_its_type(run: str) -> None:
    frame = campaign.results(run).to_dataframe()
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        **dict.fromkeys(("Name", "Phone", "Day"), "string"),
        **TYPES,
    }
    assert frame["Day"].tolist() == ["007", "1e5", "", "NA"]
    assert frame["_phone"].tolist()[0] == "+12125550101"
    assert frame["_error"].isna().tolist() == [True, False, False, True]
    assert frame.index.tolist() == [0, 1, 2, 3]
    rows = list(campaign.results(run))
    assert [None if pd.isna(at) else at.to_pydatetime() for at in frame["_submitted_at"]] == [
        row.submitted_at for row in rows
    ]


def test_a_frame_of_many_parts_is_one() -> None:
    rows = (ResultRow(number, ("Ada",), "pending") for number in range(2, 7))
    frame = frame_of(RunResults(("Name",), tuple(TYPES), rows), at_once=2)
    assert frame["_row"].tolist() == [2, 3, 4, 5, 6]
    assert {name: str(kind) for name, kind in frame[list(TYPES)].dtypes.items()} == TYPES


def test_a_sheet_with_two_columns_of_one_name_or_with_ours_keeps_them_all(desk: Desk) -> None:
    sheet = desk.sheet("Ada,+12125550101,a,b,Monday", header="Name,Phone,Note,Note,Day")
    campaign.start(sheet, desk.template(FAST), sandbox=True, name="first")
    frame = campaign.results("first").to_dataframe()
    assert list(frame.columns)[:4] == ["Name", "Phone", "Note", "Note"]
    assert frame["Note"].iloc[0].tolist() == ["a", "b"]


def test_what_became_of_calls_has_columns_of_its_own(run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from campaign.api.dataframe import frame_of  # noqa: PLC0415 - as the API loads it
    from campaign.export.columns import columns_with  # noqa: PLC0415 - beside it
    from campaign.usecases.run_results import RunResults  # noqa: PLC0415 - beside it

    del run, monkeypatch
    outcome = CallOutcome("id", "completed", duration=12.0, values=(("Confirmed", "yes"),))
    rows = [ResultRow(2, ("Ada",), "created", call_id="id", outcome=outcome), ResultRow(3, ("Bob",), "pending")]
    frame = frame_of(RunResults(("Name",), columns_with(["Confirmed"]), iter(rows)))
    assert {name: str(frame.dtypes[name]) for name in OUTCOME_TYPES} == OUTCOME_TYPES
    assert frame["_duration"].tolist()[0] == 12.0
    assert frame["_result_Confirmed"].isna().tolist() == [False, True]


def test_a_run_without_rows_is_a_frame_without_rows() -> None:
    from campaign.api.dataframe import frame_of  # noqa: PLC0415 - as the API loads it
    from campaign.usecases.run_results import RunResults  # noqa: PLC0415 - beside it

    frame = frame_of(RunResults(("Name",), tuple(TYPES), iter(())))
    assert len(frame) == 0
    assert {name: str(frame.dtypes[name]) for name in TYPES} == TYPES
