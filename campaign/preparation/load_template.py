"""Loads a template and applies the flags that override it."""

from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from campaign.config.template import Template
from campaign.config.template_file import load_template
from campaign.config.timing_sections import RECIPIENT, HoursSection, is_local
from campaign.domain.cures import Cure, CureCode, Setting
from campaign.domain.cures.runs import write_offset
from campaign.domain.errors import TemplateError, UsageError
from campaign.intake.phones.regions import known_region
from campaign.timing.hours.calling_hours import Ringing
from campaign.timing.zones.recipient_zone import zone_of


def with_times(
    template: Template, path: Path, *, timezone: str | None = None, start: datetime | None = None
) -> Template:
    """Resolves a template's zones to IANA names, and its dates and times to instants.

    Args:
        template: as it was read.
        path: of its file.
        timezone: replaces its `[hours] timezone`.
        start: replaces its `[hours] not_before`; aware.

    Raises:
        TemplateError: an unknown zone, invalid windows, or a time without a zone.
        UsageError: `timezone` is unknown; or there is no calendar of these holidays.
    """
    hours = _hours(template, path, timezone=timezone)
    zone = None if hours is None or hours.fixed_zone is None else ZoneInfo(hours.fixed_zone)
    stagger, limits = template.stagger, template.limits
    if stagger is not None and stagger.timezone is not None:
        zone = _zone(stagger.timezone, f"template {path}: 'stagger.timezone'", error=TemplateError)
    if stagger is not None and stagger.start is not None:
        first = _instant(stagger.start, zone, f"template {path}: 'stagger.start'")
        stagger = stagger.model_copy(update={"start": first})
    if start is not None:
        hours = (hours or HoursSection()).model_copy(update={"not_before": start})
    elif hours is not None and hours.not_before is not None:
        not_before = _instant(hours.not_before, zone, f"template {path}: 'hours.not_before'")
        hours = hours.model_copy(update={"not_before": not_before})
    if limits.finish_by is not None:
        finish_by = _instant(limits.finish_by, zone, f"template {path}: 'limits.finish_by'")
        limits = limits.model_copy(update={"finish_by": finish_by})
    return template.model_copy(update={"hours": hours, "stagger": stagger, "limits": limits})


def _hours(template: Template, path: Path, *, timezone: str | None) -> HoursSection | None:
    hours = template.hours
    if timezone is not None:
        named = timezone if timezone == RECIPIENT else _zone(timezone, Setting.TIMEZONE, error=UsageError).key
        hours = (hours or HoursSection()).model_copy(update={"timezone": named})
    if hours is None:
        return None
    where = f"template {path}: 'hours"
    zones = {
        "timezone": hours.fixed_zone and _zone(hours.fixed_zone, f"{where}.timezone'", error=TemplateError).key,
        "fallback": hours.fallback and _zone(hours.fallback, f"{where}.fallback'", error=TemplateError).key,
    }
    _refuse_two_places(template, hours, where)
    hours = hours.model_copy(update={name: zone for name, zone in zones.items() if zone})
    try:
        Ringing(hours.model_copy(update={"not_before": None}))  # it may still lack its zone
    except ValueError as error:
        raise TemplateError(f"{where}': {error}") from None
    return hours


def _refuse_two_places(template: Template, hours: HoursSection, where: str) -> None:
    columns = template.columns
    named = [use for use in ("timezone", "state", "zip") if getattr(columns, use)]
    if hours.fixed_zone is not None and named:
        raise TemplateError(
            f"{where}.timezone' = {hours.timezone!r} holds for everybody, and 'columns.{named[0]}' says where each "
            f'person is; take one of them out, or write timezone = "{RECIPIENT}"'
        )


def _zone(name: str, where: str | Setting, *, error: type[UsageError]) -> ZoneInfo:
    found = zone_of(name)
    if found is None:
        what = 'no time zone that is known; write an IANA name, such as "America/Chicago"'
        raise error(where, f" = {name!r}: {what}")
    return found


def _instant(written: datetime, zone: tzinfo | None, where: str) -> datetime:
    if not is_local(written):
        return written.astimezone(UTC)
    if zone is None:
        raise TemplateError(
            f"{where} = {written.isoformat()}: in which time zone? ", cure=write_offset(time=written.isoformat())
        )
    return written.replace(tzinfo=zone).astimezone(UTC)


def read_template(
    path: Path, *, region: str | None = None, timezone: str | None = None, start: datetime | None = None
) -> Template:
    """Reads a template; `region` replaces its `[phone] region`, `timezone` and `start` as in `with_times`.

    Raises:
        TemplateError: the file is not a valid template.
        UsageError: there is no such region or time zone.
    """
    template = with_times(load_template(path), path, timezone=timezone, start=start)
    wanted = region or template.phone.region
    if wanted is not None and not known_region(wanted):
        raise UsageError(f"region {wanted!r} is not one", cure=Cure(CureCode.SAY_OR_WRITE_COUNTRY))
    if region is None:
        return template
    return template.model_copy(update={"phone": template.phone.model_copy(update={"region": region})})
