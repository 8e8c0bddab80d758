"""Policy of the report as a page: as in its file, its style by the hash; shown in frames of this server only."""

from campaign.export.html.rendering import environment


def report_policy() -> str:
    """The content security policy."""
    style = environment().globals["style_hash"]
    return f"default-src 'none'; style-src '{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
