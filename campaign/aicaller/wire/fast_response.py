"""Fast parser for plain response heads: HTTP/1.1, printable ASCII, one Content-Length, the whole head in one piece.

h11 takes almost ten times as long for such a head, and as long again to track the request before. What is not
plain in every respect is left to h11: chunks, interim answers, lines that are folded, HTTP/1.0, no length. The tests
compare the two parsers.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

_END = b"\r\n\r\n"
# Header lines with a name each; nothing that two parsers could read differently.
_HEAD = re.compile(rb"HTTP/1\.1 ([2-5][0-9][0-9]) [ -~]*((?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]+:[ -~]*)+)\Z")
_LENGTH = re.compile(r"[0-9]{1,10}")
# These answers have no body, whatever their length says.
_BODILESS = frozenset({b"204", b"304"})
_KEPT = {"keep-alive": True, "close": False}
_LONGEST = 16 * 1024


class PlainHead(NamedTuple):
    """A parsed response head.

    Attributes:
        status: 200 to 599.
        headers: name in lower case -> value, of several with one name all, with commas between.
        length: of the body, in bytes.
        keeps: the server does not say that it closes the connection.
        body: what has come of the body, or more than that.
    """

    status: int
    headers: Mapping[str, str]
    length: int
    keeps: bool
    body: bytes


def read_plain_head(data: bytes) -> PlainHead | None:
    """The head at the start of `data`; None if it is incomplete or not plain."""
    end = data.find(_END, 0, _LONGEST)
    found = _HEAD.match(data, 0, end) if end >= 0 else None
    if found is None or found[1] in _BODILESS:
        return None
    headers: dict[str, str] = {}
    length, keeps = None, None
    for line in found[2].decode("ascii").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        name, value = name.lower(), value.strip(" ")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
        if name == "content-length":
            if length is not None or not _LENGTH.fullmatch(value):
                return None
            length = int(value)
        elif name == "connection":
            if keeps is not None or (keeps := _KEPT.get(value.lower())) is None:
                return None
        elif name == "transfer-encoding":
            return None
    if length is None:
        return None
    return PlainHead(int(found[1]), headers, length, keeps is not False, data[end + len(_END) :])
