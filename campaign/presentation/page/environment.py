"""Template environment of pages: the report's, with a front's own templates beside its plots."""

from typing import Any

from campaign.export.html.rendering import environment


def page_environment(package: str) -> Any:
    """Jinja2 over `package`'s folder `templates`, and over the report's, whose parts and plots pages share.

    The filter `exact` is for values of fields that come back with the form: escaped for HTML, and else as they are, at
    any length, where everything that is shown has its hidden characters made visible.
    """
    made = environment(package)
    made.filters["exact"] = made.filters["e"]
    return made
