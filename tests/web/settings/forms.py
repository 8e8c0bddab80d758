"""Reads a page's forms as a browser would send them."""

from html.parser import HTMLParser


class Forms(HTMLParser):
    """The fields of each form, by its action: (name, value) as they would be sent without a change."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: dict[str, list[tuple[str, str]]] = {}
        self._fields: list[tuple[str, str]] | None = None
        self._text: tuple[str, list[str]] | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self._fields = self.forms.setdefault(said.get("action") or "", [])
        if self._fields is None:
            return
        name, value = said.get("name") or "", said.get("value") or ""
        if tag == "input" and (said.get("type") not in ("checkbox", "radio", "file") or "checked" in said):
            self._fields.append((name, value))
        elif tag == "textarea":
            self._text = (name, [])
        elif tag == "select":
            self._select = (name, [])
        elif tag == "option" and self._select is not None:
            self._select[1].append((value, "selected" in said))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._fields is None:
            return
        if tag == "textarea" and self._text is not None:
            # A line break at the very beginning is no part of the text.
            self._fields.append((self._text[0], "".join(self._text[1]).removeprefix("\n")))
            self._text = None
        elif tag == "select" and self._select is not None:
            name, options = self._select
            chosen = [value for value, selected in options if selected] or [value for value, _ in options[:1]]
            self._fields += [(name, value) for value in chosen[-1:]]
            self._select = None
        elif tag == "form":
            self._fields = None


def sent(page: str, action: str, **changes: str) -> dict[str, list[str]]:
    """What the form of that action sends, with these changes; `__` in a name stands for a dot."""
    found: dict[str, list[str]] = {}
    for name, value in Forms(page).forms[action]:
        found.setdefault(name, []).append(value)
    return {**found, **{name.replace("__", "."): [value] for name, value in changes.items()}}
