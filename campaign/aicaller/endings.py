"""Table of endings: every way in which a POST can end, who could have sent it, and what it proves.

The question behind each row: could a box between us (proxy, cache, CDN, firewall, web filter, captive portal, a box
that opens TLS) have said this after the call was made? Where the answer is yes, the ending proves nothing: the row is
`unknown`, and AICaller's list of calls is read. `verdict.py` decides by this table; a test drives each row against a
real server, and another ties it to docs/endings.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class After(StrEnum):
    """Whether somebody may have sent this ending after the call was made."""

    NO = "no"
    NOT_AS_A_RULE = "not as a rule"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class EndingRow:
    """A row of the table.

    Attributes:
        name: of the row, by which tests find it.
        seen: what this machine sees.
        sender: who could have sent it.
        after: whether that can have been after the call was made.
        becomes: the state of the row then, and what the run does.
    """

    name: str
    seen: str
    sender: str
    after: After
    becomes: str


_WAITS = "waits (`retry_wait`), tried again after a pause"
_STOPS = "`pending`, the run stops and names the cure (code 4), `resume` goes on"
_LOOKED_UP = "looked up before it is ever sent again"
_UNKNOWN = "`unknown`: looked up, never sent again by itself"

ENDINGS: tuple[EndingRow, ...] = (
    EndingRow(
        "no connection",
        "refused, unreachable, timed out, reset or ended before the TLS handshake is done",
        "anybody on the way: no byte of the request had left",
        After.NO,
        _WAITS,
    ),
    EndingRow(
        "no name",
        "the host name has no address",
        "a name server: no byte of the request had left",
        After.NO,
        "waits, the run stops (code 5)",
    ),
    EndingRow(
        "no trust",
        "a TLS certificate that is self-signed, expired, or another host's; no TLS at all",
        "a box that opens TLS, a captive portal, a wrong address: no byte of the request had left",
        After.NO,
        "waits, the run stops and names the cure (code 5)",
    ),
    EndingRow(
        "created",
        "2xx with a sound `_id`, and the number of the request where it repeats one",
        "AICaller",
        After.YES,
        "`created`",
    ),
    EndingRow(
        "doubtful success",
        "any other 2xx: a page, no id, another's number, an id that another row has, too long, compressed, cut off",
        "AICaller, a captive portal, a scanning box's waiting page, a cache",
        After.YES,
        f"{_UNKNOWN}; three in a row stop the run",
    ),
    EndingRow(
        "redirect",
        "3xx",
        "a captive portal, a wrong address; 303 also says: done, look there",
        After.YES,
        "`unknown`, never followed; the run stops (code 5)",
    ),
    EndingRow(
        "limited",
        "429, in any dress",
        "AICaller, or the limiter of an edge: limiters answer before they pass a request on",
        After.NO,
        f"{_WAITS}, the whole account at the pace that is taken",
    ),
    EndingRow(
        "asked to wait",
        "503 in AICaller's own error envelope, with a valid `Retry-After`",
        "AICaller alone: stock pages do not look like it",
        After.NO,
        _WAITS,
    ),
    EndingRow(
        "other 503",
        "any other 503, with or without `Retry-After`",
        "a cache, a proxy, a CDN, a load balancer: their stock pages carry `Retry-After` too",
        After.YES,
        _UNKNOWN,
    ),
    EndingRow(
        "server fault",
        "500, 502, 504, 520 to 530, any other 5xx",
        "AICaller in the middle of its work, or a gateway that has passed the request on",
        After.YES,
        _UNKNOWN,
    ),
    EndingRow(
        "account refused",
        "401, 402 or 403 in AICaller's own error envelope",
        "AICaller alone, before it makes a call",
        After.NO,
        _STOPS,
    ),
    EndingRow(
        "account refused on the way",
        "401, 402 or 403 in another dress",
        "a firewall, a web filter, a gateway: they judge a request before passing it on; a filter of answers, after",
        After.NOT_AS_A_RULE,
        f"{_STOPS}; {_LOOKED_UP}",
    ),
    EndingRow(
        "template not found",
        "404 in AICaller's own envelope that names the template or the team, or comes before the first created call",
        "AICaller alone, before it makes a call",
        After.NO,
        _STOPS,
    ),
    EndingRow(
        "row refused",
        "400, 404, 405, 410, 411, 413, 414, 415, 422, 431, 451 in AICaller's own envelope, or a 403 there that names "
        "the number",
        "AICaller alone, before it makes a call",
        After.NO,
        "`rejected`: for `rerun`",
    ),
    EndingRow(
        "row refused on the way",
        "the same in another dress, without a 403",
        "a proxy or a web server, for size, form, path or law: before passing on; an edge dresses a fault so, after",
        After.NOT_AS_A_RULE,
        f"`rejected`: for `rerun` (a 404 before the first created call: `pending`, the run stops); {_LOOKED_UP}",
    ),
    EndingRow(
        "doubtful refusal",
        "406, 407, 408, 409, 412, 421, 425, 499, any other 4xx",
        "a proxy that lost patience, AICaller in a conflict with itself",
        After.YES,
        _UNKNOWN,
    ),
    EndingRow("strange status", "1xx at the end, 6xx to 999", "nobody who speaks HTTP", After.YES, _UNKNOWN),
    EndingRow(
        "lost",
        "reset, ended, silent or garbled after bytes may have left, whatever the status said",
        "anybody on the way",
        After.YES,
        _UNKNOWN,
    ),
)
"""The rows, each ending in exactly one of them."""


def endings_reference(rows: Iterable[EndingRow] = ENDINGS) -> str:
    """The table as Markdown."""
    lines = [
        "| ending | what is seen | who could have sent it | after the call was made? | the row |",
        "|---" * 5 + "|",
    ]
    lines += [f"| {row.name} | {row.seen} | {row.sender} | {row.after} | {row.becomes} |" for row in rows]
    return "\n".join(lines) + "\n"
