"""What a worker says of an outage is for the person who reads its log, and no library's own words."""

import psycopg
from procrastinate.exceptions import ConnectorException

from campaign.worker.engine import why_down


def test_an_outage_is_told_by_its_cause() -> None:
    """The engine says "Database error." of everything."""
    error = ConnectorException()
    error.__cause__ = psycopg.OperationalError("connection failed: refused\n\tIs the server running on that host?")
    assert why_down(error) == "the database cannot be reached (connection failed: refused)"
