"""What a worker says of an outage is for the person who reads its log, and no library's own words."""

import asyncio
from typing import Any

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException

from campaign.worker.engine import why_down
from campaign.worker.process import leave_to_the_shift


def test_an_outage_is_told_by_its_cause() -> None:
    """The engine says "Database error." of everything."""
    error = ConnectorException()
    error.__cause__ = psycopg.OperationalError("connection failed: refused\n\tIs the server running on that host?")
    assert why_down(error) == "the database cannot be reached (connection failed: refused)"


@pytest.mark.parametrize(("error", "told"), [(ConnectorException(), False), (ValueError("a fault"), True)])
def test_a_job_that_the_server_cut_off_is_no_traceback_and_a_fault_is_told(error: Exception, *, told: bool) -> None:
    heard = list[dict[str, Any]]()
    loop = asyncio.new_event_loop()
    try:
        loop.default_exception_handler = heard.append  # type: ignore[assignment,method-assign]  # the place that prints
        leave_to_the_shift(loop, {"message": "Task exception was never retrieved", "exception": error})
    finally:
        loop.close()
    assert bool(heard) is told
