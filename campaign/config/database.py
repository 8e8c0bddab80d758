"""Address of a ledger that stands in PostgreSQL: from the environment, and never shown with its password."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from campaign.config.home import home_from
from campaign.domain.errors import UsageError

VARIABLE = "CAMPAIGN_DB"
PASSWORD = "CAMPAIGN_DB_PASSWORD"  # noqa: S105 - the variable's name
PASSWORD_FILE = "CAMPAIGN_DB_PASSWORD_FILE"  # noqa: S105 - likewise
_SCHEMES = frozenset({"postgresql", "postgres"})
_SHOWN = ("host", "hostaddr", "port", "dbname", "user", "options", "sslmode")


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """Address of a PostgreSQL database, as libpq takes it. Its text is for messages, and shows no secret.

    Attributes:
        url: `postgresql://...`; it may hold a password.
        password: one that stands elsewhere; None leaves it to the URL, PGPASSWORD and ~/.pgpass.
        may_lose_power: a server that does not wait for its disk is accepted: for tests, which no power cut reaches.
    """

    url: str = field(repr=False)
    password: str | None = field(default=None, repr=False)
    may_lose_power: bool = False

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        hosts = parts.netloc.rpartition("@")[2]
        user = unquote(parts.username or "")
        query = "&".join(f"{name}={value}" for name, value in parse_qsl(parts.query) if name in _SHOWN)
        return f"postgresql://{user}{'@' if user else ''}{hosts}{parts.path}{'?' if query else ''}{query}"


@dataclass(frozen=True, slots=True)
class LedgerPlace:
    """Where a ledger is.

    Attributes:
        home: the folder of its file, or of what is not in its database.
        address: of the database; None for the file.
    """

    home: Path
    address: DatabaseAddress | None = None


def ledger_from(environment: Mapping[str, str]) -> LedgerPlace:
    """The ledger that CAMPAIGN_HOME and CAMPAIGN_DB name.

    Raises:
        UsageError: one of them names none that there can be.
    """
    return LedgerPlace(home_from(environment), database_from(environment))


def database_from(environment: Mapping[str, str]) -> DatabaseAddress | None:
    """The address that CAMPAIGN_DB names; None without it: the ledger is a file then.

    The password is CAMPAIGN_DB_PASSWORD, or the first line of the file that CAMPAIGN_DB_PASSWORD_FILE names; without
    both it is in the URL, in PGPASSWORD, or in ~/.pgpass.

    Raises:
        UsageError: it is not the address of a PostgreSQL database, or the password's file cannot be read.
    """
    url = environment.get(VARIABLE, "").strip()
    if not url:
        return None
    _refuse_other(url)
    if named := environment.get(PASSWORD_FILE):
        return DatabaseAddress(url, _first_line(Path(named)))
    return DatabaseAddress(url, environment.get(PASSWORD) or None)


def refuse_password_for_all_to_see(url: str) -> None:
    """Refuses a URL with a password on a command line, which every user of the machine can read.

    Raises:
        UsageError: it has one, or is not the address of a PostgreSQL database.
    """
    _refuse_other(url)
    parts = urlsplit(url)
    if parts.password or any(name == "password" for name, _ in parse_qsl(parts.query)):
        raise UsageError(
            "a password on a command line can be read by every user of this machine; leave it out of the URL, and put "
            f"it into ~/.pgpass, {PASSWORD} or the file that {PASSWORD_FILE} names"
        )


def _refuse_other(url: str) -> None:
    # Of what is wrong only the scheme is shown: a password may be anywhere in the rest.
    scheme, is_url, _ = url.partition("://")
    if not is_url or scheme not in _SCHEMES:
        what = f"begins with {scheme}://" if is_url and scheme.isalnum() else "is no URL"
        raise UsageError(
            f"the ledger's database {what}; it must be postgresql://USER@HOST/DATABASE, and a ledger in a file is "
            "named by CAMPAIGN_HOME alone"
        )
    try:
        urlsplit(url).port  # noqa: B018 - asked for, since reading it is what finds a wrong one
    except ValueError:
        if "," not in url.partition("://")[2].partition("/")[0]:  # several hosts, each with a port, are for libpq
            what = "the ledger's database has a port that is none"
            raise UsageError(f"{what}; write postgresql://USER@HOST:5432/DATABASE") from None


def _first_line(path: Path) -> str:
    try:
        lines = path.expanduser().read_text("utf-8").splitlines()
    except (OSError, ValueError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or "it is not text"
        raise UsageError(f"{PASSWORD_FILE} {str(path)!r} cannot be read: {why}") from None
    if not lines or not lines[0]:
        raise UsageError(f"{PASSWORD_FILE} {str(path)!r} is empty; write the password into its first line")
    return lines[0]
