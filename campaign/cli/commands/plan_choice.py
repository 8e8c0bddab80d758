"""The question which plan holds for the rest of a begun run whose template was changed since."""

from campaign.cli.options.flags import DialFlags, ShownFlags
from campaign.cli.prompts import answered
from campaign.cli.terminal import Terminal
from campaign.presentation.forecast import plan_lines
from campaign.usecases.dialling.plan_choice import PlanChoice
from campaign.usecases.dialling.ready_run import PlanSaid


def plan_said(
    choice: PlanChoice, *, run: str, dial: DialFlags, shown: ShownFlags, terminal: Terminal
) -> PlanSaid | None:
    """Shows what differs, and asks where no flag says it; None where nothing is to be said, or nobody can be asked."""
    if not shown.quiet:
        for line in plan_lines(choice, run=run, said=dial.plan):
            terminal.say(line)
    if not choice.differences or dial.plan is not None or shown.yes or not terminal.interactive:
        # Without an answer the use case refuses: --yes agrees to calls, and to no plan.
        return dial.plan
    question = "Call the rest by the new plan, or by the old one, with which the run was begun?"
    word = answered(question, answers=("new", "old"), flags="--new-plan or --old-plan", terminal=terminal)
    return "new" if word == "new" else "old"
