"""Page `/history`: who did what, when."""

from starlette.responses import Response

from campaign.presentation.masking import masked_text
from campaign.presentation.page.acts import act_words
from campaign.presentation.page.never_call import moment
from campaign.usecases.serving.acts import find_acts
from campaign.web.asking import Ask

_LONGEST_PLACE = 19


def history(ask: Ask) -> Response:
    """Shows a page of acts."""
    before, who, target = ask.query("before"), ask.query("who").strip(), ask.query("target").strip()
    place = int(before) if before.isdecimal() and len(before) < _LONGEST_PLACE else None
    found = find_acts(ask.ledger, before=place, who=who, target=target)
    acts = [
        {
            "when": moment(act.at),
            "instant": act.at.isoformat(),
            "who": act.who,
            "words": act_words(act),
            "target": act.target,
            "detail": masked_text(act.detail),
        }
        for act in found.acts
    ]
    runs = {name for name in {act.target for act in found.acts} if name and ask.ledger.read.runs.find(name)}
    return ask.page(
        "history.html.jinja",
        acts=acts,
        before=found.before,
        looked_at=found.looked_at,
        who=who,
        target=target,
        runs=runs,
    )
