"""Notifies a user's own address that a run, or a following, has ended; whatever it answers, it does no harm."""

from collections.abc import Mapping
from functools import partial

import anyio

from campaign.domain.instants import to_text
from campaign.followup.notification import REASONS, checked_notify_url, post_json, posting_from, summary_text
from campaign.usecases.context import Context

__all__ = ["checked_notify_url", "notify"]


def notify(
    url: str,
    *,
    event: str,
    run: str | None,
    code: int,
    counts: Mapping[str, int],
    results: str | None,
    context: Context,
    sheet: str | None = None,
) -> str | None:
    """Posts how it ended; None if that was accepted, else one line with the reason.

    Nothing of the sheet is in it: no name, no number, no cell, and no reason that might quote one.

    Args:
        url: a checked address.
        event: `run` or `follow`.
        run: the run's name; None where it was refused before it had one.
        code: the exit code of the command.
        counts: how many rows stand where, by the results' words.
        results: the path of the results file.
        context: clock and environment, with the secret that it is signed with.
        sheet: the file's name, for one without a name.
    """
    reason = REASONS.get(code)
    named = f"run {run}" if run is not None else f"a run of {sheet}"
    subject = named if event == "run" else f"calls of {named}"
    what = {
        "event": event,
        "run": run,
        "at": to_text(context.now()),
        "exit_code": code,
        "reason": reason,
        "counts": dict(counts),
        "results": results,
        "text": summary_text(subject, counts=counts, reason=reason, results=results),
    }
    return anyio.run(partial(post_json, url, what, posting=posting_from(context.environment)))
