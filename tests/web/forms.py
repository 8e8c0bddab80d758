"""Forms of a page, as a browser without JavaScript fills and sends them."""

from html.parser import HTMLParser


class Form(HTMLParser):
    """The fields of the form with this address, with what a browser would send of it untouched."""

    def __init__(self, html: str, action: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.required: set[str] = set()
        self.options: dict[str, list[str]] = {}
        self._action, self._inside, self._select = action, False, ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes a field in."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = found.get("action") == self._action
        elif self._inside and tag == "input":
            self._input(found)
        elif self._inside and tag == "select":
            self._select = found["name"]
            self._need(found)
        elif self._inside and tag == "option":
            known = self.options.setdefault(self._select, [])
            known.append(found.get("value", ""))
            if len(known) == 1 or "selected" in found:
                self.fields[self._select] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Ends the form."""
        if tag == "form":
            self._inside = False

    def _input(self, found: dict[str, str]) -> None:
        self._need(found)
        if found.get("type") == "radio":
            self.options.setdefault(found["name"], []).append(found["value"])
        if found.get("type") not in ("radio", "checkbox") or "checked" in found:
            self.fields[found["name"]] = found.get("value", "")

    def _need(self, found: dict[str, str]) -> None:
        if "required" in found:
            self.required.add(found["name"])
