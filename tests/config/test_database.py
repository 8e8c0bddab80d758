"""The address of a ledger's database: where it is read from, and that no text of it shows a secret."""

from pathlib import Path

import pytest

from campaign.config.database import DatabaseAddress, database_from, ledger_from
from campaign.domain.errors import UsageError

URL = "postgresql://ada@db.example/calls"


def test_without_a_word_the_ledger_is_a_file() -> None:
    assert database_from({}) is None
    assert database_from({"CAMPAIGN_DB": " "}) is None
    assert ledger_from({"CAMPAIGN_HOME": "/h"}).home == Path("/h")


def test_the_password_stands_in_a_variable_or_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("from a file\nand no more\n", encoding="utf-8")
    said = {"CAMPAIGN_DB": URL, "CAMPAIGN_DB_PASSWORD": "from a variable"}
    assert database_from(said) == DatabaseAddress(URL, "from a variable")
    assert database_from(said | {"CAMPAIGN_DB_PASSWORD_FILE": str(file)}) == DatabaseAddress(URL, "from a file")
    assert database_from({"CAMPAIGN_DB": URL}) == DatabaseAddress(URL, None)


@pytest.mark.parametrize("content", [None, "", "\nsecond line"])
def test_a_file_without_a_password_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="CAMPAIGN_DB_PASSWORD_FILE"):
        database_from({"CAMPAIGN_DB": URL, "CAMPAIGN_DB_PASSWORD_FILE": str(file)})


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgres://ada:s3cret@db.example:5433/calls", "postgresql://ada@db.example:5433/calls"),
        (
            "postgresql://ada:s3c@ret@db/calls?password=s3cret&sslmode=require",
            "postgresql://ada@db/calls?sslmode=require",
        ),
        ("postgresql:///calls?host=/run&sslpassword=s3cret&passfile=s3cret", "postgresql:///calls?host=/run"),
        ("postgresql://one:1,two:2/calls", "postgresql://one:1,two:2/calls"),
    ],
)
def test_no_text_of_an_address_shows_a_secret(url: str, shown: str) -> None:
    """It stands in errors, logs and the page."""
    address = DatabaseAddress(url, password="s3cret")
    assert str(address) == shown
    assert "s3c" not in repr(address)
