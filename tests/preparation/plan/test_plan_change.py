"""What a template says now, against what a begun run goes by: each setting that differs, in the template's words."""

from pathlib import Path

import pytest

from campaign.config.run_plan import RunPlan, origin_of, plan_of, replanned
from campaign.config.template import Template
from campaign.preparation.load_template import read_template
from campaign.preparation.plan.plan_change import moves_times, plan_differences

COLUMNS = '[columns]\nname = "Name"\nphone = "Phone"\n'
HOURS = "[hours]\nfrom = 09:00:00\nuntil = 17:00:00\n"


def read(folder: Path, text: str) -> Template:
    path = folder / "t.toml"
    path.write_text(COLUMNS + text, encoding="utf-8")
    return read_template(path)


def stored(folder: Path, text: str, *, rate: float | None = None) -> RunPlan:
    """The plan of a run that began with that template, as the ledger gives it back."""
    template = read(folder, text)
    origin = origin_of(template, folder / "t.toml", region=None, timezone=None)
    plan = plan_of(template, environment={}, sandbox=True, rate=rate, origin=origin)
    return RunPlan.model_validate_json(plan.model_dump_json())


def now(begun: RunPlan, folder: Path, text: str) -> RunPlan:
    template = read(folder, text)
    return replanned(begun, template, origin=origin_of(template, folder / "t.toml", region=None, timezone=None))


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("", "", []),
        (HOURS, HOURS, []),
        (HOURS, HOURS + 'days = ["mon", "tue"]\n', ["[hours] days: mon, tue, wed, thu, fri, sat, sun, now mon, tue"]),
        ("[stagger]\nevery = '90s'\n", "[stagger]\nevery = '5m'\n", ["[stagger] every: 90s, now 5m"]),
        (
            "[retry]\nno_answer = { after = '30m', times = 2 }\n",
            "[retry]\nno_answer = { after = '2h', times = 2 }\n",
            ["[retry] no_answer.after: 30m, now 2h"],
        ),
        ("[limits]\nmax_calls = 5\n", "", ["[limits] max_calls: 5, now none"]),
        ("", "[limits]\ncall_again_after = '7d'\n", ["[limits] call_again_after: 24h, now 168h"]),
        ("", "[pace]\ncalls_per_minute = 30.0\n", ["[pace] calls_per_second: 1, now 0.5"]),
        (
            HOURS,
            "[hours]\nwindows = [{ from = 09:00:00, until = 12:00:00 }]\n",
            [
                "[hours] from: 09:00, now none",
                "[hours] until: 17:00, now none",
                "[hours] windows: none, now from 09:00 until 12:00",
            ],
        ),
    ],
)
def test_each_setting_that_differs_is_named_with_both_values(
    tmp_path: Path, *, before: str, after: str, found: list[str]
) -> None:
    begun = stored(tmp_path, before)
    differences = plan_differences(begun, now(begun, tmp_path, after))
    assert [f"{one.setting}: {one.begun or 'none'}, now {one.now or 'none'}" for one in differences] == found


def test_the_new_plan_has_all_of_the_template_and_keeps_calls_and_columns(tmp_path: Path) -> None:
    begun = stored(tmp_path, "")
    text = HOURS + "[limits]\nmax_calls = 5\n[pace]\ncalls_per_second = 3.0\n"
    plan = now(begun, tmp_path, text)
    whole = stored(tmp_path, text)
    assert plan.model_dump(exclude={"template"}) == whole.model_dump(exclude={"template"})
    assert plan.template == begun.template


def test_a_pace_that_a_flag_has_set_stays_while_the_template_keeps_its_own(tmp_path: Path) -> None:
    begun = stored(tmp_path, "", rate=7.0)
    assert now(begun, tmp_path, HOURS).calls_per_second == 7.0
    assert now(begun, tmp_path, "[pace]\ncalls_per_second = 3.0\n").calls_per_second == 3.0


def test_a_run_of_before_whose_templates_pace_is_not_known_keeps_its_own(tmp_path: Path) -> None:
    begun = stored(tmp_path, "", rate=7.0).model_copy(update={"origin": None, "calls_per_person_per_day": None})
    plan = now(begun, tmp_path, "[pace]\ncalls_per_second = 3.0\n")
    assert plan.calls_per_second == 7.0
    assert not plan_differences(begun, plan)


def test_only_hours_and_stagger_move_the_times_of_rows(tmp_path: Path) -> None:
    begun = stored(tmp_path, HOURS)
    assert moves_times(begun, now(begun, tmp_path, ""))
    assert moves_times(begun, now(begun, tmp_path, HOURS + "[stagger]\nevery = '5m'\n"))
    assert not moves_times(begun, now(begun, tmp_path, HOURS + "[limits]\nmax_calls = 5\n"))
