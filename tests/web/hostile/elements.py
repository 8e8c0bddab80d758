"""What a browser would make of a page: its elements, with the names of their attributes, and its texts."""

from collections import Counter
from html.parser import HTMLParser

Shape = tuple[str, tuple[str, ...]]
_ADDRESSES = ("href", "src", "action", "formaction", "hx-get", "hx-post", "hx-sse:connect", "data", "xlink:href")
_OWN_SCRIPTS = ("/static/",)


class Elements(HTMLParser):
    """Elements of one page.

    Attributes:
        shapes: how often there is each (tag, names of its attributes).
        trouble: what no page of ours has: a script, an address or an attribute that is not its own.
        texts: all text.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.shapes: Counter[Shape] = Counter()
        self.trouble: list[str] = []
        self._texts: list[str] = []
        self.feed(page)
        self.close()

    @property
    def text(self) -> str:
        return "\n".join(self._texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # What is chosen, open or wrong may differ from content to content; nothing else may.
        self.shapes[tag, tuple(sorted(name for name, _ in attrs))] += 1
        said = dict(attrs)
        foreign = tag == "iframe" and said.get("class") != "report"
        if (
            foreign
            or tag in ("object", "embed", "base", "style")
            or (tag == "script" and not (said.get("src") or "").startswith(_OWN_SCRIPTS))
        ):
            self.trouble.append(f"<{tag}> {said}")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc", "http-equiv"):
                self.trouble.append(f"<{tag} {name}={value!r}>")
            address = value or ""
            if name in _ADDRESSES and not (
                address.startswith(("/", "?", "#")) and not address.startswith(("//", "/\\"))
            ):
                self.trouble.append(f"<{tag} {name}={value!r}>")

    def handle_data(self, data: str) -> None:
        self._texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.trouble.append(f"comment {data!r}")

    def unknown_decl(self, data: str) -> None:
        self.trouble.append(f"declaration {data!r}")
