"""Forms of a page, read as a browser reads them, and sent back as it sends them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

MESSY = """name,phone,appointment,Do not call
Ada Example,+1 202 555 0110,tomorrow at nine,
Ben Example,12,tomorrow at ten,
Cleo Example,not a number,today at five,
"Example, Dora",+1 202 555 0113,today at six,
Ada Sample,+1 202 555 0110,tomorrow at nine,
,+1 202 555 0115,today at six,
Fay Example,+1 202 555 0116,today at six,
Gus Example,+1 202 555 0117,,
Hal Example,+1 202 555 0118,today at six,yes
Ida Example,2025550119,today at six,
"""
"""Rows 3, 4, 7 and 9 cannot be called; 6 is a duplicate of 2; 5 has a comma in its name; 10 may be an opt-out."""


@dataclass
class Form:
    """One form of a page."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    checked: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(values.get("action", "")))
            self._inside = True
        if not self._inside:
            return
        form, name = self.forms[-1], values.get("name", "")
        if tag == "button" and name:
            form.buttons.append((name, values.get("value", "")))
        if tag != "input" or not name:
            return
        if values.get("type") == "radio":
            form.choices.setdefault(name, []).append(values["value"])
            if "checked" in values:
                form.checked.add(name)
        else:
            form.fields[name] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


def forms_of(html: str, ending: str) -> list[Form]:
    """The forms whose address ends so."""
    parser = _Forms()
    parser.feed(html)
    return [form for form in parser.forms if form.action.endswith(ending)]
