"""Plan of now: an interrupted firing goes on by what its template says by then, as the next firing would."""

from pathlib import Path

from campaign.config.run_plan import RunPlan, origin_of, replanned
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.schedules import ScheduleRecord
from campaign.preparation.load_template import read_template
from campaign.preparation.plan.adopt_plan import adopt_plan
from campaign.preparation.plan.plan_change import plan_differences
from campaign.scheduler.definitions import PresetAnswers
from campaign.scheduler.events import PlanChanged
from campaign.scheduler.ports import SchedulerPorts


def by_plan_of_now(ledger: Ledger, schedule: ScheduleRecord, record: RunRecord, *, around: SchedulerPorts) -> RunRecord:
    """The run of an interrupted firing, with the hours, stagger, retries, limits and pace of its template now.

    Nobody is there to be asked, and each firing reads the template afresh: what it says now was asked for last.

    Raises:
        UsageError: the template will not do any more, or a waiting row cannot be called in its hours.
        BusyError: another process works on the run.
    """
    path, region = Path(schedule.template), PresetAnswers.model_validate_json(schedule.answers).region
    template = read_template(path, region=region)
    begun = RunPlan.model_validate_json(record.plan)
    plan = replanned(begun, template, origin=origin_of(template, path, region=region, timezone=None))
    differences = plan_differences(begun, plan)
    if not differences:
        return record
    adopt_plan(ledger, record, begun=begun, plan=plan, now=around.now())
    around.on_event(schedule.name, PlanChanged(record.name, differences))
    return named_run(ledger, record.name)
