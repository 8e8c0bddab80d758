"""What is wrong with a PostgreSQL server, in one line with the cure. Of its words only those that quote no values."""

from typing import Any

from sqlalchemy.exc import DBAPIError

_VALUES = ("22", "23")
"""Of a SQLSTATE: the classes whose texts may quote what was written."""
_ENDED = ("08", "57P")
"""The classes for connections that broke, and for servers that end or begin."""
_OTHER_BUILD = (
    " was made by another build of campaign than this one ({said}); nothing is wrong with the server: go on with the "
    "build that made it, or name another database"
)
_DAMAGED = " is damaged ({said}); put it back from a backup, and keep this one: it says who was called"
_KNOWN = {
    "53100": ": the server's disk is full; free some space there, then go on",
    "53300": ": the server takes no more connections; end some, or raise its max_connections, then go on",
    "25006": " is read-only; name the server that takes writes, then go on",
    "55P03": ": another program keeps it locked; see in pg_stat_activity which, end it, then go on",
    "42501": ": its role may not do what the ledger needs ({said}); grant that, then go on",
    "42P01": _OTHER_BUILD,
    "42703": _OTHER_BUILD,
    "42883": _OTHER_BUILD,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
_OTHER = " cannot be written ({said}); see the server's log, then go on"
_CLOSED = (
    " lets nobody in so ({said}); put the password into ~/.pgpass, CAMPAIGN_DB_PASSWORD, or the file that "
    "CAMPAIGN_DB_PASSWORD_FILE names"
)
_UNTRUSTED = (
    " cannot be trusted ({said}); beyond this machine its certificate is checked (sslmode=verify-full): name the "
    "authority by sslrootcert in the URL, or say there by sslmode what is to hold instead"
)
_CONNECTING = (
    (("password", "authentication", "no pg_hba.conf entry"), _CLOSED),
    (("does not exist",), " cannot be opened ({said}); create it, or name another"),
    (("SSL", "certificate"), _UNTRUSTED),
    (("",), " cannot be reached ({said}); see that the server runs and can be reached from here, then go on"),
)


def trouble(place: object, error: DBAPIError) -> str:
    """What is wrong with the database at this place."""
    state = getattr(error.orig, "sqlstate", None)
    if not state or state.startswith(_ENDED):
        return cannot_connect(place, error.orig)
    said = state if state.startswith(_VALUES) else _said(error.orig)
    return f"{place}{_KNOWN.get(state, _OTHER).format(said=said)}"


def cannot_connect(place: object, error: Any) -> str:
    """There is no connection to the server, or it broke."""
    said = _said(error)
    words = next(words for marks, words in _CONNECTING if any(mark in said for mark in marks))
    return f"{place}{words.format(said=said)}"


def _said(error: Any) -> str:
    """The server's first line. Its details, which may quote values, stand in others."""
    primary = getattr(getattr(error, "diag", None), "message_primary", None)
    lines = (primary or str(error)).strip().splitlines()
    return " ".join(lines[0].split()) if lines else type(error).__name__
