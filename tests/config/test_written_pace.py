from datetime import timedelta

from campaign.config.run_plan import CallPlan, RunPlan
from campaign.config.written_pace import WrittenPace, pace_of


def test_the_pace_is_read_as_the_whole_plan_would_be() -> None:
    """Two ways to read one text: whoever renames a field of the plan breaks the faster one."""
    plan = RunPlan(
        call=CallPlan(team_id="team", call_template_id="template"),
        calls_per_second=0.25,
        max_in_flight=7,
        call_again_after=timedelta(days=1),
    )
    assert pace_of(plan.model_dump_json()) == WrittenPace(0.25, 7, "team")
