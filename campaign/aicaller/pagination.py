"""Streaming parser for a list of calls: holds one entry at a time, however long the list is.

    {"data": [ {...}, {...}, ... ]}   or a bare   [ {...}, ... ]

The list is hostile input. Entries read before it turned out to be broken are kept, since they did exist. A
list counts as whole only if its last bracket arrived and nothing beside it mentions further pages.
"""

import codecs
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

MOST_ENTRY_CHARACTERS = 1024 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")
_OF_PAGES = re.compile(r"pag[ei]|next|cursor|more|total|offset|limit|count", re.IGNORECASE)
_LONGEST_INTEGER = 100
_TRIED_AT_ONCE = 16 * 1024
_CHUNK_SIZE = 500

Take = Callable[[Sequence[Mapping[str, Any]]], None]


class CallList:
    """Parser state: pass text to `feed`, then call `finish`.

    Attributes:
        broken: what is wrong with the list, once something is; nothing is read behind that.
        whole: its end arrived, it mentions no further pages, and says nothing twice.
    """

    def __init__(self) -> None:
        self.broken: str | None = None
        self.whole = False
        self._text, self._at, self._try_from = "", 0, 0
        self._step: Callable[[list[Any]], bool] = self._start
        self._close, self._paged, self._ended = "", False, False
        self._keys_seen, self._says_twice = set[str](), False
        self._decoder = json.JSONDecoder(parse_int=_integer, strict=False, object_pairs_hook=self._object)

    def feed(self, text: str) -> list[Any]:
        """The entries that are complete so far."""
        self._text += text
        found: list[Any] = []
        # An entry that arrives in small pieces must not be parsed from its start at every piece.
        if len(self._text) < self._try_from and not self._ended:
            return found
        self._try_from = 0
        while self.broken is None and self._step(found):
            pass
        self._text, self._at = self._text[self._at :], 0
        return found

    def finish(self) -> list[Any]:
        """The entries that are left at the end of the text; `broken` and `whole` are final after this."""
        self._ended = True
        found = self.feed("")
        if self.broken is None and self._step != self._over:
            self.broken = "the list ends too early"
        self.whole = self.broken is None and not self._paged and not self._says_twice
        return found

    def _start(self, found: list[Any]) -> bool:
        del found
        char = self._next()
        if char == "[":
            self._take(self._entries, close="")
        elif char == "{":
            self._take(self._keys)
        elif char:
            return self._break("the answer is no list of calls")
        return bool(char)

    def _keys(self, found: list[Any]) -> bool:
        del found
        char = self._next()
        if char == "}":
            self._take(self._over)
        elif char == ",":
            self._at += 1
        elif char == '"':
            return self._value(self._key)
        elif char:
            return self._break("the answer is broken JSON")
        return bool(char)

    def _key(self, key: Any) -> None:
        self._step = self._colon if key == "data" else self._other_colon
        self._paged = self._paged or bool(_OF_PAGES.search(str(key)))
        self._says_twice = self._says_twice or key in self._keys_seen
        self._keys_seen.add(key)

    def _colon(self, found: list[Any]) -> bool:
        del found
        return self._after_colon(self._data)

    def _other_colon(self, found: list[Any]) -> bool:
        del found
        return self._after_colon(self._other)

    def _after_colon(self, step: Callable[[list[Any]], bool]) -> bool:
        char = self._next()
        if char == ":":
            self._take(step)
        elif char:
            return self._break("the answer is broken JSON")
        return bool(char)

    def _data(self, found: list[Any]) -> bool:
        del found
        char = self._next()
        if char == "[":
            self._take(self._entries, close="}")
        elif char:
            return self._break("what the answer carries as data is no list")
        return bool(char)

    def _other(self, found: list[Any]) -> bool:
        del found

        def passed_over(value: Any) -> None:
            del value
            self._step = self._keys

        return bool(self._next()) and self._value(passed_over)

    def _entries(self, found: list[Any]) -> bool:
        char = self._next()
        if char == "]":
            self._take(self._keys if self._close else self._over)
        elif char == ",":
            self._at += 1
        elif char:
            return self._value(found.append)
        return bool(char)

    def _over(self, found: list[Any]) -> bool:
        del found
        return self._break("text stands behind the list") if self._next() else False

    def _next(self) -> str:
        """The next non-space character, without taking it; empty if none has arrived."""
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def _take(self, step: Callable[[list[Any]], bool], *, close: str | None = None) -> None:
        self._at += 1
        self._step = step
        self._close = self._close if close is None else close

    def _value(self, use: Callable[[Any], None]) -> bool:
        """Reads a whole value, if it has arrived: a number is complete only when something follows it."""
        pending = len(self._text) - self._at
        try:
            value, end = self._decoder.raw_decode(self._text, self._at)
        except json.JSONDecodeError:
            if pending > MOST_ENTRY_CHARACTERS or self._ended:
                return self._break("an entry of the list is broken, or too long to be one")
            self._try_from = pending * 5 // 4 if pending > _TRIED_AT_ONCE else 0
            return False
        except (RecursionError, ValueError):
            return self._break("an entry of the list is broken")
        if end == len(self._text) and self._text[end - 1] not in '}]"':
            return self._break("the list ends too early") if self._ended else False
        self._at = end
        use(value)
        return True

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """An object's values; a key that has two of them has none that can be trusted."""
        values = dict(pairs)
        if len(values) < len(pairs):
            self._says_twice = True
            for key, value in pairs:
                values[key] = value if values[key] == value else None
        return values

    def _break(self, why: str) -> bool:
        self.broken = why
        return False


class ListReading:
    """A list while it is read: text in, entries on to `take`.

    Attributes:
        entries: how many calls were handed on.
        whole: the list was read to its end, each entry of it is an object, and it mentions no further pages; valid
            after `finish`.
    """

    def __init__(self, take: Take) -> None:
        """`take` gets the entries, some hundred at a time at the most, in the list's order."""
        self.entries, self.whole = 0, False
        self._calls = CallList()
        self._take, self._has_others = take, False
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")

    def feed(self, text: bytes) -> None:
        """Reads the next part."""
        self._hand_on(self._calls.feed(self._decoder.decode(text)))

    @property
    def broken(self) -> str | None:
        """What is wrong with the list, once something is."""
        return self._calls.broken

    def finish(self, text: bytes) -> None:
        """Reads the last part, and what is left."""
        self.feed(text)
        self._hand_on(self._calls.feed(self._decoder.decode(b"", final=True)))
        self._hand_on(self._calls.finish())
        self.whole = self._calls.whole and not self._has_others

    def _hand_on(self, found: Sequence[Any]) -> None:
        entries = [entry for entry in found if isinstance(entry, dict)]
        # What is no object may stand for a call: nothing is missing from such a list for certain.
        self._has_others = self._has_others or len(entries) < len(found)
        self.entries += len(entries)
        for first in range(0, len(entries), _CHUNK_SIZE):
            self._take(entries[first : first + _CHUNK_SIZE])


def _integer(text: str) -> int | None:
    # Python refuses to read a number of some thousand digits, and none here has a hundred.
    return int(text) if len(text) <= _LONGEST_INTEGER else None
