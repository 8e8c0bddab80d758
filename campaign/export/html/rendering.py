"""Template rendering. The only module that imports Jinja2, so that only writing a page pays for loading it.

    value in a template --> `visible`: hidden characters become escapes --> escaped for HTML --> chunk

Both happen to every value, in text and in attributes, automatically. Attributes must be quoted.
"""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from campaign.export.printable import visible

STYLE_SHEET = "style.css"
"""A template like the others, and without a value in it: pages take it in as it is."""


def rendered(template: str, **values: object) -> Iterator[str]:
    """The page in chunks, rendered as they are taken.

    Raises:
        jinja2.UndefinedError: while it is made, if the template names a value that is not there.
    """
    return environment().get_template(template).generate(**values)


def environment(*packages: str) -> Environment:
    """Jinja2 over the templates of these packages, and of this one.

    `style_hash` names this package's style sheet in the content security policy.
    """
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in (*packages, "campaign.export.html")]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_guarded,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    style = made.get_template(STYLE_SHEET).render()
    made.globals["style_hash"] = f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}"
    made.filters["grouped"] = _grouped
    return made


def _guarded(value: object) -> object:
    # What a macro made is markup, and was guarded value by value. Undefined values raise when they are escaped.
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _grouped(number: int) -> str:
    return f"{int(number):,}"  # int, since a value that is not there says so only when it is asked to be a number
