"""`pace`: how fast a run goes, shown or changed."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime

import click

from campaign.config.settings import home_from
from campaign.engine.live_pace import RunPace, asked_for, change_pace, run_pace
from campaign.ledger.store import open_ledger
from campaign.presentation.wording import lasting
from campaign.timing.pace import rate_in_words


def pace(*, run_name: str, rate: float | None, max_in_flight: int | None, as_json: bool) -> int:
    """The verb `pace`."""
    with open_ledger(home_from(os.environ), now=_now) as ledger:
        if rate is None and max_in_flight is None:
            shown = run_pace(ledger, run_name)
        else:
            shown = change_pace(ledger, run_name, rate=rate, max_in_flight=max_in_flight)
    click.echo(json.dumps(_as_dict(shown), indent=2) if as_json else "\n".join(_lines(shown)))
    return 0


def _lines(shown: RunPace) -> Iterator[str]:
    yield f"{shown.record.name}: {asked_for(shown.plan)}"
    if shown.held_for > 0:
        yield f"  nobody of this account sends for {lasting(shown.held_for)}: {shown.account.why}"
    if shown.account.backoff_factor < 1:
        share = f"{rate_in_words(shown.calls_per_second)}, {shown.account.backoff_factor:.0%} of what was asked for"
        yield f"  this account goes slower now: {share}: {shown.account.why}"


def _as_dict(shown: RunPace) -> dict[str, object]:
    return {
        "run": shown.record.name,
        "calls_per_second": shown.plan.calls_per_second,
        "max_in_flight": shown.plan.max_in_flight,
        "calls_per_second_now": shown.calls_per_second,
        "held_for_seconds": max(0.0, shown.held_for),
        "why": shown.account.why or None,
    }


def _now() -> datetime:
    return datetime.now(UTC)
