"""The template with the flags that win over it."""

from pathlib import Path

from campaign.config.template import Template, load_template
from campaign.domain.errors import UsageError
from campaign.intake.phones.regions import known_region
from campaign.runs.times import with_times


def read_template(path: Path, *, region: str | None = None, timezone: str | None = None) -> Template:
    """Reads a template; `region` replaces its `[phone] region`, `timezone` its `[hours] timezone`.

    Raises:
        TemplateError: the file is not a sound template.
        UsageError: there is no such region or time zone.
    """
    template = with_times(load_template(path), path, timezone=timezone)
    wanted = region or template.phone.region
    if wanted is not None and not known_region(wanted):
        raise UsageError(
            f"region {wanted!r} is not one; write the two letters of a country, US or GB, under [phone] or as --region"
        )
    if region is None:
        return template
    return template.model_copy(update={"phone": template.phone.model_copy(update={"region": region})})
