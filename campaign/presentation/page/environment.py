"""Template environment of pages: the report's, with a front's own templates beside its plots."""

from typing import Any

from campaign.export.html.rendering import environment


def page_environment(package: str) -> Any:
    """Jinja2 over `package`'s folder `templates`, and over the report's, whose parts and plots pages share."""
    return environment(package)
